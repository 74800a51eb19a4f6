"""A room out of the store: the newest saved state, and the events that came after it."""

import hashlib
from importlib.resources import files

from hub.decider import PAGE, PAGE_BYTES
from hub.live import LiveRoom, recorded
from hub.ports import Clock, Journal
from hub.room.evolve import evolve
from hub.room.room import Room
from hub.wire.bodies import decode_room
from persistence.entries import Stream


def _fold_name() -> str:
    """Names the fold by its own source: a state saved by other code is never taken up."""
    digest = hashlib.sha256()
    pure = (*files("hub.room").iterdir(), *files("hub.oncall").iterdir())
    domain = sorted(pure, key=lambda entry: entry.name)
    for file in (*domain, files("hub.wire") / "bodies.py", files("hub") / "live.py"):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


FOLD = _fold_name()


class Loader:
    """Folds rooms from what is stored."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def load(self, room: str) -> LiveRoom | None:
        """The room as it stands in the store; None where there is none."""
        saved = await self._journal.snapshot(room, FOLD)
        state = decode_room(saved[1]) if saved else Room(id=room)
        start = state.seq
        while entries := await self._journal.read(
            Stream.JOURNAL, room, state.seq, PAGE, PAGE_BYTES
        ):
            for entry in entries:
                state = evolve(state, recorded(entry))
        if state.seq == 0:
            return None
        live = LiveRoom(state)
        live.snapshot_seq = start
        live.idle_since = self._clock.monotonic()
        live.attendance.restore(await self._journal.receipts(room))
        return live
