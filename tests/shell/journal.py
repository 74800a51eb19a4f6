"""A journal in memory, with the semantics of the real one, that settles as a test wants.

`MemoryStore` is the disk; several `ScriptedJournal` may stand on it, as several processes do. Left
alone, a journal settles what is submitted on the loop's next turn. Under `hold` what is submitted
waits until the test commits it, fails it, or lets it hang. What is read stands as of the call, and
is handed over a turn later, or when `reads` is set.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from persistence import chain
from persistence.entries import (
    Append,
    Conflict,
    Draft,
    Duplicate,
    Entry,
    Outcome,
    Recheck,
    Row,
    Settled,
    Stored,
    StoreUnavailable,
    Stream,
    Unavailable,
)

T = TypeVar("T")

DUE_AT_MOST = 500
_CURSOR = "\n"


class MemoryStore:
    """The disk: entries, retries, rows, states, receipts."""

    def __init__(self) -> None:
        # Entries by stream and room, in order of seq.
        self.streams: dict[tuple[Stream, str], list[Entry]] = {}
        # (room, person, device, cid) -> (seq, request_hash), for the life of the room.
        self.retries: dict[tuple[str, str, str, str], tuple[int, bytes]] = {}
        self.rows: dict[str, Row] = {}
        # Room -> (name of the fold, seq, state).
        self.snapshots: dict[str, tuple[str, int, bytes]] = {}
        # Room -> (person, device) -> (got, seen).
        self.receipts: dict[str, dict[tuple[str, str], tuple[int, int]]] = {}

    def entries(self, room: str, stream: Stream = Stream.JOURNAL) -> list[Entry]:
        """A whole stream."""
        return self.streams.get((stream, room), [])

    def write(self, append: Append) -> Outcome:
        """Judge an append, and write it where it is right: whole, or not at all."""
        if append.abandoned:
            return Unavailable("abandoned before it was written")
        key = self._key(append)
        if key and (before := self.retries.get(key)):
            return Duplicate(*before)
        base = append.follows
        if base is not None and not isinstance(base.outcome, Stored):
            return Conflict(len(self.entries(append.drafts[0].room, append.drafts[0].stream)))
        heads: dict[tuple[Stream, str], int] = {}
        for draft in append.drafts:
            slot = (draft.stream, draft.room)
            head = heads.get(slot, len(self.entries(draft.room, draft.stream)))
            if draft.seq != head + 1:
                return Conflict(head)
            heads[slot] = draft.seq
        for draft in append.drafts:
            self._add(draft)
        if key and append.retry:
            self.retries[key] = (append.drafts[0].seq, append.retry.request_hash)
        if append.row:
            self.rows[append.row.room] = append.row
        return Stored()

    def _key(self, append: Append) -> tuple[str, str, str, str] | None:
        retry = append.retry
        if retry is None:
            return None
        first = append.drafts[0]
        return first.room, retry.person, retry.device, first.cid

    def _add(self, draft: Draft) -> None:
        stream = self.streams.setdefault((draft.stream, draft.room), [])
        header = chain.header(
            draft.stream, draft.room, draft.seq, draft.at, draft.id, draft.cid, draft.kind,
            draft.actor,
        )  # fmt: skip
        before = stream[-1].digest if stream else chain.ROOT
        hashed, digest = chain.link(before, header, draft.body)
        stream.append(
            Entry(
                stream=draft.stream,
                room=draft.room,
                seq=draft.seq,
                at=draft.at,
                id=draft.id,
                actor=draft.actor,
                kind=draft.kind,
                cid=draft.cid,
                body=draft.body,
                body_hash=hashed,
                digest=digest,
            )
        )


class ScriptedJournal:
    """`ports.Journal` on a `MemoryStore`."""

    def __init__(self, store: MemoryStore | None = None, epoch: str = "epoch-1") -> None:
        self.store = store or MemoryStore()
        self.epoch = epoch
        # What is submitted waits for the test.
        self.held = False
        # Submitted and not taken up, oldest first.
        self.waiting: deque[Append] = deque()
        # Taken up and judged; the hub was not told yet.
        self.taken: deque[Append] = deque()
        # Whether the store takes writes, and answers reads.
        self._up = True
        self._changed: Callable[[bool], None] | None = None
        self.readable = True
        # Set while what was read, and small writes, go through.
        self.reads = asyncio.Event()
        self.chores = asyncio.Event()
        self.reads.set()
        self.chores.set()
        # Small writes on their way.
        self.queued = 0
        # A bug of ours: what the next reads raise.
        self.bug: Exception | None = None
        # How often the store was read.
        self.asked = 0
        self._settled: Settled
        self._called = False

    async def start(self, on_settled: Settled) -> None:
        """Begin."""
        self._settled = on_settled

    async def stop(self) -> None:
        """Settle everything submitted; what comes later is refused."""
        self.held = False
        self._auto()
        self.up = False

    # -- writing -----------------------------------------------------------------------------

    def submit(self, append: Append) -> None:
        """Queue."""
        self.waiting.append(append)
        if not self.held:
            self._soon()

    def _soon(self) -> None:
        if not self._called:
            self._called = True
            asyncio.get_running_loop().call_soon(self._auto)

    def _auto(self) -> None:
        self._called = False
        if self.held:
            return
        if self.up:
            self.settle()
        else:
            self.fail()

    def hold(self) -> None:
        """From now on what is submitted waits for the test."""
        self.held = True

    def release(self) -> None:
        """Settle what waits, and from now on by itself."""
        self.held = False
        self._soon()

    def take_up(self, count: int | None = None) -> None:
        """Write the oldest `count`, all by default, as the store judges; nobody is told yet."""
        for _ in range(len(self.waiting) if count is None else min(count, len(self.waiting))):
            append = self.waiting.popleft()
            append.outcome = self.store.write(append)
            self.taken.append(append)

    def tell(self) -> None:
        """Tell the hub what was taken up, as one batch."""
        batch = list(self.taken)
        self.taken.clear()
        if batch:
            self._settled(batch)

    def settle(self, count: int | None = None) -> None:
        """Write the oldest `count` and tell."""
        self.up = True
        self.take_up(count)
        self.tell()

    def fail(self, count: int | None = None, *, written: bool = False) -> None:
        """Refuse the oldest `count`. `written`: the commit failed, yet it is on the disk."""
        self.up = False
        for _ in range(len(self.waiting) if count is None else min(count, len(self.waiting))):
            append = self.waiting.popleft()
            if written:
                self.store.write(append)
            append.outcome = Unavailable("the test says so")
            self.taken.append(append)
        self.tell()

    def put_back(self, count: int | None = None) -> None:
        """Rights changed elsewhere: of the oldest `count`, what persons do is to be asked again."""
        for _ in range(len(self.waiting) if count is None else min(count, len(self.waiting))):
            append = self.waiting.popleft()
            append.outcome = Recheck() if append.retry else self.store.write(append)
            self.taken.append(append)
        self.tell()

    @property
    def up(self) -> bool:
        """Whether the store takes writes."""
        return self._up

    @up.setter
    def up(self, up: bool) -> None:
        before, self._up = self._up, up
        if up != before and self._changed is not None:
            self._changed(up)

    def on_available(self, changed: Callable[[bool], None]) -> None:
        """Whom to tell."""
        self._changed = changed

    def available(self) -> bool:
        """Whether the last write succeeded."""
        return self.up

    async def _chore(self) -> None:
        self.queued += 1
        await asyncio.sleep(0)
        await self.chores.wait()
        self.queued -= 1
        if not self.up:
            raise StoreUnavailable("the test says so")

    async def save_snapshot(self, room: str, fold: str, seq: int, state: bytes) -> None:
        """Keep a state."""
        await self._chore()
        self.store.snapshots[room] = (fold, seq, state)

    async def save_receipts(self, room: str, rows: Sequence[tuple[str, str, int, int]]) -> None:
        """The larger value wins."""
        await self._chore()
        held = self.store.receipts.setdefault(room, {})
        for person, device, got, seen in rows:
            before = held.get((person, device), (0, 0))
            held[(person, device)] = (max(before[0], got), max(before[1], seen))

    async def run(self, job: Callable[[Any], T]) -> T:
        """There are no other tables in memory: `job` gets the store."""
        await self._chore()
        return job(self.store)

    # -- reading -----------------------------------------------------------------------------

    async def _handed(self, found: T) -> T:
        """What was `found` at the call, handed over later."""
        self.asked += 1
        if self.bug is not None:
            raise self.bug
        readable = self.readable
        await asyncio.sleep(0)
        await self.reads.wait()
        if not readable:
            raise StoreUnavailable("the test says so")
        return found

    async def query(self, job: Callable[[Any], T]) -> T:
        """`job` gets the store."""
        return await self._handed(job(self.store))

    async def read(
        self, stream: Stream, room: str, after: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries `after+1…` in order, bounded, at least one."""
        found: list[Entry] = []
        size = 0
        for entry in self.store.entries(room, stream)[after : after + limit]:
            size += len(entry.body or b"")
            if found and size > max_bytes:
                break
            found.append(entry)
        return await self._handed(found)

    async def head(self, stream: Stream, room: str) -> int:
        """The last seq."""
        return await self._handed(len(self.store.entries(room, stream)))

    async def heads(self, rooms: Sequence[str]) -> dict[str, int]:
        """The last seq of each room's journal."""
        heads = {room: len(self.store.entries(room)) for room in rooms}
        return await self._handed({room: head for room, head in heads.items() if head})

    async def retry(
        self, room: str, person: str, device: str, cid: str
    ) -> tuple[int, bytes] | None:
        """What was stored for this key."""
        return await self._handed(self.store.retries.get((room, person, device, cid)))

    async def due(self, before: str) -> list[str]:
        """Open rooms whose limit has come, the oldest first."""
        found = [row for row in self.store.rows.values() if row.is_open and "" < row.due_at]
        found = sorted((row for row in found if row.due_at <= before), key=lambda row: row.due_at)
        return await self._handed([row.room for row in found][:DUE_AT_MOST])

    async def owned(self, stages: Sequence[str]) -> list[tuple[str, str]]:
        """Open rooms in these stages that somebody has."""
        rows = [row for row in self.store.rows.values() if row.is_open and row.owner]
        return await self._handed([(r.room, r.owner) for r in rows if r.stage in stages])

    async def snapshot(self, room: str, fold: str) -> tuple[int, bytes] | None:
        """The newest state made by that fold."""
        held = self.store.snapshots.get(room)
        return await self._handed(held[1:] if held and held[0] == fold else None)

    async def receipts(self, room: str) -> list[tuple[str, str, int, int]]:
        """As last saved."""
        held = self.store.receipts.get(room, {})
        return await self._handed([(*key, *value) for key, value in sorted(held.items())])

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
        found: list[tuple[str, Row]] = []
        for row in self.store.rows.values():
            is_in = person in row.people
            visible = is_in if mine else is_in or row.site in sites
            wanted = (
                stage in ("", row.stage)
                and site in ("", row.site)
                and urgency in ("", row.urgency)
                and (row.is_open or not open_only)
            )
            if visible and wanted and (mine or person not in row.removed):
                found.append((_CURSOR.join((row.urgency, row.requested_at, row.room)), row))
        page = sorted((one for one in found if one[0] > after), key=lambda one: one[0])[:limit]
        cursor = page[-1][0] if len(page) == limit and page else ""
        return await self._handed(([row for _, row in page], cursor))
