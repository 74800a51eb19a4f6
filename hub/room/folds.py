"""What each kind of event changes in a room, beside its stage, clocks and next move.

One function a kind: (room before, recorded, event) -> the fields that change.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from hub.room import events as e
from hub.room.events import Recorded
from hub.room.exam import ImageRef, Protocol, Request, bare
from hub.room.loop_folds import FOLDS as LOOPS
from hub.room.reading_folds import FOLDS as READING
from hub.room.ring_folds import RING_FOLDS
from hub.room.room import (
    Acknowledgement,
    Acquisition,
    Asked,
    Checked,
    Closed,
    Incident,
    InForce,
    Justification,
    Member,
    Query,
    Question,
    Room,
    Shared,
    by_of,
)
from hub.room.stages import Stage

Changes = dict[str, Any]
Fold = Callable[[Room, Recorded, Any], Changes]
Open = TypeVar("Open", Question, Query)

KEPT_IMAGES = 32
KEPT_QUESTIONS = 32
KEPT_QUERIES = 32
KEPT_RETRACTED = 64


def _newest(asked: tuple[Open, ...], most: int) -> tuple[Open, ...]:
    """`asked` without the oldest that are answered; an open one never goes. How many may be open
    is for the decision to bound (`limits.MOST_OPEN`)."""
    spare = len(asked) - most
    if spare <= 0:
        return asked
    done = {one.asked.seq for one in [one for one in asked if one.answered is not None][:spare]}
    return tuple(one for one in asked if one.asked.seq not in done)


def _requested(room: Room, recorded: Recorded, event: e.RequestSubmitted) -> Changes:
    return {
        "request": bare(Request, event),
        "request_version": 1,
        "requested": by_of(recorded),
        "unknown": tuple(event.unknown),
        "site": event.site,
    }


def _amended_request(room: Room, recorded: Recorded, event: e.RequestAmended) -> Changes:
    changes: Changes = {
        "request": bare(Request, event),
        "request_version": room.request_version + 1,
        "unknown": tuple(event.unknown),
    }
    if event.recheck:
        changes["checklist"] = None
    if room.protocol is not None:
        held = room.protocol
        changes["protocol"] = InForce(
            issued=held.issued,
            content_hash=held.content_hash,
            protocol=held.protocol,
            alerts=tuple(event.alerts),
            changed=held.changed,
            reason=held.reason,
        )
    return changes


def _asked(room: Room, recorded: Recorded, event: e.InformationAsked) -> Changes:
    question = Question(asked=by_of(recorded), question=event.question)
    return {"questions": _newest((*room.questions, question), KEPT_QUESTIONS)}


def _answered(room: Room, recorded: Recorded, event: e.InformationAnswered) -> Changes:
    def after(one: Question) -> Question:
        if one.asked.seq != event.question_seq or one.answered is not None:
            return one
        return Question(
            asked=one.asked,
            question=one.question,
            answer=event.answer,
            answered=by_of(recorded),
        )

    return {"questions": tuple(after(one) for one in room.questions)}


_OFFER = "case.claim"


def _unoffered(room: Room) -> dict[str, Asked]:
    return {person: one for person, one in room.asked.items() if one.act != _OFFER}


def _claimed(room: Room, recorded: Recorded, event: e.CaseClaimed) -> Changes:
    return {"owner": by_of(recorded), "offered_to": "", "asked": _unoffered(room)}


def _released(room: Room, recorded: Recorded, event: e.CaseReleased) -> Changes:
    changes: Changes = {"owner": None, "offered_to": "", "justification": None}
    return {**changes, "asked": _unoffered(room)}


def _reassigned(room: Room, recorded: Recorded, event: e.CaseReassigned) -> Changes:
    offer = Asked(asked=by_of(recorded), act=_OFFER, text=event.reason)
    return {"offered_to": event.to, "asked": {**_unoffered(room), event.to: offer}}


def _decided(room: Room, recorded: Recorded, event: e.JustificationDecided) -> Changes:
    return {
        "justification": Justification(
            decided=by_of(recorded),
            decision=event.decision,
            reason=event.reason,
            reason_code=event.reason_code,
            guideline=event.guideline,
            substitute_modality=event.substitute_modality,
        )
    }


def _issued(room: Room, recorded: Recorded, event: e.ProtocolIssued) -> Changes:
    return {
        "protocol": InForce(
            issued=by_of(recorded),
            content_hash=event.content_hash,
            protocol=bare(Protocol, event),
            alerts=tuple(event.alerts),
        )
    }


def _amended_protocol(room: Room, recorded: Recorded, event: e.ProtocolAmended) -> Changes:
    return {
        "protocol": InForce(
            issued=by_of(recorded),
            content_hash=event.content_hash,
            protocol=bare(Protocol, event),
            alerts=tuple(event.alerts),
            changed=tuple(event.changed),
            reason=event.reason,
        ),
        "protocol_before": room.protocol,
        "queries": (),
        "acknowledgement": None,
        "checklist": None,
    }


def _queried(room: Room, recorded: Recorded, event: e.ProtocolQueried) -> Changes:
    query = Query(
        asked=by_of(recorded),
        version=room.protocol.protocol.version if room.protocol else 0,
        reason=event.reason,
        field=event.field,
        proposed=event.proposed,
    )
    return {"queries": _newest((*room.queries, query), KEPT_QUERIES)}


def _answered_query(room: Room, recorded: Recorded, event: e.ProtocolAnswered) -> Changes:
    def after(one: Query) -> Query:
        if one.asked.seq != event.query_seq or one.answered is not None:
            return one
        return Query(
            asked=one.asked,
            version=one.version,
            reason=one.reason,
            field=one.field,
            proposed=one.proposed,
            answer=event.answer,
            accepted=event.accepted,
            answered=by_of(recorded),
        )

    return {"queries": tuple(after(one) for one in room.queries)}


def _acknowledged(room: Room, recorded: Recorded, event: e.ProtocolAcknowledged) -> Changes:
    return {
        "acknowledgement": Acknowledgement(
            given=by_of(recorded),
            version=event.version,
            content_hash=event.content_hash,
            read_back=event.read_back,
            scanner=event.scanner,
            eta_min=event.eta_min,
        )
    }


def _checked(room: Room, recorded: Recorded, event: e.ChecklistCompleted) -> Changes:
    return {"checklist": Checked(completed=by_of(recorded), answers=event)}


def _started(room: Room, recorded: Recorded, event: e.AcquisitionStarted) -> Changes:
    return {
        "acquisition": Acquisition(started=by_of(recorded), scanner=event.scanner),
        "arrival": None,
        "released": None,
    }


def _ended(room: Room, recorded: Recorded, event: e.AcquisitionEnded) -> Changes:
    held = room.acquisition or Acquisition()
    return {
        "acquisition": Acquisition(
            started=held.started, scanner=held.scanner, ended=by_of(recorded), outcome=event
        )
    }


def _aborted(room: Room, recorded: Recorded, event: e.AcquisitionAborted) -> Changes:
    held = room.acquisition or Acquisition()
    return {
        "acquisition": Acquisition(
            started=held.started,
            scanner=held.scanner,
            aborted=by_of(recorded),
            abort_reason=event.reason,
        ),
        "acknowledgement": None,
        "checklist": None,
    }


def _shared(room: Room, recorded: Recorded, event: e.ImageShared) -> Changes:
    shared = Shared(shared=by_of(recorded), image=bare(ImageRef, event))
    return {
        "images": (*room.images, shared)[-KEPT_IMAGES:],
        "images_shared": room.images_shared + 1,
    }


def _retracted(room: Room, recorded: Recorded, event: e.MessageRetracted) -> Changes:
    return {"retracted": (*room.retracted, event.seq)[-KEPT_RETRACTED:]}


def _invited(room: Room, recorded: Recorded, event: e.MemberInvited) -> Changes:
    changes: Changes = {"removed": tuple(one for one in room.removed if one != event.person)}
    if event.person not in room.members:
        member = Member(
            name=event.name, role=event.role, site=event.site, how="invited", since=recorded.at
        )
        changes["members"] = {**room.members, event.person: member}
    held = room.asked.get(event.person)
    if held is None or held.act != _OFFER:  # an offer waits for more than an invitation does
        asked = Asked(asked=by_of(recorded), act="member.invite", text=event.question)
        changes["asked"] = {**room.asked, event.person: asked}
    return changes


def _removed(room: Room, recorded: Recorded, event: e.MemberRemoved) -> Changes:
    stay = {person: held for person, held in room.members.items() if person != event.person}
    out = room.removed if event.person in room.removed else (*room.removed, event.person)
    offered = "" if room.offered_to == event.person else room.offered_to
    attending = room.attending
    return {
        "members": stay,
        "removed": out,
        "offered_to": offered,
        "handovers": tuple(one for one in room.handovers if one.to != event.person),
        "attending": None if attending and attending.person == event.person else attending,
        "asked": {person: one for person, one in room.asked.items() if person != event.person},
    }


def _incident(room: Room, recorded: Recorded, event: e.IncidentOpened) -> Changes:
    incident = Incident(
        opened=by_of(recorded), category=event.category, text=event.text, since=event.since
    )
    return {"incidents": (*room.incidents, incident)}


def _incident_closed(room: Room, recorded: Recorded, event: e.IncidentClosed) -> Changes:
    left = tuple(one for one in room.incidents if one.opened.seq != event.incident_seq)
    return {
        "incidents": left,
        "incidents_closed": room.incidents_closed + len(room.incidents) - len(left),
    }


def _closed(room: Room, recorded: Recorded, event: e.RoomClosed) -> Changes:
    if room.stage is Stage.CLOSED:
        return {}
    closed = Closed(closed=by_of(recorded), from_stage=room.stage, reason=event.reason)
    return {"closed": closed, "handovers": (), "asked": {}}


def _reopened(room: Room, recorded: Recorded, event: e.RoomReopened) -> Changes:
    return {"closed": None}


def _nothing(room: Room, recorded: Recorded, event: e.Event) -> Changes:
    return {}


FOLDS: dict[type[e.Event], Fold] = {
    e.RequestSubmitted: _requested,
    e.RequestAmended: _amended_request,
    e.RequestCancelled: _nothing,
    e.InformationAsked: _asked,
    e.InformationAnswered: _answered,
    e.CaseClaimed: _claimed,
    e.CaseReleased: _released,
    e.CaseReassigned: _reassigned,
    e.JustificationDecided: _decided,
    e.ProtocolIssued: _issued,
    e.ProtocolAmended: _amended_protocol,
    e.ProtocolQueried: _queried,
    e.ProtocolAnswered: _answered_query,
    e.ProtocolAcknowledged: _acknowledged,
    e.ChecklistCompleted: _checked,
    e.AcquisitionStarted: _started,
    e.AcquisitionEnded: _ended,
    e.AcquisitionAborted: _aborted,
    e.ImageShared: _shared,
    e.MessageRetracted: _retracted,
    e.QuickReplied: _nothing,
    e.MemberInvited: _invited,
    e.MemberRemoved: _removed,
    e.IncidentOpened: _incident,
    e.IncidentClosed: _incident_closed,
    e.RoomClosed: _closed,
    e.RoomReopened: _reopened,
    e.DeadlinePassed: _nothing,
    **READING,
    **LOOPS,
    **RING_FOLDS,
}
"""`message.posted` and `withheld` have no fold here: `evolve` itself counts them."""
