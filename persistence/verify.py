"""Whether the journal is whole: every chain from its root, and every index against its entry.

A chain shows what was changed, taken out or put elsewhere before its last entry. That last entries
were cut off it cannot show; here only what else still speaks of them does (indexes, worklist,
saved states, receipts). Whoever cuts those too is found out by the transparency log alone
(docs/proof.md).
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from persistence import chain, database
from persistence.entries import Stream

_ALL = (
    "SELECT room, stream, seq, at, id, cid, kind, actor, body_hash, digest, body FROM entries "
    "{where} ORDER BY n"
)
_OF_ROOM = (
    "WHERE n IN (SELECT n FROM places WHERE room = :room) "
    "OR (n > (SELECT folded FROM meta) AND room = :room)"
)

_POINTING = (
    (
        "the index knows an entry that is missing or is another",
        (
            "SELECT p.room, p.stream, p.seq FROM places p LEFT JOIN entries e ON e.n = p.n "
            "WHERE (e.n IS NULL OR e.room <> p.room OR e.stream <> p.stream OR e.seq <> p.seq)"
            "{room} ORDER BY 1, 2, 3 LIMIT 1"
        ),
    ),
    (
        "a retry key points nowhere or to another entry",
        (
            "SELECT p.room, 1, coalesce(e.seq, 0) FROM retries p LEFT JOIN entries e ON e.n = p.n "
            "WHERE (e.n IS NULL OR e.room <> p.room OR e.author IS NOT p.author OR e.cid <> p.cid)"
            "{room} ORDER BY 1, 2, 3 LIMIT 1"
        ),
    ),
)
"""What every index entry must point to."""

_COUNTS = (
    "SELECT (SELECT count(*) FROM entries WHERE n <= folded) = (SELECT count(*) FROM places) "
    "AND (SELECT count(author) FROM entries WHERE n <= folded) = (SELECT count(*) FROM retries) "
    "FROM meta"
)
"""Whether there are as many index entries as there must be: then, as each points to another entry,
none is missing."""

_LACKING = (
    (
        "the index does not know this entry",
        (
            "SELECT p.room, p.stream, p.seq FROM entries p LEFT JOIN places i "
            "ON i.room = p.room AND i.stream = p.stream AND i.seq = p.seq "
            "WHERE p.n <= (SELECT folded FROM meta) AND i.n IS NOT p.n"
            "{room} ORDER BY 1, 2, 3 LIMIT 1"
        ),
    ),
    (
        "the retry key of this entry is missing",
        (
            "SELECT p.room, p.stream, p.seq FROM places p JOIN entries e ON e.n = p.n "
            "LEFT JOIN retries r ON r.room = e.room AND r.author = e.author AND r.cid = e.cid "
            "WHERE e.author IS NOT NULL AND r.n IS NOT e.n{room} ORDER BY 1, 2, 3 LIMIT 1"
        ),
    ),
)

_WITNESSES = (
    ("the worklist", "SELECT room, max(seq) FROM worklist GROUP BY room"),
    ("a saved state", "SELECT room, max(seq) FROM snapshots GROUP BY room"),
    ("a receipt", "SELECT room, max(max(got, seen)) FROM receipts GROUP BY room"),
)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a journal is not whole: `seq` is the first that cannot be trusted, 0 where unknown."""

    room: str
    stream: Stream
    seq: int
    what: str

    def __str__(self) -> str:
        stream = "" if self.stream is Stream.JOURNAL else f" of the {self.stream.name.lower()}"
        return f"{self.room} {self.seq}{stream}: {self.what}"


@dataclass(slots=True)
class Verifier:
    """One look at a database; `entries` and `heads` are what it has seen."""

    driver: sqlite3.Connection
    # The epoch of the database.
    epoch: str = ""
    # Entries whose digest was computed.
    entries: int = 0
    # (seq, digest) by (room key, stream).
    heads: dict[tuple[int, int], tuple[int, bytes]] = field(default_factory=dict)
    # Streams that are broken: only their first break is told.
    _broken: set[tuple[int, int]] = field(default_factory=set)
    # Names of rooms.
    names: dict[int, bytes] = field(default_factory=dict)

    def run(self, room: str = "") -> Iterator[Break]:
        """Every break, in the order of arrival; of one room where `room` is given."""
        try:
            self.driver.execute("BEGIN")
            self.epoch = self.driver.execute("SELECT epoch FROM meta").fetchone()[0].decode()
            self.names = dict(self.driver.execute("SELECT key, room FROM rooms").fetchall())
            key = next((key for key, name in self.names.items() if name == room.encode()), None)
            if room and key is None:
                yield Break(room, Stream.JOURNAL, 0, "there is no such room")
                return
            yield from self._chains(key)
            yield from self._indexes(key)
            yield from self._cut(key)
            if not room:
                yield from self._image()
        except sqlite3.DatabaseError as error:
            yield Break("?", Stream.JOURNAL, 0, f"the database cannot be read: {error}")
        finally:
            if self.driver.in_transaction:
                self.driver.rollback()

    def _chains(self, only: int | None) -> Iterator[Break]:
        sql = _ALL.format(where="" if only is None else _OF_ROOM)
        rows = self.driver.execute(sql, {} if only is None else {"room": only})
        names, heads, broken, root = self.names, self.heads, self._broken, (0, chain.ROOT)
        for key, stream, seq, *header, hashed, digest, body in rows:
            slot = (key, stream)
            if slot in broken:
                continue
            head, previous = heads.get(slot, root)
            try:
                signed = chain.header_of_bytes(stream, names.get(key, b""), seq, *header)
                if (
                    seq == head + 1
                    and chain.digest(previous, signed, hashed) == digest
                    and (body is None or chain.body_hash(body) == hashed)
                ):
                    heads[slot] = (seq, digest)
                    self.entries += 1
                    continue
                follows = chain.digest(previous, signed, hashed) == digest
            except TypeError:
                broken.add(slot)
                yield self._break(slot, head + 1, "entry changed: a column is of another type")
                continue
            broken.add(slot)
            if seq != head + 1:
                yield self._break(slot, min(seq, head + 1), self._misplaced(slot, seq, head))
            elif key not in names:
                yield self._break(slot, seq, "entry changed: its room has no name")
            elif follows:
                yield self._break(slot, seq, "entry changed: the body is not the one hashed")
            else:
                yield self._break(slot, seq, "entry changed: its digest does not follow from it")

    def _break(self, slot: tuple[int, int], seq: int, what: str) -> Break:
        key, stream = slot
        known = stream in tuple(Stream)
        name = self.name(key)
        return Break(name, Stream(stream) if known else Stream.JOURNAL, seq, what)

    def name(self, key: int) -> str:
        """The room with `key`."""
        name = self.names.get(key)
        return f"(room key {key})" if name is None else name.decode("utf-8", "replace")

    def _misplaced(self, slot: tuple[int, int], seq: int, head: int) -> str:
        """Why `seq` stands where `head + 1` should."""
        sql = "SELECT 1 FROM entries WHERE room = ? AND stream = ? AND seq = ? LIMIT 1"
        if seq <= head:
            return f"order changed: seq {seq} stands again after {head}"
        if self.driver.execute(sql, (*slot, head + 1)).fetchone():
            return f"order changed: seq {seq} stands where {head + 1} should"
        missing = f"{head + 1}" if seq == head + 2 else f"{head + 1} to {seq - 1}"
        return f"entry missing: {missing}"

    def _indexes(self, only: int | None) -> Iterator[Break]:
        checks = list(_POINTING)
        if only is not None:
            checks.append(_LACKING[1])  # one room is read by its index: what it lacks was missed
        elif not self.driver.execute(_COUNTS).fetchone()[0]:
            checks += _LACKING
        room = "" if only is None else f" AND p.room = {only:d}"
        for what, sql in checks:
            for key, stream, seq in self.driver.execute(sql.format(room=room)):
                yield self._break((key, stream), seq, what)

    def _cut(self, only: int | None) -> Iterator[Break]:
        """Rooms of which something knows more than their journal holds."""
        for who, sql in _WITNESSES:
            for key, seq in self.driver.execute(sql):
                slot = (key, int(Stream.JOURNAL))
                head = self.heads.get(slot, (0, b""))[0]
                if seq > head and slot not in self._broken and only in (None, key):
                    self._broken.add(slot)
                    yield self._break(slot, head + 1, f"tail cut: {who} knows of seq {seq}")

    def _image(self) -> Iterator[Break]:
        """What SQLite itself finds wrong."""
        for (said,) in self.driver.execute("PRAGMA integrity_check(5)"):
            if said != b"ok":
                what = f"the database file is damaged: {said.decode('utf-8', 'replace')}"
                yield Break("?", Stream.JOURNAL, 0, what)


def verifier(path: Path) -> Verifier:
    """A verifier of the database at `path`. Raises `sqlite3.Error` where it cannot be opened."""
    try:
        # Only a connection that may write takes its log and its shared memory away when it ends.
        driver = database.connect(path, "rw", 5.0)
        driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        driver = database.connect(path, "ro", 5.0)
    driver.execute("PRAGMA query_only = ON")
    driver.text_factory = bytes  # what is no UTF-8 any more must be named, not met with an error
    return Verifier(driver)
