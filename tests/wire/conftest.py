"""A real hub on a real port for the contract of wire.md, once with each socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect

from tests.kit.client import Client
from tests.kit.hub import Hub, SeededRoom
from tests.kit.link import take_ticket

ROOMS = 60
PROTOCOL = {
    "version": 1,
    "modality": "CT",
    "regions": ["head"],
    "series": [{"n": 1, "name": "Head", "phase": "non-contrast"}],
}
READ_BACK = {"regions": ["head"], "phases": ["non-contrast"]}


class Ward:
    """A running hub with seeded rooms, each given out once."""

    def __init__(self, hub: Hub, rooms: list[SeededRoom]) -> None:
        self.hub = hub
        self._rooms = iter(rooms[1:])
        self._shared = rooms[0]

    @property
    def url(self) -> str:
        return self.hub.url

    def room(self) -> SeededRoom:
        """A room that no other test touches."""
        return next(self._rooms)

    def fixed_room(self) -> SeededRoom:
        """A room for tests that store nothing in it."""
        return self._shared

    def client(self, room: SeededRoom, role: str, **options: Any) -> Client:
        """A client of the room's member in that role."""
        return Client(self.url, room.member(role).token, **options)

    async def raw(self, **options: Any) -> ClientConnection:
        """A bare socket, before `hello`."""
        given = {"subprotocols": ["v1.examroom"], "compression": None, "max_size": None} | options
        return await connect(
            self.url.replace("http", "ws", 1) + "/ws", ping_interval=None, proxy=None, **given
        )

    async def hello(
        self, room: SeededRoom, role: str, device: str = "dev", run: str = ""
    ) -> ClientConnection:
        """A bare socket after `welcome`; `run` is its `instance`."""
        socket = await self.raw()
        ticket = await take_ticket(self.url, room.member(role).token)
        hello = {"t": "hello", "ticket": ticket, "device": device, "app": "t", "caps": []}
        await say(socket, hello | ({"instance": run} if run else {}))
        assert (await hear(socket))["t"] == "welcome"
        return socket


def rss_kib(pid: int) -> int:
    """Memory of a process that is its own: what is mapped of files (the store) does not count."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if "RssAnon" in x)
    return int(line.split()[1])


async def say(socket: ClientConnection, frame: dict[str, Any]) -> None:
    """Send a frame."""
    await socket.send(json.dumps(frame))


async def hear(socket: ClientConnection, t: str = "", within_s: float = 10) -> dict[str, Any]:
    """The next frame, or the next one called `t`."""
    async with asyncio.timeout(within_s):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if not t or frame["t"] == t:
                return frame


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["own", "asgi"])
async def ward(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ward]:
    """One hub for all tests that leave it whole."""
    data: Path = tmp_path_factory.mktemp(f"ward-{request.param}")
    env = {
        "EXAMROOM_SOCKET": request.param,
        "EXAMROOM_HEARTBEAT_MS": "400",
        "EXAMROOM_HELLO_TIMEOUT_S": "1",
        "EXAMROOM_REVOCATION_S": "0.5",
        "EXAMROOM_PHONE": "03 85 00 00 00",
    }
    hub = Hub(data, env=env)
    rooms = await hub.seed(ROOMS)
    await hub.start()
    try:
        yield Ward(hub, rooms)
    finally:
        await hub.stop()


async def to_protocol(ward: Ward, room: SeededRoom, radiologist: Client) -> str:
    """Bring a room to `protocolled`; the hash of its protocol."""
    await radiologist.publish(room.room, "case.claim", {})
    await radiologist.publish(room.room, "justification.decide", {"decision": "accept"})
    await radiologist.publish(room.room, "protocol.issue", PROTOCOL)
    state = (await radiologist.ask({"t": "join", "room": room.room}))["state"]
    content_hash: str = state["protocol"]["content_hash"]
    return content_hash


@pytest_asyncio.fixture(loop_scope="session")
async def alone(tmp_path: Path) -> AsyncIterator[Ward]:
    """A hub of its own, for what would disturb others."""
    hub = Hub(tmp_path, env={"EXAMROOM_HEARTBEAT_MS": "400", "EXAMROOM_STALL_TIMEOUT_S": "2"})
    rooms = await hub.seed(3)
    await hub.start()
    try:
        yield Ward(hub, rooms)
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.die()


async def user_with_token(ward: Ward, room: SeededRoom, login: str, role: str) -> tuple[str, str]:
    """An ordinary person (with limits) of the room's site: (person, token)."""
    status, said = await ward.hub.run(
        "user", "add", login, "--name", "TEST-LIMITE", "--role", role,
        "--site", f"load-{room.room[-12:]}", "--generate",
    )  # fmt: skip
    assert status == 0, said
    status, said = await ward.hub.run("user", "token", login)
    assert status == 0, said
    token = max(said.split(), key=len)
    async with httpx.AsyncClient(trust_env=False) as http:
        me = await http.get(
            f"{ward.url}/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"}
        )
    return str(me.json()["person"]["id"]), token
