"""Who is in a room and what each of them has: presence, and receipts per device.

Neither is part of the room's state: they go to its trace (W-23). Changes are gathered and told a
few times a second, so that a room full of readers does not drown in its own receipts.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from hub.room.roles import Actor
from hub.room.room import Member
from hub.wire.frames import dumps


@dataclass(slots=True)
class Present:
    """A person of the room: `online` in it with at least one device; `elsewhere`, connected to the
    hub but not in this room; or `unreachable`. And what they say of themselves."""

    person: str
    name: str
    role: str
    site: str
    state: str
    since: str
    # What they say of themselves while they are online: `reading`, `busy`, `dnd`, `away`.
    said: str = ""
    # Connections by device: the same device may have two while one is dying.
    devices: dict[str, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As in `pres`."""
        return {
            "person": self.person,
            "name": self.name,
            "role": self.role,
            "site": self.site,
            "state": self.said if self.said and self.state == "online" else self.state,
            "since": self.since,
            "devices": list(self.devices),
        }


class Attendance:
    """Presence and receipts of one room."""

    __slots__ = ("_changed", "_joined", "_left", "_read", "_saved", "people", "receipts", "room")

    def __init__(self, room: str) -> None:
        self.room = room
        # By person, in order of coming.
        self.people: dict[str, Present] = {}
        # (person, device) -> [got, seen].
        self.receipts: dict[tuple[str, str], list[int]] = {}
        # Persons to tell about, since the last `presence_frame`.
        self._joined: set[str] = set()
        self._changed: set[str] = set()
        self._left: set[str] = set()
        # Receipts to tell about, and to save.
        self._read: set[tuple[str, str]] = set()
        self._saved: set[tuple[str, str]] = set()

    # -- presence ----------------------------------------------------------------------------

    def arrive(self, actor: Actor, at: str) -> None:
        """A connection of `actor` joined the room."""
        known = self.people.get(actor.person)
        if known is None:
            known = Present(actor.person, actor.name, actor.role.value, actor.site, "online", at)
            self.people[actor.person] = known
            self._joined.add(actor.person)
            self._left.discard(actor.person)
        elif known.state != "online" or known.role != actor.role.value:
            known.state, known.since = "online", at
            known.role, known.site = actor.role.value, actor.site
            self._changed.add(actor.person)
        elif actor.device not in known.devices:
            self._changed.add(actor.person)
        known.devices[actor.device] = known.devices.get(actor.device, 0) + 1

    def declare(self, person: str, said: str) -> bool:
        """What somebody says of themselves now, empty for nothing; whether that is news here."""
        known = self.people.get(person)
        if known is None or known.said == said:
            return False
        known.said = said
        self._changed.add(person)
        return True

    def depart(self, actor: Actor, at: str, *, willingly: bool) -> None:
        """A connection is gone. Who did not say goodbye is `unreachable`, not absent."""
        known = self.people.get(actor.person)
        if known is None:
            return
        count = known.devices.get(actor.device, 0)
        if count > 1:
            known.devices[actor.device] = count - 1
            return
        known.devices.pop(actor.device, None)
        if known.devices:
            self._changed.add(actor.person)
        elif willingly:
            del self.people[actor.person]
            self._joined.discard(actor.person)
            self._changed.discard(actor.person)
            self._left.add(actor.person)
        else:
            known.state, known.since = "unreachable", at
            self._changed.add(actor.person)

    def elsewhere(self, members: Mapping[str, Member], on_hub: Set[str], at: str) -> None:
        """Who of `members` is not in the room, but on the hub (`on_hub`), is `elsewhere`."""
        for person, member in members.items():
            if person in on_hub and person not in self.people:
                known = Present(person, member.name, member.role, member.site, "elsewhere", at)
                self.people[person] = known
                self._joined.add(person)
                self._left.discard(person)
        for person, known in tuple(self.people.items()):
            state = "elsewhere" if person in on_hub else "unreachable"
            if known.devices or known.state == state:
                continue
            if person not in members:  # of the room no more: their state elsewhere is not told here
                del self.people[person]
                self._joined.discard(person)
                self._left.add(person)
                continue
            known.state, known.since = state, at
            self._changed.add(person)

    def here(self) -> bytes:
        """`pres` with everyone."""
        people = [present.told() for present in self.people.values()]
        return dumps({"t": "pres", "room": self.room, "people": people})

    def presence_frame(self) -> tuple[bytes, dict[str, Any]] | None:
        """`pres` with what changed since the last call, and the same for the trace."""
        changed = self._changed - self._joined
        if not (self._joined or changed or self._left):
            return None
        told = {
            "joined": [self.people[p].told() for p in sorted(self._joined) if p in self.people],
            "left": sorted(self._left),
            "changed": [self.people[p].told() for p in sorted(changed) if p in self.people],
        }
        self._joined.clear()
        self._changed.clear()
        self._left.clear()
        return dumps({"t": "pres", "room": self.room} | told), told

    # -- receipts ----------------------------------------------------------------------------

    def restore(self, rows: list[tuple[str, str, int, int]]) -> None:
        """Take up receipts as they were saved."""
        for person, device, got, seen in rows:
            self._raise(person, device, got, seen)

    def receipt(self, actor: Actor, *, got: int = 0, seen: int = 0) -> bool:
        """Note a cumulative receipt; false where it says nothing new."""
        if not self._raise(actor.person, actor.device, got, seen):
            return False
        key = (actor.person, actor.device)
        self._read.add(key)
        self._saved.add(key)
        return True

    def _raise(self, person: str, device: str, got: int, seen: int) -> bool:
        held = self.receipts.setdefault((person, device), [0, 0])
        got = max(got, seen)  # what was on a screen has arrived
        if got <= held[0] and seen <= held[1]:
            return False
        held[0], held[1] = max(held[0], got), max(held[1], seen)
        return True

    def receipt_frame(self, key: tuple[str, str]) -> bytes:
        """`rcpt` of one person's device."""
        got, seen = self.receipts[key]
        person, device = key
        return dumps(
            {
                "t": "rcpt",
                "room": self.room,
                "person": person,
                "device": device,
                "got": got,
                "seen": seen,
            }
        )

    def news(self) -> list[tuple[str, str]]:
        """Receipts that changed since the last call."""
        read = sorted(self._read)
        self._read.clear()
        return read

    def unsaved(self) -> list[tuple[str, str, int, int]]:
        """Receipts that the store does not have."""
        return [(*key, self.receipts[key][0], self.receipts[key][1]) for key in sorted(self._saved)]

    def saved(self, rows: list[tuple[str, str, int, int]]) -> None:
        """The store has `rows` now; what rose meanwhile is still to be saved."""
        for person, device, got, seen in rows:
            if self.receipts[(person, device)] == [got, seen]:
                self._saved.discard((person, device))
