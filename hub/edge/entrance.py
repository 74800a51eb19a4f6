"""What comes in on the hub's port: by its first bytes a socket, else HTTP.

uvicorn takes every connection for HTTP, parses the request of a socket, spells it again and hands
it over; that was a third of what joining costs. Whoever asks for `/ws` in their first bytes goes
straight to the protocol of the socket; everybody else, and a request that comes in pieces, takes
uvicorn's own way, which leads to the same. Only for our own socket: one on plain ASGI relies on
what uvicorn does to a request first (header names in lower case, for one).
"""

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

MAX_HEAD = 32 * 1024
"""Bytes of a request's line and headers."""
HEAD_S = 10.0
"""For a connection to say what it wants, and for a head to be whole: whoever opens connections and
says nothing, or never ends, costs little and not for long."""
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)
"""RFC 6585 section 5."""


class Http(HttpToolsProtocol):
    """uvicorn's HTTP, with a bound on what stands before a request's body, in bytes and in time."""

    _head: int | None = None
    """Bytes of the head that is coming in; None while none is."""
    _patience: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes of the peer."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.transport.write(TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head = 0
        self._patience = self.loop.call_later(HEAD_S, self.transport.close)

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._over()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The network is gone."""
        self._over()
        super().connection_lost(exc)

    def _over(self) -> None:
        self._head = None
        if self._patience is not None:
            self._patience.cancel()


class Entrance(asyncio.Protocol):
    """A connection until its first bytes."""

    __slots__ = ("_app_state", "_config", "_patience", "_state", "_transport")

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._config = config
        self._state = server_state
        self._app_state = app_state
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The network is there."""
        self._transport = cast("asyncio.Transport", transport)
        self._state.connections.add(cast("Any", self))
        self._patience = asyncio.get_running_loop().call_later(HEAD_S, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """It went without a word."""
        self._patience.cancel()
        self._state.connections.discard(cast("Any", self))

    def data_received(self, data: bytes) -> None:
        """The first bytes: from here on the connection is somebody else's."""
        self._patience.cancel()
        self._state.connections.discard(cast("Any", self))
        made: Any = self._config.ws_protocol_class if asks_for_socket(data) else Http
        protocol: asyncio.Protocol = made(
            config=self._config, server_state=self._state, app_state=self._app_state
        )
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(data)

    def eof_received(self) -> None:
        """The peer sends no more: let asyncio close."""

    def shutdown(self) -> None:
        """Called by uvicorn when it stops."""
        self._transport.close()


def asks_for_socket(data: bytes) -> bool:
    """Whether these are the first bytes of a handshake for `/ws` (RFC 6455 section 4.1)."""
    return data.startswith((b"GET /ws ", b"GET /ws?")) and b"\nupgrade: websocket" in data.lower()
