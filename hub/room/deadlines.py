"""When the next clock runs out, and what is stored when it has: once a clock, by the hub itself."""

from datetime import datetime

from hub.room.events import DeadlinePassed
from hub.room.room import Clock, Room
from hub.room.times import moment


def _pending(clock: Clock) -> bool:
    return bool(
        clock.limit_at and not clock.breached and not clock.stopped_at and not clock.paused_at
    )


def next_deadline(room: Room) -> datetime | None:
    """The first moment at which `due` has something to say, or None."""
    limits = [clock.limit_at for clock in room.clocks.values() if _pending(clock)]
    return moment(min(limits)) if limits else None


def due(room: Room, now: datetime) -> tuple[DeadlinePassed, ...]:
    """The limits that went by at `now` and are not in the journal yet, earliest first."""
    passed = sorted(
        (clock.limit_at, name)
        for name, clock in room.clocks.items()
        if _pending(clock) and moment(clock.limit_at) <= now
    )
    return tuple(DeadlinePassed(clock=name, limit_at=limit) for limit, name in passed)
