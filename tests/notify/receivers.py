"""Real receivers on loopback: an HTTP server whose answers a test scripts, and a push service.

The push service does what a browser and its vendor do together: it checks the VAPID signature
(RFC 8292) and opens the payload with the key of the device (RFC 8291), by other libraries than
the hub seals with.
"""

import asyncio
import base64
import json
import os
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import http_ece  # type: ignore[import-untyped]  # has no types
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of `b64`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the receiver says; `held` keeps it from saying anything until it is set."""

    status: int = 201
    headers: tuple[tuple[str, str], ...] = ()
    held: asyncio.Event | None = None


@dataclass
class Receiver:
    """An HTTP server of one address: what it got, and what it will answer next (201 else)."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    busy: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    async def until(self, n: int) -> list[Got]:
        """Wait for the `n`th request."""
        async with asyncio.timeout(30), self.came:
            await self.came.wait_for(lambda: len(self.got) >= n)
        return self.got

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        task = asyncio.current_task()
        assert task is not None
        self.busy.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            lines = (line.partition(": ") for line in head[1:] if line)
            headers = {name.lower(): value for name, _, value in lines}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            answer = self.answers.popleft() if self.answers else Answer()
            async with self.came:
                self.got.append(Got(head[0].split(" ")[1], headers, body))
                self.came.notify_all()
            if answer.held is not None:
                await answer.held.wait()
            more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
            said = f"HTTP/1.1 {answer.status} Said\r\n{more}content-length: 0\r\n"
            writer.write(f"{said}connection: close\r\n\r\n".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.busy.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def receiver(port: int = 0) -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", port)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in made.busy:
            task.cancel()
        await asyncio.gather(*made.busy, return_exceptions=True)


class Device:
    """A browser's side of a push subscription: its keys never leave it."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        """As `PushSubscription.toJSON()` gives them."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": b64(point), "auth": b64(self._auth)}

    def opened(self, got: Got) -> dict[str, Any]:
        """The payload. Fails where it was not sealed for this device."""
        assert got.headers["content-encoding"] == "aes128gcm"
        plain = http_ece.decrypt(
            got.body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        payload: dict[str, Any] = json.loads(plain)
        return payload


def vapid_claims(got: Got, public_key: str) -> dict[str, Any]:
    """The claims of the signature, once it is known to be by `public_key` (RFC 8292 2 and 3)."""
    scheme, _, rest = got.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert parts["k"] == public_key
    signed, _, signature = parts["t"].rpartition(".")
    raw = unb64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(public_key))
    key.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    header, claims = (json.loads(unb64(part)) for part in signed.split("."))
    assert header["alg"] == "ES256"
    held: dict[str, Any] = claims
    return held


@dataclass
class Mails:
    """An SMTP server's mails: (to, the whole text)."""

    port: int = 0
    got: list[tuple[str, str]] = field(default_factory=list)
    refuse: bool = False

    async def handle_DATA(  # the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """A mail has come."""
        if self.refuse:
            return "451 later"
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.got.append((envelope.rcpt_tos[0], raw.decode()))
        return "250 OK"


@asynccontextmanager
async def mail_server(port: int) -> AsyncIterator[Mails]:
    """An SMTP server that listens, on a thread of its own."""
    mails = Mails(port)
    controller = Controller(mails, hostname="127.0.0.1", port=port)
    await asyncio.to_thread(controller.start)
    try:
        yield mails
    finally:
        await asyncio.to_thread(controller.stop)
