"""What the clocks of a room tell: what is promised now, and what was measured when it is over.

Neither holds identity or free text: rows and walls show the one, figures are made of the other.
"""

from typing import Any

from hub.room.room import Clock, Room
from hub.room.stages import CLOCKS
from hub.room.times import between


def promises(room: Room) -> list[dict[str, Any]]:
    """The clocks that promise something and are not over, in the order of the table."""
    held = ((rule.name, room.clocks.get(rule.name)) for rule in CLOCKS)
    return [
        {
            "clock": name,
            "since": clock.started_at,
            "limit_at": clock.limit_at,
            "paused_at": clock.paused_at,
            "predicted": clock.predicted,
            "breached": clock.breached,
        }
        for name, clock in held
        if clock is not None and clock.limit_at and not clock.stopped_at
    ]


def measured(room: Room) -> dict[str, list[int]]:
    """Clock -> [milliseconds without pauses, milliseconds of pauses, limit in ms or 0, breached].

    Of a clock that still runs the milliseconds are -1. A clock that was begun anew tells its last
    run only.
    """
    return {rule.name: _told(clock) for rule in CLOCKS if (clock := room.clocks.get(rule.name))}


def _told(clock: Clock) -> list[int]:
    spent = (
        between(clock.started_at, clock.stopped_at) - clock.paused_ms if clock.stopped_at else -1
    )
    limit = between(clock.started_at, clock.limit_at) - clock.paused_ms if clock.limit_at else 0
    return [spent, clock.paused_ms, limit, int(clock.breached)]
