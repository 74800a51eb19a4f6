"""Rooms for load tests: each with its own site and its own four people, who hold bearer tokens.

What is stored is what the domain decides, event for event, so a seeded room is like any other. It
is written in batches short enough for a hub that runs on the same store to go on between two.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hub.clock import rfc3339
from hub.decider import row_of
from hub.edge.identity.secret import token
from hub.ports import Clock, Journal
from hub.room.commands import Command, MemberInvite, RequestSubmit
from hub.room.decide import decide
from hub.room.events import Recorded
from hub.room.evolve import evolve
from hub.room.exam import Patient
from hub.room.refusals import Refused
from hub.room.roles import Actor, Role
from hub.room.room import Room
from hub.wire.bodies import encode_event
from hub.wire.frames import dumps
from persistence import credentials, directory
from persistence.credentials import Credential
from persistence.directory import Grant, Person, Site
from persistence.entries import Append, Draft, Stored, StoreUnavailable, Stream

ROLES = (Role.REQUESTER, Role.TECHNOLOGIST, Role.RADIOLOGIST, Role.SUBSPECIALIST)
BATCH = 200
"""Rooms in one go."""
TRIES = 50
PAUSE_S = 0.2


class NotSeeded(Exception):
    """The store did not take the rooms; the message says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Planned:
    """A room to be: its people, their secrets, and what is to be stored."""

    room: str
    site: Site
    people: tuple[Person, ...]
    tokens: tuple[str, ...]
    credentials: tuple[Credential, ...]
    append: Append

    def told(self) -> dict[str, Any]:
        """The room in the file that `seed` writes (wire.md section 1)."""
        members = [
            {"person": person.person, "role": role.value, "token": secret}
            for person, role, secret in zip(self.people, ROLES, self.tokens, strict=True)
        ]
        return {"room": self.room, "members": members}


class Seeder:
    """Plans rooms and stores them. `settled` is to be given to the journal's `start`."""

    def __init__(self, journal: Journal, clock: Clock, mint: Callable[[], str]) -> None:
        self._journal = journal
        self._clock = clock
        self._mint = mint
        self._left = 0
        self._done = asyncio.Event()

    def settled(self, batch: list[Append]) -> None:
        """The journal's answer to what was submitted."""
        self._left -= len(batch)
        if self._left <= 0:
            self._done.set()

    async def seed(self, rooms: int) -> list[dict[str, Any]]:
        """Store so many rooms and say who is in them. Raises `NotSeeded`."""
        told: list[dict[str, Any]] = []
        while len(told) < rooms:
            planned = [self._plan() for _ in range(min(BATCH, rooms - len(told)))]
            await self._patiently(lambda planned=planned: self._people(planned))  # type: ignore[misc]  # the default binds this batch
            await self._store([one.append for one in planned])
            told += [one.told() for one in planned]
        return told

    async def _patiently(self, job: Callable[[], Any]) -> None:
        """A hub that runs on the store may hold it for a moment."""
        for left in range(TRIES, -1, -1):
            try:
                await job()
            except StoreUnavailable as problem:
                if not left:
                    raise NotSeeded(f"people not stored: {problem}") from problem
                await asyncio.sleep(PAUSE_S)
            else:
                return

    async def _people(self, planned: Sequence[Planned]) -> None:
        def job(at: Any) -> None:
            directory.put_sites(at, [one.site for one in planned])
            directory.put_people(at, [person for one in planned for person in one.people])
            credentials.add(at, [held for one in planned for held in one.credentials])

        await self._journal.run(job)

    async def _store(self, appends: list[Append]) -> None:
        for left in range(TRIES, -1, -1):
            self._left = len(appends)
            self._done.clear()
            for append in appends:
                append.outcome = None
                self._journal.submit(append)
            await self._done.wait()
            # a conflict after a failed commit is that commit having succeeded: ids are new here
            lost = [one for one in appends if not isinstance(one.outcome, Stored)]
            if not lost:
                return
            if not left:
                raise NotSeeded(f"{len(lost)} rooms not stored: {lost[0].outcome}")
            appends = [one for one in lost if await self._missing(one)]
            if not appends:
                return
            await asyncio.sleep(PAUSE_S)

    async def _missing(self, append: Append) -> bool:
        room = append.drafts[0].room
        try:
            return await self._journal.head(Stream.JOURNAL, room) == 0
        except StoreUnavailable:
            return True

    def _plan(self) -> Planned:
        room, now = self._mint(), self._clock.now()
        number = room[-12:]
        site = Site(site=f"load-{number}", name=f"TEST-SITE {number}")
        people = tuple(
            Person(
                person=f"load-{number}-{role.value}",
                login=f"load-{number}-{role.value}",
                name=f"TEST {role.value} {number}",
                rate_free=True,
                grants=(Grant(role.value, site.site),),
            )
            for role in ROLES
        )
        pairs = [
            token(person.person, role.value, site.site, now=now, label="load test")
            for person, role in zip(people, ROLES, strict=True)
        ]
        return Planned(
            room=room,
            site=site,
            people=people,
            tokens=tuple(secret for secret, _ in pairs),
            credentials=tuple(kept for _, kept in pairs),
            append=self._opening(room, site.site, people),
        )

    def _opening(self, room: str, site: str, people: Sequence[Person]) -> Append:
        """The request, and the invitation of everybody else by the person who asks."""
        now = self._clock.now()
        at = rfc3339(now)
        asker = Actor(people[0].person, people[0].name, ROLES[0], site, "seed")
        actor = dumps(asker)
        state = Room(id=room)
        drafts: list[Draft] = []
        for command in _commands(site, people):
            events = decide(state, command, by=asker, now=now)
            if isinstance(events, Refused):
                raise NotSeeded(f"{command.kind}: {events.detail_en}")
            for event in events:
                state = evolve(state, Recorded(state.seq + 1, at, asker, event))
                drafts.append(
                    Draft(
                        stream=Stream.JOURNAL,
                        room=room,
                        seq=state.seq,
                        at=at,
                        id=self._mint(),
                        actor=actor,
                        kind=event.kind,
                        cid="",
                        body=encode_event(event),
                    )
                )
        return Append(drafts=drafts, row=row_of(state))


def _commands(site: str, people: Sequence[Person]) -> Iterator[Command]:
    yield RequestSubmit(
        patient=Patient(birth_name="TEST-CHARGE", given="Essai", sex="U"),
        urgency="P2",
        modality_wanted="CT",
        region=("head",),
        clinical_question="Salle d'essai de charge, patient fictif. / Load test, no real patient.",
        site=site,
    )
    for person, role in list(zip(people, ROLES, strict=True))[1:]:
        yield MemberInvite(person=person.person, role=role.value, name=person.name, site=site)


def written(rooms: list[dict[str, Any]]) -> str:
    """The file of `seed`."""
    return json.dumps({"rooms": rooms}, indent=1) + "\n"
