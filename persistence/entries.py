"""What the store keeps: entries, and the appends that bring them in.

An entry stands in one of two streams of a room, journal or trace, at one `seq`, gap-free from 1.
`digest = SHA-256(previous digest ‖ header ‖ SHA-256(body))` (chain.py), so a body can be erased at
term and the chain still verifies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from msgspec import Struct


class Stream(IntEnum):
    """The two streams of a room: what was done and said, and what was seen of it."""

    JOURNAL = 1
    TRACE = 2


@dataclass(slots=True, frozen=True)
class Entry:
    """An entry as stored. `body` is None where it was erased at term.

    `at` is RFC 3339 UTC with milliseconds; `actor` the JSON bytes of `from` as sent; `id` the
    event's UUIDv7; `cid` the client's own id, empty where none.
    """

    stream: Stream
    room: str
    seq: int
    at: str
    id: str
    actor: bytes
    kind: str
    cid: str
    body: bytes | None
    body_hash: bytes
    digest: bytes


class Draft(Struct, eq=False):
    """An entry that has no digest yet, to be appended right after `seq - 1`."""

    stream: Stream
    room: str
    seq: int
    at: str
    id: str
    actor: bytes
    kind: str
    cid: str
    body: bytes


class Retry(Struct, frozen=True):
    """The key that makes a retry recognised for the life of the room (W-12).

    Unique on (room, person, device, cid). `request_hash` is 16 bytes over what was asked, so that
    the same cid with another body is told apart.
    """

    room: str
    person: str
    device: str
    cid: str
    request_hash: bytes


@dataclass(slots=True, frozen=True)
class Row:
    """The worklist's row of a room, written in the transaction of the event that changed it.

    `summary` is the JSON that the worklist shows; the columns beside it are what it filters by.
    `due_at` is the limit of the next move, empty where none. `people` are the persons of the room,
    `removed` those who were taken out of it and do not find it in their worklist any more.
    `measured` is JSON for the figures, which no row shows.
    """

    room: str
    seq: int
    site: str
    stage: str
    urgency: str
    requested_at: str
    due_at: str
    owner: str
    is_open: bool
    summary: bytes
    people: tuple[str, ...]
    removed: tuple[str, ...] = ()
    measured: bytes = b""


@dataclass(slots=True, frozen=True)
class Stored:
    """The drafts are on the disk."""


@dataclass(slots=True, frozen=True)
class Duplicate:
    """Nothing was written: this `Retry` was stored before, as `seq`, with `request_hash`."""

    seq: int
    request_hash: bytes


@dataclass(slots=True, frozen=True)
class Conflict:
    """Nothing was written: the stream's head was not `seq - 1` but `head`. Read, decide again."""

    head: int


@dataclass(slots=True, frozen=True)
class Recheck:
    """Nothing was written: another process changed rights in the directory since the last batch.

    Ask again who may do what, then submit again. Only appends with a `Retry`, which persons give,
    settle so (W-22: checked again at every act).
    """


@dataclass(slots=True, frozen=True)
class Unavailable:
    """Nothing is known to be written: the store failed. `reason` is for the log, without data."""

    reason: str


Outcome = Stored | Duplicate | Conflict | Recheck | Unavailable


class Append(Struct, eq=False):
    """The drafts of one act, stored together or not at all.

    `follows` is the append that this one was decided on: where that one was not stored, this is not
    either, even if its seq would fit. `outcome` is set when the append is settled. `abandoned` set
    by the caller before the writer took it up means: do not write it any more. `tag` is the
    caller's own.
    """

    drafts: list[Draft]
    retry: Retry | None = None
    row: Row | None = None
    tag: object = None
    follows: "Append | None" = None
    abandoned: bool = False
    outcome: Outcome | None = None


Settled = Callable[[list[Append]], None]
"""Called on the event loop, once a batch, in the order of submission."""


class StoreUnavailable(Exception):
    """The store cannot answer now: locked, full, read-only, gone or broken (W-19)."""


class UnsafeStore(Exception):
    """The store would lose what it promises to keep; start-up refuses it (W-10)."""
