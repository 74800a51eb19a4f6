"""What each kind of event changes in the rings of a room."""

from collections.abc import Callable
from typing import Any

from hub.oncall import engine
from hub.oncall.engine import Alerted, Entered, Ring
from hub.room import ring_events as e
from hub.room.events import CaseClaimed, Event, MemberRemoved, Recorded
from hub.room.loop_events import CriticalAcknowledged
from hub.room.room import Room
from hub.room.stages import MAIN_LINE, Stage

KEPT_RINGS = 8
"""Rings that are over and still shown."""
PASSING: frozenset[str] = frozenset(
    {"case.declined", "ring.declined", "ring.escalated", "ring.exhausted"}
)
"""Kinds by which nobody becomes a person of the room: who declines, and what follows from it."""
UNCLAIMED = (Stage.REQUESTED, Stage.INFO_NEEDED)

Changes = dict[str, Any]


def _with(room: Room, ring: int, change: Callable[[Ring], Ring]) -> Changes:
    return {"rings": tuple(change(one) if one.ring == ring else one for one in room.rings)}


def _started(room: Room, recorded: Recorded, event: e.RingStarted) -> Changes:
    ring = Ring(
        ring=recorded.seq,
        purpose=event.purpose,
        started_at=recorded.at,
        started_by=recorded.by.person,
        policy=event.policy,
        rota_at=event.rota_at,
        steps=tuple(event.steps),
        to=event.to,
        subspecialty=event.subspecialty,
        question=event.question,
        critical=event.critical,
        step=event.step,
        people=tuple(event.people),
        skipped=tuple(event.skipped),
        alert_at=event.alert_at,
        ends_at=event.ends_at,
        phone=event.phone,
        last_resort=event.last_resort,
    )
    before = room.rings
    if event.purpose == "case":  # one at a time: the new one replaces it
        before = tuple(
            engine.ended(one, "stopped", recorded.at, recorded.by.person, recorded.by.name)
            if one.on and one.purpose == "case"
            else one
            for one in before
        )
    over = [one.ring for one in before if not one.on]
    gone = set(over[: max(0, len(over) - KEPT_RINGS + 1)])
    return {"rings": (*(one for one in before if one.ring not in gone), ring)}


def _escalated(room: Room, recorded: Recorded, event: e.RingEscalated) -> Changes:
    move = Entered(
        step=event.step,
        people=tuple(event.people),
        skipped=tuple(event.skipped),
        alert_at=event.alert_at,
        ends_at=event.ends_at,
        phone=event.phone,
    )
    return _with(room, event.ring, lambda one: engine.entered(one, move) if one.on else one)


def _exhausted(room: Room, recorded: Recorded, event: e.RingExhausted) -> Changes:
    move = Entered(
        step=event.step,
        skipped=tuple(event.skipped),
        alert_at=event.alert_at,
        phone=event.phone,
        exhausted=True,
    )
    return _with(room, event.ring, lambda one: engine.entered(one, move) if one.on else one)


def _alerted(room: Room, recorded: Recorded, event: e.RingAlerted) -> Changes:
    move = Alerted(n=event.n, people=tuple(event.people), alert_at=event.alert_at)
    return _with(room, event.ring, lambda one: engine.alerted(one, move) if one.on else one)


def _declined(room: Room, recorded: Recorded, event: e.RingDeclined | e.CaseDeclined) -> Changes:
    by, at = recorded.by.person, recorded.at
    return _with(room, event.ring, lambda one: engine.refused(one, by, at, event.reason))


def _over(state: str) -> Callable[[Room, Recorded, Any], Changes]:
    def fold(room: Room, recorded: Recorded, event: e.RingAnswered | e.RingStopped) -> Changes:
        return _with(room, event.ring, lambda one: _ended(one, state, recorded))

    return fold


def _ended(ring: Ring, state: str, recorded: Recorded) -> Ring:
    by = recorded.by
    return engine.ended(ring, state, recorded.at, by.person, by.name) if ring.on else ring


RING_FOLDS: dict[type[Event], Callable[[Room, Recorded, Any], Changes]] = {
    e.CaseDeclined: _declined,
    e.RingStarted: _started,
    e.RingEscalated: _escalated,
    e.RingAlerted: _alerted,
    e.RingExhausted: _exhausted,
    e.RingDeclined: _declined,
    e.RingAnswered: _over("answered"),
    e.RingStopped: _over("stopped"),
}


def settled(room: Room, recorded: Recorded) -> tuple[Ring, ...]:
    """The rings of `room`, whose owner and stage are up to date, after `recorded`: those that
    lost their cause are over at once, and nobody who was taken out is rung."""
    event = recorded.event
    rings = room.rings
    if isinstance(event, MemberRemoved):
        person = event.person
        rings = tuple(
            engine.refused(one, person, recorded.at, "") if person in one.ringing else one
            for one in rings
        )
    if not any(one.on for one in rings):
        return rings
    taken = room.owner is not None or room.stage not in UNCLAIMED
    done = room.stage not in MAIN_LINE  # what was seen has to be heard even of a broken-off exam
    heard = {one.raised.seq for one in room.criticals if one.receipt or one.closed}
    return tuple(
        _ended(one, "answered" if _answers(event, one) else "stopped", recorded)
        if (done and not one.critical) or (taken and one.purpose == "case") or one.critical in heard
        else one
        for one in rings
    )


def _answers(event: Event, ring: Ring) -> bool:
    """Whether what ends `ring` is what it rang for."""
    if ring.purpose == "case":
        return isinstance(event, CaseClaimed)
    return isinstance(event, CriticalAcknowledged) and event.critical == ring.critical
