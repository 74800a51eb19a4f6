"""One connection's place in one room: up to which seq it was sent, and how it catches up (W-17).

Live, it takes each event as it is delivered. Where the network does not keep up, or where the past
was asked for, it is behind: then it reads the store from where it stands, page by page, as fast as
the network takes it, and becomes live again at the head. Nothing stored is queued for it.
"""

from collections.abc import Callable

from hub.live import LiveRoom
from hub.outbox import Link, Outbox
from hub.principal import Principal
from hub.room.roles import Actor
from hub.room.room import Room

MAX_BURST = 128 * 1024
"""Bytes of one delivery that are written at once; more is read from the store in pieces."""


class Subscription:
    """A reader of a room, on a socket."""

    __slots__ = (
        "_gap",
        "_link",
        "_outbox",
        "_wake",
        "actor",
        "admitted",
        "behind",
        "hidden",
        "lagging",
        "live",
        "paging_to",
        "removed",
        "sent",
    )

    def __init__(
        self,
        live: LiveRoom,
        actor: Actor,
        link: Link,
        outbox: Outbox,
        wake: Callable[[], None],
        gap: Callable[[], None],
        *,
        hidden: bool,
    ) -> None:
        self.live = live
        self.actor = actor
        self.hidden = hidden
        # Whom, and in which state of the room, the rounds last found to be admitted (W-22).
        self.admitted: tuple[Principal, Room] | None = None
        # Last seq written to the link.
        self.sent = live.kept.seq
        # Whether it reads the store, and whether it was told so.
        self.behind = False
        self.lagging = False
        # Up to this seq the past goes as `page`, after it as `evt`.
        self.paging_to = 0
        # Taken out of the room; the session tells them and lets go.
        self.removed = False
        self._link = link
        self._outbox = outbox
        self._wake = wake
        self._gap = gap

    def offer(self, first: int, last: int, framed: bytes) -> None:
        """Take newly stored events `first` to `last`, or fall behind."""
        if self.removed:
            return
        if not self.behind:
            if first != self.sent + 1:
                self.lost()
                return
            if self._outbox.ready and len(framed) <= MAX_BURST:
                self._link.write(framed)
                self.sent = last
                return
            self.behind = True
            self.lagging = True
        self._wake()

    def presence(self, changes: bytes, whole: bytes) -> None:
        """`pres`: the changes, or the newest whole list where the network is full."""
        if self.removed:
            return
        if self._outbox.ready:
            self._link.write(changes)
        else:
            self._outbox.ephemeral(("pres", self.live.id), whole)

    def receipts(self, frames: dict[tuple[str, str], bytes], together: bytes) -> None:
        """`rcpt`: receipts are cumulative, so the newest of each device is enough."""
        if self.removed:
            return
        if self._outbox.ready:
            self._link.write(together)
            return
        for key, framed in frames.items():
            self._outbox.ephemeral(("rcpt", self.live.id, *key), framed)

    def lost(self) -> None:
        """What comes next would leave a gap: the client resumes on a fresh link (4204)."""
        self._gap()

    def dismissed(self, person: str) -> bool:
        """Whether this is `person`'s, who was taken out of the room."""
        if self.actor.person != person:
            return False
        self.removed = True
        self._wake()
        return True

    def ephemeral(self, key: tuple[str, ...], framed: bytes) -> None:
        """Take a frame of which only the newest of its key counts."""
        if not self.removed:
            self._outbox.ephemeral(key, framed)

    def follow_from(self, after: int) -> bool:
        """Send the past from `after + 1` to the head as pages, then go on live. False: no past."""
        self.sent = after
        self.paging_to = self.live.kept.seq
        self.behind = after < self.live.kept.seq
        return self.behind
