"""The same socket on plain ASGI, for servers other than uvicorn (`EXAMROOM_SOCKET=asgi`).

Slower, because every message passes through the server's queue and a task of its own; the promises
are the same, and the same wire tests run on both.
"""

import asyncio
from collections import deque

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.edge.socket import HIGH_WATER, SocketServer
from hub.greeting import Greeting
from hub.session import Session
from hub.wire.frames import MAX_FRAME, SUBPROTOCOL
from hub.wire.framing import payloads

CLOSE = 8
TOO_BIG = 1009
BINARY_REFUSED = 4003


class AsgiLink:
    """The link of a session over an ASGI WebSocket: a queue, and a task that empties it."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        # Text messages that wait for the server, and their size.
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        # Set once: the code to close with.
        self._code: int | None = None
        # Who takes messages.
        self.talk: Greeting | Session | None = None
        self._paused = False
        # Set while messages are taken from the server.
        self.reading = asyncio.Event()
        self.reading.set()

    def write(self, framed: bytes) -> None:
        """Queue the messages in `framed`."""
        for op, payload in payloads(framed):
            if op != CLOSE:
                self._queue.append(payload)
                self._bytes += len(payload)
        self._filled.set()
        if self._bytes > HIGH_WATER and not self._paused and isinstance(self.talk, Session):
            self._paused = True
            self.talk.pause_writing()

    def buffered(self) -> int:
        """Bytes that the server has not taken."""
        return self._bytes

    def pause_reading(self) -> None:
        """Take nothing more from the server, which then holds the peer back."""
        self.reading.clear()

    def resume_reading(self) -> None:
        """Take again."""
        self.reading.set()

    def close(self, code: int) -> None:
        """Close once what waits is sent."""
        self._code = code
        self._filled.set()

    def abort(self) -> None:
        """Close without sending what waits."""
        self._queue.clear()
        self._bytes = 0
        self.close(self._code or 1011)

    async def send_all(self) -> None:
        """Send what is queued, until the link is closed."""
        while self._queue or self._code is None:
            if not self._queue:
                self._filled.clear()
                await self._filled.wait()
                continue
            payload = self._queue.popleft()
            await self._websocket.send_text(payload.decode())
            self._bytes -= len(payload)
            if self._paused and self._bytes < HIGH_WATER // 4 and isinstance(self.talk, Session):
                self._paused = False
                self.talk.resume_writing()
        await self._websocket.close(self._code)


class AsgiSocket:
    """The endpoint of `/ws`."""

    def __init__(self, server: SocketServer) -> None:
        self._server = server

    async def serve(self, websocket: WebSocket) -> None:
        """One connection, from handshake to end."""
        offered = websocket.scope.get("subprotocols", [])
        if not self._origin_ok(websocket) or SUBPROTOCOL not in offered:
            await websocket.close(4008)  # before accept: the server answers the handshake 403
            return
        await websocket.accept(SUBPROTOCOL)
        link = AsgiLink(websocket)
        sending = asyncio.create_task(link.send_all())
        willingly = False
        try:
            willingly = await self._converse(websocket, link)
        finally:
            if link.talk is not None:
                link.talk.lost(willingly=willingly)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _converse(self, websocket: WebSocket, link: AsgiLink) -> bool:
        """Take messages until the peer is gone; whether it closed in the proper way."""

        def begin(session: Session) -> None:
            link.talk = session
            late.cancel()
            self._server.sessions.begin(session)

        greeting = Greeting(link, self._server.rooms, self._server.redeem, begin)
        link.talk = greeting
        patience = self._server.rooms.settings.hello_timeout_s
        late = asyncio.get_running_loop().call_later(patience, greeting.late)
        try:
            while True:
                await link.reading.wait()
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return message.get("code") in (1000, 1001)
                text = message.get("text")
                if text is None:
                    link.close(BINARY_REFUSED)
                elif len(raw := text.encode("utf-8", "surrogatepass")) > MAX_FRAME:
                    link.close(TOO_BIG)
                else:
                    link.talk.receive(raw)
        except WebSocketDisconnect:
            return False
        finally:
            late.cancel()

    def _origin_ok(self, websocket: WebSocket) -> bool:
        origin = websocket.headers.get("origin")
        if origin is None:
            return True
        secure = websocket.url.scheme == "wss"
        if self._server.trust_proxy:
            secure = websocket.headers.get("x-forwarded-proto", "").lower() in ("https", "wss")
        host = websocket.headers.get("host", "")
        return self._server.origins.ours(origin, host=host, secure=secure)


def route(server: SocketServer) -> WebSocketRoute:
    """The route of the plain socket."""
    return WebSocketRoute("/ws", AsgiSocket(server).serve)
