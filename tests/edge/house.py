"""A hub's edge over a real store, in this process, with a clock that the test moves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.types import Message

from hub.bus.memory import MemoryBus
from hub.drafts import Drafts
from hub.edge.http import build
from hub.edge.identity import Directory, Identity, LoginThrottle, MemoryTickets, Passwords, secret
from hub.edge.services import DemoCast, Services
from hub.imaging.folder import FolderImages
from hub.library import Library, written
from hub.metrics import Metrics
from hub.notify.house import reaching
from hub.presence import Presence
from hub.printing import Press
from hub.referring import Referring
from hub.reporting import Reporting
from hub.rooms import Rooms
from hub.settings import Settings
from hub.switchboard import Switchboard
from persistence import credentials, directory
from persistence.directory import Grant, Person, Site
from persistence.sqlite import SqliteJournal

PASSWORD = "correct horse battery"
URL = "http://127.0.0.1:8000"
NEAR = ("127.0.0.1", 50_000)
FAR = ("192.0.2.7", 50_000)

REQUEST = {
    "patient": {"birth_name": "TEST-MARTIN"},
    "urgency": "P0",
    "modality_wanted": "CT",
    "region": ["head"],
    "clinical_question": "TEST stroke?",
}

NAMES = {"mac": "CH Test de Mâcon", "autre": "CH Test Autre", "tele": "Télé Test"}

PEOPLE = (
    ("lea", "Dr Léa Test", "requester", "mac"),
    ("marc", "Marc Test", "technologist", "mac"),
    ("omar", "Dr Omar Test", "radiologist", "tele"),
    ("claire", "Dr Claire Test", "radiologist", "tele"),
    ("bastien", "Dr Bastien Test", "proximity_physician", "mac"),
    ("ines", "Dr Inès Test", "subspecialist", "tele"),
    ("quentin", "Quentin Test", "quality", "mac"),
    ("nora", "Dr Nora Test", "requester", "autre"),
    ("adam", "Adam Test", "admin", "mac"),
    ("audrey", "Audrey Test", "auditor", "mac"),
)


@dataclass
class HandClock:
    """Stands still until it is moved."""

    at: datetime = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
    ticks: float = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.ticks

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.ticks += seconds


@dataclass
class House:
    """The parts, and short ways to ask them."""

    services: Services
    app: Starlette
    clock: HandClock
    passwords: Passwords
    tickets: MemoryTickets
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return self.services.identity

    @property
    def directory(self) -> Directory:
        return self.services.directory

    def client(
        self, token: str = "", *, url: str = URL, peer: tuple[str, int] = NEAR, **headers: str
    ) -> httpx.AsyncClient:
        if token:
            headers["authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=peer), base_url=url, headers=headers
        )

    def by(self, person: str) -> httpx.AsyncClient:
        """A client with a bearer token of `person`."""
        return self.client(self.tokens[person])

    async def token(self, person: str, **more: Any) -> str:
        """A new bearer token for the first part of `person`."""
        found = await self.directory.person(person)
        assert found is not None
        part = found.grants[0]
        value, kept = secret.token(person, part.role, part.site, now=self.clock.now(), **more)
        await self.directory.keep(kept)
        return value

    async def change(self, job: Any, *given: Any) -> Any:
        """A change of the directory, as the command line would make it: the hub is not told."""
        return await self.directory.change(lambda at: job(at, *given))

    async def open_room(self, person: str = "lea", **more: Any) -> str:
        async with self.by(person) as http:
            answer = await http.post("/api/v1/rooms", json=REQUEST | more)
        assert answer.status_code == 201, answer.text
        room: str = answer.json()["room"]
        return room

    async def say(self, person: str, where: str, text: str, **more: Any) -> httpx.Response:
        """A message in the room `where`; `more` replaces members of the frame."""
        act = {"t": "pub", "cid": uuid4().hex, "kind": "message.post", "body": {"text": text}}
        async with self.by(person) as http:
            return await http.post(f"/api/v1/rooms/{where}/events", json=act | more)


@asynccontextmanager
async def house(
    folder: Path, *, demo: DemoCast | None = None, **settings: Any
) -> AsyncIterator[House]:
    """Everything, started, with the people above; stopped at the end."""
    clock = HandClock()
    held = Settings(data=folder, **settings)
    journal = SqliteJournal(held.database_url)
    metrics = Metrics()
    rooms = Rooms(journal, MemoryBus(), clock, metrics, held, lambda: str(uuid4()))
    people = Directory(journal)
    # as few rounds as argon2 allows: the tests ask for the rules, not for the price
    passwords = Passwords(time_cost=1, memory_kib=8, lanes=1)
    tickets = MemoryTickets(clock)
    identity = Identity(
        people,
        clock=clock,
        passwords=passwords,
        throttle=LoginThrottle(),
        tickets=tickets,
        session_hours=held.session_hours,
        poll_s=held.revocation_s,
    )
    images = FolderImages(folder / "images", journal, clock=clock)
    drafts = Drafts(journal, clock, rooms.trace, held.store_timeout_s)
    Referring(rooms, people.person, images.room_of)
    Reporting(rooms, drafts, written.levels(), people.sites)
    reached = reaching(held, rooms, clock, metrics, lambda site: NAMES.get(site, ""))
    switchboard = Switchboard(journal, clock, held.phone)
    services = Services(
        settings=held,
        rooms=rooms,
        directory=people,
        identity=identity,
        journal=journal,
        images=images,
        library=Library(),
        drafts=drafts,
        press=Press(),
        report_templates=written.templates(),
        metrics=metrics,
        clock=clock,
        reaching=reached,
        switchboard=switchboard,
        presence=Presence(rooms, set(), rooms.statuses, switchboard.again),
        demo=demo,
    )
    await journal.start(rooms.delivery.settled)
    await images.start()
    made = House(services, build(services), clock, passwords, tickets)
    await _fill(made)
    try:
        yield made
    finally:
        await rooms.settle()
        await images.stop()
        await journal.stop()
        passwords.close()


async def _fill(made: House) -> None:
    hashed = await made.passwords.hashed(PASSWORD)
    cast = [
        Person(id, id, name, hashed, grants=(Grant(role, site),)) for id, name, role, site in PEOPLE
    ]

    def job(at: Any) -> None:
        directory.put_sites(
            at,
            [
                Site("mac", "CH Test de Mâcon", "03 53 01 00 10"),
                Site("autre", "CH Test Autre"),
                Site("tele", "Télé Test"),
            ],
        )
        directory.put_people(at, cast)
        directory.put_line(at, "nuit", "Nuit")
        directory.assign(at, "nuit", add_sites=["mac"], add_people=["omar", "claire"])
        for person in cast:
            part = person.grants[0]
            value, kept = secret.token(person.person, part.role, part.site, now=made.clock.now())
            credentials.add(at, [kept])
            made.tokens[person.person] = value

    await made.directory.change(job)


class Stream:
    """A GET of a stream, straight at the application: frames as they are sent."""

    def __init__(self, app: Starlette, path: str, query: str = "", **headers: str) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._app = app
        self._gone = asyncio.Event()
        self._sent: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._text = b""
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"127.0.0.1:8000"),
                *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()),
            ],
            "client": NEAR,
            "server": ("127.0.0.1", 8000),
        }

    async def __aenter__(self) -> "Stream":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, 10)

    async def _run(self) -> None:
        await self._app(self._scope, self._receive, self._send)
        await self._sent.put(None)

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            await self._sent.put(message["body"])

    async def block(self) -> str | None:
        """The next block of the stream, None at its end."""
        while b"\n\n" not in self._text:
            more = await asyncio.wait_for(self._sent.get(), 10)
            if more is None:
                return None
            self._text += more
        block, _, self._text = self._text.partition(b"\n\n")
        return block.decode()

    async def frame(self) -> tuple[str, dict[str, Any]] | None:
        """(id, frame) of the next event; comments are passed over; None at the end."""
        while (block := await self.block()) is not None:
            lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "data" in lines:
                return lines.get("id", ""), json.loads(lines["data"])
        return None
