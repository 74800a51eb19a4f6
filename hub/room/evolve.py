"""The fold: a room and the next recorded event give the room after it. It never refuses.

Every event is a fact, so whatever is stored folds; a kind that nothing is known about moves `seq`
and `at` only. Stages follow `permissions.py`, clocks and the next move follow `stages.py`.
"""

from typing import Any

from hub.room.clocks import (
    Clocks,
    breached,
    moved,
    next_move,
    paused,
    predicted,
    resumed,
    urgency_changed,
)
from hub.room.events import (
    AcquisitionAborted,
    DeadlinePassed,
    Event,
    InformationAnswered,
    JustificationDecided,
    MessagePosted,
    Recorded,
    RequestAmended,
    RequestSubmitted,
    RoomReopened,
    Withheld,
)
from hub.room.folds import FOLDS
from hub.room.loop_folds import PASSING as LOOPS_PASSING
from hub.room.permissions import CONFLICTING, MOVES, OPENING, next_stage
from hub.room.reading_events import ClockPaused, ClockResumed, DeadlinePredicted
from hub.room.ring_folds import PASSING as RINGS_PASSING
from hub.room.ring_folds import settled
from hub.room.roles import SYSTEM
from hub.room.room import Member, Room
from hub.room.stages import RESTARTS, Stage

_STILL: frozenset[type[Event]] = frozenset({MessagePosted, Withheld})
"""Kinds that touch neither stage nor clocks nor the next move, and come by the thousand."""

_PASSING = RINGS_PASSING | LOOPS_PASSING


def evolve(room: Room, recorded: Recorded) -> Room:
    """`room` after `recorded`. `room` itself is not touched."""
    event = recorded.event
    kind = type(event)
    fields = room.__dict__.copy()
    fields["seq"] = recorded.seq
    fields["at"] = recorded.at
    if kind is MessagePosted:
        fields["messages"] += 1
        who = recorded.by.person
        if who in fields["members"] and who not in fields["asked"]:
            return _room(fields)  # nearly everything that is said
    elif kind is not Withheld and kind in FOLDS:
        fields.update(FOLDS[kind](room, recorded, event))
    if kind is not Withheld:
        by = recorded.by.person
        if event.kind in _PASSING:
            pass  # who only says no, or reads again later, does not come in
        elif by not in fields["members"] and by != SYSTEM.person and by not in fields["removed"]:
            fields["members"] = {**fields["members"], by: _newcomer(recorded)}
        if by in fields["asked"]:  # whatever they did, they are here and have answered
            fields["asked"] = {who: one for who, one in fields["asked"].items() if who != by}
    if event.kind in CONFLICTING:
        fields["last"] = {**room.last, event.kind: recorded.seq}
    after = _room(fields)
    return after if kind in _STILL else _onward(room, after, recorded)


def _room(fields: dict[str, Any]) -> Room:
    made = object.__new__(Room)
    object.__setattr__(made, "__dict__", fields)  # as it is: half of what a message costs here
    return made


def _newcomer(recorded: Recorded) -> Member:
    by = recorded.by
    how = _HOW.get(recorded.event.kind, "acted")
    return Member(name=by.name, role=by.role.value, site=by.site, how=how, since=recorded.at)


_HOW = {
    "request.submitted": "requested",
    "case.claimed": "claimed",
    "ring.answered": "rung",
}


def _answer(before: Room, after: Room, event: Event) -> str:
    """What was chosen where the table leaves a choice (`permissions.Moves`)."""
    match event:
        case JustificationDecided():
            return event.decision
        case AcquisitionAborted():
            return event.back_to
        case InformationAnswered():
            if any(question.answered is None for question in after.questions):
                return "more"
            return "claimed" if after.owner else "unclaimed"
        case RequestAmended():
            return "recheck" if event.recheck and before.stage is Stage.READY else ""
        case RoomReopened():
            return before.closed.from_stage.value if before.closed else ""
        case _:
            return ""


def _onward(before: Room, after: Room, recorded: Recorded) -> Room:
    """`after` with its stage, clocks and next move brought up to date."""
    event = recorded.event
    fields = after.__dict__
    if isinstance(event, RequestSubmitted):
        stage = OPENING
    elif event.kind in MOVES:
        stage = next_stage(event.kind, before.stage, _answer(before, after, event))
    else:
        stage = before.stage
    restart = RESTARTS.get(event.kind, "")
    urgency = after.request.urgency if after.request else ""
    if stage is not before.stage or restart or not before.stage_since:
        fields["stage"] = stage
        fields["stage_since"] = recorded.at
        fields["clocks"] = moved(before.clocks, stage, recorded.at, urgency, restart)
        fields["pause"] = None  # the exam went on: what it waited for is there
    fields["clocks"] = _told(before, after.clocks, recorded, urgency)
    if after.rings:
        fields["rings"] = settled(after, recorded)
    fields["next_move"] = next_move(after)
    return after


def _told(before: Room, clocks: Clocks, recorded: Recorded, urgency: str) -> Clocks:
    """`clocks` after what the event itself says of them."""
    match recorded.event:
        case DeadlinePassed(clock=name, limit_at=limit_at):
            return breached(clocks, name, limit_at)
        case DeadlinePredicted(clock=name, limit_at=limit_at):
            return predicted(clocks, name, limit_at)
        case ClockPaused(clocks=names):
            return paused(clocks, tuple(names), recorded.at)
        case ClockResumed():
            names = before.pause.clocks if before.pause else ()
            return resumed(clocks, names, recorded.at, urgency)
        case RequestAmended():
            if before.request is not None and before.request.urgency != urgency:
                return urgency_changed(clocks, urgency)
    return clocks
