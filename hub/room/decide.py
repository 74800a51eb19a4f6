"""What a command leads to: events, or a refusal. It changes nothing and remembers nothing.

Role and stage are asked of `permissions.py` first, for every command alike; then the function of
its kind, in one of the modules below, looks at what only that kind depends on.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.room import claims, closing, members, protocols, refusals, requests, scanner, talk
from hub.room import commands as c
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
    c.ImageShare: talk.share,
    c.MessagePost: talk.post,
    c.MessageRetract: talk.retract,
    c.QuickReply: talk.reply,
    c.MemberInvite: members.invite,
    c.MemberRemove: members.remove,
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
) -> Answer:
    """The events that `command`, given by `by` at `now`, leads to in `room`; or why it does not.

    `cited` is the entry that `message.retract` names, looked up by the caller. The first event is
    the command's own; the others follow from it and are stored with it.
    """
    moves = TABLE[command.kind].get(by.role)
    if not room.seq or moves is None or room.stage not in moves:
        if problem := _out_of_place(room, command.kind, by):
            return problem
    return DECISIONS[type(command)](command, Scene(room, by, now, cited))


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
