"""What the clocks of a room tell: what is promised now, and what was measured when it is over.

Neither holds identity or free text: rows and walls show the one, figures are made of the other.
"""

from typing import Any

from hub.room.clocks import whose
from hub.room.loops import Critical
from hub.room.pursuit import is_open
from hub.room.room import Clock, Room
from hub.room.stages import CLOCKS, CRITICAL_WAIT, OWNED
from hub.room.times import between

IMPACTS = ("none", "potential", "actual", "unknown")
"""What a review can say that a discrepancy meant for the patient (`review.record`)."""


def promises(room: Room) -> list[dict[str, Any]]:
    """The clocks that promise something and are not over, in the order of the table."""
    held = ((rule.name, rule.roles, room.clocks.get(rule.name)) for rule in CLOCKS)
    clocks = [
        {
            "clock": name,
            "roles": [role.value for role in roles],
            "owner": _named(room, whose(room, OWNED.get(name, ""))),
            "since": clock.started_at,
            "limit_at": clock.limit_at,
            "paused_at": clock.paused_at,
            "predicted": clock.predicted,
            "breached": clock.breached,
        }
        for name, roles, clock in held
        if clock is not None and clock.limit_at and not clock.stopped_at
    ]
    return [*clocks, *(_awaited(room, one) for one in room.criticals if is_open(one))]


def _named(room: Room, person: str) -> dict[str, str] | None:
    """A person by the name that the room knows them by, None where it is anybody's."""
    if not person:
        return None
    member = room.members.get(person)
    return {"person": person, "name": member.name if member else ""}


def _awaited(room: Room, one: Critical) -> dict[str, Any]:
    return {
        "clock": f"critical_{one.category}",
        "roles": [role.value for role in CRITICAL_WAIT.roles],
        "owner": _named(room, one.to),
        "since": one.identified_at,
        "limit_at": one.limit_at,
        "paused_at": "",
        "predicted": False,
        "breached": one.overdue,
    }


def measured(room: Room) -> dict[str, list[int]]:
    """What the clocks told, critical results and reviews.

    Clock -> [milliseconds without pauses, milliseconds of pauses, limit in ms or 0, breached].

    Of a clock that still runs the milliseconds are -1. A clock that was begun anew tells its last
    run only; `critical_N` is from the identification of a critical result of category N to its
    receipt. `review.GRADE` counts the reviews of that grade by impact, in the order of `IMPACTS`.
    """
    told = {rule.name: _told(clock) for rule in CLOCKS if (clock := room.clocks.get(rule.name))}
    for one in room.criticals:
        name, run = f"critical_{one.category}", _received(one)
        told[name] = _worse(told[name], run) if name in told else run
    return told | _reviews(room)


def _received(one: Critical) -> list[int]:
    """From the moment that it was identified to its receipt by a named person."""
    spent = between(one.identified_at, one.receipt.received_at) if one.receipt else -1
    late = one.overdue or (one.receipt is not None and one.receipt.received_at > one.limit_at)
    return [spent, 0, between(one.identified_at, one.limit_at), int(late)]


def _worse(one: list[int], other: list[int]) -> list[int]:
    """Of several critical results of one category the room tells the one that went worst."""
    return max(one, other, key=lambda run: (run[3], run[0] < 0, run[0]))


def _reviews(room: Room) -> dict[str, list[int]]:
    """`review.GRADE` -> reviews by impact, in the order of `IMPACTS`."""
    found: dict[str, list[int]] = {}
    for one in room.reviews:
        counts = found.setdefault(f"review.{one.grade}", [0] * len(IMPACTS))
        counts[IMPACTS.index(one.impact)] += 1
    return found


def _told(clock: Clock) -> list[int]:
    spent = (
        between(clock.started_at, clock.stopped_at) - clock.paused_ms if clock.stopped_at else -1
    )
    limit = between(clock.started_at, clock.limit_at) - clock.paused_ms if clock.limit_at else 0
    return [spent, clock.paused_ms, limit, int(clock.breached)]
