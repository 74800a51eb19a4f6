"""The rooms of this hub: the shell around the domain (house law 3).

Decide, store, evolve, deliver: `decider.py` does the first, the journal the second, `delivery.py`
the others. Here is the face that the socket, REST and the command line talk to.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import structlog
from msgspec import Raw

from hub.answers import answered, drop, logged
from hub.bell import Bell
from hub.decider import PAGE, PAGE_BYTES, Decider
from hub.delivery import Delivery
from hub.limiter import Limiter
from hub.live import Act, Answer, LiveRoom, Ok, Sent
from hub.loader import FOLD, Loader
from hub.metrics import Metrics
from hub.pointers import Pointers
from hub.ports import Bus, Clock, Journal
from hub.principal import Author, Principal, author, outside_care
from hub.retries import request_hash, room_id
from hub.room.access import may_enter
from hub.room.commands import MessageRetract
from hub.room.events import MemberRemoved, Recorded
from hub.room.evolve import evolve
from hub.room.limits import BadBody
from hub.room.roles import Actor
from hub.room.room import Room
from hub.settings import Settings
from hub.statuses import Statuses
from hub.subscription import Subscription
from hub.trace import Trace
from hub.wire.bodies import UnknownKind, decode_command, encode_room
from hub.wire.errors import Err, bad_body, err
from hub.wire.frames import dumps
from hub.wire.framing import text_frame
from persistence.entries import StoreUnavailable, Stream

JOIN_FRESH_S = 0.02
"""How old what is known of a person may be where they join: a storm of them asks the store once."""

log = structlog.get_logger("hub.rooms")


class Rooms:
    """Every room that somebody is in, and the way to all the others."""

    def __init__(
        self,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        metrics: Metrics,
        settings: Settings,
        mint: Callable[[], str],
    ) -> None:
        self.journal = journal
        self.bus = bus
        self.clock = clock
        self.metrics = metrics
        self.settings = settings
        self.mint = mint
        self.trace = Trace(journal, clock, mint)
        self.limiter = Limiter(settings.rate_per_s, settings.rate_burst)
        # Refusals of one connection; who takes no notice of them is sent away (4105).
        self.floods = Limiter(settings.rate_per_s, settings.flood_refusals)
        # Pointers and the like: thinned, the newest of each always passed on.
        self.pointers = Pointers(self.pass_on)
        self._loader = Loader(journal, clock)
        self.delivery = Delivery(journal, bus, clock, metrics, FOLD)
        self.decider = Decider(journal, clock, metrics, mint, self.delivery.deliver)
        self.delivery.serve = self.decider.serve
        self.delivery.repeat = self.decider.repeat
        self.delivery.hooks["member.invited"] = self._regroup
        self.delivery.hooks["member.removed"] = self._regroup
        # Loaded rooms, and loads on their way.
        self.live: dict[str, LiveRoom] = {}
        self._loading: dict[str, asyncio.Task[LiveRoom | None]] = {}
        # Acts that wait for their room to be loaded, kept so that none is lost.
        self._tasks: set[asyncio.Task[None]] = set()
        # Acts that wait for their room to be loaded, by room, in the order they came.
        self._cold: dict[str, list[Act]] = {}
        # Rooms whose presence or receipts changed and were not told yet.
        self.upset: set[LiveRoom] = set()
        # Number to call at each site, for who can transmit nothing (W-19).
        self.phones: dict[str, str] = {}
        # What people say of themselves.
        self.statuses = Statuses(journal, clock)
        # Monotonic seconds when somebody was last seen: acting, reading, or connected.
        self.seen: dict[str, float] = {}
        # No new act is taken any more (W-21).
        self.draining = False

    # -- loading -----------------------------------------------------------------------------

    async def load(self, room: str) -> LiveRoom | None:
        """The room, from memory or folded from the store; None where there is none."""
        if live := self.live.get(room):
            live.idle_since = self.clock.monotonic()
            return live
        task = self._loading.get(room)
        if task is None:
            task = asyncio.create_task(self._load(room))
            self._loading[room] = task
            task.add_done_callback(lambda _: self._loading.pop(room, None))
        return await asyncio.shield(task)

    async def _load(self, room: str) -> LiveRoom | None:
        live = await self._loader.load(room)
        # never two of one room: whoever is in the other one would hear nothing
        return None if live is None else self.live.setdefault(room, live)

    async def hidden_state(self, live: LiveRoom) -> Room:
        """The room as a reader outside of care sees it: folded from what they may see."""
        if live.hidden is not None and live.hidden.seq == live.kept.seq:
            return live.hidden
        state = live.hidden or Room(id=live.id)
        while state.seq < live.kept.seq:
            entries = await self.journal.read(Stream.JOURNAL, live.id, state.seq, PAGE, PAGE_BYTES)
            for entry in entries:
                if entry.seq <= live.kept.seq:
                    state = evolve(state, Sent(entry).recorded_hidden())
        live.hidden = state
        return state

    # -- reading -----------------------------------------------------------------------------

    async def enter(self, principal: Principal, room: str) -> LiveRoom | Err:
        """The room, for somebody who may be in it. Raises `StoreUnavailable`."""
        live = await self.load(room)
        if live is None:
            return err("no_room")
        if not self.admits(live, principal):
            return err("forbidden")
        return live

    def admits(self, live: LiveRoom, principal: Principal) -> bool:
        """Whether this person may be in this room now. Who asks is there."""
        self.seen[principal.person] = self.clock.monotonic()
        return may_enter(live.kept, actor=principal.actor("-"), covers=principal.covers)

    async def state_of(self, live: LiveRoom, *, hidden: bool) -> tuple[int, bytes]:
        """(seq, JSON) of the room's state on the disk, for one kind of reader."""
        if hidden:
            room = await self.hidden_state(live)
            while room.seq != live.kept.seq:
                room = await self.hidden_state(live)
        else:
            room = live.kept
        key = "technical" if hidden else "care"
        cached = live.state_cache.get(key)
        if cached is None or cached[0] != room.seq:
            cached = (room.seq, encode_room(room))
            live.state_cache[key] = cached
        return cached

    async def state_json(self, principal: Principal, room: str) -> bytes | Err:
        """`GET /rooms/{room}`."""
        live = await self.enter(principal, room)
        if isinstance(live, Err):
            return live
        return (await self.state_of(live, hidden=outside_care(principal.role)))[1]

    async def past(
        self, room: str, after: int, limit: int, max_bytes: int, *, hidden: bool
    ) -> list[tuple[int, bytes]]:
        """(seq, `evt` frame) of stored events after `after`."""
        entries = await self.journal.read(Stream.JOURNAL, room, after, limit, max_bytes)
        return [(entry.seq, Sent(entry).json_for(hidden=hidden)) for entry in entries]

    async def events(
        self, principal: Principal, room: str, after: int, limit: int
    ) -> list[bytes] | Err:
        """`GET /rooms/{room}/events`."""
        live = await self.enter(principal, room)
        if isinstance(live, Err):
            return live
        hidden = outside_care(principal.role)
        page = await self.past(room, after, min(limit, PAGE), PAGE_BYTES, hidden=hidden)
        return [frame for _, frame in page]

    async def stream(
        self, who: Callable[[], Principal], room: str, after: int
    ) -> AsyncGenerator[tuple[int, bytes]]:
        """(seq, `evt` frame) from `after + 1` on, for ever; (0, b"") when nothing came for a
        heartbeat. Ends when the person, as `who()` has them now, may no longer be in it."""
        principal = who()
        live = await self.enter(principal, room)
        if isinstance(live, Err):
            return
        bell = Bell(outside_care(principal.role))
        live.readers[bell] = None
        try:
            while not (self.draining or bell.over):
                bell.rung.clear()
                page = await self.past(room, after, 100, PAGE_BYTES, hidden=bell.hidden)
                # what another process stored is shown once this one has folded it
                page = [one for one in page if one[0] <= live.kept.seq]
                for seq, frame in page:
                    if not self.admits(live, who()):  # asked at each: a page takes its time
                        return
                    yield seq, frame
                    after = seq
                if not page and not await bell.wait(self.settings.heartbeat_ms / 1000):
                    yield 0, b""
                if not self.admits(live, who()):
                    return
        finally:
            live.readers.pop(bell, None)
            live.idle_since = self.clock.monotonic()

    # -- acting ------------------------------------------------------------------------------

    def submit(
        self,
        who: Author,
        room: str,
        kind: str,
        body: bytes | Raw,
        cid: str,
        answer: Answer,
        after: int | None = None,
    ) -> None:
        """Take an act. `answer` is called exactly once, on the event loop."""
        act = self._act(who, kind, body, cid, answer, after)
        if isinstance(act, Err):
            self.metrics.refused(act.slug)
            answer(cid, act)
            return
        live = self.live.get(room)
        if self._cold and (cold := self._cold.get(room)) is not None:
            cold.append(act)
        elif live is not None:
            self.decider.take(live, act)
        else:
            self._cold[room] = [act]
            self.spawn(self._warm(room))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside, and keep it until it is done."""
        task = asyncio.create_task(logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _act(
        self,
        who: Author,
        kind: str,
        body: bytes | Raw,
        cid: str,
        answer: Answer,
        after: int | None,
    ) -> Act | Err:
        if self.draining:
            return err("draining", retry_after_ms=1000)
        try:
            command = decode_command(kind, body)
        except UnknownKind:
            return err("unknown_kind")
        except BadBody as problem:
            return bad_body(problem.field, problem.problem)
        now = self.clock.monotonic()
        actor = who.actor
        if who.principal is not None and not who.principal.rate_free:
            wait = self.limiter.take(actor.person, kind, now)
            if wait:
                return err("rate_limited", retry_after_ms=wait)
        return Act(
            who,
            command,
            cid,
            request_hash(command),
            after,
            now,
            answer,
            (actor.person, actor.device, cid),
            command.seq if type(command) is MessageRetract else None,
        )

    async def _warm(self, room: str) -> None:
        """Load a room for the acts that wait for it, then take them in the order they came."""
        refusal = err("no_room")
        live = None
        try:
            async with asyncio.timeout(self.settings.store_timeout_s):
                live = await self.load(room)
        except (StoreUnavailable, TimeoutError):
            refusal = err("storage_unavailable", retry_after_ms=1000)
        for act in self._cold.pop(room, []):
            if live is not None:
                self.decider.take(live, act)
            else:
                self.metrics.refused(refusal.slug)
                act.answer(refusal)

    async def standing(self, principal: Principal) -> Principal | None:
        """Who this is by the directory now; None where the session is over."""
        return await self.decider.standing(principal, JOIN_FRESH_S)

    async def publish(
        self,
        principal: Principal,
        device: str,
        room: str,
        kind: str,
        body: bytes,
        cid: str,
        *,
        after: int | None = None,
    ) -> Ok | Err:
        """The same, awaited: `POST /rooms/{room}/events`."""
        who = author(principal, device)
        return await answered(lambda answer: self.submit(who, room, kind, body, cid, answer, after))

    async def open(
        self, principal: Principal, device: str, body: bytes, cid: str = ""
    ) -> tuple[str, Ok | Err]:
        """`POST /rooms`: a new room with its request. The same `cid` finds the same room."""
        room = room_id(principal.person, device, cid) if cid else self.mint()
        who = author(principal, device)
        act = self._act(who, "request.submit", body, cid or "open", drop, None)
        if isinstance(act, Err):
            self.metrics.refused(act.slug)
            return room, act
        try:
            # with a cid this may be the retry of an act that opened the room long ago
            async with asyncio.timeout(self.settings.store_timeout_s):
                live = await self.load(room) if cid else None
        except (StoreUnavailable, TimeoutError):
            return room, err("storage_unavailable", retry_after_ms=1000)
        if live is None:
            live = self.live.setdefault(room, LiveRoom(Room(id=room)))
            live.idle_since = self.clock.monotonic()
        opened = live

        def begin(answer: Answer) -> None:
            act.tell = answer
            self.decider.take(opened, act)

        result = await answered(begin)
        if isinstance(result, Err) and not (opened.kept.seq or opened.busy or opened.pending):
            self.live.pop(room, None)
        return room, result

    def heard(self, live: LiveRoom, head: int) -> None:
        """The store, or another node, has the room at `head`: read what is missing here."""
        if head > live.kept.seq and not live.busy and not live.pending:
            live.stale = True
            self.decider.serve(live)

    def lose(self, live: LiveRoom) -> None:
        """The store has less of this room than was shown: let go of it. Whoever reads it resumes
        at once, from what the store has (4204)."""
        log.error("room_lost_its_tail", room=live.id, seq=live.kept.seq)
        if self.live.get(live.id) is live:
            del self.live[live.id]
        for reader in tuple(live.readers):
            reader.lost()

    def pass_on(self, sub: Subscription, key: str, body: bytes) -> None:
        """Give an ephemeral frame to the others in the room, and to the trace (W-23)."""
        sender = {
            "person": sub.actor.person,
            "name": sub.actor.name,
            "role": sub.actor.role.value,
            "site": sub.actor.site,
            "device": sub.actor.device,
        }
        told = {"key": key, "body": Raw(body), "from": sender}
        framed = text_frame(dumps({"t": "eph", "room": sub.live.id} | told))
        for reader in sub.live.readers:
            if reader is not sub and not reader.hidden:
                reader.ephemeral(("eph", sub.live.id, sub.actor.person, key), framed)
        self.note(sub.live.id, sub.actor, "eph", {"key": key, "body": Raw(body)})

    def note(self, room: str, actor: Actor, what: str, record: dict[str, object]) -> None:
        """Write `record` to the room's trace: who opened which image, and the like."""
        who = {"person": actor.person, "device": actor.device, "role": actor.role.value}
        self.trace.note(room, what, who | record)

    def _unsettled(self) -> bool:
        """Whether an act is still on its way, in a room that the store answers for."""
        return any(live.pending or live.busy for live in self.live.values() if not live.stale)

    async def settle(self) -> None:
        """Wait for every act that is on its way; nothing new is taken meanwhile."""
        self.draining = True
        while self._unsettled():  # noqa: ASYNC110  # polled: once, at the process's end
            await asyncio.sleep(0.01)

    def _regroup(self, live: LiveRoom, stored: Recorded) -> None:
        """Who was taken out reads no further (W-22); where the others are is told anew."""
        self.upset.add(live)
        if isinstance(stored.event, MemberRemoved):
            for reader in tuple(live.readers):
                reader.dismissed(stored.event.person)
