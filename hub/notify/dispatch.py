"""From stored events to attempts to reach people: after the store, beside every act, on record.

An event that may call somebody waits a moment (`grace_s`): who sees it on a screen meanwhile is
left in peace, by the room's own receipts. Then it is asked whom it should still reach, and each
address gets its attempts, with pauses that grow. Each attempt and its end go to the room's trace.
What the journal says is due and the trace does not say is settled is found again at the start, so
that a death between store and send loses nothing; at worst the last second is sent twice, under
the same id (at least once).
"""

import asyncio
import hashlib
import heapq
import itertools
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from hub.clock import rfc3339
from hub.live import LiveRoom, Sent, recorded
from hub.metrics import Metrics
from hub.notify.addresses import Addresses
from hub.notify.notice import Address, Channel, Notice, Outcome, Result, opaque, site_id
from hub.notify.record import FINAL, MARK, WHAT, End, Key, Known, key_of
from hub.ports import Notifier
from hub.room.alerts import ALERTING, AT_ONCE, AlertKind, Reach, alerts
from hub.room.events import Recorded
from hub.room.room import Room
from hub.room.stages import Urgency
from hub.rooms import Rooms
from persistence import reaching
from persistence.entries import StoreUnavailable, Stream

LOOK_S = 0.25
"""Between two looks at what is due."""
SWEEP_S = 600.0
"""Between two sweeps of devices whose sessions ran out."""
BACKOFF_S = (2.0, 8.0, 30.0, 90.0, 240.0)
"""Pauses between the attempts at one address; after the last one it is given up."""
PER_CHANNEL = 4
"""Attempts under way on one channel: a slow one holds up no other."""
MOST_WAITING = 20_000
"""Alerts and attempts held in memory; what is more is found due again at the next start."""
NIGHT = timedelta(hours=12)
"""How far back the start looks for what was due and not sent."""

log = structlog.get_logger("hub.notify")


@dataclass(slots=True)
class Due:
    """A stored event that may call somebody, once its grace is over."""

    room: str
    recorded: Recorded
    tries: int = 0


@dataclass(slots=True)
class Errand:
    """An alert on its way to one address."""

    room: str
    recorded: Recorded
    reach: Reach
    to: Address
    tries: int = 0

    @property
    def key(self) -> Key:
        """What is settled once."""
        return key_of(self.room, self.recorded.seq, self.reach.kind, self.to)


@dataclass(slots=True, order=True)
class Waiting:
    """Something in the queue: monotonic seconds when it is due, order of coming, and what."""

    due: float
    n: int
    what: Due | Errand = field(compare=False)


class Dispatch:
    """Takes stored events and sees to it that people hear of them."""

    def __init__(
        self,
        rooms: Rooms,
        addresses: Addresses,
        notifiers: Mapping[Channel, Notifier],
        metrics: Metrics,
        *,
        grace_s: float,
    ) -> None:
        self._rooms = rooms
        self._addresses = addresses
        self._notifiers = notifiers
        self._metrics = metrics
        self._grace_s = grace_s
        # What waits for its time, the next one first; and what tells two of the same time apart.
        self._queue: list[Waiting] = []
        self._count = itertools.count()
        # Keys that are settled or under way, so that nothing is sent twice that is on record.
        self._known = Known()
        self._flying: set[Key] = set()
        self._slots = {channel: asyncio.Semaphore(PER_CHANNEL) for channel in notifiers}
        self._tasks: set[asyncio.Task[None]] = set()
        self._round: asyncio.Task[None] | None = None
        self._swept_at = 0.0

    # -- life --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Find out what is due and not on record, then look regularly."""
        self._round = asyncio.create_task(self._every())

    async def stop(self) -> None:
        """End what is under way; the next start finds it due again."""
        tasks = [*self._tasks, *([self._round] if self._round else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _every(self) -> None:
        recovered = False
        while True:
            try:
                if not recovered:
                    await self.recover()
                    recovered = True
                await self.look()
            except StoreUnavailable:
                pass  # told by /readyz and by every refused act; the next look tries again
            except Exception:
                log.exception("look_failed")
            await asyncio.sleep(LOOK_S)

    async def recover(self) -> None:
        """Put what the journal holds of the last night, and the trace does not settle, in line."""
        since = rfc3339(self._rooms.clock.now() - NIGHT)
        kinds = sorted(ALERTING)
        found = await self._rooms.journal.query(lambda at: reaching.late(at, since, kinds, MARK))
        self._known.learn(one for one in found if one.stream is Stream.TRACE)
        for one in found:
            if one.stream is not Stream.JOURNAL:
                continue
            try:
                self._put(Due(one.room, recorded(one)), 0.0)
            except Exception:  # one that cannot be read keeps nobody else from being called
                log.exception("alert_not_recovered", room=one.room, seq=one.seq)

    # -- what comes in -----------------------------------------------------------------------

    def stored(self, live: LiveRoom, sent: list[Sent]) -> None:
        """Events that are on the disk. Called at each delivery: costs a look at the kind."""
        for one in sent:
            if one.kind in ALERTING:
                grace = 0.0 if one.kind in AT_ONCE else self._grace_s
                self._put(Due(live.id, one.recorded()), grace)

    def _put(self, what: Due | Errand, after_s: float) -> None:
        if len(self._queue) >= MOST_WAITING:
            log.error("alerts_not_held", room=what.room, seq=what.recorded.seq)
            self._metrics.notified("none", "overflow")
            return
        due = self._rooms.clock.monotonic() + after_s
        heapq.heappush(self._queue, Waiting(due, next(self._count), what))

    async def look(self) -> None:
        """Begin whatever is due now."""
        now = self._rooms.clock.monotonic()
        while self._queue and self._queue[0].due <= now:
            what = heapq.heappop(self._queue).what
            self._begin(self._resolve(what) if isinstance(what, Due) else self._carry(what))
        if now - self._swept_at > SWEEP_S:
            self._swept_at = now
            await self._addresses.sweep()

    @property
    def busy(self) -> bool:
        """Whether anything is under way, or due and not begun."""
        now = self._rooms.clock.monotonic()
        return bool(self._tasks) or bool(self._queue and self._queue[0].due <= now)

    async def idle(self) -> None:
        """Wait until nothing is under way; what is not due yet stays in line."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _logged(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:  # an alert that meets a bug of ours must not keep the others from theirs
            log.exception("alert_failed")

    # -- whom --------------------------------------------------------------------------------

    async def _resolve(self, due: Due) -> None:
        try:
            live = await self._rooms.load(due.room)
            if live is None:
                return
            found: list[Errand] = []
            for reach in alerts(due.recorded, live.kept):
                found += await self._errands(due, reach, live.kept)
        except StoreUnavailable:
            due.tries += 1
            self._put(due, BACKOFF_S[min(due.tries, len(BACKOFF_S)) - 1])
            return
        for errand in found:
            self._send_out(errand)

    async def _errands(self, due: Due, reach: Reach, room: Room) -> list[Errand]:
        addresses = await self._addresses.of(reach, room, due.recorded.by.person)
        if reach.loud and not any(one.channel is not Channel.WEBHOOK for one in addresses):
            self._note_nobody(due, reach)
        return [Errand(due.room, due.recorded, reach, to) for to in addresses]

    def _send_out(self, errand: Errand) -> None:
        key = errand.key
        if key in self._known.settled or key in self._flying:
            return
        errand.tries = self._known.tries.get(key, 0)
        self._flying.add(key)
        self._put(errand, 0.0)

    def _note_nobody(self, due: Due, reach: Reach) -> None:
        nobody = Address(Channel.PUSH, "", reach.person, "")
        key = key_of(due.room, due.recorded.seq, reach.kind, nobody)
        if key not in self._known.settled:
            self._known.settle(key)
            self._note(Errand(due.room, due.recorded, reach, nobody), End.NO_ADDRESS, "none")

    # -- sending -----------------------------------------------------------------------------

    async def _carry(self, errand: Errand) -> None:
        """One attempt, if it is still due when its turn comes."""
        async with self._slots[errand.to.channel]:
            try:
                live = await self._rooms.load(errand.room)
                if live is None or not await self._still_due(errand, live.kept):
                    self._flying.discard(errand.key)  # claimed, read back, logged out, closed
                    return
            except StoreUnavailable:
                self._put(errand, BACKOFF_S[0])
                return
            if self._seen(live, errand):
                self._settle(errand, End.SEEN)
                return
            outcome = await self._attempt(errand, live.kept.site)
        errand.tries += 1
        await self._conclude(errand, outcome)

    async def _still_due(self, errand: Errand, room: Room) -> bool:
        """Whether the event still calls for this alert, and the address is still theirs."""
        wanted = errand.reach
        for reach in alerts(errand.recorded, room):
            if (reach.kind, reach.person, reach.roles) != (
                wanted.kind,
                wanted.person,
                wanted.roles,
            ):
                continue
            if not errand.tries:
                return True
            author = errand.recorded.by.person
            return errand.to in await self._addresses.of(reach, room, author)
        return False

    def _seen(self, live: LiveRoom, errand: Errand) -> bool:
        """Whether the person had the event on a visible screen (`seen`, of any device)."""
        return any(
            person == errand.to.person and seen >= errand.recorded.seq
            for (person, _), (_, seen) in live.attendance.receipts.items()
        )

    async def _attempt(self, errand: Errand, site: str) -> Outcome:
        notice = notice_of(errand, site)
        try:
            return await self._notifiers[errand.to.channel].send(notice, errand.to)
        except Exception:
            log.exception("notifier_failed", channel=errand.to.channel.value)
            return Outcome(Result.FAILED)

    async def _conclude(self, errand: Errand, outcome: Outcome) -> None:
        if outcome.result in FINAL:
            self._settle(errand, outcome.result)
        elif errand.tries > len(BACKOFF_S):
            self._settle(errand, End.GIVEN_UP)
            log.error("alert_given_up", room=errand.room, channel=errand.to.channel.value)
        else:
            self._note(errand, outcome.result)
            pause = BACKOFF_S[errand.tries - 1]
            asked = outcome.retry_after_s
            self._put(errand, pause if asked is None else max(asked, BACKOFF_S[0]))
        if outcome.result is Result.GONE:
            try:
                await self._addresses.forget(errand.to)
            except StoreUnavailable:
                pass  # it will say again that it is gone

    def _settle(self, errand: Errand, end: Result | End) -> None:
        self._flying.discard(errand.key)
        self._known.settle(errand.key)
        self._note(errand, end)

    def _note(self, errand: Errand, end: Result | End, channel: str = "") -> None:
        said = channel or errand.to.channel.value
        self._metrics.notified(said, end.value)
        record = {
            "seq": errand.recorded.seq,
            "kind": errand.reach.kind.value,
            "person": errand.to.person,
            "channel": said,
            "to": errand.to.id,
            "n": errand.tries,
            "end": end.value,
        }
        self._rooms.trace.note(errand.room, WHAT, record)

    async def test(self, to: Address, site: str) -> Outcome:
        """Send a trial to one address, at once and once. It belongs to no room."""
        made = hashlib.sha256(f"test\n{to.id}\n{self._rooms.mint()}".encode()).hexdigest()[:32]
        notice = Notice(made, AlertKind.TEST, Urgency.P3, site_id(site), "", to.lang)
        outcome = await self._notifiers[to.channel].send(notice, to)
        self._metrics.notified(to.channel.value, outcome.result.value)
        if outcome.result is Result.GONE:
            await self._addresses.forget(to)
        return outcome


def notice_of(errand: Errand, site: str) -> Notice:
    """What is sent: out of closed lists and opaque ids, the same at every attempt."""
    made = hashlib.sha256("\n".join(map(str, errand.key)).encode()).hexdigest()[:32]
    reach = errand.reach
    room = opaque(errand.room)
    return Notice(made, reach.kind, reach.urgency, site_id(site), room, errand.to.lang)
