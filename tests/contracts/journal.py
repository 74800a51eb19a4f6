"""A journal under test, and appends of obviously synthetic rooms."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence

from hub.ports import Journal
from persistence.entries import Append, Draft, Outcome, Retry, Row, Stored, Stream

AT = "2026-11-21T23:40:00.123Z"
ACTOR = b'{"person":"p1","name":"Dr TEST-MARTIN","role":"radiologist","site":"s","device":"d1"}'

Open = Callable[[], Awaitable["Opened"]]
"""Opens a journal on the store of this test: again and again, also twice at once."""


class Opened:
    """A started journal, with what it settled."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        # Batches as they were settled.
        self.batches: list[list[Append]] = []
        self._moved = asyncio.Event()
        # Set while the journal says that its store takes writes, and while it says the contrary.
        self.well, self.ill = asyncio.Event(), asyncio.Event()
        self.well.set()
        journal.on_available(self._changed)

    def _changed(self, available: bool) -> None:
        now, before = (self.well, self.ill) if available else (self.ill, self.well)
        now.set()
        before.clear()

    async def start(self) -> "Opened":
        """Start the journal."""
        await self.journal.start(self._settled)
        return self

    def _settled(self, batch: list[Append]) -> None:
        self.batches.append(batch)
        self._moved.set()

    def submit(self, appends: Sequence[Append]) -> None:
        """Submit without waiting."""
        for append in appends:
            self.journal.submit(append)

    async def wait(self, appends: Sequence[Append]) -> list[Outcome]:
        """The outcomes of appends that were submitted."""
        while any(append.outcome is None for append in appends):
            self._moved.clear()
            await asyncio.wait_for(self._moved.wait(), 20)
        return [append.outcome for append in appends if append.outcome]

    async def write(self, *appends: Append) -> list[Outcome]:
        """Submit, and wait for the outcomes."""
        self.submit(appends)
        return await self.wait(appends)

    async def fill(self, room: str, count: int, start: int = 0) -> None:
        """`count` messages after `start`, all stored."""
        outcomes = await self.write(
            *(message(room, seq) for seq in range(start + 1, start + count + 1))
        )
        assert outcomes == [Stored()] * count

    async def seqs(self, room: str, stream: Stream = Stream.JOURNAL) -> list[int]:
        """Every seq of a stream as read."""
        entries = await self.journal.read(stream, room, 0, 1_000_000, 1 << 40)
        return [entry.seq for entry in entries]


def draft(
    room: str,
    seq: int,
    *,
    cid: str = "",
    stream: Stream = Stream.JOURNAL,
    body: bytes = b"",
    kind: str = "message.posted",
) -> Draft:
    """A draft of nothing in particular."""
    text = body or b'{"text":"%d"}' % seq
    return Draft(stream, room, seq, AT, f"id-{room}-{stream}-{seq}", ACTOR, kind, cid, text)


def request_hash(body: bytes) -> bytes:
    """Sixteen bytes over what was asked."""
    return hashlib.sha256(body).digest()[:16]


def message(
    room: str,
    seq: int,
    cid: str = "",
    *,
    person: str = "p1",
    device: str = "d1",
    body: bytes = b"",
    row: Row | None = None,
    tag: object = None,
) -> Append:
    """A message with a retry key; `cid` is made of the seq where none is given."""
    cid = cid or f"c{seq}"
    one = draft(room, seq, cid=cid, body=body)
    return Append([one], Retry(room, person, device, cid, request_hash(one.body)), row, tag)


def row(room: str, seq: int, **columns: object) -> Row:
    """A row of the worklist."""
    values: dict[str, object] = {
        "site": "s1",
        "stage": "requested",
        "urgency": "P1",
        "requested_at": AT,
        "due_at": "",
        "owner": "",
        "is_open": True,
        "summary": b'{"seq":%d}' % seq,
        "people": ("p1",),
    }
    return Row(room=room, seq=seq, **(values | columns))  # type: ignore[arg-type]  # columns of Row
