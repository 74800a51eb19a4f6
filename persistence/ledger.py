"""What the writer knows of the store, and how a batch becomes rows.

Every append is judged in memory, under the write lock, against heads and keys that are true because
nobody else has written since (`PRAGMA data_version`), or that have just been read. So a batch needs
no savepoint: only what is right is inserted. After any failure the ledger is thrown away with its
connection, and a new one reads the store again.
"""

import itertools
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from persistence import chain, schema
from persistence.entries import (
    Append,
    Conflict,
    Draft,
    Duplicate,
    Outcome,
    Recheck,
    Stored,
    Unavailable,
)
from persistence.tail import Spot, Tail

FOLD = 4096
"""Entries between two folds: what a start has to read again, and what a fold is shared by."""
KEPT = 50_000
"""Heads, rooms and authors kept in memory when everything is folded."""
CHUNK = 64
"""Retry keys looked up by one statement."""
FEW = 4
"""Up to how many of them are looked up one by one."""

Head = tuple[int, bytes]
Key = tuple[int, int, str]
STORED = Stored()

INSERT_ENTRY = str(insert(schema.entries).compile(dialect=sqlite_dialect()))
STROKE = 32
"""Entries inserted by one statement: the driver gives the interpreter away and takes it back once
a statement, and each time may wait for the loop."""
_INTO, _, _VALUES = INSERT_ENTRY.partition("VALUES ")
INSERT_STROKE = f"{_INTO}VALUES {', '.join([_VALUES] * STROKE)}"
_LOOKUP = (
    "WITH w(room, author, cid) AS (VALUES {rows}) "
    "SELECT r.room, r.author, r.cid, e.seq, e.request_hash FROM w "
    "CROSS JOIN retries r ON r.room = w.room AND r.author = w.author AND r.cid = w.cid "
    "CROSS JOIN entries e ON e.n = r.n"
)
LOOKUP_MANY = _LOOKUP.format(rows=", ".join(["(?, ?, ?)"] * CHUNK))
LOOKUP_ONE = _LOOKUP.format(rows="(?, ?, ?)")
FOLD_PLACES = (
    "INSERT INTO places (room, stream, seq, n) "
    "SELECT room, stream, seq, n FROM entries WHERE n > ? ORDER BY room, stream, seq"
)
FOLD_RETRIES = (
    "INSERT INTO retries (room, author, cid, n) "
    "SELECT room, author, cid, n FROM entries WHERE n > ? AND author IS NOT NULL "
    "ORDER BY room, author, cid"
)
NEWEST = (
    "SELECT n, room, stream, seq, author, cid, request_hash, digest FROM entries "
    "WHERE n > ? ORDER BY n"
)
ADD_ROOM = "INSERT INTO rooms (room) VALUES (?)"
ADD_AUTHOR = "INSERT INTO authors (person, device) VALUES (?, ?)"
HEAD = (
    "SELECT p.seq, e.digest FROM places p JOIN entries e ON e.n = p.n "
    "WHERE p.room = ? AND p.stream = ? ORDER BY p.seq DESC LIMIT 1"
)

RECHECK = Recheck()


class Ledger:
    """The store as its one writer sees it. Every call stands inside a transaction of the caller."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver = driver
        # SQLite's count of what other connections wrote, as of our last look.
        self._version = -1
        # Keys of rooms and of authors that were used.
        self._rooms: dict[str, int] = {}
        self._authors: dict[tuple[str, str], int] = {}
        # Heads by slot (room key * 4 + stream): of all that is not folded, and of what was used.
        self._heads: dict[int, Head] = {}
        # Retry keys that are not folded: (seq, request_hash).
        self._recent: dict[Key, tuple[int, bytes]] = {}
        # The last entry, and the last that is folded.
        self.last = 0
        self.folded = -1
        # The digest of the last entry, by which a reopened file is recognised.
        self.last_digest: bytes | None = None
        # Where the entries stand that are not folded, for readers.
        self.tail = Tail(0)
        # Entries that wait for `write`, or for the commit.
        self._rows: list[tuple[Any, ...]] = []

    # -- what others wrote -------------------------------------------------------------------

    def look(self) -> bool:
        """Take in what another process wrote since the last look; gives whether it wrote."""
        version = self._one("PRAGMA data_version")
        if version == self._version:
            return False
        folded = self._one("SELECT folded FROM meta")
        if folded != self.folded:
            self._heads.clear()
            self._recent.clear()
            self.folded = self.last = folded
            self.last_digest = self._digest(folded)
            self.tail = Tail(folded)
        spots: list[Spot] = []
        for n, room, stream, seq, author, cid, request_hash, digest in self._driver.execute(
            NEWEST, (self.last,)
        ):
            self._heads[room * 4 + stream] = (seq, digest)
            if author is not None:
                self._recent[room, author, cid] = (seq, request_hash)
            spots.append((room * 4 + stream, seq, n))
            self.last, self.last_digest = n, digest
        self.tail.add(spots)
        self._version = version
        return True

    def holds(self, n: int, digest: bytes | None) -> bool:
        """Whether the store still holds the entry that was acknowledged last."""
        return self._digest(n) == digest

    def _digest(self, n: int) -> bytes | None:
        digest: bytes | None = self._one("SELECT digest FROM entries WHERE n = ?", (n,))
        return digest

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        row = self._driver.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def room(self, room: str) -> int:
        """The key of a room, given where it has none."""
        key = self._rooms.get(room)
        if key is None:
            key = self._intern("SELECT key FROM rooms WHERE room = ?", ADD_ROOM, (room,))
            self._rooms[room] = key
        return key

    def _author(self, person: str, device: str) -> int:
        who = (person, device)
        key = self._authors.get(who)
        if key is None:
            find = "SELECT key FROM authors WHERE person = ? AND device = ?"
            key = self._authors[who] = self._intern(find, ADD_AUTHOR, who)
        return key

    def _intern(self, find: str, add: str, values: tuple[str, ...]) -> int:
        key = self._one(find, values)
        return int(self._driver.execute(add, values).lastrowid or 0) if key is None else int(key)

    # -- judging -----------------------------------------------------------------------------

    def judge(self, appends: Sequence[Append], *, recheck: bool = False) -> list[Outcome]:
        """What becomes of each append, in order. What is to be stored waits for `write`.

        `recheck`: rights changed elsewhere, so what persons do is put back to be asked again.
        """
        self._rows = []
        keys = [self._key(append) for append in appends]
        known = self._known([key for key in keys if key])
        outcomes: list[Outcome] = []
        judged: dict[int, Outcome] = {}
        for append, key in zip(appends, keys, strict=True):
            base = append.follows
            if base is not None and not isinstance(judged.get(id(base), base.outcome), Stored):
                outcome: Outcome = self._groundless(append)
            elif recheck and key:
                outcome = RECHECK
            else:
                outcome = self._judge(append, key, known)
            judged[id(append)] = outcome
            outcomes.append(outcome)
        return outcomes

    def _groundless(self, append: Append) -> Outcome:
        """What it was decided on is not there; its seq may fit, on somebody else's act."""
        if append.abandoned or not append.drafts:
            return Unavailable("abandoned before it was written")
        first = append.drafts[0]
        return Conflict(self._head(self.room(first.room) * 4 + first.stream)[0])

    def _key(self, append: Append) -> Key | None:
        retry = append.retry
        if retry is None or append.abandoned:
            return None
        # The fold makes the index from the entry, so the entry's own room and cid are the key.
        first = append.drafts[0] if append.drafts else retry
        return self.room(first.room), self._author(retry.person, retry.device), first.cid

    def _known(self, keys: list[Key]) -> dict[Key, tuple[int, bytes]]:
        """Those of `keys` that were folded: one statement for many."""
        found: dict[Key, tuple[int, bytes]] = {}
        size, sql = (CHUNK, LOOKUP_MANY) if len(keys) > FEW else (1, LOOKUP_ONE)
        for start in range(0, len(keys), size):
            chunk = keys[start : start + size]
            values: list[Any] = [*itertools.chain.from_iterable(chunk)]
            values += [None] * (3 * (size - len(chunk)))
            for room, author, cid, seq, request_hash in self._driver.execute(sql, values):
                found[room, author, cid] = (seq, request_hash)
        return found

    def _judge(
        self, append: Append, key: Key | None, known: dict[Key, tuple[int, bytes]]
    ) -> Outcome:
        if append.abandoned:
            return Unavailable("abandoned before it was written")
        if key and (before := self._recent.get(key) or known.get(key)):
            return Duplicate(*before)
        drafts = append.drafts
        slots = [self.room(draft.room) * 4 + draft.stream for draft in drafts]
        if (head := self._misfit(drafts, slots)) is not None:
            return Conflict(head)
        author = request_hash = None
        if key and append.retry and drafts:
            author, request_hash = key[1], append.retry.request_hash
            self._recent[key] = (drafts[0].seq, request_hash)
        for draft, slot in zip(drafts, slots, strict=True):
            self._add(draft, slot, author, request_hash)
            author = request_hash = None  # the first entry is the one that the retry led to
        return STORED

    def _misfit(self, drafts: Sequence[Draft], slots: Sequence[int]) -> int | None:
        """The head that one of the drafts does not stand on, None where all do."""
        if len(drafts) == 1:  # nearly every act
            head = self._head(slots[0])[0]
            return None if drafts[0].seq == head + 1 else head
        heads: dict[int, int] = {}
        for draft, slot in zip(drafts, slots, strict=True):
            head = heads[slot] if slot in heads else self._head(slot)[0]
            if draft.seq != head + 1:
                return head
            heads[slot] = draft.seq
        return None

    def _head(self, slot: int) -> Head:
        head = self._heads.get(slot)
        if head is None:
            row = self._driver.execute(HEAD, (slot >> 2, slot & 3)).fetchone()
            head = self._heads[slot] = row or (0, chain.ROOT)
        return head

    def _add(self, draft: Draft, slot: int, author: int | None, request_hash: bytes | None) -> None:
        seq, at, id, cid, kind = draft.seq, draft.at, draft.id, draft.cid, draft.kind
        actor, body, stream, rows = draft.actor, draft.body, slot & 3, self._rows
        header = chain.header(stream, draft.room, seq, at, id, cid, kind, actor)
        hashed, digest = chain.link(self._heads[slot][1], header, body)
        self._heads[slot] = (seq, digest)
        n = self.last + len(rows) + 1
        rows.append((
            n, slot >> 2, stream, seq, author, request_hash, at, id, kind, cid, actor, hashed,
            digest, body,
        ))  # fmt: skip

    # -- writing -----------------------------------------------------------------------------

    def write(self) -> None:
        """Insert what was judged right, and fold where it is time."""
        if self._rows:
            whole = len(self._rows) // STROKE * STROKE
            for start in range(0, whole, STROKE):
                stroke = itertools.chain.from_iterable(self._rows[start : start + STROKE])
                self._driver.execute(INSERT_STROKE, [*stroke])
            if whole < len(self._rows):
                self._driver.executemany(INSERT_ENTRY, self._rows[whole:])
            if self.last + len(self._rows) - self.folded >= FOLD:
                self.fold()

    def fold(self) -> None:
        """Bring `places` and `retries` up to the last entry."""
        self._driver.execute(FOLD_PLACES, (self.folded,))
        self._driver.execute(FOLD_RETRIES, (self.folded,))
        self.folded = self.last + len(self._rows)
        self._driver.execute("UPDATE meta SET folded = ?", (self.folded,))

    def committed(self) -> None:
        """Show readers what is on the disk now."""
        tail, rows = self.tail, self._rows
        if rows:
            tail.add([(row[1] * 4 + row[2], row[3], row[0]) for row in rows])
            self.last, self.last_digest = tail.last, rows[-1][12]
            self._rows = []
        if self.folded == self.last != tail.upto:
            self.tail = tail.folded(self.last)
            self._recent.clear()
            for kept in (self._heads, self._rooms, self._authors):
                if len(kept) > KEPT:
                    kept.clear()
