"""What the acts of reading and reporting need of the world, and what follows from them.

Stamps that a client's word is not taken for: the policy of the site on `patient.release`, the
reference levels on `dose.record`. A signed report takes its author's draft with it, a closed room
every draft.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import structlog

from hub.drafts import Drafts
from hub.live import LiveRoom
from hub.policy import policy_of
from hub.ports import StepUp
from hub.principal import Principal
from hub.room.commands import Command
from hub.room.events import Recorded, RoomClosed
from hub.room.reading_commands import AddendumSign, DoseRecord, PatientRelease, ReportSign
from hub.room.reading_events import AddendumSigned, ReportSigned
from hub.room.report import ReferenceLevel
from hub.rooms import Rooms
from hub.wire.errors import Err
from persistence.directory import Site
from persistence.entries import StoreUnavailable

log = structlog.get_logger("hub.reporting")

Sites = Callable[[], Awaitable[Mapping[str, Site]]]


class Reporting:
    """Hangs itself on the rooms."""

    def __init__(
        self,
        rooms: Rooms,
        drafts: Drafts,
        levels: tuple[ReferenceLevel, ...],
        sites: Sites,
        step_up: StepUp | None = None,
    ) -> None:
        self._rooms = rooms
        self._drafts = drafts
        self._levels = levels
        self._sites = sites
        self._step_up = step_up
        rooms.decider.prepare[PatientRelease.kind] = self._stamp_policy
        rooms.decider.prepare[DoseRecord.kind] = self._stamp_levels
        for kind in (ReportSign.kind, AddendumSign.kind):
            rooms.decider.guards[kind] = self._proven
        for kind in (ReportSigned.kind, AddendumSigned.kind):
            rooms.delivery.hooks[kind] = self._signed
        rooms.delivery.hooks[RoomClosed.kind] = self._closed

    async def _stamp_policy(self, room: str, command: Command) -> Command | Err:
        if not isinstance(command, PatientRelease):
            return command
        live = self._rooms.live.get(room)
        site = (await self._sites()).get(live.kept.site) if live else None
        return replace(command, policy=policy_of(site.policy if site else "").release)

    async def _stamp_levels(self, room: str, command: Command) -> Command | Err:
        return replace(command, levels=self._levels) if isinstance(command, DoseRecord) else command

    async def _proven(self, principal: Principal) -> Err | None:
        """Who signs proves themself again where the port says so (decision 17)."""
        if self._step_up is None or not await self._step_up.wanted(principal.person):
            return None
        return Err(
            "forbidden",
            "Pour signer, confirmez d'abord votre identité, puis signez de nouveau.",
            "To sign, prove who you are first, then sign again.",
        )

    def _signed(self, live: LiveRoom, stored: Recorded) -> None:
        self._rooms.spawn(self._drop(live.id, stored.by.person))

    def _closed(self, live: LiveRoom, stored: Recorded) -> None:
        self._rooms.spawn(self._drop(live.id))

    async def _drop(self, room: str, person: str = "") -> None:
        try:
            await self._drafts.drop(room, person)
        except StoreUnavailable:
            # what is left is its author's alone, and older than what they signed
            log.warning("draft_not_dropped", room=room)
