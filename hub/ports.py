"""The ports of the hub: what it needs of the world, each with the guarantee that it must give.

Adapters match by shape; only `app.py` names them. The same contract tests run on every adapter.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hub.imaging.look import Located, Look
from hub.notify.notice import Address, Channel, Notice, Outcome
from persistence.entries import Append, Entry, Row, Settled, Stream

T = TypeVar("T")


class Clock(Protocol):
    """The time of the hub."""

    def now(self) -> datetime:
        """Aware UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back."""


class Journal(Protocol):
    """The store of entries: the only truth.

    Guarantee: an append whose outcome is `Stored` has reached the disk; appends settle in the
    order of their submission; after `Unavailable`, `Conflict` or `Duplicate` nothing of that
    append was written (after `Unavailable` that is not known where a commit itself failed).
    """

    epoch: str
    """Changes only when the database was restored (W-13)."""

    async def start(self, on_settled: Settled) -> None:
        """Open, check the safety of the settings, start the writer. Raises `UnsafeStore`."""

    async def stop(self) -> None:
        """Settle everything submitted, then close."""

    def submit(self, append: Append) -> None:
        """Queue for the next group commit. Never blocks, never raises."""

    def available(self) -> bool:
        """Whether the last write or probe succeeded."""

    def on_available(self, changed: Callable[[bool], None]) -> None:
        """Have `changed(available)` called on the event loop, each time that changes."""

    async def read(
        self, stream: Stream, room: str, after: int, limit: int, max_bytes: int
    ) -> list[Entry]:
        """Entries `after+1…` in order: at most `limit`, and at most `max_bytes` of bodies but at
        least one. Raises `StoreUnavailable`."""

    async def head(self, stream: Stream, room: str) -> int:
        """The last seq, 0 where there is none."""

    async def heads(self, rooms: Sequence[str]) -> dict[str, int]:
        """The last seq of each room's journal; rooms without entries are left out."""

    async def retry(
        self, room: str, person: str, device: str, cid: str
    ) -> tuple[int, bytes] | None:
        """What was stored for this retry key (W-12): (seq, request_hash), or None."""

    async def due(self, before: str) -> list[str]:
        """Open rooms whose row's `due_at` is set and not after `before` (RFC 3339), at most 500."""

    async def owned(self, stages: Sequence[str]) -> list[tuple[str, str]]:
        """(room, owner) of the open rooms in these stages that somebody has."""

    async def snapshot(self, room: str, fold: str) -> tuple[int, bytes] | None:
        """The newest saved state of `room` made by the fold named `fold`: (seq, JSON)."""

    async def save_snapshot(self, room: str, fold: str, seq: int, state: bytes) -> None:
        """Keep a state, to be replaced by the next. A cache: losing it loses nothing."""

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
        """The worklist: rooms of `sites` and rooms that `person` is in, by urgency then time of
        request; and the cursor of the next page, empty at the end."""

    async def receipts(self, room: str) -> list[tuple[str, str, int, int]]:
        """(person, device, got, seen) as last saved."""

    async def save_receipts(self, room: str, rows: Sequence[tuple[str, str, int, int]]) -> None:
        """Upsert receipts; the larger value wins."""

    async def run(self, job: Callable[[Any], T]) -> T:
        """Run `job(connection)` on the writer, in a transaction of its own: other tables of the
        same database (directory) have no second writer."""

    async def query(self, job: Callable[[Any], T]) -> T:
        """Run `job(connection)` on a reader."""


class Bus(Protocol):
    """Tells other nodes that a room moved. A hint: it may lose, repeat and reorder (W-20)."""

    async def start(self, on_moved: Callable[[str, int], None]) -> None:
        """`on_moved(room, head)` is called on the event loop for news from elsewhere."""

    async def stop(self) -> None:
        """Let go."""

    def moved(self, room: str, head: int) -> None:
        """Say that `room` is now at `head`. Never blocks, never raises."""

    def healthy(self) -> bool:
        """False while hints are known not to arrive."""


class ImageStore(Protocol):
    """Where DICOM instances are found (issue: a PACS later; now the hub's own folder)."""

    async def rendered(
        self,
        *,
        study: str,
        series: str = "",
        sop: str = "",
        frame: int | None = None,
        window: tuple[float, float, str] | None = None,
        viewport: tuple[int, int] | None = None,
        arrows: Sequence[tuple[float, float, float | None, float | None, str]] = (),
    ) -> tuple[bytes, str]:
        """(JPEG, strong ETag). Raises `ImageProblem`. Bounded in time and memory, off the loop."""

    async def has(self, study: str, series: str = "", sop: str = "") -> bool:
        """Whether something of that name is there."""

    async def series_of(self, study: str) -> list[dict[str, Any]]:
        """Series of a study: uid, modality, description, number, body_part, instances[{sop, n,
        frames, rows, columns, sop_class, position}]."""

    async def locate(
        self, study: str, series: str = "", sop: str = "", frame: int | None = None
    ) -> Located:
        """The frame that `rendered` would show, without drawing it. Raises `ImageProblem`."""

    def etag(self, located: Located, look: Look) -> str:
        """The strong ETag of that picture, without drawing it."""

    async def picture(self, located: Located, look: Look) -> bytes:
        """The JPEG. Raises `ImageProblem`. Bounded in time and memory, off the loop."""

    async def attach(self, study: str, room: str) -> bool:
        """Attach a study to a room, for good, because it was shared there; it need not have
        arrived. False: it belongs to another room, and nothing was changed."""

    async def room_of(self, study: str) -> str:
        """The room that a study belongs to, empty where none."""

    async def studies_of(self, room: str) -> list[dict[str, Any]]:
        """Studies of a room of which something is there: uid, date, time, description, accession,
        modalities[], series, instances (both numbers)."""


class StepUp(Protocol):
    """Whether somebody who is logged in must prove themself again before they sign."""

    async def wanted(self, person: str) -> bool:
        """True where a fresh proof is missing. Never learns what is signed."""


class Notifier(Protocol):
    """A channel to people who are not looking.

    Guarantee: it never blocks an act (it awaits and never holds the event loop, and ends by itself
    within its timeout); every attempt ends in an `Outcome`, which the caller puts on record; and
    nothing of a patient can leave by it, for a `Notice` has no place for a free word.
    """

    channel: Channel

    async def send(self, notice: Notice, to: Address) -> Outcome:
        """One attempt. Raises nothing for what the other side does."""
