"""What waits to be sent on one connection: bounded, whatever the peer does (W-17).

Stored events never wait here: a reader that cannot take them is marked as lagging and reads them
from the store again when it can. What waits is answers, in order, up to a bound; and the newest
ephemeral frame of each key. The bound counts what the transport holds too.
"""

from collections import deque
from typing import Protocol

MAX_BYTES = 256 * 1024
MAX_FRAMES = 256
MAX_EPHEMERAL = 64
"""Keys of ephemeral frames that wait at once."""


class Link(Protocol):
    """The network under a session: takes framed bytes, says when it is full."""

    def write(self, framed: bytes) -> None:
        """Send, buffering what the network does not take. Never blocks."""

    def buffered(self) -> int:
        """Bytes written and not yet taken by the network."""

    def pause_reading(self) -> None:
        """Take nothing more from the peer, where the network can do that."""

    def resume_reading(self) -> None:
        """Take from the peer again."""

    def close(self, code: int) -> None:
        """Begin the closing handshake."""

    def abort(self) -> None:
        """Drop the connection now."""


class Full(Exception):
    """More answers wait than the bound allows: the peer asks and does not read."""


class Outbox:
    """The sending half of one connection."""

    __slots__ = (
        "_answers",
        "_bytes",
        "_ephemeral",
        "_link",
        "_stalled_at",
        "_stalled_with",
        "closed",
        "ready",
        "shed",
    )

    def __init__(self, link: Link) -> None:
        self._link = link
        # Whether the network takes more; set by the link's flow control through pause/resume.
        self.ready = True
        # After `bye` nothing goes out any more.
        self.closed = False
        # Answers that wait, in order, and their size.
        self._answers: deque[bytes] = deque()
        self._bytes = 0
        # The newest ephemeral frame of each key.
        self._ephemeral: dict[tuple[str, ...], bytes] = {}
        # When the network filled up, or last took something since; and what it held then.
        self._stalled_at = 0.0
        self._stalled_with = 0
        # Ephemeral frames dropped since the connection began.
        self.shed = 0

    def answer(self, framed: bytes) -> None:
        """Send an answer, after those that wait. Raises `Full`."""
        if self.closed:
            return
        if self.ready and not self._answers:
            self._link.write(framed)
            return
        self._bytes += len(framed)
        if len(self._answers) >= MAX_FRAMES or self._bytes > MAX_BYTES:
            raise Full
        self._answers.append(framed)

    def ephemeral(self, key: tuple[str, ...], framed: bytes) -> bool:
        """Send, or keep as the newest of its key; false where there is no place for another key."""
        if self.closed:
            return True
        if self.ready:
            self._link.write(framed)
            return True
        known = key in self._ephemeral
        self.shed += known
        if not known and len(self._ephemeral) >= MAX_EPHEMERAL:
            self.shed += 1
            return False
        self._ephemeral[key] = framed
        return True

    def pause(self, now: float) -> None:
        """The network is full, as of `now`, monotonic seconds."""
        self.ready = False
        self._stalled_at, self._stalled_with = now, self._link.buffered()

    def stalled(self, now: float, patience_s: float) -> bool:
        """Whether the peer has taken nothing for `patience_s` while something waited (W-17)."""
        if self.ready:
            return False
        waiting = self._link.buffered()
        if waiting < self._stalled_with:
            self._stalled_at = now
        self._stalled_with = waiting
        return now - self._stalled_at > patience_s

    def resume(self) -> None:
        """The network takes more: what waits goes first."""
        self.ready = True
        if self.closed:
            return
        while self.ready and self._answers:
            framed = self._answers.popleft()
            self._bytes -= len(framed)
            self._link.write(framed)
        while self.ready and self._ephemeral:
            key = next(iter(self._ephemeral))
            self._link.write(self._ephemeral.pop(key))

    def held(self) -> int:
        """Bytes that wait, here and in the transport."""
        waiting = sum(map(len, self._ephemeral.values())) if self._ephemeral else 0
        return self._bytes + waiting + self._link.buffered()
