"""The network under a session, without a network: it records what arrives, and can be full."""

import asyncio
import json
from collections import deque
from typing import Any

from hub.greeting import Greeting
from hub.session import Session
from hub.wire.framing import payloads

Frame = dict[str, Any]

HIGH_WATER = 64 * 1024
"""Bytes that the network holds before it says that it is full, as in `hub.edge.socket`."""
LINGER_S = 2.0
"""From our close frame to the cut, where the peer does not answer."""


class MemoryLink:
    """`hub.outbox.Link`. While the peer reads, what is written arrives at once."""

    def __init__(self) -> None:
        # Who takes what the peer sends, and is told of the network.
        self.talk: Greeting | Session | None = None
        # Frames that arrived, oldest first.
        self.arrived: list[Frame] = []
        # Whether the peer reads; else the network fills up.
        self.reading = True
        # Written and not arrived, and whether the session was told that the network is full.
        self._held: deque[bytes] = deque()
        self.paused = False
        # Whether the hub takes from the peer.
        self.heard = True
        # The code it was closed with, whether it was cut, and what was written after that.
        self.code: int | None = None
        self.cut = False
        self.after_close: list[bytes] = []
        # The most that ever waited in the network.
        self.most = 0

    # -- what the hub calls --------------------------------------------------------------------

    def write(self, framed: bytes) -> None:
        """Send."""
        if self.code is not None or self.cut:
            self.after_close.append(framed)
        elif self.reading and not self._held:
            self._arrive(framed)
        else:
            self._held.append(framed)
            self.most = max(self.most, self.buffered())
            if self.buffered() > HIGH_WATER and not self.paused:
                self.paused = True
                if isinstance(self.talk, Session):
                    self.talk.pause_writing()

    def buffered(self) -> int:
        """Bytes not yet taken."""
        return sum(map(len, self._held))

    def pause_reading(self) -> None:
        """Take nothing more from the peer."""
        self.heard = False

    def resume_reading(self) -> None:
        """Take from the peer again."""
        self.heard = True

    def close(self, code: int) -> None:
        """The closing handshake: a peer that reads answers it."""
        if self.code is not None:
            return
        self.code = code
        loop = asyncio.get_running_loop()
        if self._held:
            loop.call_later(LINGER_S, self.abort)
        else:
            loop.call_soon(self._lost)

    def abort(self) -> None:
        """Cut."""
        if not self.cut:
            self.cut = True
            self._held.clear()
            asyncio.get_running_loop().call_soon(self._lost)

    # -- what the world does -------------------------------------------------------------------

    def _arrive(self, framed: bytes) -> None:
        self.arrived += [json.loads(payload) for _, payload in payloads(framed)]

    def _lost(self) -> None:
        talk, self.talk = self.talk, None
        self.cut = True
        if talk is not None:
            talk.lost(willingly=False)

    def stop_reading(self) -> None:
        """The peer reads no more."""
        self.reading = False

    def fill_up(self) -> None:
        """The peer reads no more, and the network is full already."""
        self.reading = False
        if not self.paused and isinstance(self.talk, Session):
            self.paused = True
            self.talk.pause_writing()

    def take(self, size: int) -> None:
        """The peer takes the next pieces, of at least `size` bytes together."""
        while self._held and size > 0:
            framed = self._held.popleft()
            size -= len(framed)
            self._arrive(framed)
        self._maybe_resume()

    def read_on(self) -> None:
        """The peer reads again, all that waits and all that comes."""
        self.reading = True
        self.take(self.buffered())
        self._maybe_resume()

    def _maybe_resume(self) -> None:
        if self.paused and self.buffered() <= HIGH_WATER // 4:
            self.paused = False
            if isinstance(self.talk, Session):
                self.talk.resume_writing()
