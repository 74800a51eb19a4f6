"""What people say of themselves: online, reading, busy, not to be disturbed, away.

A status is kept in the store and outlives the process. One that must not last has an end: "do not
disturb" always, so that nobody is unreachable by mistake. A forward is never to somebody who is
away too, nor in a circle.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from hub.clock import rfc3339
from hub.oncall.engine import Around, Away
from hub.oncall.policy import Somebody
from hub.ports import Clock, Journal
from hub.rotas import somebodies
from hub.wire.errors import Err, bad_body
from hub.wire.rota import DECLARED
from persistence import directory
from persistence import rota as kept
from persistence.rota import Status

AWAY = frozenset({"dnd", "away"})
"""States in which nobody is rung."""
LONGEST = timedelta(hours=14)
"""Of "do not disturb"."""


def holds(status: Status, now: datetime) -> bool:
    """Whether it is not over."""
    return not status.until or status.until > rfc3339(now)


def around(statuses: Iterable[Status], people: Mapping[str, Somebody], now: datetime) -> Around:
    """Who is away at `now`, and who is rung instead; a forward to an account that is shut is
    none."""
    away = {}
    for one in statuses:
        if one.state in AWAY and holds(one, now):
            to = people.get(one.forward)
            away[one.person] = Away(one.state, one.forward if to else "", to.name if to else "")
    return Around(away=away)


class Statuses:
    """Everybody's status, at hand."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        # By person, as the store has them.
        self._held: dict[str, Status] = {}
        # Whom somebody forwards to.
        self._people: dict[str, Somebody] = {}
        # Called with a person whose status changed, or ended.
        self.changed: Callable[[str], None] = _nobody
        # Persons whose status will end of itself.
        self._ending: set[str] = set()

    async def learn(self) -> None:
        """Read them again: another process may have changed them. Raises `StoreUnavailable`."""
        found = {one.person: one for one in await self._journal.query(kept.all_statuses)}
        named = sorted({one.forward for one in found.values() if one.forward})
        people = await self._journal.query(lambda at: directory.find(at, named)) if named else {}
        before, self._held = self._held, found
        self._people = somebodies(people.values())
        for person in found.keys() | before.keys():
            if found.get(person) != before.get(person):
                self._tell(person)
        self._end()

    def _tell(self, person: str) -> None:
        held = self.of(person)
        if held is not None and held.until:
            self._ending.add(person)
        self.changed(person)

    def _end(self) -> None:
        """Tell of those that ended of themselves."""
        for person in [one for one in self._ending if self.of(one) is None]:
            self._ending.discard(person)
            self.changed(person)

    def of(self, person: str) -> Status | None:
        """What somebody says of themselves now."""
        held = self._held.get(person)
        return held if held is not None and holds(held, self._clock.now()) else None

    def said(self, person: str) -> str:
        """The word that is shown beside somebody who is online; empty where they say nothing."""
        held = self.of(person)
        return held.state if held is not None and held.state != "online" else ""

    def all(self) -> list[Status]:
        """Of everybody who says anything."""
        now = self._clock.now()
        return [one for one in self._held.values() if holds(one, now)]

    def around(self) -> Around:
        """For the calling engine."""
        return around(self._held.values(), self._people, self._clock.now())

    async def declare(
        self, person: str, state: str, until: str, forward: str, device: str
    ) -> Status | Err:
        """Keep what `person` says of themselves. Raises `StoreUnavailable`."""
        if state not in DECLARED:
            return bad_body("state", f"one of {', '.join(DECLARED)}")
        now = self._clock.now()
        end = _end_of(until, state, now)
        if isinstance(end, Err):
            return end
        if forward and (problem := await self._no_forward(person, state, forward)):
            return problem
        status = Status(person, state, rfc3339(now), end, forward, device)
        await self._journal.run(lambda at: kept.put_status(at, status))
        await self.learn()
        return status

    async def _no_forward(self, person: str, state: str, forward: str) -> Err | None:
        """Why calls cannot be forwarded there, if they cannot."""
        if state not in AWAY:
            return bad_body("forward", "given with dnd or away only")
        found = somebodies(
            (await self._journal.query(lambda at: directory.find(at, [person, forward]))).values()
        )
        if forward == person or forward not in found:
            return bad_body("forward", "somebody else of the directory")
        if not found[forward].roles & (found[person].roles if person in found else frozenset()):
            return bad_body("forward", "somebody with a role that you have")
        there = self.of(forward)
        if there is not None and there.state in AWAY:
            return bad_body("forward", "somebody who is not away too")
        return None


def _nobody(person: str) -> None:
    """Nobody is told."""


def _end_of(until: str, state: str, now: datetime) -> str | Err:
    """When it ends, as it is kept; empty for never."""
    if not until:
        return bad_body("until", "given: do-not-disturb has an end") if state == "dnd" else ""
    try:
        end = datetime.fromisoformat(until)
    except ValueError:
        return bad_body("until", "a time, RFC 3339")
    if end.tzinfo is None or not now < end <= now + LONGEST:
        return bad_body("until", "with its offset, after now and within 14 hours")
    return rfc3339(end.astimezone(now.tzinfo))
