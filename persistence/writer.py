"""The one thread that writes: it takes all that waits, commits it once, and tells the loop once.

While the store fails, nothing waits: what is queued is settled as `Unavailable` at once, the
connection is thrown away, and a tiny write is tried every second until one succeeds. What was
refused is forgotten here; only its author may bring it again (W-19).
"""

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from persistence.entries import (
    Append,
    Settled,
    StoreUnavailable,
    Unavailable,
    UnsafeStore,
)
from persistence.store import Store

MAX_BATCH = 2000
"""Appends of one commit: bounds how long the last of them waits."""
FOLD_S = 0.25
"""Between two folds, where nothing waits: all of `ledger.FOLD` in one go would hold up whoever acts
meanwhile for ten milliseconds."""
TICK_S = 1.0
"""Between two looks at an idle store, and between two probes of a failing one."""
FAILING_BUSY_S = 0.05
"""How long a lock is waited for while the store is failing: nobody is kept waiting for it."""

log = logging.getLogger("examroom.store")


@dataclass(slots=True)
class Chore:
    """A small write of our own that shares the commit of a batch."""

    write: Callable[[Store], None]
    done: "asyncio.Future[None] | None"


@dataclass(slots=True)
class Job:
    """A write of somebody else's, in a transaction of its own."""

    job: Callable[[Connection], Any]
    done: "asyncio.Future[Any]"


@dataclass(slots=True)
class Stop:
    """The last thing to do."""

    done: "asyncio.Future[None]"


Item = Append | Chore | Job | Stop


BROKEN = (sqlite3.Error, DBAPIError, OSError, StoreUnavailable, UnsafeStore)
"""What a store that fails raises."""


def reason(error: Exception) -> str:
    """Why the store fails, for the log: SQLite's own words, which hold no values."""
    if isinstance(error, DBAPIError) and error.orig:
        return str(error.orig)
    return str(error)


def has_moved(error: Exception) -> bool:
    """Whether it is not SQLite that fails, but the files that are not where they were."""
    return isinstance(error, StoreUnavailable)


class Writer:
    """Owns the thread, the queue before it, and the store that it writes to."""

    def __init__(
        self,
        open_store: Callable[[float], Store],
        seen: Callable[[Store], None],
        let_go: Callable[[], None],
        allow: Callable[[], None],
        busy_s: float,
    ) -> None:
        # Opens the store, again and again while it fails; its argument: how long locks are awaited.
        self._open_store = open_store
        # Told of the store after each commit, so that readers find what is new.
        self._seen = seen
        # Closes every other connection of ours, before that of a failing store is closed.
        self._let_go = let_go
        # Lets readers open the database again.
        self._allow = allow
        self._busy_s = busy_s
        # The open store, None while it failed.
        self._store: Store | None = None
        # What waits, in order of submission.
        self._queue: deque[Item] = deque()
        # What came in this turn of the loop: handed over together at its end, so that all that
        # was read in one go is one commit, and what one person sent in one go is one delivery.
        self._fresh: list[Item] = []
        # Rung where something was queued while the thread slept.
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._asleep = False
        # Monotonic seconds of the last fold.
        self._folded_at = 0.0
        # Whether the last write or probe succeeded.
        self.ok = False
        # Why it failed last, so that each cause is logged once.
        self._why = ""
        # Set when `stop` was asked for: nothing is taken any more.
        self._stopping = False
        # Where settled appends are brought.
        self._loop: asyncio.AbstractEventLoop
        self._settled: Settled
        # Called there with whether the store takes writes, each time that changes.
        self.on_ok: Callable[[bool], None] = _unheard
        self._thread = threading.Thread(target=self._run, name="examroom-writer", daemon=True)

    # -- on the loop -------------------------------------------------------------------------

    async def start(self, on_settled: Settled) -> None:
        """Open the store and serve. Raises what `open_store` raises."""
        self._loop, self._settled = asyncio.get_running_loop(), on_settled
        await asyncio.to_thread(self._first_open)
        self._thread.start()

    def _first_open(self) -> None:
        self._store = self._open_store(self._busy_s)
        self._seen(self._store)
        self.ok = True

    def put(self, item: Item) -> None:
        """Queue. Never blocks."""
        if self._stopping:
            self._refuse([item], "the store is stopped")
            return
        self._fresh.append(item)
        if len(self._fresh) == 1:
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        """End of a turn of the loop: what came goes to the thread."""
        self._queue.extend(self._fresh)
        self._fresh.clear()
        if self._asleep:
            self._asleep = False
            self._bell.put(None)

    async def stop(self) -> None:
        """Serve what is queued, then end."""
        if self._stopping or not self._thread.is_alive():
            self._stopping = True
            return
        done: asyncio.Future[None] = self._loop.create_future()
        self.put(Stop(done))
        self._stopping = True
        await done

    # -- on the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            items = self._take()
            try:
                stop = self._serve(items)
            except Exception as error:
                log.exception("the writer met a bug")
                self._fail(f"bug: {type(error).__name__}", items)
                stop = next((item for item in items if isinstance(item, Stop)), None)
            if stop:
                self._end(stop)
                return

    def _take(self) -> list[Item]:
        """All that waits, up to a batch; empty after a tick without anything."""
        while not self._queue:
            self._asleep = True
            if self._queue:
                break  # it came before the thread was seen to sleep, and may not ring
            try:
                self._bell.get(timeout=TICK_S)
            except queue.Empty:
                break
        self._asleep = False
        count = min(len(self._queue), MAX_BATCH)
        return [self._queue.popleft() for _ in range(count)]

    def _serve(self, items: list[Item]) -> Stop | None:
        appends = [item for item in items if isinstance(item, Append)]
        others = [item for item in items if not isinstance(item, Append)]
        chores = [item for item in others if isinstance(item, Chore)]
        if not items:
            self._tick()
        if appends or chores:
            self._write(appends, chores)
            if time.monotonic() - self._folded_at > FOLD_S and self._store and not self._queue:
                self._fold()
        for item in others:
            if isinstance(item, Job):
                self._job(item)
            elif isinstance(item, Stop):
                return item
        return None

    def _opened(self) -> Store:
        if self._store is None:
            self._store = self._open_store(FAILING_BUSY_S)
            self._seen(self._store)
        return self._store

    def _write(self, appends: list[Append], chores: list[Chore]) -> None:
        try:
            store = self._opened()
            outcomes = store.write(appends, [chore.write for chore in chores])
        except BROKEN as error:
            self._fail(reason(error), [*appends, *chores], moved=has_moved(error))
            return
        self._well(store)
        for append, outcome in zip(appends, outcomes, strict=True):
            append.outcome = outcome
        if appends:
            self._call(self._settled, appends)
        for chore in chores:
            self._call(_resolve, chore.done, None)

    def _job(self, item: Job) -> None:
        try:
            store = self._opened()
            result = store.run(item.job)
        except IntegrityError as error:
            self._call(_reject, item.done, error)  # the job's own affair: nothing failed here
        except BROKEN as error:
            self._fail(reason(error), [item], moved=has_moved(error))
        except Exception as error:
            self._call(_reject, item.done, error)
        else:
            self._well(store)
            self._call(_resolve, item.done, result)

    def _well(self, store: Store) -> None:
        self._seen(store)
        if not self.ok:
            store.wait_for_locks(self._busy_s)
            self.ok = True
            log.warning("the store takes writes again")
            self._call(self.on_ok, True)

    def _close(self, store: Store, *, moved: bool) -> None:
        if not moved:
            store.close()
            return
        # A log that was taken away lives as long as a connection has it open; the last to close
        # brings it into the database, and that must be the one that may write.
        self._let_go()
        store.close()
        self._allow()

    def _fail(self, why: str, items: Sequence[Item], *, moved: bool = False) -> None:
        """Throw the connection away and refuse `items` and all that waits."""
        if self.ok or why != self._why:
            log.error("the store fails: %s", why)
        if self.ok:
            self._call(self.on_ok, False)
        self.ok, self._why = False, why
        if self._store:
            self._close(self._store, moved=moved)
            self._store = None
        waiting: list[Item] = []
        stops: list[Item] = []
        for _ in range(len(self._queue)):
            item = self._queue.popleft()
            (stops if isinstance(item, Stop) else waiting).append(item)
        self._refuse([*items, *waiting], why)
        self._queue.extend(stops)

    def _refuse(self, items: Sequence[Item], why: str) -> None:
        appends = [item for item in items if isinstance(item, Append)]
        for append in appends:
            append.outcome = Unavailable(why)
        if appends:
            self._call(self._settled, appends)
        for item in items:
            if isinstance(item, Chore | Job):
                self._call(_reject, item.done, StoreUnavailable(why))

    def _tick(self) -> None:
        """Nothing waits: look after the store."""
        if not self.ok:
            self._write([], [Chore(Store.probe, None)])
            return
        self._fold()

    def _fold(self) -> None:
        """Bring the indexes up to date while nobody waits for it."""
        self._folded_at = time.monotonic()
        try:
            store = self._opened()
            store.check()
            store.fold()
        except BROKEN as error:
            self._fail(reason(error), [], moved=has_moved(error))
        else:
            self._seen(store)

    def _end(self, stop: Stop) -> None:
        if self._store:
            try:
                self._store.fold()
            except BROKEN as error:
                log.warning("the indexes are left to the next start: %s", reason(error))
            self._store.close()
        self.ok = False
        self._call(_resolve, stop.done, None)

    def _call(self, function: Callable[..., None], *values: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *values)
        except RuntimeError:
            log.error("the event loop is gone; what was settled is told to nobody")


def _unheard(ok: bool) -> None:
    """Nobody wants to know."""


def _resolve(done: "asyncio.Future[Any] | None", result: object) -> None:
    if done and not done.done():
        done.set_result(result)


def _reject(done: "asyncio.Future[Any] | None", error: Exception) -> None:
    if done and not done.done():
        done.set_exception(error)
