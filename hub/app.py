"""The composition root: the one place that names adapters and puts the hub together."""

from dataclasses import replace

import structlog
from starlette.applications import Starlette
from uuid_utils import uuid7

from hub.bus.memory import MemoryBus
from hub.clock import SystemClock
from hub.connections import Connections
from hub.drafts import Drafts
from hub.edge import websocket
from hub.edge.http import build
from hub.edge.identity import (
    Directory,
    Identity,
    LoginThrottle,
    MemoryTickets,
    Passwords,
    Principal,
    TicketRefused,
)
from hub.edge.security import origins_of
from hub.edge.services import DemoCast, Services
from hub.edge.socket import SocketServer
from hub.imaging.folder import FolderImages
from hub.library import Library, written
from hub.live import LiveRoom
from hub.metrics import Metrics
from hub.notify.house import BadChannel, reaching
from hub.ports import Clock
from hub.presence import Presence
from hub.printing import Press
from hub.referring import Referring
from hub.reporting import Reporting
from hub.room.commands import CaseReassign, Command, ImageShare, MemberInvite
from hub.room.events import ImageShared, Recorded
from hub.room.permissions import READERS
from hub.rooms import Rooms
from hub.rounds import Rounds
from hub.settings import Settings
from hub.switchboard import RINGING, Switchboard
from hub.watchers import Watchers
from hub.wire.errors import Err, bad_body, err
from persistence.sqlite import SqliteJournal

PRESENCE_S = 1.0
"""Between two looks at who is there and what they say of themselves."""

log = structlog.get_logger("hub.app")


class BadSettings(Exception):
    """Settings that cannot work together; the message says why and what to do."""


def mint() -> str:
    """A new id: UUIDv7, so that ids sort by time."""
    return str(uuid7())


def check(settings: Settings) -> None:
    """Refuse what would lose something later. Raises `BadSettings`."""
    if settings.workers > 1 and settings.bus == "memory://":
        raise BadSettings(
            "--workers above 1 needs a shared bus: with memory:// the processes would not hear of "
            "each other's acts. Run one worker, or give --bus redis://…"
        )
    if settings.bus != "memory://":
        raise BadSettings("--bus: this version knows memory:// only")
    if not settings.database_url.startswith("sqlite:"):
        raise BadSettings("--database: this version knows sqlite:///… only")


class Hub:
    """Everything of one process, put together."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, demo: DemoCast | None = None
    ) -> None:
        check(settings)
        self.settings = settings
        self.clock = clock or SystemClock()
        self.metrics = Metrics()
        self.journal = SqliteJournal(settings.database_url)
        self.bus = MemoryBus()
        self.rooms = Rooms(self.journal, self.bus, self.clock, self.metrics, settings, mint)
        self.directory = Directory(self.journal)
        self.identity = Identity(
            self.directory,
            clock=self.clock,
            passwords=Passwords(),
            throttle=LoginThrottle(),
            tickets=MemoryTickets(self.clock),
            session_hours=settings.session_hours,
            poll_s=settings.revocation_s,
        )
        self.images = FolderImages(settings.data / "images", self.journal, clock=self.clock)
        self.drafts = Drafts(self.journal, self.clock, self.rooms.trace, settings.store_timeout_s)
        levels = written.levels(settings.data / "levels")
        self.reporting = Reporting(self.rooms, self.drafts, levels, self.directory.sites)
        self.referring = Referring(self.rooms, self.directory.person, self.images.room_of)
        # Names of the sites, as last read: what an alert calls a place.
        self._sites: dict[str, str] = {}
        try:
            self.reaching = reaching(
                settings,
                self.rooms,
                self.clock,
                self.metrics,
                lambda site: self._sites.get(site, ""),
            )
        except BadChannel as problem:
            raise BadSettings(str(problem)) from None
        self.switchboard = Switchboard(self.journal, self.clock, settings.phone)
        # Open sessions of this process.
        self.sessions = Connections()
        self.rounds = Rounds(self.rooms, self.sessions, self._check, self._phones)
        self.presence = Presence(
            self.rooms, self.sessions, self.rooms.statuses, self.switchboard.again
        )
        self.rounds.more += [
            (PRESENCE_S, self.presence.look),
            (PRESENCE_S, self.rooms.statuses.learn),
        ]
        self.switchboard.around = self.rooms.decider.around = self.rooms.statuses.around
        self.socket = SocketServer(
            self.rooms, self._redeem, self.sessions, origins_of(settings), settings.trust_proxy
        )
        self.app: Starlette = build(
            Services(
                settings=settings,
                rooms=self.rooms,
                directory=self.directory,
                identity=self.identity,
                journal=self.journal,
                images=self.images,
                library=Library(settings.data / "library"),
                drafts=self.drafts,
                press=Press(),
                report_templates=written.templates(settings.data / "reports"),
                metrics=self.metrics,
                clock=self.clock,
                reaching=self.reaching,
                switchboard=self.switchboard,
                presence=self.presence,
                demo=demo,
                degraded=lambda: [] if self.bus.healthy() else ["bus"],
            ),
            more=[websocket.route(self.socket)] if settings.socket == "asgi" else [],
        )
        self._count()
        self.rooms.decider.prepare[MemberInvite.kind] = self._name_invited
        self.rooms.decider.prepare[CaseReassign.kind] = self._may_take
        for kind in RINGING:
            self.rooms.decider.plans[kind] = self.switchboard.plan
        self.rooms.decider.standing = self._standing
        self.identity.on_change(lambda _: self.rooms.spawn(self.rounds.check_sessions()))
        self.rooms.decider.prepare[ImageShare.kind] = self._may_share
        self.rooms.delivery.hooks[ImageShared.kind] = self._image_shared
        self.identity.on_change(lambda _: self.rooms.spawn(self._sweep()))
        self.rooms.delivery.on_stored = self.reaching.dispatch.stored
        self.rooms.delivery.on_row = Watchers(self.sessions).row_changed

    async def start(self) -> None:
        """Open the store and begin the rounds. Raises `UnsafeStore`."""
        await self.journal.start(self.rooms.delivery.settled)
        await self.bus.start(self._moved)
        await self.images.start()
        await self.rounds.learn_phones()
        await self.rooms.statuses.learn()
        self.rounds.start()
        await self.reaching.start()

    async def settle(self) -> None:
        """Take nothing new; finish what is on its way."""
        await self.rooms.settle()

    async def stop(self) -> None:
        """Write what is held, close the store."""
        for part in (self.reaching, self.rounds, self.images, self.bus, self.journal):
            try:
                await part.stop()
            except Exception:  # what cannot be stopped must not keep the others from it
                log.exception("stop_failed", kind=type(part).__name__)

    def _count(self) -> None:
        """Gauges that are read when somebody asks for the metrics."""
        gauge = self.metrics.gauge
        gauge("sockets", "open sockets", lambda: len(self.sessions))
        gauge("rooms_live", "rooms in memory", lambda: len(self.rooms.live))
        gauge(
            "queue_bytes",
            "bytes that wait for slow readers",
            lambda: sum(session.held() for session in self.sessions),
        )

    # -- what the parts ask of each other ----------------------------------------------------

    async def _check(self, principal: object) -> Principal | None:
        return await self.identity.check(principal) if isinstance(principal, Principal) else None

    async def _phones(self) -> dict[str, str]:
        sites = await self.directory.sites()
        self._sites = {id: site.name for id, site in sites.items()}
        return {id: site.phone for id, site in sites.items()}

    async def _sweep(self) -> None:
        """Sessions ended: their devices are left in peace."""
        await self.reaching.addresses.sweep()

    async def _standing(self, principal: object, within_s: float) -> Principal | None:
        if not isinstance(principal, Principal):
            return None
        return await self.identity.check(principal, within_s)

    async def _redeem(self, ticket: str) -> Principal | Err:
        try:
            return await self.identity.redeem(ticket)
        except TicketRefused as refused:
            return err(refused.slug)

    def _moved(self, room: str, head: int) -> None:
        if live := self.rooms.live.get(room):
            self.rooms.heard(live, head)

    async def _name_invited(self, room: str, command: Command) -> Command | Err:
        """Stamp name, role and site from the directory: a client's word is not taken for it."""
        if not isinstance(command, MemberInvite):
            return command
        person = await self.directory.person(command.person)
        if person is None or person.disabled:
            return bad_body("person", "nobody of this id in the directory")
        held = next((g for g in person.grants if g.role == command.role), None)
        grant = held or next(iter(person.grants), None)
        if grant is None:
            return bad_body("person", "has no role at any site")
        return replace(command, name=person.name, role=grant.role, site=grant.site)

    async def _may_take(self, room: str, command: Command) -> Command | Err:
        """Offered by name to somebody who can read it: nobody else could ever claim it."""
        if not isinstance(command, CaseReassign):
            return command
        person = await self.directory.person(command.to)
        roles = {grant.role for grant in person.grants} if person else set()
        if person is None or person.disabled or not roles & READERS:
            return bad_body("to", "a radiologist or regulating radiologist of the directory")
        return replace(command, name=person.name)

    async def _may_share(self, room: str, command: Command) -> Command | Err:
        """A study that belongs to another room is not shown in this one."""
        if isinstance(command, ImageShare):
            owner = await self.images.room_of(command.study_uid)
            if owner not in ("", room):
                return err("forbidden")
        return command

    def _image_shared(self, live: LiveRoom, stored: Recorded) -> None:
        """The first room that shows a study of no room keeps it."""
        if isinstance(stored.event, ImageShared):
            self.rooms.spawn(self._attach(stored.event.study_uid, live.id))

    async def _attach(self, study: str, room: str) -> None:
        # a UID that is not here yet is not kept for whoever names it first
        if await self.images.has(study):
            await self.images.attach(study, room)
