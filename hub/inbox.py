"""Frames of one connection that must wait their turn: in order, and bounded (W-17).

A frame waits behind one that has to be awaited (a room to be loaded), and while the network does
not take answers. As long as anything waits, nothing more is read from the peer: what it sends
stays in its own network, and costs the hub nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from hub.outbox import Link, Outbox
from hub.wire.frames import ClientFrame

log = structlog.get_logger("hub.inbox")


class Inbox:
    """The receiving half of one connection."""

    __slots__ = (
        "_busy",
        "_dispatch",
        "_failed",
        "_link",
        "_outbox",
        "_reading",
        "_task",
        "_waiting",
        "closed",
        "held",
    )

    def __init__(
        self,
        link: Link,
        outbox: Outbox,
        dispatch: Callable[[ClientFrame], None],
        failed: Callable[[], None],
    ) -> None:
        self._link = link
        self._outbox = outbox
        # Carries out a frame, at once or through `wait_for`.
        self._dispatch = dispatch
        # Called where a frame met a bug: its sender must not wait for an answer for ever.
        self._failed = failed
        # Frames with their size, oldest first; None as long as none ever waited.
        self._waiting: deque[tuple[ClientFrame, int]] | None = None
        # Bytes of these.
        self.held = 0
        # The frame that is being awaited.
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        # Whether the peer is being read.
        self._reading = True
        # Nothing more is carried out.
        self.closed = False

    @property
    def free(self) -> bool:
        """Whether a frame may be carried out at once."""
        return not (self._busy or self._waiting or self.closed) and self._outbox.ready

    def take(self, frame: ClientFrame, size: int) -> None:
        """Carry out `frame`, of `size` bytes on the wire, or let it wait."""
        if self.closed:
            return
        if not self.free:
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.append((frame, size))
            self.held += size
            self._look()
        else:
            self._dispatch(frame)

    def wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`; frames that come meanwhile wait, then go on in order."""
        self._busy = True
        self._task = asyncio.create_task(self._run(work))

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("frame_failed")
            self._failed()
        self._busy = False
        self.go_on()

    def go_on(self) -> None:
        """Carry out what waits, as long as answers can go out."""
        while self._waiting and not self._busy and self._outbox.ready and not self.closed:
            frame, size = self._waiting.popleft()
            self.held -= size
            self._dispatch(frame)
        self._look()

    def _look(self) -> None:
        """Read the peer exactly while nothing waits."""
        reading = not self._waiting and self._outbox.ready
        if reading != self._reading and not self.closed:
            self._reading = reading
            if reading:
                self._link.resume_reading()
            else:
                self._link.pause_reading()

    def close(self) -> None:
        """Let go of what waits."""
        self.closed = True
        self._waiting = None
        self.held = 0
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
