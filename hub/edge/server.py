"""The server process: uvicorn with our socket, and a stop that loses nothing (W-21)."""

import asyncio
import gc
import random
import socket
import sys
from collections.abc import Sequence
from typing import Any, Protocol

import structlog
import uvicorn
from starlette.types import ASGIApp

from hub.edge.entrance import Entrance, Http
from hub.edge.socket import SocketServer
from hub.session import Session
from hub.settings import Settings
from hub.wire.errors import Close
from hub.wire.frames import MAX_FRAME

SETTLE_S = 5.0
"""Longest wait for commits that are on their way."""
BATCHES = 10
"""Handfuls in which sockets are told to go elsewhere."""
DRAIN_S = 1.0
"""Time over which these are spread."""
RETURN_MS = 1500
"""A client comes back within this, at a time of its own."""


log = structlog.get_logger("hub.edge.server")


class Hub(Protocol):
    """What the server starts and stops (app.py)."""

    settings: Settings
    socket: SocketServer

    @property
    def app(self) -> ASGIApp:
        """The HTTP side."""

    async def start(self) -> None:
        """Open the store and begin the rounds."""

    async def settle(self) -> None:
        """Take nothing new; finish what is on its way."""

    async def stop(self) -> None:
        """Write what is held, close the store."""


class HubServer(uvicorn.Server):
    """Runs a hub until it is told to stop."""

    def __init__(self, hub: Hub) -> None:
        settings = hub.settings
        super().__init__(
            uvicorn.Config(
                hub.app,
                host=settings.host,
                port=settings.port,
                loop="uvloop",
                http=Entrance if hub.settings.socket == "own" else Http,
                ws=_socket(hub),
                ws_max_size=MAX_FRAME,
                ws_per_message_deflate=False,
                lifespan="off",
                backlog=4096,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=5,
            )
        )
        self._hub = hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the hub, then listen."""
        await self._hub.start()
        # What is here now stays: the collector need not walk through it again and again, and acts
        # are freed by counting. Measured: a sixth of the CPU of a message (docs/performance.md).
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        # The writer's thread gives the interpreter back sooner: no message waits 5 ms for it.
        sys.setswitchinterval(0.0005)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is on its way, send everybody elsewhere, then stop."""
        try:
            async with asyncio.timeout(SETTLE_S):
                await self._hub.settle()
        except TimeoutError:
            # A store that hangs must not keep the hub from stopping: nobody was told `ok`.
            log.error("acts_not_settled")
        await send_away(list(self._hub.socket.sessions))
        await super().shutdown(sockets)
        await self._hub.stop()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, once started."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return str(host), int(port)


def _socket(hub: Hub) -> Any:
    """Ours, called by uvicorn like the class it makes; or uvicorn's own, on plain ASGI."""
    return hub.socket.protocol if hub.settings.socket == "own" else "websockets-sansio"


async def send_away(sessions: Sequence[Session]) -> None:
    """`bye 4201` to everyone, in handfuls spread over `DRAIN_S`."""
    leaving = list(sessions)
    random.shuffle(leaving)  # spreads load, guards nothing
    size = max(1, -(-len(leaving) // BATCHES))
    for start in range(0, len(leaving), size):
        for session in leaving[start : start + size]:
            after_ms = random.randrange(RETURN_MS)  # noqa: S311  # as above
            session.bye(Close.DRAINING, after_ms=after_ms)
        await asyncio.sleep(DRAIN_S / BATCHES)
