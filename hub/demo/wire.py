"""A person of the cast on the wire: logs in, joins rooms, acts, and reads what comes.

A client like any other, over HTTP and `/ws`; it knows the contract and nothing of the hub.
"""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from urllib.parse import urlsplit

from uuid_utils import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

Frame = dict[str, Any]

ANSWER_S = 10.0
"""Longest wait for the answer to a frame."""


class Refusal(Exception):
    """The hub said no: `slug` of the contract, and its sentence for a person."""

    def __init__(self, slug: str, detail: str, retry_after_ms: int | None = None) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug = slug
        self.retry_after_ms = retry_after_ms


class Line:
    """The open socket of one person."""

    def __init__(self, url: str, person: str, socket: ClientConnection, cookie: str) -> None:
        self._url = url
        self._person = person
        self._socket = socket
        self._cookie = cookie
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        """What each frame that waits for an answer will be answered."""
        self._seen: dict[str, int] = {}
        """Room to the seq this person has on screen."""
        self._hashes: dict[str, str] = {}
        """Room to the hash of its protocol in force."""
        self._moved = asyncio.Condition()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, person: str, password: str) -> AsyncIterator[Self]:
        """Log in, take a ticket, say hello; closed at the end. Raises `Refusal`."""
        cookie = await _log_in(url, person, password)
        ticket = (await _post(url, "/api/v1/tickets", {}, cookie))[1]["ticket"]
        address = url.replace("http", "ws", 1) + "/ws"
        protocol = Subprotocol("v1.examroom")
        async with connect(
            address, subprotocols=[protocol], origin=Origin(url), proxy=None, compression=None
        ) as socket:
            hello = {"t": "hello", "ticket": ticket, "device": f"demo-{person}", "app": "demo"}
            await socket.send(json.dumps(hello | {"caps": []}))
            welcome = json.loads(await socket.recv())
            if welcome["t"] != "welcome":
                raise _refusal(welcome)
            line = cls(url, person, socket, cookie)
            reading = asyncio.create_task(line._read())
            try:
                yield line
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading

    async def submit(self, body: Frame) -> tuple[str, int]:
        """Open a room with a request: its id and seq. Raises `Refusal`."""
        _, answer = await _post(self._url, "/api/v1/rooms", body, self._cookie)
        return answer["room"], answer["seq"]

    async def join(self, room: str) -> None:
        """Enter, with the state as it is; a second time changes nothing. Raises `Refusal`."""
        if room in self._seen:
            return
        joined = await self._ask({"t": "join", "room": room}, key="re")
        in_force = joined["state"].get("protocol") or {}
        self._hashes[room] = in_force.get("content_hash", "")
        await self._now_at(room, joined["head"])

    async def act(self, room: str, kind: str, body: Frame) -> int:
        """Give a command, having seen all that came; the seq it is stored as.

        Repeated under the same cid where the hub asks for it (W-12). Raises `Refusal`.
        """
        pub: Frame = {"t": "pub", "cid": str(uuid7()), "room": room, "kind": kind, "body": body}
        pub["after"] = self._seen.get(room, 0)
        for _ in range(5):
            try:
                seq: int = (await self._ask(dict(pub), key="cid"))["seq"]
            except Refusal as refusal:
                if refusal.retry_after_ms is None:
                    raise
                await asyncio.sleep(refusal.retry_after_ms / 1000)
            else:
                return seq
        raise Refusal("overloaded", "refused five times over")

    async def typing(self, room: str) -> None:
        """Show that something is being written."""
        await self._send({"t": "eph", "room": room, "key": "typing", "body": {"on": True}})

    async def caught_up(self, room: str, seq: int) -> None:
        """Wait until this person has everything up to `seq`. Raises `TimeoutError`."""
        async with asyncio.timeout(ANSWER_S), self._moved:
            await self._moved.wait_for(lambda: self._seen.get(room, 0) >= seq)

    def content_hash(self, room: str) -> str:
        """The hash of the protocol in force, as this person last saw it."""
        return self._hashes.get(room, "")

    async def _ask(self, frame: Frame, *, key: str) -> Frame:
        name = frame.setdefault(key, str(uuid7()))
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._answers[name] = answer
        try:
            await self._send(frame)
            async with asyncio.timeout(ANSWER_S):
                return await answer
        finally:
            del self._answers[name]

    async def _send(self, frame: Frame) -> None:
        await self._socket.send(json.dumps(frame))

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                await self._take(json.loads(text))
        except ConnectionClosed as closed:
            gone = Refusal("closed", str(closed))
        else:
            gone = Refusal("closed", "the hub closed the socket")
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(gone)

    async def _take(self, frame: Frame) -> None:
        match frame["t"]:
            case "ok" | "joined" | "err":
                answer = self._answers.get(frame.get("re", ""))
                if answer is None or answer.done():
                    return
                if frame["t"] == "err":
                    answer.set_exception(_refusal(frame))
                else:
                    answer.set_result(frame)
            case "evt":
                if hashed := frame["body"].get("content_hash"):
                    self._hashes[frame["room"]] = hashed
                await self._now_at(frame["room"], frame["seq"])

    async def _now_at(self, room: str, seq: int) -> None:
        async with self._moved:
            self._seen[room] = max(seq, self._seen.get(room, 0))
            self._moved.notify_all()
        await self._send({"t": "got", "room": room, "upto": seq})
        await self._send({"t": "seen", "room": room, "upto": seq})


def _refusal(frame: Frame) -> Refusal:
    retry = frame.get("retry_after_ms") if frame.get("retry") else None
    slug = frame.get("slug") or frame.get("code") or frame["t"]
    return Refusal(str(slug), frame.get("detail", ""), retry)


async def _log_in(url: str, person: str, password: str) -> str:
    cookie, _ = await _post(url, "/api/v1/sessions", {"login": person, "password": password})
    return cookie


async def _post(url: str, path: str, body: Frame, cookie: str = "") -> tuple[str, Frame]:
    """The cookie that was set and the JSON answered. Raises `Refusal`."""
    status, cookie, raw = await asyncio.to_thread(_posted, url, path, json.dumps(body), cookie)
    answer = json.loads(raw)
    if status >= 400:
        raise Refusal(answer.get("code", str(status)), answer.get("detail", ""))
    return cookie, answer


def _posted(url: str, path: str, body: str, cookie: str) -> tuple[int, str, bytes]:
    headers = {"Content-Type": "application/json", "Origin": url}
    if cookie:
        headers["Cookie"] = cookie
    place = urlsplit(url)
    http_line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=ANSWER_S)
    try:
        http_line.request("POST", path, body.encode(), headers)
        answer = http_line.getresponse()
        given = answer.getheader("Set-Cookie", "").partition(";")[0]
        return answer.status, given or cookie, answer.read()
    finally:
        http_line.close()
