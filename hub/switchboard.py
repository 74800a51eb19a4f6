"""The switchboard: whom a command would ring, by the rota, the policies and who is away now.

It reads the store and changes nothing; what it says is decided on by the room and kept with it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from hub.oncall.engine import Around
from hub.oncall.policy import Asked, Plan, Policy, Somebody, choose, plan
from hub.oncall.rota import covering
from hub.ports import Clock, Journal
from hub.room.commands import CaseRelease, Command, RequestAmend, RequestSubmit
from hub.room.criticality import CATEGORIES
from hub.room.loop_commands import CriticalRaise
from hub.room.permissions import READERS
from hub.room.ring_commands import RingStart
from hub.room.rings import ASK, CASE, CRITICAL, case_is_rung
from hub.room.roles import Actor
from hub.room.room import Room
from hub.rotas import Planned, planned, somebodies
from hub.wire.errors import Err, bad_body
from persistence import directory

TAKERS = frozenset(role.value for role in READERS)
"""Who can take an exam: nobody else is rung for it, but coordinators, to chase."""


RINGING: tuple[str, ...] = (
    RequestSubmit.kind, RequestAmend.kind, CaseRelease.kind, RingStart.kind, CriticalRaise.kind,
)  # fmt: skip
"""Commands that may ring somebody."""


class Switchboard:
    """Makes plans."""

    def __init__(self, journal: Journal, clock: Clock, phone: str) -> None:
        self._journal = journal
        self._clock = clock
        # Number of the hub, where a site has none.
        self._phone = phone
        self._held: Planned | None = None
        # Who is away now.
        self.around: Callable[[], Around] = Around

    async def planned(self, at: datetime, until: datetime | None = None) -> Planned:
        """The plan around `at`, read again only once something of it changed."""
        revision = await self._journal.query(directory.revision)
        held = self._held
        if until is None and held is not None and held.holds(revision, at):
            return held
        found = await self._journal.query(lambda one: planned(one, at, until))
        if until is None:
            self._held = found
        return found

    async def plan(self, room: Room, command: Command, by: Actor) -> Plan | Err | None:
        """For `Decider.plans`: whom `command` rings, None where it rings nobody."""
        match command:
            case RequestSubmit():
                site = by.site or command.site
                return await self.of_case(
                    site, command.urgency, command.modality_wanted, by.person, by.person
                )
            case RequestAmend() if room.request is not None and case_is_rung(room):
                if command.urgency >= room.request.urgency:
                    return None
                return await self.of_case(
                    room.site, command.urgency, command.modality_wanted, by.person, by.person
                )
            case CaseRelease():
                return await self.again(room, by.person)
            case RingStart():
                return await self._of_question(room, command, by)
            case CriticalRaise() if CATEGORIES[command.category].direct:
                return await self._of_critical(room, command, by)
        return None

    async def again(self, room: Room, without: str) -> Plan | None:
        """For an exam that somebody, `without`, had and has no more."""
        if room.request is None:
            return None
        requester = room.requested.person if room.requested else ""
        request = room.request
        return await self.of_case(
            room.site, request.urgency, request.modality_wanted, requester, without
        )

    async def of_case(
        self, site: str, urgency: str, modality: str, requester: str, sender: str
    ) -> Plan | None:
        """For an exam; None where the hub has no line at all, and so no rota to go by."""
        now = self._clock.now()
        found = await self.planned(now)
        if not found.rota.lines:
            return None
        asked = Asked(
            purpose=CASE,
            site=site,
            urgency=urgency,
            modality=modality,
            requester=requester,
            sender=sender,
            takers=TAKERS,
        )
        return await self.made(asked, found, now)

    async def _of_critical(self, room: Room, command: CriticalRaise, by: Actor) -> Plan | None:
        """For a result that has to be heard at once; None where the hub has no rota."""
        now = self._clock.now()
        found = await self.planned(now)
        if not found.rota.lines:
            return None
        meant = room.attending or room.requested
        requester = room.requested.person if room.requested else ""
        asked = Asked(
            purpose=CRITICAL,
            site=room.site,
            urgency=room.request.urgency if room.request else "",
            modality=room.request.modality_wanted if room.request else "",
            to=command.to or (meant.person if meant else ""),
            requester=requester,
            sender=by.person,
        )
        return await self.made(asked, found, now)

    async def _of_question(self, room: Room, command: RingStart, by: Actor) -> Plan | Err:
        now = self._clock.now()
        found = await self.planned(now)
        request = room.request
        modality = request.modality_wanted if request else ""
        if command.to and command.to not in await self._people(found, command.to):
            return bad_body("to", "nobody of this id in the directory")
        wanted = command.subspecialty.strip()
        if wanted and not covering(found.rota, room.site, modality, wanted):
            return bad_body("subspecialty", "no line on call for it covers this site")
        asked = Asked(
            purpose=ASK,
            site=room.site,
            urgency=request.urgency if request else "",
            modality=modality,
            to=command.to,
            subspecialty=wanted,
            requester=room.requested.person if room.requested else "",
            sender=by.person,
        )
        return await self.made(asked, found, now)

    async def made(
        self, asked: Asked, found: Planned, at: datetime, policy: Policy | None = None
    ) -> Plan:
        """The plan for what is asked, by the policy in force or by `policy`."""
        chosen = policy or choose(found.policies, asked.purpose, asked.site, asked.urgency)
        people = await self._people(found, asked.to, asked.requester)
        phone = found.phones.get(asked.site, "") or self._phone
        return plan(asked, chosen, found.rota, people, at=at, phone=phone)

    async def _people(self, found: Planned, *more: str) -> Mapping[str, Somebody]:
        """Those of the lines, and those named."""
        missing = [one for one in more if one and one not in found.people]
        if not missing:
            return found.people
        others = await self._journal.query(lambda at: directory.find(at, missing))
        return {**found.people, **somebodies(others.values())}
