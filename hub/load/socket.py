"""A WebSocket as a bare asyncio protocol: what a load generator can afford thousands of."""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

from hub.load.framing import CLOSE, PING, PONG, TEXT, Frames, frame


class SocketEnded(Exception):
    """The upgrade was refused, or the socket ended while something was waited for."""


class Socket(asyncio.Protocol):
    """One client socket. Every text frame goes to `on_text`, in the order it came."""

    __slots__ = ("_frames", "_head", "_opened", "close_code", "closed", "on_text", "transport")

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self.on_text = on_text
        # Set in `connection_made`, which comes before anything else.
        self.transport: asyncio.Transport
        self.closed = asyncio.get_running_loop().create_future()
        # The code of the close frame, 0 where none came.
        self.close_code = 0
        self._opened = asyncio.get_running_loop().create_future()
        self._frames = Frames()
        # The answer to the upgrade while it is incomplete; None once it is over.
        self._head: bytes | None = b""

    @classmethod
    async def open(
        cls,
        host: str,
        port: int,
        on_text: Callable[[bytes], None],
        *,
        path: str = "/ws",
        protocol: str = "v1.examroom",
    ) -> "Socket":
        """Connect and upgrade. Raises `SocketEnded` or `OSError`."""
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(on_text), host, port)
        wanted = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
        key = base64.b64encode(os.urandom(16)).decode()
        socket.transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\n{wanted}\r\n".encode()
        )
        await socket._opened
        return socket

    def send(self, payload: bytes) -> None:
        """Send a text frame; after the end, nothing."""
        self.transport.write(frame(payload))

    def pause(self) -> None:
        """Stop reading: the slow reader."""
        self.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        self.transport.resume_reading()

    def abort(self) -> None:
        """End without a word."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, problem: Exception | None) -> None:
        if not self._opened.done():
            self._fail(f"ended in the upgrade: {problem}")
        if not self.closed.done():
            self.closed.set_result(None)

    def _fail(self, why: str) -> None:
        self._opened.set_exception(SocketEnded(why))
        self._opened.exception()  # whoever waited may be gone

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            data = self._upgraded(self._head + data)
        for opcode, payload in self._frames.feed(data):
            if opcode == TEXT:
                self.on_text(payload)
            elif opcode == PING:
                self.transport.write(frame(payload, PONG))
            elif opcode == CLOSE:
                self.close_code = int.from_bytes(payload[:2], "big")
                self.abort()

    def _upgraded(self, head: bytes) -> bytes:
        """What follows the answer to the upgrade, once that is there."""
        answer, end, rest = head.partition(b"\r\n\r\n")
        if not end:
            self._head = head
            return b""
        self._head = None
        if answer.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
            return rest
        self._fail(answer.split(b"\r\n", 1)[0].decode())
        self.abort()
        return b""
