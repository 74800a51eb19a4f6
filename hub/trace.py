"""The trace of each room: receipts, presence, pointers, signalling, who opened which image.

Written in batches at most a second behind, each batch one entry of the room's second stream with
its own chain (W-23). A batch that the store refuses is tried again; what memory cannot hold
meanwhile is counted, and the count is written.
"""

from collections.abc import Callable
from typing import Any

import structlog

from hub.clock import rfc3339
from hub.ports import Clock, Journal
from hub.room.roles import SYSTEM
from hub.wire.frames import dumps
from persistence.entries import Append, Conflict, Draft, Stored, StoreUnavailable, Stream

MAX_RECORDS = 50_000
"""Records held for all rooms while the store does not take them."""
BATCH = 2000
"""Records of one entry."""

log = structlog.get_logger("hub.trace")
_actor = dumps(SYSTEM)


class Trace:
    """Gathers records and writes them."""

    def __init__(self, journal: Journal, clock: Clock, mint: Callable[[], str]) -> None:
        self._journal = journal
        self._clock = clock
        self._mint = mint
        # Records that are not submitted, by room.
        self._held: dict[str, list[dict[str, Any]]] = {}
        # How many these are, in all rooms.
        self._count = 0
        # Records dropped for want of memory since the last batch that told of it.
        self._lost = 0
        # Last seq of each room's trace.
        self._heads: dict[str, int] = {}
        # Rooms with a batch on its way: one at a time keeps a room's batches in order.
        self._flying: dict[str, list[dict[str, Any]]] = {}

    def note(self, room: str, what: str, record: dict[str, Any]) -> None:
        """Keep `record` of kind `what`; its time is stamped here."""
        if self._count >= MAX_RECORDS:
            self._lost += 1
            return
        self._count += 1
        stamped = {"at": rfc3339(self._clock.now()), "what": what} | record
        self._held.setdefault(room, []).append(stamped)

    async def flush(self) -> None:
        """Submit what is held. Called at least once a second."""
        for room in list(self._held):
            if room in self._flying:
                continue
            if room not in self._heads:
                try:
                    self._heads[room] = await self._journal.head(Stream.TRACE, room)
                except StoreUnavailable:
                    return
            held = self._held.pop(room, [])
            if len(held) > BATCH:
                self._held[room] = held[BATCH:]
            self._submit(room, held[:BATCH])

    def _submit(self, room: str, records: list[dict[str, Any]]) -> None:
        if self._lost:
            records = [
                *records,
                {"at": rfc3339(self._clock.now()), "what": "lost", "n": self._lost},
            ]
            self._count += 1
            self._lost = 0
        self._flying[room] = records
        draft = Draft(
            stream=Stream.TRACE,
            room=room,
            seq=self._heads[room] + 1,
            at=rfc3339(self._clock.now()),
            id=self._mint(),
            actor=_actor,
            kind="trace.batch",
            cid="",
            body=dumps({"records": records}),
        )
        self._journal.submit(Append(drafts=[draft], tag=self._settled))

    def _settled(self, append: Append) -> None:
        draft = append.drafts[0]
        records = self._flying.pop(draft.room)
        match append.outcome:
            case Stored():
                self._heads[draft.room] = draft.seq
                self._count -= len(records)
            case Conflict(head):
                self._heads[draft.room] = head
                self._held[draft.room] = records + self._held.get(draft.room, [])
            case _:
                self._held[draft.room] = records + self._held.get(draft.room, [])

    def held(self) -> int:
        """Records that are not on the disk."""
        return self._count

    def idle(self) -> bool:
        """Whether everything noted is on the disk."""
        return not self._held and not self._flying

    def forget(self, room: str) -> None:
        """Let go of what is remembered of a room that nobody is in."""
        if room not in self._held and room not in self._flying:
            self._heads.pop(room, None)
