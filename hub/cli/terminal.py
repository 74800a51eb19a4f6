"""One room on a terminal: a client of the socket like any other (docs/protocol.md).

What was typed is kept until it is answered and sent again under its `cid` after every cut (W-12);
what was shown is resumed from its seq (W-13). Text of others is shown without its control
characters: a terminal would obey them.
"""

import asyncio
import json
import random
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from typing import Any

from uuid_utils import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from hub.room import words

Frame = dict[str, Any]

ANSWER_S = 10.0
"""Longest wait for a ticket, and for `welcome`."""
SILENT_BEATS = 2.5
"""Heartbeats without a word after which a link is gone (W-14)."""
FIRST_S, MOST_S = 0.25, 10.0
"""Between two tries, with full jitter."""

_SPACES = "\u00a0\u202f"
"""Before French colons and between digits."""
_GONE = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError)


class Ended(Exception):
    """Not to be tried again: what the hub said."""


class Terminal:
    """Shows a room and says what is typed, until the lines end or the hub says never."""

    def __init__(
        self,
        url: str,
        token: str,
        room: str,
        show: Callable[[str], None],
        *,
        last: int = 20,
        french: bool = True,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._room = room
        self._show = show
        self._last = last
        self._word = 0 if french else 1
        self._device = f"term-{uuid7()}"[:40]
        # Seq shown last; None until the room was entered.
        self._after: int | None = None
        # What was typed and not answered, by cid, oldest first.
        self._unsent: dict[str, str] = {}
        # Set while nothing waits for an answer.
        self._settled = asyncio.Event()
        self._settled.set()
        # The open link, None between two.
        self._socket: ClientConnection | None = None
        self._tries = 0
        # Repeats that were asked for, kept so that none is lost.
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Stay in the room until `lines` end and all was answered. Raises `Ended`."""
        async with asyncio.TaskGroup() as both:
            link = both.create_task(self._stay())
            await self._type(lines)
            await self._settled.wait()
            link.cancel()
            if self._socket is not None:
                await self._leave(self._socket)

    async def _type(self, lines: AsyncIterator[str]) -> None:
        async for line in lines:
            if text := line.strip():
                cid = str(uuid7())
                self._unsent[cid] = text
                self._settled.clear()
                await self._say(cid)

    async def _say(self, cid: str) -> None:
        """Send it where there is a link in the room; else the next one does."""
        if self._socket is None or self._after is None or cid not in self._unsent:
            return
        body = {"text": self._unsent[cid]}
        pub = {"t": "pub", "cid": cid, "room": self._room, "kind": "message.post", "body": body}
        await self._send(self._socket, pub)

    async def _send(self, socket: ClientConnection, frame: Frame) -> None:
        try:
            await socket.send(json.dumps(frame))
        except ConnectionClosed:
            return  # who reads finds it out, and comes back

    async def _leave(self, socket: ClientConnection) -> None:
        await self._send(socket, {"t": "leave", "re": "leave", "room": self._room})
        await socket.close()

    # -- the link ----------------------------------------------------------------------------

    async def _stay(self) -> None:
        while True:
            wait: float | None = None
            try:
                wait = await self._converse()
            except _GONE:
                if not self._tries:
                    self._show(
                        ("… liaison perdue, nouvel essai", "… link lost, trying again")[self._word]
                    )
            self._socket = None
            if wait is None:
                most = min(MOST_S, FIRST_S * 2 ** min(self._tries, 10))
                wait = random.uniform(0, most)  # noqa: S311  # jitter, nothing secret
                self._tries += 1
            await asyncio.sleep(wait)

    async def _converse(self) -> float | None:
        """One link to its end: seconds until the next, None where the hub does not say."""
        ticket = await asyncio.to_thread(_ticket, self._url, self._token)
        address = self._url.replace("http", "ws", 1) + "/ws"
        async with connect(
            address, subprotocols=[Subprotocol("v1.examroom")], proxy=None, compression=None,
            max_size=None,
        ) as socket:  # fmt: skip
            hello = {"t": "hello", "ticket": ticket, "device": self._device, "app": "terminal"}
            await self._send(socket, hello | {"caps": [], "instance": self._device})
            heard, patience = self._heard(socket), ANSWER_S
            while True:
                async with asyncio.timeout(patience):
                    frame: Frame = json.loads(await socket.recv())
                if frame["t"] == "welcome":
                    patience = frame["heartbeat_ms"] / 1000 * SILENT_BEATS
                if frame["t"] == "bye":
                    return _next_try(frame)
                await heard(frame)

    def _heard(self, socket: ClientConnection) -> Callable[[Frame], Any]:
        async def heard(frame: Frame) -> None:
            match frame["t"]:
                case "welcome":
                    await self._join(socket)
                case "joined":
                    await self._joined(socket, frame)
                case "page" | "evt":
                    await self._take(socket, frame.get("events") or [frame])
                case "hb" if frame["heads"].get(self._room, 0) > (self._after or 0):
                    await self._join(socket)
                case "ok" | "err":
                    self._answered(frame)

        return heard

    async def _join(self, socket: ClientConnection) -> None:
        join: Frame = {"t": "join", "re": "join", "room": self._room}
        if self._after is not None:
            join["after"] = self._after
        await self._send(socket, join)

    async def _joined(self, socket: ClientConnection, frame: Frame) -> None:
        self._tries = 0
        if self._after is None:
            stage = words.STAGES.get(frame["state"]["stage"], ("", ""))[self._word]
            self._show(f"— {stage or frame['state']['stage']} · {frame['head']}")
            self._after = max(0, frame["head"] - self._last)
            await self._join(socket)
            return
        self._socket = socket
        for cid in list(self._unsent):
            await self._say(cid)

    async def _take(self, socket: ClientConnection, events: list[Frame]) -> None:
        for event in events:
            if "seq" in event and event["seq"] == (self._after or 0) + 1:
                self._after = event["seq"]
                self._show(self.line(event))
        for t in ("got", "seen"):
            await self._send(socket, {"t": t, "room": self._room, "upto": self._after or 0})

    def _answered(self, frame: Frame) -> None:
        re = frame.get("re", "")
        if frame["t"] == "err" and re not in self._unsent:
            raise Ended(f"{frame['slug']}: {self._detail(frame)}")
        if frame["t"] == "err" and frame["retry"]:
            later = asyncio.create_task(self._repeat(re, frame.get("retry_after_ms") or 1000))
            self._tasks.add(later)
            later.add_done_callback(self._tasks.discard)
            return
        if self._unsent.pop(re, None) is not None and frame["t"] == "err":
            self._show(f"✗ {frame['slug']}: {self._detail(frame)}")
        if not self._unsent:
            self._settled.set()

    async def _repeat(self, cid: str, after_ms: int) -> None:
        await asyncio.sleep(after_ms / 1000)
        await self._say(cid)

    def _detail(self, frame: Frame) -> str:
        return plain(str(frame.get(("fr", "en")[self._word]) or frame.get("detail", "")))

    # -- what is shown -----------------------------------------------------------------------

    def line(self, event: Frame) -> str:
        """An event as one line: seq, time (UTC), who, and what."""
        kind, body, who = event["kind"], event["body"], event["from"]
        said = words.EVENTS.get(kind, (kind, kind))[self._word]
        if kind == "message.posted":
            said = body["text"]
        elif kind == "quick.replied":
            said = words.QUICK_REPLIES.get(body["code"], (body["code"],) * 2)[self._word]
        elif "version" in body and kind.startswith("protocol."):
            said = f"{said} (v{body['version']})"
        elif kind == "message.retracted":
            said = f"{said} ({body['seq']})"
        name = f"{who.get('name', '')} ({who['role']})"
        return plain(f"{event['seq']:>4} {event['at'][11:19]} {name}: {said}")


def plain(text: str) -> str:
    """`text` in one line that moves no cursor, sets no colour and turns no direction."""
    return "".join(_shown(one) for one in text)


def _shown(one: str) -> str:
    if one.isprintable() or one in _SPACES:
        return one
    return " ⏎ " if one == "\n" else "·"


def _next_try(bye: Frame) -> float | None:
    if bye["reconnect"] in ("never", "reauth"):
        raise Ended(f"{bye['code']} {bye['slug']}")
    if bye["after_ms"]:
        return float(bye["after_ms"]) / 1000
    return 0.0 if bye["reconnect"] == "now" else None


def _ticket(url: str, token: str) -> str:
    """A ticket for one hello. Raises `Ended` where the token is not good, or `OSError`."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"{url}/api/v1/tickets"
    asked = urllib.request.Request(address, b"{}", headers)  # noqa: S310  # the caller's, by HTTP
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(asked, timeout=ANSWER_S) as answer:
            ticket: str = json.load(answer)["ticket"]
    except urllib.error.HTTPError as refused:
        if refused.code in (401, 403):
            raise Ended("not_authenticated: the token is not good, or no longer") from None
        raise OSError(f"no ticket: {refused.code}") from None
    return ticket
