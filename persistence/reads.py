"""What readers ask: entries, heads, retries, snapshots, receipts; on a connection that only reads.

Each function runs inside one snapshot of the database. What `places` does not know yet is found
through the writer's `Tail`, and beyond it at the end of `entries` (another process may write too).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from persistence.entries import Entry, Stream
from persistence.tail import Tail

CHUNK = 200
"""Values of one IN list."""

_PLACED = (
    "SELECT e.seq, e.at, e.id, e.actor, e.kind, e.cid, e.body, e.body_hash, e.digest "
    "FROM places p JOIN entries e ON e.n = p.n "
    "WHERE p.room = ? AND p.stream = ? AND p.seq > ? ORDER BY p.seq LIMIT ?"
)
_NUMBERED = (
    "SELECT seq, at, id, actor, kind, cid, body, body_hash, digest FROM entries "
    "WHERE n IN (SELECT value FROM json_each(?)) AND room = ? AND stream = ? ORDER BY n"
)
_NEWEST = (
    "SELECT seq, n FROM entries WHERE n > ? AND room = ? AND stream = ? AND seq > ? ORDER BY n"
)
_RETRY = (
    "SELECT e.seq, e.request_hash FROM retries r JOIN entries e ON e.n = r.n "
    "WHERE r.room = ? AND r.author = ? AND r.cid = ?"
)
_NEWEST_RETRY = (
    "SELECT seq, request_hash FROM entries WHERE n > ? AND room = ? AND author = ? AND cid = ?"
)
_HEADS = (
    "SELECT r.key, r.room, (SELECT max(p.seq) FROM places p WHERE p.room = r.key AND p.stream = ?) "
    "FROM rooms r WHERE r.room IN ({marks})"
)
_NEWEST_HEADS = "SELECT room, max(seq) FROM entries WHERE n > ? AND stream = ? GROUP BY room"


def room_key(at: Connection, room: str) -> int | None:
    """The key of a room, None where nothing was ever written of it."""
    key: int | None = _scalar(at, "SELECT key FROM rooms WHERE room = ?", (room,))
    return key


def _scalar(at: Connection, sql: str, values: tuple[Any, ...] = ()) -> Any:
    return at.exec_driver_sql(sql, values).scalar()


def _unfolded(at: Connection, tail: Tail, key: int, stream: int, after: int) -> list[int]:
    """Numbers of the entries after `after` that `places` of this snapshot does not know."""
    folded = _scalar(at, "SELECT folded FROM meta")
    spots: dict[int, int] = {}
    beyond = folded
    if tail.base <= folded:
        beyond = max(folded, tail.last)  # read before the spots: what comes between is found twice
        spots = {seq: n for seq, n in tail.spots(key * 4 + stream, after) if n > folded}
    for seq, n in at.exec_driver_sql(_NEWEST, (beyond, key, stream, after)):
        spots[seq] = n
    return [n for _, n in sorted(spots.items())]


def entries(
    at: Connection, tail: Tail, stream: Stream, room: str, after: int, limit: int, max_bytes: int
) -> list[Entry]:
    """`ports.Journal.read`."""
    key = room_key(at, room)
    found: list[Entry] = []
    if key is None:
        return found
    size = 0
    for row in _rows(at, tail, int(stream), key, after, limit):
        seq, when, id, actor, kind, cid, body, body_hash, digest = row
        size += len(body or b"")
        if found and size > max_bytes:
            break
        found.append(Entry(stream, room, seq, when, id, actor, kind, cid, body, body_hash, digest))
        if len(found) >= limit:
            break
    return found


def _rows(
    at: Connection, tail: Tail, stream: int, key: int, after: int, limit: int
) -> Iterator[Iterable[Any]]:
    """Rows from `after` on, folded and not, at least `limit` where there are as many."""
    for row in at.exec_driver_sql(_PLACED, (key, stream, after, limit)):
        yield row
        after, limit = row[0], limit - 1
    if limit > 0:
        numbers = _unfolded(at, tail, key, stream, after)[:limit]
        yield from at.exec_driver_sql(_NUMBERED, (str(numbers), key, stream))


def head(at: Connection, tail: Tail, stream: Stream, room: str) -> int:
    """`ports.Journal.head`."""
    return _heads(at, tail, stream, (room,)).get(room, 0)


def heads(at: Connection, tail: Tail, rooms: Sequence[str]) -> dict[str, int]:
    """`ports.Journal.heads`."""
    found: dict[str, int] = {}
    for start in range(0, len(rooms), CHUNK):
        found |= _heads(at, tail, Stream.JOURNAL, tuple(rooms[start : start + CHUNK]))
    return found


def _heads(at: Connection, tail: Tail, stream: Stream, rooms: tuple[str, ...]) -> dict[str, int]:
    newest = _unfolded_heads(at, tail, int(stream))
    marks = ", ".join("?" * len(rooms))
    sql = _HEADS.format(marks=marks)
    found: dict[str, int] = {}
    for key, room, folded in at.exec_driver_sql(sql, (int(stream), *rooms)):
        if seq := newest.get(key * 4 + stream) or folded:
            found[room] = seq
    return found


def _unfolded_heads(at: Connection, tail: Tail, stream: int) -> dict[int, int]:
    """Heads by slot of what `places` of this snapshot does not know."""
    folded, last = at.exec_driver_sql("SELECT folded, (SELECT max(n) FROM entries) FROM meta").one()
    known = max(folded, tail.last) if tail.base <= folded else folded
    found = tail.heads(folded, last or 0) if tail.base <= folded else {}
    for room, seq in at.exec_driver_sql(_NEWEST_HEADS, (known, stream)):
        found[room * 4 + stream] = seq
    return found


def retry(
    at: Connection, room: str, person: str, device: str, cid: str
) -> tuple[int, bytes] | None:
    """`ports.Journal.retry`."""
    key = room_key(at, room)
    author = _scalar(
        at, "SELECT key FROM authors WHERE person = ? AND device = ?", (person, device)
    )
    if key is None or author is None:
        return None
    found = at.exec_driver_sql(_RETRY, (key, author, cid)).first()
    if found is None:
        folded = _scalar(at, "SELECT folded FROM meta")
        found = at.exec_driver_sql(_NEWEST_RETRY, (folded, key, author, cid)).first()
    return None if found is None else (int(found[0]), bytes(found[1]))


def snapshot(at: Connection, room: str, fold: str) -> tuple[int, bytes] | None:
    """`ports.Journal.snapshot`."""
    sql = "SELECT seq, state FROM snapshots WHERE room = ? AND fold = ?"
    found = at.exec_driver_sql(sql, (room_key(at, room), fold)).first()
    return None if found is None else (int(found[0]), bytes(found[1]))


def receipts(at: Connection, room: str) -> list[tuple[str, str, int, int]]:
    """`ports.Journal.receipts`."""
    sql = "SELECT person, device, got, seen FROM receipts WHERE room = ? ORDER BY person, device"
    return [tuple(row) for row in at.exec_driver_sql(sql, (room_key(at, room),))]
