"""The socket: uvicorn's protocol class for `/ws`, on the hot path of everything said (W-1).

uvicorn hands over the upgrade request; the handshake is checked by `handshake.py`, frames are cut
by `rfc6455.py`, and a session gets whole messages. There is no ASGI between the network and the
room. `websocket.py` is the same on plain ASGI, for servers other than uvicorn.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from hub.connections import Connections
from hub.edge import handshake
from hub.edge.entrance import HEAD_S, MAX_HEAD
from hub.edge.rfc6455 import Control, FrameReader, Op, Violation
from hub.edge.security import Origins
from hub.greeting import Greeting, Redeem
from hub.rooms import Rooms
from hub.session import Session
from hub.wire.errors import Close
from hub.wire.frames import dumps
from hub.wire.framing import close_frame, pong_frame, text_frame

HIGH_WATER = 64 * 1024
"""Bytes the transport may hold before the network counts as full (W-17)."""
CORK = 32 * 1024
"""Bytes of one turn of the loop that wait for each other; more goes to the transport at once."""
LINGER_S = 2.0
"""Between our close frame and cutting the connection of a peer that does not answer it."""

_NOTHING: list[bytes] = []
"""What every connection holds back while it holds nothing back; never appended to."""


class SocketServer:
    """What every socket of a hub shares. `protocol` is what uvicorn calls, one each connection."""

    def __init__(
        self,
        rooms: Rooms,
        redeem: Redeem,
        sessions: Connections,
        origins: Origins,
        trust_proxy: bool,
    ) -> None:
        self.rooms = rooms
        self.redeem = redeem
        # Sessions that are open.
        self.sessions = sessions
        # Which pages may open a socket, and whether a proxy's word on TLS is taken.
        self.origins = origins
        self.trust_proxy = trust_proxy
        # Connections that hold back frames until the end of this turn of the loop.
        self._corked: list[SocketProtocol] = []

    def cork(self, protocol: "SocketProtocol") -> None:
        """Send what `protocol` holds back when this turn of the loop is over."""
        if not self._corked:
            asyncio.get_running_loop().call_soon(self._uncork)
        self._corked.append(protocol)

    def _uncork(self) -> None:
        corked, self._corked = self._corked, []
        for protocol in corked:
            protocol.flush()

    def protocol(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        """A protocol for one connection."""
        return SocketProtocol(self, server_state)


class SocketProtocol(asyncio.Protocol):
    """One connection: network, handshake and frames. The link of its session."""

    __slots__ = (
        "_close_sent",
        "_closed_by_peer",
        "_corked",
        "_corked_bytes",
        "_deaf",
        "_head",
        "_reader",
        "_server",
        "_state",
        "_talk",
        "_timer",
        "_transport",
    )

    def __init__(self, server: SocketServer, state: ServerState) -> None:
        self._server = server
        self._state = state
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        # The upgrade request until it is whole; None once it was answered.
        self._head: bytes | None = b""
        self._reader = FrameReader()
        # Frames of this turn of the loop: they go out in one write, which costs what one frame
        # would. Their size.
        self._corked: list[bytes] = _NOTHING
        self._corked_bytes = 0
        # Who takes messages: first the greeting, then the session.
        self._talk: Greeting | Session | None = None
        # The hello timeout, later the linger.
        self._timer: asyncio.TimerHandle | None = None
        # The peer broke the protocol: what it sends further means nothing.
        self._deaf = False
        # Whether our close frame is out: nothing may follow it (RFC 6455 section 5.5.1).
        self._close_sent = False
        # Whether the peer began the closing handshake.
        self._closed_by_peer = False

    # -- asyncio -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The network is there."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self._timer = asyncio.get_running_loop().call_later(HEAD_S, self._transport.abort)
        self._state.connections.add(cast("Any", self))

    def connection_lost(self, exc: Exception | None) -> None:
        """The network is gone."""
        self._state.connections.discard(cast("Any", self))
        if self._timer is not None:
            self._timer.cancel()
        if self._talk is not None:
            self._talk.lost(willingly=self._closed_by_peer)
        self._talk = None

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer."""
        if self._head is not None:
            self._shake_hands(self._head + data)
            return
        if self._deaf:
            return
        try:
            for received in self._reader.feed(data):
                if isinstance(received, Control):
                    self._control(received)
                elif self._talk is not None and not self._close_sent:
                    self._talk.receive(received)
                if self._deaf:
                    return
        except Violation as violation:
            self._violated(violation.code)

    def pause_writing(self) -> None:
        """The transport holds more than it should."""
        if isinstance(self._talk, Session):
            self._talk.pause_writing()

    def resume_writing(self) -> None:
        """The transport takes more."""
        if isinstance(self._talk, Session):
            self._talk.resume_writing()

    def eof_received(self) -> None:
        """The peer sends no more: let asyncio close."""

    def shutdown(self) -> None:
        """Called by uvicorn when it stops: whoever is still here was drained before."""
        self._transport.close()

    # -- the handshake -----------------------------------------------------------------------

    def _shake_hands(self, head: bytes) -> None:
        if b"\r\n\r\n" not in head:
            self._head = head
            if len(head) > MAX_HEAD:
                self._transport.abort()
            return
        self._head = None
        head, _, rest = head.partition(b"\r\n\r\n")
        head += b"\r\n\r\n"
        answer, opened = handshake.answer(head, self._origin_ok)
        self._transport.write(answer)
        if not opened:
            self._transport.close()
            return
        greeting = Greeting(self, self._server.rooms, self._server.redeem, self._begin)
        self._talk = greeting
        patience = self._server.rooms.settings.hello_timeout_s
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(patience, greeting.late)
        if rest:  # who does not wait for the answer is heard all the same
            self.data_received(rest)

    def _origin_ok(self, headers: Mapping[str, str]) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return True
        secure = self._transport.get_extra_info("sslcontext") is not None
        if self._server.trust_proxy:
            secure = headers.get("x-forwarded-proto", "").strip().lower() in ("https", "wss")
        return self._server.origins.ours(origin, host=headers.get("host", ""), secure=secure)

    def _begin(self, session: Session) -> None:
        self._talk = session
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._server.sessions.begin(session)

    # -- control -----------------------------------------------------------------------------

    def _control(self, control: Control) -> None:
        if control.op is Op.PING:
            if not self.buffered():  # a flood of pings is not answered
                self.write(pong_frame(control.payload))
        elif control.op is Op.CLOSE:
            self._closed_by_peer = True
            if not self._close_sent:
                self.write(close_frame(1000))
            self.flush()
            self._transport.close()

    def _violated(self, code: int) -> None:
        """Say why, then close: the stream cannot be read any further."""
        self._deaf = True
        slug = Close.BINARY.slug if code == Close.BINARY else Close.PROTOCOL.slug
        frame = {"t": "bye", "code": code, "slug": slug, "reconnect": "never"}
        self.write(text_frame(dumps(frame | {"after_ms": 0, "resume": True})))
        if self._talk is not None:
            self._talk.lost(willingly=False)
        self._talk = None
        self.close(code)

    # -- the link of the session -------------------------------------------------------------

    def write(self, framed: bytes) -> None:
        """Send framed bytes, at the latest when this turn of the loop is over."""
        if self._corked_bytes:
            self._corked.append(framed)
        else:
            self._corked = [framed]
            self._server.cork(self)
        self._corked_bytes += len(framed)
        if self._corked_bytes > CORK:
            self.flush()

    def flush(self) -> None:
        """Give the transport what was held back."""
        if self._corked_bytes:
            self._corked_bytes = 0
            self._transport.write(b"".join(self._corked))
            self._corked = _NOTHING

    def buffered(self) -> int:
        """Bytes that the network has not taken."""
        return self._corked_bytes + self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Leave the peer's bytes to the network."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take the peer's bytes again."""
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self, code: int) -> None:
        """Send a close frame, and cut the connection soon after, answered or not."""
        self._close_sent = True
        self.write(close_frame(code))
        self.flush()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(LINGER_S, self._transport.abort)

    def abort(self) -> None:
        """Cut the connection now."""
        self._transport.abort()
