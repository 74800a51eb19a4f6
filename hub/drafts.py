"""Drafts of reports: kept on the disk at every save, seen by their author alone.

A draft is no act: nobody is told of it and nothing follows from it, so it stands beside the journal
and not in it (docs/decisions). That somebody was writing stands in the room's trace, once a minute
at most, with the hash of what was written and without a word of it (W-23).
"""

import asyncio
from hashlib import sha256

from hub.clock import rfc3339
from hub.ports import Clock, Journal
from hub.room.roles import Actor
from hub.trace import Trace
from persistence import drafts
from persistence.drafts import Kept, Stale
from persistence.entries import StoreUnavailable

NOTE_S = 60.0
"""Least seconds between two notes in the trace that one person writes in one room."""
MOST_NOTED = 10_000


class Drafts:
    """The drafts of every room of this hub. Everything raises `StoreUnavailable`."""

    def __init__(self, journal: Journal, clock: Clock, trace: Trace, timeout_s: float) -> None:
        self._journal = journal
        self._clock = clock
        self._trace = trace
        self._timeout_s = timeout_s
        # Monotonic seconds of the last note, by room and person.
        self._noted: dict[tuple[str, str], float] = {}

    async def find(self, room: str, person: str) -> Kept | None:
        """The draft of this author, or None."""
        return await self._journal.query(lambda at: drafts.find(at, room, person))

    async def save(self, room: str, by: Actor, over: int, body: bytes) -> Kept | Stale:
        """Save `body` over version `over`; on the disk once this returns (W-10).

        A store that does not answer in time may have saved it all the same: the retry finds out.
        """
        draft = Kept(0, rfc3339(self._clock.now()), by.device, body)
        try:
            async with asyncio.timeout(self._timeout_s):
                kept = await self._journal.run(
                    lambda at: drafts.put(at, room, by.person, over, draft)
                )
        except TimeoutError:
            raise StoreUnavailable("the store did not answer in time") from None
        if isinstance(kept, Kept):
            self._note(room, by, kept)
        return kept

    async def drop(self, room: str, person: str = "") -> None:
        """Take a draft away, or every draft of the room."""
        await self._journal.run(lambda at: drafts.drop(at, room, person))

    def _note(self, room: str, by: Actor, kept: Kept) -> None:
        now = self._clock.monotonic()
        key = (room, by.person)
        if now - self._noted.get(key, -NOTE_S) < NOTE_S:
            return
        if len(self._noted) >= MOST_NOTED:
            self._noted.clear()
        self._noted[key] = now
        who = {"person": by.person, "device": by.device, "role": by.role.value}
        told = {"version": kept.version, "sha256": sha256(kept.body).hexdigest()}
        self._trace.note(room, "draft", who | told)
