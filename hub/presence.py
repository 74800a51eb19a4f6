"""Who can be reached: who has a connection, and what they say of themselves.

A person without a connection is `unreachable`, whatever they said before, but for "do not disturb"
and "away", which say more. A claim whose holder was gone for `lease_s` seconds before the exam had
its protocol lapses, and the exam rings again (`hub.room.leases`). Who has gone is not in the
journal: after a restart everybody has their whole time anew.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from hub.oncall.policy import Plan
from hub.room.events import Event
from hub.room.leases import LEASED, lapsed
from hub.room.room import Room
from hub.rooms import Rooms
from hub.session import Session
from hub.statuses import AWAY, Statuses

Again = Callable[[Room, str], Awaitable[Plan | None]]
"""The plan for an exam that somebody has no more."""


class Presence:
    """Looks around regularly."""

    def __init__(
        self, rooms: Rooms, sessions: Iterable[Session], statuses: Statuses, again: Again
    ) -> None:
        self._rooms = rooms
        self._sessions = sessions
        self._statuses = statuses
        self._again = again
        # Since when this process can know who is there.
        self._began = rooms.clock.monotonic()
        statuses.changed = self._tell

    def _tell(self, person: str) -> None:
        """Let everybody in a room with `person` know what they say of themselves now."""
        said = self._statuses.said(person)
        for live in self._rooms.live.values():
            if live.attendance.declare(person, said):
                self._rooms.upset.add(live)

    def devices(self) -> dict[str, list[str]]:
        """The devices of everybody who has a connection."""
        found: dict[str, set[str]] = {}
        for session in self._sessions:
            if not session.closing:
                found.setdefault(session.principal.person, set()).add(session.actor.device)
        return {person: sorted(held) for person, held in found.items()}

    def readers(self) -> frozenset[str]:
        """Who reads an exam now."""
        live = self._rooms.live.values()
        return frozenset(one.kept.reader.person for one in live if one.kept.reader)

    def state_of(self, person: str, *, connected: bool) -> str:
        """One word for somebody."""
        said = self._statuses.of(person)
        if said is not None and said.state in AWAY:
            return said.state
        if not connected:
            return "unreachable"
        if said is not None and said.state != "online":
            return said.state
        return "reading" if person in self.readers() else "online"

    def told(self, names: dict[str, str]) -> list[dict[str, Any]]:
        """Everybody who is there or says anything, by person; `names` are how they are shown."""
        devices = self.devices()
        people = sorted(devices.keys() | {one.person for one in self._statuses.all()})
        return [self.told_of(person, names.get(person, ""), devices) for person in people]

    def told_of(
        self, person: str, name: str, devices: dict[str, list[str]] | None = None
    ) -> dict[str, Any]:
        """One person, as REST tells it."""
        held = (self.devices() if devices is None else devices).get(person, [])
        said = self._statuses.of(person)
        return {
            "person": person,
            "name": name,
            "state": self.state_of(person, connected=bool(held)),
            "since": said.since if said else "",
            "until": said.until if said else "",
            "forward": said.forward if said else "",
            "devices": held,
        }

    async def look(self) -> None:
        """See who is there, and take exams back from who is not."""
        rooms = self._rooms
        now = rooms.clock.monotonic()
        for person in self.devices():
            rooms.seen[person] = now
        lease_s = rooms.settings.lease_s
        if not lease_s or rooms.draining or not rooms.journal.available():
            return
        for room, owner in await rooms.journal.owned([stage.value for stage in LEASED]):
            if now - max(rooms.seen.get(owner, self._began), self._began) > lease_s:
                await self._take_back(room, owner, lease_s)

    async def _take_back(self, room: str, owner: str, lease_s: float) -> None:
        live = await self._rooms.load(room)
        if live is None or live.busy:
            return
        plan = await self._again(live.kept, owner)
        decider = self._rooms.decider

        def what(room: Room, now: datetime) -> tuple[Event, ...]:
            return lapsed(room, owner, now, lease_s, plan, decider.around())

        if what(live.tip, self._rooms.clock.now()):
            decider.by_hub(live, what)
