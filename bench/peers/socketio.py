"""Socket.IO: without a store, on SQLite, with its Redis Streams adapter."""

import asyncio
import json
from asyncio.subprocess import Process
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from bench.machine import pinned
from bench.peers.install import HERE, MODULES, needed
from bench.system import end, free_port, listening, spawn
from hub.load.socket import Socket
from hub.load.work import DIGITS, MARK, Arrive, body

_SKIP = len(MARK)


class SocketIoLine:
    """A member: engine.io 4 on a bare WebSocket, default parser, namespace `/`."""

    __slots__ = (
        "_arrive",
        "_joined",
        "_last",
        "_pid",
        "_restored",
        "answered_at",
        "answers",
        "socket",
    )

    def __init__(self, arrive: Arrive) -> None:
        self.socket: Socket
        # What the server answered to acknowledged publishes, in order.
        self.answers: list[bytes] = []
        self.answered_at: list[float] = []
        self._arrive = arrive
        self._joined = asyncio.get_running_loop().create_future()
        self._pid = ""
        # The last message, whose end holds its offset.
        self._last = b""
        self._restored = False

    @classmethod
    async def enter(cls, port: int, room: int, arrive: Arrive, after: Any) -> "SocketIoLine":
        line = cls(arrive)
        query: dict[str, Any] = {"EIO": 4, "transport": "websocket", "room": f"r{room}"}
        hello = b"40"
        if isinstance(after, int):
            query["after"] = after
        elif after is not None:
            hello += json.dumps(after).encode()  # connection state recovery
            line._restored = True
        path = f"/socket.io/?{urlencode(query)}"
        line.socket = await Socket.open("127.0.0.1", port, line.take, path=path, protocol="")
        line.socket.send(hello)
        await line._joined
        return line

    def publish(self, number: int) -> None:
        self.socket.send(b'42["pub",' + body(number) + b"]")

    def publish_acknowledged(self, number: int) -> None:
        """Publish and ask to be told; see `answers`."""
        self.socket.send(b'42%d["pub",' % number + body(number) + b"]")

    def abort(self) -> None:
        self.socket.abort()

    def position(self) -> Any:
        offset = json.loads(self._last[2:])[2] if self._last else 0
        return {"pid": self._pid, "offset": offset} if self._pid else offset

    def take(self, text: bytes) -> None:
        if text.startswith(b'42["msg"'):
            self._last = text
            at = text.find(MARK) + _SKIP
            self._arrive(int(text[at : at + DIGITS]))
        elif text == b"2":
            self.socket.send(b"3")
        elif text.startswith(b"43"):
            self.answers.append(text)
            self.answered_at.append(perf_counter())
        elif text.startswith(b"40"):
            self._pid = json.loads(text[2:]).get("pid", "")
            if self._restored and not self._joined.done():
                self._joined.set_result(None)
        elif text.startswith(b'42["joined"') and not self._joined.done():
            self._joined.set_result(None)


class SocketIo:
    """One node process; with `streams`, Redis beside it on the same core."""

    def __init__(self, mode: str, *, fsync: str = "always") -> None:
        self.mode = mode
        self.name, self.kind = {
            "none": ("Socket.IO, no store", "C"),
            "sqlite": ("Socket.IO + SQLite FULL, then emit", "A"),
            "sqlite-normal": ("Socket.IO + SQLite NORMAL, then emit", "B"),
            "streams": ("Socket.IO + Redis Streams, AOF always", "A*"),
        }[mode]
        self.fsync = fsync
        self.port = 0
        self.database = Path()
        self.redis_port = 0
        self._node: Process | None = None
        self._redis: Process | None = None

    async def start(self, folder: Path) -> None:
        needed(MODULES, "Socket.IO")
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # before anything runs
        self.port = free_port()
        self.database = folder / "peer.db"
        where = str(self.database)
        if self.mode == "streams":
            await self._start_redis(folder)
            where = str(self.redis_port)
        command = [*pinned(), "node", str(HERE / "socketio.mjs"), str(self.port), self.mode, where]
        self._node = await spawn(command, folder / "node.log")
        await listening(self.port, self._node)

    async def _start_redis(self, folder: Path) -> None:
        self.redis_port = free_port()
        options = ["--appendonly", "yes", "--appendfsync", self.fsync, "--save", ""]
        listen = ["--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(folder)]
        command = [*pinned(), "redis-server", *listen, *options]
        self._redis = await spawn(command, folder / "redis.log")
        await listening(self.redis_port, self._redis)

    async def prepare(self, first: int, count: int) -> None:
        """Nothing to do."""

    async def connect(
        self, room: int, place: int, arrive: Arrive, after: Any = None
    ) -> SocketIoLine:
        return await SocketIoLine.enter(self.port, room, arrive, after)

    def pids(self) -> list[int]:
        return [one.pid for one in (self._node, self._redis) if one is not None]

    async def stop(self) -> None:
        await end(self._node)
        await end(self._redis)
