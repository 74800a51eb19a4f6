"""What the hub does until a critical result is received: call on, and at last say whom to phone.

Everything comes from the journal and the time. In category 1 there is always a next moment until
somebody has received it: it cannot fall silent.
"""

from datetime import datetime

from hub.room.criticality import CATEGORIES, Category
from hub.room.kinds import Event
from hub.room.loop_events import CriticalEscalated, CriticalExhausted, CriticalOverdue
from hub.room.loops import Critical
from hub.room.room import Room
from hub.room.times import later, moment, spelled

MINUTE_MS = 60_000


def is_open(one: Critical) -> bool:
    """Whether it still waits for a receipt."""
    return one.receipt is None and one.closed is None


def unproven(room: Room) -> tuple[Critical, ...]:
    """Category 1 results that nobody is known to have received."""
    return tuple(one for one in room.criticals if one.category == 1 and one.receipt is None)


def next_times(room: Room) -> list[str]:
    """When the hub has something to do."""
    times: list[str] = []
    for one in room.criticals:
        if is_open(one):
            times += [one.next_at] if one.next_at else []
            times += [] if one.overdue else [one.limit_at]
    return times


def due(room: Room, now: datetime) -> tuple[Event, ...]:
    """The steps that are due at `now` and not in the journal yet, in the order of their times."""
    found: list[tuple[str, Event]] = []
    for one in room.criticals:
        if is_open(one):
            found += _due(one, room, now)
    return tuple(event for _, event in sorted(found, key=lambda pair: pair[0]))


def _due(one: Critical, room: Room, now: datetime) -> list[tuple[str, Event]]:
    found: list[tuple[str, Event]] = []
    seq, category = one.raised.seq, CATEGORIES[one.category]
    if not one.overdue and moment(one.limit_at) <= now:
        overdue = CriticalOverdue(critical=seq, category=one.category, limit_at=one.limit_at)
        found.append((one.limit_at, overdue))
    step, at = one.step, one.next_at
    while at and moment(at) <= now and step < len(category.steps):
        step += 1
        following = later(one.raised.at, _minutes(category, step) * MINUTE_MS)
        escalated = CriticalEscalated(
            critical=seq,
            category=one.category,
            step=step,
            due_at=at,
            next_at=following,
            roles=tuple(role.value for role in category.steps[step - 1].roles),
        )
        found.append((at, escalated))
        at = following
    if at and moment(at) <= now:
        exhausted = CriticalExhausted(
            critical=seq,
            category=one.category,
            n=one.exhausted + 1,
            due_at=at,
            next_at=later(spelled(now), category.repeat_min * MINUTE_MS),
            phone=room.request.callback if room.request else "",
        )
        found.append((at, exhausted))
    return found


def _minutes(category: Category, taken: int) -> int:
    """Minutes after it was raised at which the one after step `taken` is due."""
    if taken < len(category.steps):
        return category.steps[taken].minutes
    return category.exhausted_min
