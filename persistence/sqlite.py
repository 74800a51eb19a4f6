"""The journal on SQLite: one writer thread with group commit, a few readers beside it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from persistence import database, reads, rows
from persistence.checkpoint import Checkpointer
from persistence.entries import Append, Entry, Row, Settled, StoreUnavailable, Stream
from persistence.readers import Readers
from persistence.store import Store
from persistence.tail import Tail
from persistence.writer import Chore, Item, Job, Writer

T = TypeVar("T")


class SqliteJournal:
    """`ports.Journal` on a file of SQLite. Several processes may have the same file open."""

    def __init__(self, url: str, *, busy_s: float = 1.2) -> None:
        self._path = database.path_of(url)
        self._busy_s = busy_s
        # Changes only when the database was restored (W-13); known once started.
        self.epoch = ""
        # Where the newest entries stand, for readers.
        self._tail = Tail(0)
        # The last entry that was acknowledged: a file without it is not ours.
        self._last: tuple[int, bytes | None] = (0, None)
        self._readers = Readers(self._path, busy_s)
        self._checkpointer = Checkpointer(self._path)
        self._writer = Writer(self._open, self._seen, self._let_go, self._readers.allow, busy_s)

    # -- life --------------------------------------------------------------------------------

    async def start(self, on_settled: Settled) -> None:
        """Open, migrate an empty database, start the writer.

        Raises `UnsafeStore` where the database must not be used, `StoreUnavailable` where it
        cannot be now.
        """
        try:
            database.check_filesystem(self._path)
            await self._writer.start(on_settled)
        except (sqlite3.Error, DBAPIError, OSError) as error:
            raise StoreUnavailable(f"{self._path}: {error}") from error
        self._checkpointer.start()

    async def stop(self) -> None:
        """Settle everything submitted, then close."""
        if self.available():
            # Everything submitted is settled, and read where that leads to reading, before the
            # readers go; the writer's connection is the last, which empties the log.
            with contextlib.suppress(StoreUnavailable):
                await self.run(lambda at: None)
        await asyncio.to_thread(self._readers.stop)
        await asyncio.to_thread(self._checkpointer.stop)
        await self._writer.stop()

    def _open(self, busy_s: float) -> Store:
        if not self.epoch:
            return self._first_open(busy_s)
        if database.file_at(self._path) != self._readers.file:
            # Beside the log of the old file SQLite would take the new one for its continuation.
            raise StoreUnavailable("the database file was replaced: stop the hub and `restore`")
        store = Store(self._path, busy_s)
        try:
            if store.load() != self.epoch or not store.ledger.holds(*self._last):
                raise StoreUnavailable("the database is not what it was: stop the hub, `restore`")
        except BaseException:
            store.close()
            raise
        return store

    def _let_go(self) -> None:
        self._readers.let_go()
        self._checkpointer.let_go()

    def _first_open(self, busy_s: float) -> Store:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        store = Store(self._path, busy_s, create=True)
        try:
            self.epoch = store.prepare()
            self._readers.file = database.file_at(self._path)
        except BaseException:
            store.close()
            raise
        return store

    def _seen(self, store: Store, *, idle: bool = False) -> None:
        """The writer's word after each commit, on its thread."""
        grown = store.ledger.last - self._last[0]
        self._tail = store.ledger.tail
        self._last = (store.ledger.last, store.ledger.last_digest)
        if idle:
            self._checkpointer.wake()
        else:
            self._checkpointer.count(grown + 1)
        if self._checkpointer.heavy:
            self._checkpointer.heavy = False
            store.checkpoint()

    def available(self) -> bool:
        """Whether the last write or probe succeeded."""
        return self._writer.ok

    def on_available(self, changed: Callable[[bool], None]) -> None:
        """Have `changed(available)` called on the event loop, each time that changes."""
        self._writer.on_ok = changed

    # -- writing -----------------------------------------------------------------------------

    def submit(self, append: Append) -> None:
        """Queue for the next group commit."""
        self._writer.put(append)

    async def run(self, job: Callable[[Any], T]) -> T:
        """Run `job(connection)` on the writer, in a transaction of its own."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        return await self._put(Job(job, done), done)

    async def save_snapshot(self, room: str, fold: str, seq: int, state: bytes) -> None:
        """Keep a state, to be replaced by the next."""

        def write(store: Store) -> None:
            values = (store.ledger.room(room), fold, seq, state)
            store.driver.execute(
                "INSERT INTO snapshots (room, fold, seq, state) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (room) DO UPDATE SET fold = excluded.fold, seq = excluded.seq, "
                "state = excluded.state",
                values,
            )

        await self._chore(write)

    async def save_receipts(self, room: str, rows: Sequence[tuple[str, str, int, int]]) -> None:
        """Upsert receipts; the larger value wins."""

        def write(store: Store) -> None:
            key = store.ledger.room(room)
            store.driver.executemany(
                "INSERT INTO receipts (room, person, device, got, seen) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (room, person, device) DO UPDATE SET got = max(got, excluded.got), "
                "seen = max(seen, excluded.seen)",
                [(key, *row) for row in rows],
            )

        await self._chore(write)

    async def _chore(self, write: Callable[[Store], None]) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._put(Chore(write, done), done)

    async def _put(self, item: Item, done: "asyncio.Future[T]") -> T:
        self._writer.put(item)
        return await done

    # -- reading -----------------------------------------------------------------------------

    async def query(self, job: Callable[[Any], T]) -> T:
        """Run `job(connection)` on a reader, in one snapshot."""
        return await self._readers.run(job)

    async def read(
        self, stream: Stream, room: str, after: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries `after+1…` in order."""
        return await self.query(
            lambda at: reads.entries(at, self._tail, stream, room, after, limit, max_bytes)
        )

    async def head(self, stream: Stream, room: str) -> int:
        """The last seq, 0 where there is none."""
        return await self.query(lambda at: reads.head(at, self._tail, stream, room))

    async def heads(self, rooms: Sequence[str]) -> dict[str, int]:
        """The last seq of each room's journal."""
        return await self.query(lambda at: reads.heads(at, self._tail, rooms))

    async def retry(
        self, room: str, person: str, device: str, cid: str
    ) -> tuple[int, bytes] | None:
        """What was stored for this retry key (W-12)."""
        return await self.query(lambda at: reads.retry(at, room, person, device, cid))

    async def due(self, before: str) -> list[str]:
        """Open rooms whose limit is not after `before`."""
        return await self.query(lambda at: rows.due(at, before))

    async def owned(self, stages: Sequence[str]) -> list[tuple[str, str]]:
        """(room, owner) of the open rooms in these stages that somebody has."""
        return await self.query(lambda at: rows.owned(at, stages))

    async def snapshot(self, room: str, fold: str) -> tuple[int, bytes] | None:
        """The newest saved state."""
        return await self.query(lambda at: reads.snapshot(at, room, fold))

    async def receipts(self, room: str) -> list[tuple[str, str, int, int]]:
        """(person, device, got, seen) as last saved."""
        return await self.query(lambda at: reads.receipts(at, room))

    async def rows(
        self,
        *,
        sites: Sequence[str],
        person: str,
        stage: str = "",
        site: str = "",
        urgency: str = "",
        mine: bool = False,
        open_only: bool = False,
        after: str = "",
        limit: int = 100,
    ) -> tuple[list[Row], str]:
        """A page of the worklist and the cursor of the next."""
        return await self.query(
            lambda at: rows.page(
                at,
                sites=sites,
                person=person,
                stage=stage,
                site=site,
                urgency=urgency,
                mine=mine,
                open_only=open_only,
                after=after,
                limit=limit,
            )
        )
