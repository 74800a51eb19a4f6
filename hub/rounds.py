"""The rounds of the hub: what has to be looked at regularly, in every room and on every socket.

Each round is a task of its own, so that one that waits for the store holds up no other.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from hub.clock import rfc3339
from hub.live import LiveRoom
from hub.principal import Principal
from hub.room.deadlines import due
from hub.room.events import Event
from hub.room.room import Room
from hub.rooms import Rooms
from hub.session import Session
from hub.wire.errors import Close, err
from hub.wire.frames import note
from hub.wire.framing import text_frame
from persistence.entries import StoreUnavailable

TELL_S = 0.2
"""Between two tellings of presence and receipts."""
OVERDUE_S = 0.1
"""Between two looks for acts that the store did not settle (W-19)."""
TRACE_S = 0.5
"""Between two batches of the trace (W-23: at most 1 s behind)."""
DUE_S = 1.0
"""Between two looks for deadlines that went by."""
LAST_S = 3.0
"""For the last of the trace, when the hub stops."""
BREATH = 2000
"""Rooms, of one socket or of many, looked at in one go: a millisecond or two."""
FRAME = 40
"""What a frame to be written costs, in looks at a room."""
TOGETHER = 500
"""Rooms whose receipts are saved at once: they share a commit."""
PHONES_S = 30.0
"""Between two looks at the sites' phone numbers."""
IDLE_S = 120.0
"""A room that nobody reads is let go of after this."""

Check = Callable[[Principal], Awaitable[Principal | None]]
"""Who this is now, or None where the session is over."""

Phones = Callable[[], Awaitable[dict[str, str]]]
"""The number to call at each site."""

log = structlog.get_logger("hub.rounds")


class Rounds:
    """Runs the rounds while the hub runs."""

    def __init__(self, rooms: Rooms, sessions: set[Session], check: Check, phones: Phones) -> None:
        self._rooms = rooms
        self._phones = phones
        self._sessions = sessions
        self._check = check
        # Rounds of other parts: seconds between two, and what is done.
        self.more: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        self._tasks: list[asyncio.Task[None]] = []
        # Persons with a session, in any room or none, when presence was last told.
        self._on_hub: set[str] = set()
        rooms.journal.on_available(self.tell_store)

    def start(self) -> None:
        """Begin all rounds."""
        settings = self._rooms.settings
        for seconds, look in (
            (TELL_S, self.tell),
            (OVERDUE_S, self.answer_overdue),
            (TRACE_S, self.write_trace),
            (DUE_S, self.pass_deadlines),
            (DUE_S, self.tidy),
            (PHONES_S, self.learn_phones),
            *self.more,
            (settings.revocation_s, self.check_sessions),
            (settings.heartbeat_ms / 1000, self.heartbeat),
        ):
            self._tasks.append(asyncio.create_task(self._every(seconds, look)))

    async def stop(self) -> None:
        """End all rounds; what the trace holds is written, as far as the store takes it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(LAST_S):
                await self.tell()
                while not self._rooms.trace.idle():
                    await self.write_trace()
                    await asyncio.sleep(0.01)
        except (StoreUnavailable, TimeoutError):
            log.error("trace_not_written", n=self._rooms.trace.held())

    async def _every(self, seconds: float, look: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await look()
            except StoreUnavailable:
                continue  # told by /readyz and by every refused act; the next round tries again
            except Exception:
                log.exception("round_failed", kind=look.__name__)

    # -- people ------------------------------------------------------------------------------

    async def tell(self) -> None:
        """Tell presence and receipts that changed, and save the receipts."""
        self._look_elsewhere()
        self._rooms.pointers.flush()
        upset, self._rooms.upset = self._rooms.upset, set()
        at = rfc3339(self._rooms.clock.now())
        told = 0
        try:
            for live in upset:
                live.attendance.elsewhere(live.kept.members, self._on_hub, at)
                self._tell_presence(live)
                self._tell_receipts(live)
                told += FRAME * (1 + len(live.readers))
                if told > BREATH:
                    told = 0
                    await asyncio.sleep(0)
            while upset:
                some = list(itertools.islice(upset, TOGETHER))
                await asyncio.gather(*map(self._save_receipts, some))
                upset.difference_update(some)
        except StoreUnavailable:
            log.warning("receipts_not_saved", n=len(upset))
        finally:
            self._rooms.upset |= upset  # whatever came in between: the next round tries again

    async def _save_receipts(self, live: LiveRoom) -> None:
        if rows := live.attendance.unsaved():
            await self._rooms.journal.save_receipts(live.id, rows)
            live.attendance.saved(rows)

    def _look_elsewhere(self) -> None:
        """Rooms with members who came to the hub or left it since, wherever they are, are told."""
        on_hub = {one.principal.person for one in self._sessions if not one.closing}
        moved, self._on_hub = on_hub ^ self._on_hub, on_hub
        if not moved:
            return
        for live in self._rooms.live.values():
            if live.readers and not moved.isdisjoint(live.kept.members):
                self._rooms.upset.add(live)

    def _tell_presence(self, live: LiveRoom) -> None:
        news = live.attendance.presence_frame()
        if news is None:
            return
        frame, told = news
        self._rooms.trace.note(live.id, "pres", told)
        framed, whole = text_frame(frame), text_frame(live.attendance.here())
        for reader in live.readers:
            # where the network is full the newest whole list replaces every change before it
            reader.presence(framed, whole)

    def _tell_receipts(self, live: LiveRoom) -> None:
        news = live.attendance.news()
        frames = {key: text_frame(live.attendance.receipt_frame(key)) for key in news}
        together = b"".join(frames.values())
        for reader in live.readers:
            if news:
                reader.receipts(frames, together)
        for person, device in news:
            got, seen = live.attendance.receipts[(person, device)]
            record = {"person": person, "device": device, "got": got, "seen": seen}
            self._rooms.trace.note(live.id, "rcpt", record)

    async def check_sessions(self) -> None:
        """End sessions that are over, and memberships that ended (W-22)."""
        looked = 0
        for session in list(self._sessions):
            if session.closing:
                continue
            before = session.principal
            now = await self._check(before)
            if session.principal is not before:
                continue  # refreshed meanwhile: the new ticket was just checked
            if now is None or now.role != session.principal.role:
                session.bye(self._why_over(session.principal))
                continue
            session.become(now)
            self._check_rooms(session, now)
            looked += 1 + len(session.following.subs)
            if looked > BREATH:
                looked = 0
                await asyncio.sleep(0)

    def _check_rooms(self, session: Session, now: Principal) -> None:
        """Where neither the person nor the room has changed since, nothing needs to be asked."""
        for sub in list(session.following.subs.values()):
            held, kept = sub.admitted, sub.live.kept
            if held is not None and held[0] is now and held[1] is kept:
                continue
            if self._rooms.admits(sub.live, now):
                sub.admitted = (now, kept)
            else:
                sub.dismissed(now.person)

    def _why_over(self, principal: Principal) -> Close:
        over = principal.expires and principal.expires <= rfc3339(self._rooms.clock.now())
        return Close.EXPIRED if over else Close.REVOKED

    async def heartbeat(self) -> None:
        """`hb` to everyone, with heads read from the store (W-14)."""
        rooms = self._rooms
        joined = {live.id: (live, live.kept.seq) for live in rooms.live.values() if live.readers}
        try:
            heads = await rooms.journal.heads(list(joined)) if joined else {}
        except StoreUnavailable:
            heads = {}
        else:
            for room, (live, kept) in joined.items():
                if heads.get(room, 0) < kept:
                    rooms.lose(live)  # looked up after it was kept: the store has lost it
                else:
                    rooms.heard(live, heads[room])
        server_time = rfc3339(rooms.clock.now())
        said = 0
        for session in list(self._sessions):
            said += FRAME + len(session.following.subs)
            if said > BREATH:
                said = 0
                await asyncio.sleep(0)  # messages go between two handfuls of heartbeats
            session.heartbeat(server_time, heads)
            if session.outbox.stalled(rooms.clock.monotonic(), rooms.settings.stall_timeout_s):
                session.bye(Close.TOO_SLOW)
                session.link.abort()

    # -- rooms -------------------------------------------------------------------------------

    async def answer_overdue(self) -> None:
        """Answer acts that the store did not settle in time (W-19)."""
        late = self._rooms.clock.monotonic() - self._rooms.settings.store_timeout_s
        for live in self._rooms.live.values():
            for act in (*live.pending, *live.fallen, *live.waiting):
                if act.since < late and not act.answered:
                    if act.append is not None:
                        act.append.abandoned = True
                    self._rooms.metrics.refused("storage_unavailable")
                    act.answer(err("storage_unavailable", retry_after_ms=1000))

    def tell_store(self, available: bool) -> None:
        """Tell everyone that the store failed, or takes writes again (W-19)."""
        log.warning("store_available" if available else "store_unavailable")
        frame = text_frame(note("recovered" if available else "degraded"))
        for session in self._sessions:
            session.outbox.ephemeral(("note", "store"), frame)

    async def learn_phones(self) -> None:
        """Keep the numbers of the sites at hand: they are needed when the store is not."""
        self._rooms.phones = await self._phones()

    async def tidy(self) -> None:
        """Read what is missing, and let go of rooms that nobody needs."""
        rooms = self._rooms
        now = rooms.clock.monotonic()
        for live in list(rooms.live.values()):
            if live.stale and rooms.journal.available():
                rooms.decider.serve(live)
            quiet = not (live.readers or live.pending or live.busy or live in rooms.upset)
            if quiet and now - live.idle_since > IDLE_S:
                del rooms.live[live.id]
                rooms.trace.forget(live.id)

    async def write_trace(self) -> None:
        """Write what the trace gathered."""
        await self._rooms.trace.flush()

    async def pass_deadlines(self) -> None:
        """Store what fell due: once a clock, whoever is watching."""
        rooms = self._rooms
        now = rooms.clock.now()
        if rooms.draining or not rooms.journal.available():
            return
        for room in await rooms.journal.due(rfc3339(now + timedelta(milliseconds=1))):
            try:
                await self._pass_one(room, now)
            except StoreUnavailable:
                raise
            except Exception:  # a room that cannot be read keeps no other from its deadlines
                log.exception("deadlines_failed", room=room)

    async def _pass_one(self, room: str, now: datetime) -> None:
        live = await self._rooms.load(room)
        if live is None or live.busy:
            return
        if due(live.tip, now, self._rooms.decider.around()):
            self._rooms.decider.by_hub(live, self._due)

    def _due(self, room: Room, now: datetime) -> tuple[Event, ...]:
        """What falls due, by the room as it stands when it is decided: an answer that came in
        between leaves nothing to ring."""
        return due(room, now, self._rooms.decider.around())
