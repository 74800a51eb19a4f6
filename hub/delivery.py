"""From a settled append to everyone: what is on the disk is kept, answered, and then delivered.

Nothing is shown that was not stored (W-10): this is the only place where `kept` moves for acts
decided here, and the only caller of `Reader.offer`.
"""

import asyncio
from collections.abc import Callable, Iterator

import structlog

from hub.live import Act, LiveRoom, Ok, Sent, framed
from hub.metrics import Metrics
from hub.ports import Bus, Clock, Journal
from hub.room.events import Recorded
from hub.room.evolve import evolve
from hub.room.room import Room
from hub.wire.bodies import encode_room
from hub.wire.errors import err
from persistence.entries import (
    Append,
    Conflict,
    Duplicate,
    Recheck,
    Row,
    Stored,
    StoreUnavailable,
    Unavailable,
)

log = structlog.get_logger("hub.delivery")

SNAPSHOT_EVERY = 256
"""Events between two saved states: bounds what a cold room has to fold (performance.md 2)."""


class Delivery:
    """Takes settled batches from the journal."""

    def __init__(
        self,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        metrics: Metrics,
        fold: str,
    ) -> None:
        self._journal = journal
        self._bus = bus
        self._clock = clock
        self._metrics = metrics
        # Name of this version's fold: states saved by another are not read.
        self._fold = fold
        # Called with each row that changed, for those who watch the worklist.
        self.on_row: Callable[[Room, Row], None] = _nobody
        # Called with a room whose line may go on.
        self.serve: Callable[[LiveRoom], None] = _nothing
        # Called with an act that the store knew already, the seq it had and its hash.
        self.repeat: Callable[[Act, int, bytes], None] = _never
        # By kind: called with each such event once it is stored.
        self.hooks: dict[str, Callable[[LiveRoom, Recorded], None]] = {}
        # Called with all events once they are stored and offered, for whom they should reach.
        self.on_stored: Callable[[LiveRoom, list[Sent]], None] = _nowhere
        # States on their way to the store.
        self._tasks: set[asyncio.Task[None]] = set()

    def settled(self, batch: list[Append]) -> None:
        """Answer and deliver a batch, in the order of its submission."""
        moved: dict[LiveRoom, list[Sent]] = {}
        rows: dict[LiveRoom, Row] = {}
        oldest = 0.0
        stored = 0
        settled = self._clock.monotonic()
        for append in batch:
            act = append.tag
            if not isinstance(act, Act) or act.live is None:
                self._elsewhere(append)
                continue
            live = act.live
            # an act and its append hold each other: let go, so that no collector has to come by
            append.tag = append.follows = None
            if type(append.outcome) is Stored and act.generation == live.generation:
                self._keep(live, act)
                if (sent := moved.get(live)) is None:
                    sent = moved[live] = []
                sent += act.sent
                if append.row:
                    rows[live] = append.row
                if act.since < oldest or not oldest:
                    oldest = act.since
                stored += len(act.sent)
            else:
                self._missed(live, act)
        for live, sent in moved.items():
            self.deliver(live, sent)
        for live, row in rows.items():
            try:
                self.on_row(live.kept, row)
            except Exception:  # the worklist must not keep rooms from their events
                log.exception("row_failed", room=live.id)
        if oldest:
            self._metrics.commit(settled - oldest, stored)
            self._metrics.delivered(self._clock.monotonic() - oldest)

    def _elsewhere(self, append: Append) -> None:
        """An append of somebody else's, who gave what to call as its tag."""
        if callable(append.tag):
            append.tag(append)

    def _keep(self, live: LiveRoom, act: Act) -> None:
        live.pending.popleft()
        if act.room_after is not None:
            live.kept = act.room_after
        seq = act.sent[0].seq
        if act.cid:
            live.flying.pop(act.key, None)
            live.remember(act, seq)
        act.answer(Ok(seq))

    def _missed(self, live: LiveRoom, act: Act) -> None:
        """The act did not get to its place: the room's later acts stand on nothing."""
        if act.generation == live.generation:
            live.pending.popleft()  # appends settle in order: this one was the oldest
            live.fall()
        else:
            live.fallen.remove(act)
        if live.flying.get(act.key) is act:
            del live.flying[act.key]
        match act.append.outcome if act.append else None:
            case Duplicate(seq, request_hash):
                live.stale = live.stale or seq > live.kept.seq
                self.repeat(act, seq, request_hash)
            case Conflict() if act.command is None:
                live.stale = True  # the hub's own acts are found due again, on what is there now
            case Conflict():
                live.stale = True
                live.failed.append(act)
            case Recheck():
                act.recheck = True
                live.failed.append(act)
            case Stored():
                # Its base was reported as lost and was not: the store holds more than we thought.
                live.stale = True
                act.answer(Ok(act.sent[0].seq))
            case Unavailable() | None:
                live.stale = True
                self._metrics.refused("storage_unavailable")
                act.answer(err("storage_unavailable", retry_after_ms=1000))
        if not live.fallen:
            live.waiting.extendleft(reversed(live.failed))
            live.failed.clear()
            self.serve(live)

    def deliver(self, live: LiveRoom, sent: list[Sent]) -> None:
        """Give stored events to everyone in the room."""
        if live.hidden is not None:
            self._fold_hidden(live, sent)
        for piece in self._pieces(sent):
            self._offer(live, piece)
            if hook := self.hooks.get(piece[-1].kind):
                try:
                    hook(live, piece[-1].recorded())
                except Exception:  # what hangs on an event must not keep others from theirs
                    log.exception("hook_failed", room=live.id, kind=piece[-1].kind)
        try:
            self.on_stored(live, sent)
        except Exception:  # calling somebody must not keep others from their events
            log.exception("alert_failed", room=live.id)
        last = sent[-1].seq
        self._bus.moved(live.id, last)
        if last - live.snapshot_seq >= SNAPSHOT_EVERY:
            self._save(live)

    def _pieces(self, sent: list[Sent]) -> Iterator[list[Sent]]:
        """`sent`, cut after each event that something hangs on: who is removed by one event must
        be gone before the next is offered."""
        start = 0
        for end, one in enumerate(sent, 1):
            if one.kind in self.hooks:
                yield sent[start:end]
                start = end
        if start < len(sent):
            yield sent[start:]

    def _offer(self, live: LiveRoom, sent: list[Sent]) -> None:
        first, last = sent[0].seq, sent[-1].seq
        whole = framed(sent, hidden=False) if live.readers else b""
        part: bytes | None = None
        for reader in tuple(live.readers):
            if reader.hidden:
                part = framed(sent, hidden=True) if part is None else part
                reader.offer(first, last, part)
            else:
                reader.offer(first, last, whole)

    def _fold_hidden(self, live: LiveRoom, sent: list[Sent]) -> None:
        room = live.hidden
        for one in sent:
            if room is not None:
                room = evolve(room, one.recorded_hidden())
        live.hidden = room

    def _save(self, live: LiveRoom) -> None:
        live.snapshot_seq = live.kept.seq
        task = asyncio.create_task(self._save_state(live.kept))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _save_state(self, room: Room) -> None:
        try:
            await self._journal.save_snapshot(room.id, self._fold, room.seq, encode_room(room))
        except StoreUnavailable:
            return  # a cache: the next one will do


def _nobody(room: Room, row: Row) -> None:
    """Nobody watches the worklist."""


def _nowhere(live: LiveRoom, sent: list[Sent]) -> None:
    """Nobody is to be reached."""


def _nothing(live: LiveRoom) -> None:
    """No worker yet."""


def _never(act: Act, seq: int, request_hash: bytes) -> None:
    raise RuntimeError("Delivery.repeat was not connected")
