"""The rooms that one connection follows, and how those that fell behind catch up (W-13, W-17)."""

import asyncio
from collections.abc import Callable

import structlog

from hub.outbox import Link, Outbox
from hub.rooms import Rooms
from hub.subscription import Subscription
from hub.wire import frames
from hub.wire.errors import Close
from hub.wire.framing import text_frame
from persistence.entries import StoreUnavailable

PAGE_BYTES = 160 * 1024
"""Bytes of bodies in one page: with what the transport holds, below the bound of W-17."""
PAGE_EVENTS = 500

log = structlog.get_logger("hub.following")


class Following:
    """Subscriptions by room, and the one task that reads the store for those behind."""

    __slots__ = (
        "_answer",
        "_dismiss",
        "_end",
        "_link",
        "_outbox",
        "_rooms",
        "_task",
        "closed",
        "subs",
    )

    def __init__(
        self,
        link: Link,
        outbox: Outbox,
        rooms: Rooms,
        answer: Callable[[bytes], None],
        dismiss: Callable[[Subscription], None],
        end: Callable[[Close], None],
    ) -> None:
        self._link = link
        self._outbox = outbox
        self._rooms = rooms
        # Sends a frame that must arrive.
        self._answer = answer
        # Called with a subscription whose person was taken out of the room.
        self._dismiss = dismiss
        # Ends the connection: better a fresh link than a room that stands still.
        self._end = end
        self.subs: dict[str, Subscription] = {}
        # Nothing more is sent.
        self.closed = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Somebody is behind, or gone: look, as soon as the network takes more."""
        if self._task is None and self._outbox.ready and not self.closed:
            self._task = asyncio.create_task(self._pump())

    def gap(self) -> None:
        """What comes next does not follow what was sent: the client resumes at once."""
        log.error("gap_in_a_stream")
        self._end(Close.GAP)

    def close(self) -> None:
        """Let go of everything."""
        self.closed = True
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def _pump(self) -> None:
        """Bring every room that is behind up to its head, a page each in turn."""
        try:
            while self._outbox.ready and not self.closed:
                waiting = [sub for sub in self.subs.values() if sub.behind or sub.removed]
                if not waiting:
                    return
                for sub in waiting:
                    if self._outbox.ready:
                        await self._advance(sub)
        except StoreUnavailable:
            # Reading is down: the next heartbeat wakes this again.
            self._outbox.ephemeral(("note",), text_frame(frames.note("degraded")))
        except Exception:
            log.exception("catching_up_failed")
            self._end(Close.OVERLOADED)
        finally:
            self._task = None

    async def _advance(self, sub: Subscription) -> None:
        live = sub.live
        if sub.removed:
            self._dismiss(sub)
            return
        if sub.lagging:
            sub.lagging = False
            self._rooms.metrics.resume("lagging")
            self._outbox.ephemeral(("note", live.id), text_frame(frames.note("lagging", live.id)))
        paging = sub.sent < sub.paging_to
        limit = min(PAGE_EVENTS, sub.paging_to - sub.sent) if paging else PAGE_EVENTS
        kept = live.kept.seq
        page = await self._rooms.past(live.id, sub.sent, limit, PAGE_BYTES, hidden=sub.hidden)
        if not page and sub.sent < kept:
            self._rooms.lose(live)  # what was stored is not there any more
            return
        if page and page[0][0] != sub.sent + 1:
            # A hole in the journal itself: at once would find it again, and again.
            log.error("hole_in_the_journal", room=live.id, seq=sub.sent + 1)
            self._end(Close.STORAGE)
            return
        # what another process stored is shown once this one has folded it
        page = [(seq, frame) for seq, frame in page if seq <= live.kept.seq]
        if self.closed or self.subs.get(live.id) is not sub or sub.removed:
            return
        if not self._outbox.ready:
            return  # it filled up meanwhile: read again when it takes more
        if page:
            sub.sent = page[-1][0]
            events = [frame for _, frame in page]
            if paging:
                self._answer(frames.page(live.id, events, more=sub.sent < sub.paging_to))
            else:
                self._link.write(b"".join(map(text_frame, events)))
        if sub.sent >= live.kept.seq:
            sub.behind = False
