"""A connection before `welcome`: one `hello`, and nothing else (W-2)."""

import asyncio
from collections.abc import Awaitable, Callable

from hub.answers import explained, reference
from hub.clock import rfc3339
from hub.outbox import Link
from hub.principal import Principal
from hub.rooms import Rooms
from hub.session import MAX_ROOMS, Session
from hub.wire import frames
from hub.wire.errors import Close, Err, err
from hub.wire.frames import MAX_FRAME, BadFrame, Hello, dumps
from hub.wire.framing import text_frame
from persistence.entries import StoreUnavailable

CAPS = ("worklist",)
"""What this hub can beyond the least: `watch` and `row`."""

Redeem = Callable[[str], Awaitable[Principal | Err]]
"""For whom a ticket stands, or why for nobody. Raises `StoreUnavailable`."""


class Greeting:
    """Waits for `hello`, redeems its ticket, and begins the session."""

    __slots__ = ("_begin", "_link", "_redeem", "_rooms", "_task", "closing")

    def __init__(
        self, link: Link, rooms: Rooms, redeem: Redeem, begin: Callable[[Session], None]
    ) -> None:
        self._link = link
        self._rooms = rooms
        self._redeem = redeem
        # Called with the session that takes over from here.
        self._begin = begin
        # The ticket on its way.
        self._task: asyncio.Task[None] | None = None
        # A `bye` was sent.
        self.closing = False

    def receive(self, text: bytes) -> None:
        """A text message of the client."""
        if self.closing:
            return
        try:
            frame = frames.decode(text)
        except BadFrame as bad:
            self._send(frames.error(explained(bad), bad.re))
            self.bye(Close.PROTOCOL)
            return
        if self._task is not None:
            self._send(frames.error(err("not_authenticated"), reference(frame)))
        elif isinstance(frame, Hello):
            self._task = asyncio.create_task(self._hello(frame))
        else:
            self._send(frames.error(err("not_authenticated"), reference(frame)))
            self.bye(Close.PROTOCOL)

    async def _hello(self, hello: Hello) -> None:
        try:
            who = await self._redeem(hello.ticket)
        except StoreUnavailable:
            self._send(frames.error(err("storage_unavailable", retry_after_ms=1000)))
            self.bye(Close.STORAGE)
            return
        if self.closing:
            return
        if isinstance(who, Err):
            self._rooms.metrics.refused(who.slug)
            self._send(frames.error(who))
            self.bye(Close.EXPIRED)
            return
        session = Session(self._link, self._rooms, self._redeem, who, hello.device)
        self._send(self._welcome(session, who))
        self._begin(session)

    def _welcome(self, session: Session, who: Principal) -> bytes:
        settings = self._rooms.settings
        return dumps(
            {
                "t": "welcome",
                "conn": session.conn,
                "person": {
                    "id": who.person,
                    "name": who.name,
                    "role": who.role.value,
                    "site": who.site,
                },
                "heartbeat_ms": settings.heartbeat_ms,
                "limits": {
                    "frame_bytes": MAX_FRAME,
                    "rooms": MAX_ROOMS,
                    "acts_per_s": settings.rate_per_s,
                    "acts_burst": settings.rate_burst,
                },
                "caps": CAPS,
                "server_time": rfc3339(self._rooms.clock.now()),
                "epoch": self._rooms.journal.epoch,
                "phone": settings.phone or self._rooms.phones.get(who.site, ""),
            }
        )

    def _send(self, frame: bytes) -> None:
        self._link.write(text_frame(frame))

    def late(self) -> None:
        """No `hello` came in time."""
        if self._task is None:
            self.bye(Close.PROTOCOL)

    def bye(self, code: Close, *, after_ms: int = 0) -> None:
        """Say what to do next, then close."""
        if not self.closing:
            self.closing = True
            self._rooms.metrics.closed(code.slug)
            self._send(frames.bye(code, after_ms=after_ms, resume=code.reconnect != "never"))
            self._link.close(int(code))

    def lost(self, *, willingly: bool) -> None:
        """The connection is gone."""
        self.closing = True
        if self._task is not None:
            self._task.cancel()
