"""When the hub itself has something to say of a room, and what.

A limit that went by is `deadline.passed`. A limit that at the usual pace will go by is foretold by
`deadline.predicted`, for the clocks that the table says: `total` from the stages that are still to
come, the others when three quarters of their time are gone. Each once a clock. Rings go on by
`hub.oncall.engine`, critical results by `pursuit.py`; a handover lapses. All of it comes from the
journal and the time alone: a restart changes nothing.
"""

from datetime import datetime

from hub.oncall.engine import NOBODY_AWAY, Around
from hub.room import handovers, pursuit, rings
from hub.room.events import DeadlinePassed, Event
from hub.room.reading_events import DeadlinePredicted
from hub.room.room import Clock, Room
from hub.room.stages import CLOCKS, THE_USUAL_WAY, Stage, usual
from hub.room.times import between, later, moment

Said = DeadlinePassed | DeadlinePredicted
MINUTE_MS = 60_000
FORETOLD = tuple(rule.name for rule in CLOCKS if rule.foretold)
GONE = 3, 4
"""The part of a limit after which it is foretold, where no usual way is known."""


def _pending(clock: Clock) -> bool:
    return bool(
        clock.limit_at and not clock.breached and not clock.stopped_at and not clock.paused_at
    )


def _usual_left(room: Room) -> tuple[int, int]:
    """Usual milliseconds of this stage, and of those still to come before the signed report."""
    way, stage = THE_USUAL_WAY, room.stage
    if stage in way:
        ahead = way[way.index(stage) + 1 :]
    else:  # a question puts the exam back to before its protocol; a preliminary report is the end
        ahead = way[way.index(Stage.CLAIMED) :] if stage is Stage.INFO_NEEDED else ()
    urgency = room.request.urgency if room.request else ""
    left = sum(usual(one, urgency) for one in ahead)
    return usual(stage, urgency) * MINUTE_MS, left * MINUTE_MS


def _foretold(room: Room, name: str) -> tuple[str, str] | None:
    """(when to say it, when the move is expected then) of a clock that is foretold, or None."""
    clock = room.clocks.get(name)
    if clock is None or clock.predicted or not _pending(clock):
        return None
    if name != "total":
        part, whole = GONE
        spare = between(clock.started_at, clock.limit_at) * (whole - part) // whole
        return later(clock.limit_at, -spare), clock.limit_at
    here, ahead = _usual_left(room)
    expected = later(room.stage_since, here + ahead)
    if expected > clock.limit_at:  # even if this stage takes no longer than usual
        return room.stage_since, expected
    return later(clock.limit_at, -ahead), clock.limit_at


def next_deadline(room: Room) -> datetime | None:
    """The first moment at which `due` has something to say, or None."""
    times = [clock.limit_at for clock in room.clocks.values() if _pending(clock)]
    times += [foretold[0] for name in FORETOLD if (foretold := _foretold(room, name))]
    times += [ring.next_at for ring in room.rings if ring.next_at]
    times += (*pursuit.next_times(room), *handovers.next_times(room))
    return moment(min(times)) if times else None


def due(room: Room, now: datetime, around: Around = NOBODY_AWAY) -> tuple[Event, ...]:
    """What is to be said at `now` and is not in the journal yet: of the clocks, earliest first,
    then what the rings do, given who is away; then of critical results and handovers.

    Of a clock whose limit went by nothing is foretold any more.
    """
    passed = {
        name: clock.limit_at
        for name, clock in room.clocks.items()
        if _pending(clock) and moment(clock.limit_at) <= now
    }
    said: list[tuple[str, str, Said]] = [
        (limit, name, DeadlinePassed(clock=name, limit_at=limit)) for name, limit in passed.items()
    ]
    for name in FORETOLD:
        foretold = _foretold(room, name) if name not in passed else None
        if foretold and moment(foretold[0]) <= now:
            limit = room.clocks[name].limit_at
            expected = max(foretold[1], limit)
            event = DeadlinePredicted(clock=name, limit_at=limit, expected_at=expected)
            said.append((foretold[0], name, event))
    told = (event for _, _, event in sorted(said, key=lambda one: one[:2]))
    loops = (*pursuit.due(room, now), *handovers.due(room, now))
    return (*told, *rings.due(room, now, around), *loops)
