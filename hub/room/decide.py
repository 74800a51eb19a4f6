"""What a command leads to: events, or a refusal. It changes nothing and remembers nothing.

Role and stage are asked of `permissions.py` first, for every command alike; then the function of
its kind, in one of the modules below, looks at what only that kind depends on.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.oncall.engine import NOBODY_AWAY, Around
from hub.oncall.policy import Plan
from hub.room import (
    claims,
    closing,
    critical,
    dose,
    handovers,
    members,
    opinions,
    pauses,
    protocols,
    reading,
    refusals,
    reports,
    requests,
    reviews,
    rings,
    scanner,
    talk,
)
from hub.room import commands as c
from hub.room import loop_commands as loop
from hub.room import reading_commands as r
from hub.room import ring_commands as ring
from hub.room.events import Recorded
from hub.room.permissions import TABLE
from hub.room.refusals import Refused
from hub.room.roles import Actor
from hub.room.room import Room
from hub.room.scene import Answer, Scene
from hub.room.stages import Stage

DECISIONS: dict[type[c.Command], Callable[[Any, Scene], Answer]] = {
    c.RequestSubmit: requests.submit,
    c.RequestAmend: requests.amend,
    c.RequestCancel: requests.cancel,
    c.InformationAsk: requests.ask,
    c.InformationAnswer: requests.answer,
    c.CaseClaim: claims.claim,
    c.CaseRelease: claims.release,
    c.CaseReassign: claims.reassign,
    c.JustificationDecide: protocols.justify,
    c.ProtocolIssue: protocols.issue,
    c.ProtocolAmend: protocols.amend,
    c.ProtocolQuery: protocols.query,
    c.ProtocolAnswer: protocols.answer,
    c.ProtocolAcknowledge: protocols.acknowledge,
    c.ChecklistComplete: scanner.check,
    c.AcquisitionStart: scanner.start,
    c.AcquisitionEnd: scanner.end,
    c.AcquisitionAbort: scanner.abort,
    r.ContrastRecord: reading.record_contrast,
    r.ReactionReport: reading.report_reaction,
    r.ImagesDeclare: reading.declare_images,
    r.PatientRelease: reading.release_patient,
    r.DoseRecord: dose.record,
    r.ReadingStart: reading.start,
    r.ReadingStop: reading.stop,
    r.ReportIssue: reports.issue,
    r.ReportSign: reports.sign,
    r.AddendumSign: reports.append,
    r.ReportDeliver: reports.deliver,
    r.ReportAcknowledge: reports.acknowledge,
    r.ClockPause: pauses.pause,
    r.ClockResume: pauses.resume,
    c.ImageShare: talk.share,
    c.MessagePost: talk.post,
    c.MessageRetract: talk.retract,
    c.QuickReply: talk.reply,
    c.MemberInvite: members.invite,
    c.MemberRemove: members.remove,
    ring.CaseDecline: rings.decline_case,
    ring.RingStart: rings.start,
    ring.RingAnswer: rings.answer,
    ring.RingDecline: rings.decline,
    ring.RingStop: rings.stop,
    loop.CriticalRaise: critical.raise_,
    loop.CriticalAttempt: critical.attempt,
    loop.CriticalAcknowledge: critical.acknowledge,
    loop.CriticalClose: critical.close,
    loop.OpinionAsk: opinions.ask,
    loop.OpinionAccept: opinions.accept,
    loop.OpinionDecline: opinions.decline,
    loop.OpinionAnswer: opinions.answer,
    loop.OpinionConclude: opinions.conclude,
    loop.OpinionWithdraw: opinions.withdraw,
    loop.ReviewRecord: reviews.record,
    loop.HandoverOffer: handovers.offer,
    loop.HandoverAccept: handovers.accept,
    loop.HandoverDecline: handovers.decline,
    loop.HandoverWithdraw: handovers.withdraw,
    c.IncidentOpen: closing.open_incident,
    c.IncidentClose: closing.close_incident,
    c.RoomClose: closing.close,
    c.RoomReopen: closing.reopen,
}


def decide(
    room: Room,
    command: c.Command,
    *,
    by: Actor,
    now: datetime,
    cited: Recorded | None = None,
    plan: Plan | None = None,
    around: Around = NOBODY_AWAY,
) -> Answer:
    """The events that `command`, given by `by` at `now`, leads to in `room`; or why it does not.

    `cited` is the entry that `message.retract` names, looked up by the caller. The first event is
    the command's own; the others follow from it and are stored with it. `plan` is whom to ring, by
    the rota in force, where the command rings anybody; `around` who is away.
    """
    moves = TABLE[command.kind].get(by.role)
    if not room.seq or moves is None or room.stage not in moves:
        if problem := _out_of_place(room, command.kind, by):
            return problem
    return DECISIONS[type(command)](command, Scene(room, by, now, cited, plan, around))


def _out_of_place(room: Room, kind: str, by: Actor) -> Refused | None:
    roles = TABLE[kind]
    moves = roles.get(by.role)
    if room.seq == 0 and kind != c.RequestSubmit.kind:
        return refusals.no_room()
    if moves is None:
        return refusals.wrong_role(kind, roles)
    if kind == c.RequestSubmit.kind:
        return None if room.seq == 0 else refusals.already_open()
    if kind == c.ProtocolAmend.kind and room.stage is Stage.ACQUIRING:
        return refusals.no_amend_while_acquiring()
    return refusals.wrong_stage(kind, room.stage, moves)
