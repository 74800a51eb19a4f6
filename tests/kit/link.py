"""One socket of the wire, from ticket to close, as the contract words it and no more."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

Frame = dict[str, Any]

GONE = (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, TimeoutError, EOFError)
"""What tells that a link is gone or could not be made."""


class LinkGone(Exception):
    """The socket ended. `bye` is the frame that said so, where one came."""

    def __init__(self, why: str, bye: Frame | None = None) -> None:
        super().__init__(why)
        self.bye = bye


async def take_ticket(url: str, token: str, within_s: float = 5.0) -> str:
    """`POST /api/v1/tickets` with a bearer token. Raises `LinkGone` where there is no answer."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=within_s) as http:
            answer = await http.post(
                f"{url}/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}
            )
    except httpx.TransportError as problem:
        raise LinkGone(f"no ticket: {problem!r}") from problem
    if answer.status_code >= 500 or answer.status_code == 429:
        raise LinkGone(f"no ticket: {answer.status_code}")
    answer.raise_for_status()
    ticket: str = answer.json()["ticket"]
    return ticket


class Link:
    """A socket after `welcome`. Every frame goes to `on_frame` first, then to who waits for it."""

    def __init__(self, socket: ClientConnection, on_frame: Callable[[Frame], None]) -> None:
        self.socket = socket
        self.on_frame = on_frame
        self.welcome: Frame = {}
        self.bye: Frame | None = None
        """The last `bye` that came."""
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._re = 0

    @classmethod
    async def open(
        cls,
        url: str,
        token: str,
        device: str,
        on_frame: Callable[[Frame], None],
        *,
        silence_s: float = 25.0,
    ) -> "Link":
        """Ticket, upgrade, `hello`, `welcome`. Raises `LinkGone`."""
        ticket = await take_ticket(url, token)
        try:
            async with asyncio.timeout(10):
                socket = await connect(
                    url.replace("http", "ws", 1) + "/ws",
                    subprotocols=["v1.examroom"],  # type: ignore[list-item]  # a NewType of str
                    compression=None,
                    max_size=None,
                    max_queue=None,
                    ping_interval=None,
                    close_timeout=1,
                    proxy=None,
                )
                link = cls(socket, on_frame)
                hello = {"t": "hello", "ticket": ticket, "device": device, "app": "kit", "caps": []}
                await socket.send(json.dumps(hello))
                link.welcome = json.loads(await socket.recv())
        except GONE as problem:
            raise LinkGone(f"no welcome: {problem!r}") from problem
        if link.welcome.get("t") != "welcome":
            await socket.close()
            raise LinkGone(f"no welcome: {link.welcome}", link.welcome)
        link._reader = asyncio.create_task(link._read(silence_s))
        return link

    @property
    def open_now(self) -> bool:
        """Whether frames still come."""
        return self._reader is not None and not self._reader.done()

    async def closed(self) -> None:
        """Wait until the link is gone."""
        assert self._reader is not None
        await asyncio.wait([self._reader])

    async def close(self) -> None:
        """End the link properly."""
        await self.socket.close()
        await self.closed()

    def abort(self) -> None:
        """End the link without a word, as a lost network does."""
        self.socket.transport.abort()

    async def send(self, frame: Frame) -> None:
        """Send a frame that nobody answers. Raises `LinkGone`."""
        await self.send_text(json.dumps(frame, ensure_ascii=False))

    async def send_text(self, text: str) -> None:
        """Send any text as a frame. Raises `LinkGone`."""
        try:
            await self.socket.send(text)
        except GONE as problem:
            raise LinkGone(repr(problem), self.bye) from problem

    async def ask(self, frame: Frame, within_s: float = 10.0) -> Frame:
        """Send, and wait for the frame whose `re` is this one's `cid` or `re` (made up if absent).

        Raises `LinkGone`, also where nothing is answered in time.
        """
        if "cid" not in frame and "re" not in frame:
            self._re += 1
            frame = {**frame, "re": f"r{self._re}"}
        key = str(frame.get("cid") or frame["re"])
        if not self.open_now:
            raise LinkGone("closed", self.bye)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            await self.send(frame)
            async with asyncio.timeout(within_s):
                return await asyncio.shield(waiting)
        except TimeoutError:
            raise LinkGone(f"no answer in {within_s} s to {frame.get('t')}") from None
        finally:
            if waiting.done():
                self._waiting.pop(key, None)

    async def _read(self, silence_s: float) -> None:
        why: BaseException | None = None
        try:
            while True:
                async with asyncio.timeout(silence_s):  # W-14: silence means gone
                    text = await self.socket.recv()
                self._take(json.loads(text))
        except GONE as problem:
            why = problem
        finally:
            self.socket.transport.abort()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(LinkGone(repr(why), self.bye))
                    waiting.exception()  # nobody may be left to ask for it
            self._waiting.clear()

    def _take(self, frame: Frame) -> None:
        if frame.get("t") == "bye":
            self.bye = frame
        self.on_frame(frame)
        waiting = self._waiting.get(str(frame.get("re", "")))
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)
