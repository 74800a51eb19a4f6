"""What critical results, second opinions, reviews and handovers change in a room.

Part of the table in `folds.py`. An event that names what is not there, as it reaches a reader
outside of care, changes nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from hub.room import loop_events as e
from hub.room.events import Recorded
from hub.room.kinds import Event
from hub.room.loops import Attempt, Critical, Handover, Opinion, Receipt, Review
from hub.room.room import Room, by_of

Changes = dict[str, Any]
Fold = Callable[[Room, Recorded, Any], Changes]
T = TypeVar("T", Critical, Opinion)

KEPT = 32
"""Results, opinions and reviews that stay in the state; what is open always does."""
KEPT_ATTEMPTS = 16
PASSING = frozenset({"handover.declined", "review.recorded"})
"""Kinds that do not make their author one of the people of the room."""


def _kept(held: tuple[T, ...], over: Callable[[T], bool]) -> tuple[T, ...]:
    spare = len(held) - KEPT
    if spare <= 0:
        return held
    gone = [one for one in held if over(one)][:spare]
    return tuple(one for one in held if one not in gone)


def _raised(room: Room, recorded: Recorded, event: e.CriticalRaised) -> Changes:
    by = by_of(recorded)
    raised = Critical(
        raised=by,
        category=event.category,
        finding=event.finding,
        code=event.code,
        words=tuple(event.words),
        images=tuple(event.images),
        identified_at=event.identified_at,
        limit_at=event.limit_at,
        holder=by.person,
        to=event.to,
        to_name=event.name,
        next_at=event.next_at,
    )
    return {"criticals": _kept((*room.criticals, raised), lambda one: one.next_at == "")}


def _critical(room: Room, seq: int, **changed: Any) -> Changes:
    return {
        "criticals": tuple(
            replace(one, **changed) if one.raised.seq == seq else one for one in room.criticals
        )
    }


def _attempted(room: Room, recorded: Recorded, event: e.CriticalAttempted) -> Changes:
    attempt = Attempt(
        tried=by_of(recorded),
        method=event.method,
        outcome=event.outcome,
        at=event.at,
        name=event.name,
        role=event.role,
        number=event.number,
        note=event.note,
    )
    return {
        "criticals": tuple(
            replace(
                one,
                attempts=(*one.attempts, attempt)[-KEPT_ATTEMPTS:],
                attempted=one.attempted + 1,
            )
            if one.raised.seq == event.critical
            else one
            for one in room.criticals
        )
    }


def _escalated(room: Room, recorded: Recorded, event: e.CriticalEscalated) -> Changes:
    return _critical(room, event.critical, step=event.step, next_at=event.next_at)


def _exhausted(room: Room, recorded: Recorded, event: e.CriticalExhausted) -> Changes:
    return _critical(
        room, event.critical, exhausted=event.n, next_at=event.next_at, phone=event.phone
    )


def _overdue(room: Room, recorded: Recorded, event: e.CriticalOverdue) -> Changes:
    return _critical(room, event.critical, overdue=True)


def _received(room: Room, recorded: Recorded, event: e.CriticalAcknowledged) -> Changes:
    receipt = Receipt(
        recorded=by_of(recorded),
        name=event.name,
        role=event.role,
        person=event.person,
        number=event.number,
        method=event.method,
        received_at=event.received_at,
        communicated_by=event.communicated_by,
        communicator=event.communicator,
        read_back=event.read_back,
        action=event.action,
    )
    return _critical(room, event.critical, receipt=receipt, next_at="")


def _closed(room: Room, recorded: Recorded, event: e.CriticalClosed) -> Changes:
    return _critical(
        room, event.critical, closed=by_of(recorded), close_reason=event.reason, next_at=""
    )


def _asked(room: Room, recorded: Recorded, event: e.OpinionAsked) -> Changes:
    by = by_of(recorded)
    asked = Opinion(
        asked=by,
        holder=by.person,
        question=event.question,
        to=event.to,
        to_name=event.name,
        specialty=event.specialty,
        images=tuple(event.images),
    )
    over = ("concluded", "declined", "withdrawn")
    return {"opinions": _kept((*room.opinions, asked), lambda one: one.state in over)}


def _opinion(room: Room, seq: int, **changed: Any) -> Changes:
    return {
        "opinions": tuple(
            replace(one, **changed) if one.asked.seq == seq else one for one in room.opinions
        )
    }


def _accepted(room: Room, recorded: Recorded, event: e.OpinionAccepted) -> Changes:
    return _opinion(room, event.opinion, state="accepted", adviser=by_of(recorded))


def _declined(room: Room, recorded: Recorded, event: e.OpinionDeclined) -> Changes:
    def after(one: Opinion) -> Opinion:
        if one.asked.seq != event.opinion:
            return one
        return replace(
            one,
            state="declined" if one.to else "asked",
            adviser=None,
            declined=by_of(recorded),
            decline_reason=event.reason,
        )

    return {"opinions": tuple(after(one) for one in room.opinions)}


def _answered(room: Room, recorded: Recorded, event: e.OpinionAnswered) -> Changes:
    by = by_of(recorded)

    def after(one: Opinion) -> Opinion:
        if one.asked.seq != event.opinion:
            return one
        return replace(
            one,
            state="answered",
            adviser=one.adviser or by,
            answered=by,
            text=event.text,
            answer_images=tuple(event.images),
        )

    return {"opinions": tuple(after(one) for one in room.opinions)}


def _concluded(room: Room, recorded: Recorded, event: e.OpinionConcluded) -> Changes:
    return _opinion(
        room,
        event.opinion,
        state="concluded",
        concluded=by_of(recorded),
        concordance=event.concordance,
        remark=event.remark,
    )


def _withdrawn(room: Room, recorded: Recorded, event: e.OpinionWithdrawn) -> Changes:
    return _opinion(
        room,
        event.opinion,
        state="withdrawn",
        concluded=by_of(recorded),
        remark=event.reason,
    )


def _reviewed(room: Room, recorded: Recorded, event: e.ReviewRecorded) -> Changes:
    review = Review(
        recorded=by_of(recorded),
        version=event.version,
        grade=event.grade,
        impact=event.impact,
        text=event.text,
    )
    return {"reviews": (*room.reviews, review)[-KEPT:]}


def _offered(room: Room, recorded: Recorded, event: e.HandoverOffered) -> Changes:
    offered = Handover(
        offered=by_of(recorded),
        to=event.to,
        name=event.name,
        until=event.until,
        loops=tuple(event.loops),
        note=event.note,
    )
    return {"handovers": (*room.handovers, offered)}


def _over(room: Room, seq: int) -> Changes:
    """The offer is gone, and with it the exam's own, where it stood in it."""
    held = next((one for one in room.handovers if one.offered.seq == seq), None)
    left = tuple(one for one in room.handovers if one.offered.seq != seq)
    owner = room.owner.person if room.owner else ""
    same = held is not None and room.offered_to == held.to and held.offered.person == owner
    return {"handovers": left, "offered_to": "" if same else room.offered_to}


def _handed_over(room: Room, recorded: Recorded, event: e.HandoverAccepted) -> Changes:
    """All that was the giver's is the taker's, but for the exam: that goes by `case.claimed`."""
    giver, by = event.from_person, by_of(recorded)
    asked = room.attending or room.requested
    return {
        "handovers": tuple(one for one in room.handovers if one.offered.seq != event.handover),
        "attending": by if asked and asked.person == giver else room.attending,
        "criticals": tuple(
            replace(
                one,
                holder=by.person if one.holder == giver else one.holder,
                to=by.person if one.to == giver else one.to,
                to_name=by.name if one.to == giver else one.to_name,
            )
            if one.receipt is None and one.closed is None
            else one
            for one in room.criticals
        ),
        "opinions": tuple(_passed_on(one, giver, recorded) for one in room.opinions),
    }


def _passed_on(one: Opinion, giver: str, recorded: Recorded) -> Opinion:
    by = by_of(recorded)
    changed: Changes = {}
    if one.state in ("asked", "accepted", "answered") and one.holder == giver:
        changed["holder"] = by.person
    if one.state == "accepted" and one.adviser and one.adviser.person == giver:
        changed["adviser"] = by
    return replace(one, **changed) if changed else one


def _refused(room: Room, recorded: Recorded, event: e.HandoverDeclined) -> Changes:
    return _over(room, event.handover)


def _taken_back(room: Room, recorded: Recorded, event: e.HandoverWithdrawn) -> Changes:
    return _over(room, event.handover)


def _lapsed(room: Room, recorded: Recorded, event: e.HandoverLapsed) -> Changes:
    return _over(room, event.handover)


FOLDS: dict[type[Event], Fold] = {
    e.CriticalRaised: _raised,
    e.CriticalAttempted: _attempted,
    e.CriticalEscalated: _escalated,
    e.CriticalExhausted: _exhausted,
    e.CriticalOverdue: _overdue,
    e.CriticalAcknowledged: _received,
    e.CriticalClosed: _closed,
    e.OpinionAsked: _asked,
    e.OpinionAccepted: _accepted,
    e.OpinionDeclined: _declined,
    e.OpinionAnswered: _answered,
    e.OpinionConcluded: _concluded,
    e.OpinionWithdrawn: _withdrawn,
    e.ReviewRecorded: _reviewed,
    e.HandoverOffered: _offered,
    e.HandoverAccepted: _handed_over,
    e.HandoverDeclined: _refused,
    e.HandoverWithdrawn: _taken_back,
    e.HandoverLapsed: _lapsed,
}
