"""NATS JetStream: a file stream fsync'ed at every message, one push consumer a member."""

import asyncio
import json
import secrets
from asyncio.subprocess import Process
from pathlib import Path
from typing import Any, cast

from bench.machine import pinned
from bench.peers.install import NATS, needed
from bench.system import end, free_port, listening, spawn
from hub.load.work import DIGITS, MARK, Arrive, body

_SKIP = len(MARK)


class NatsLine(asyncio.Protocol):
    """A member on the bare NATS protocol. What arrives has been stored: it comes by a consumer."""

    def __init__(self, room: int, arrive: Arrive) -> None:
        self.transport: asyncio.Transport
        self.room = room
        self._arrive = arrive
        self._inbox = f"_INBOX.{secrets.token_hex(6)}"
        self._kept = b""
        # The stream sequence of the last message, out of its reply subject.
        self._last = 0
        self._ready = asyncio.get_running_loop().create_future()

    async def enter(self, after: int | None) -> None:
        """Subscribe and make the consumer; messages after stream sequence `after` come first."""
        config: dict[str, Any] = {
            "deliver_subject": f"{self._inbox}.d",
            "ack_policy": "none",
            "deliver_policy": "new",
            "filter_subject": f"room.{self.room}",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": 5_000_000_000,
        }
        if after is not None:
            config |= {"deliver_policy": "by_start_sequence", "opt_start_seq": after + 1}
        wanted = json.dumps({"stream_name": "W1", "config": config}).encode()
        self.transport.write(
            b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n'
            + f"SUB {self._inbox}.d 1\r\nSUB {self._inbox}.a 2\r\n".encode()
            + f"PUB $JS.API.CONSUMER.CREATE.W1 {self._inbox}.a {len(wanted)}\r\n".encode()
            + wanted
            + b"\r\n"
        )
        answer = await self._ready
        if b'"error"' in answer:
            raise RuntimeError(answer.decode())

    def publish(self, number: int) -> None:
        self.transport.write(b"PUB room.%d 300\r\n" % self.room + body(number) + b"\r\n")

    def abort(self) -> None:
        self.transport.abort()

    def position(self) -> int:
        return self._last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._kept:
            data = self._kept + data
        at = 0
        while (line_end := data.find(b"\r\n", at)) >= 0:
            line = data[at:line_end]
            if line.startswith(b"MSG "):
                size = int(line[line.rfind(b" ") + 1 :])
                start = line_end + 2
                if len(data) < start + size + 2:
                    break
                self._message(line, data[start : start + size])
                at = start + size + 2
                continue
            if line == b"PING":
                self.transport.write(b"PONG\r\n")
            at = line_end + 2
        self._kept = data[at:]

    def _message(self, line: bytes, payload: bytes) -> None:
        if payload.startswith(MARK, 1):
            # MSG subject sid $JS.ACK.stream.consumer.delivered.sseq.cseq.time.pending size
            self._last = int(line.split(b" ")[3].split(b".")[5])
            self._arrive(int(payload[1 + _SKIP : 1 + _SKIP + DIGITS]))
        elif not self._ready.done():
            self._ready.set_result(payload)


class Nats:
    """`nats-server` with JetStream, `sync_interval: always`."""

    def __init__(self, sync: str = "always") -> None:
        self.sync = sync
        always = sync == "always"
        self.name = f"NATS JetStream, fsync {'always' if always else 'every 2 min'}"
        self.kind = "A" if always else "B"
        self.port = 0
        self._server: Process | None = None

    async def start(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # before anything runs
        self.port = free_port()
        config = folder / "nats.conf"
        config.write_text(
            f'listen: "127.0.0.1:{self.port}"\n'
            f'jetstream {{ store_dir: "{folder}/js", sync_interval: {self.sync},\n'
            "  limits { default_max_consumers: -1 } }\n"
        )
        command = [*pinned(), needed(NATS, "NATS"), "-c", str(config)]
        self._server = await spawn(command, folder / "nats.log")
        await listening(self.port, self._server)
        await self._stream()

    async def _stream(self) -> None:
        wanted = {
            "name": "W1",
            "subjects": ["room.*"],
            "storage": "file",
            "num_replicas": 1,
            "max_consumers": -1,
        }
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        text = json.dumps(wanted).encode()
        writer.write(
            b'CONNECT {"verbose":false}\r\nSUB made 1\r\n'
            + b"PUB $JS.API.STREAM.CREATE.W1 made %d\r\n" % len(text)
            + text
            + b"\r\n"
        )
        while not (line := await reader.readline()).startswith(b"MSG"):
            if not line:
                raise RuntimeError("no JetStream")
        answer = json.loads(await reader.readline())
        writer.close()
        if "error" in answer:
            raise RuntimeError(str(answer))

    async def prepare(self, first: int, count: int) -> None:
        """Nothing to do."""

    async def connect(self, room: int, place: int, arrive: Arrive, after: Any = None) -> NatsLine:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(
            lambda: NatsLine(room, arrive), "127.0.0.1", self.port
        )
        await line.enter(after)
        return line

    def pids(self) -> list[int]:
        return [self._server.pid] if self._server is not None else []

    async def stop(self) -> None:
        await end(self._server)
