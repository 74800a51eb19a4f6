"""From an act to its append: who may, what follows, in which order, and what of a retry.

The fast way is synchronous: decide on `tip`, encode, submit. What needs the store first (a retry
that memory forgot, an event that is cited, a room that fell behind) waits in line, and everything
after it in the same room waits behind it, so that nobody's acts change places.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from hub.answers import drop
from hub.clock import rfc3339
from hub.live import Act, LiveRoom, Ok, Sent, recorded
from hub.metrics import Metrics
from hub.oncall.engine import NOBODY_AWAY, Around
from hub.oncall.policy import Plan
from hub.ports import Clock, Journal
from hub.principal import HUB, Principal, author
from hub.room.access import may_enter
from hub.room.commands import Command
from hub.room.deadlines import next_deadline
from hub.room.decide import decide
from hub.room.events import Event, MessagePosted, MessageRetracted, QuickReplied, Recorded
from hub.room.evolve import evolve
from hub.room.measures import measured
from hub.room.permissions import conflicts
from hub.room.refusals import Refused
from hub.room.rings import rung
from hub.room.roles import SYSTEM, Actor
from hub.room.room import Room
from hub.room.summary import summary
from hub.wire.bodies import encode_event
from hub.wire.errors import Err, err
from hub.wire.frames import dumps
from persistence.entries import Append, Draft, Entry, Retry, Row, StoreUnavailable, Stream

MAX_WAITING = 4096
"""Acts that wait in one room before the hub says that it is overloaded."""
PAGE = 500
PAGE_BYTES = 512 * 1024

_LIGHT: frozenset[type[Event]] = frozenset({MessagePosted, MessageRetracted, QuickReplied})
"""Kinds that change nothing that the worklist shows, but that who was asked has answered."""

_JOURNAL = Stream.JOURNAL  # looked up once: an enum's members are not cheap

log = structlog.get_logger("hub.decider")


def row_of(room: Room) -> Row:
    """The worklist's row of a room."""
    short = summary(room)
    due = next_deadline(room)
    return Row(
        room=room.id,
        seq=room.seq,
        site=room.site,
        stage=room.stage.value,
        urgency=short["urgency"],
        requested_at=short["requested_at"],
        due_at=rfc3339(due) if due else "",
        owner=room.owner.person if room.owner else "",
        is_open=short["is_open"],
        summary=dumps(short),
        people=_people(room),
        removed=room.removed,
        measured=dumps(measured(room)),
    )


def _everybody_there() -> Around:
    """Without a directory, as in tests of the shell alone."""
    return NOBODY_AWAY


def _people(room: Room) -> tuple[str, ...]:
    """In whose worklist the room stands whatever they cover: its people, who is offered it or a
    handover, who is rung. Each once."""
    others = (
        *([room.offered_to] if room.offered_to else []),
        *(one.to for one in room.handovers),
        *rung(room),
    )
    return tuple(dict.fromkeys((*room.members, *others))) if others else tuple(room.members)


async def _as_remembered(principal: Principal, within_s: float) -> Principal | None:
    """Without a directory, as in tests of the shell alone."""
    return principal


class Decider:
    """Takes acts and submits what follows from them."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        metrics: Metrics,
        mint: Callable[[], str],
        deliver: Callable[[LiveRoom, list[Sent]], None],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._metrics = metrics
        self._mint = mint
        self._deliver = deliver
        # By kind: what has to be asked of the world before such a command can be decided. Gives
        # the command with what the hub stamps on it, or why it cannot be.
        self.prepare: dict[str, Callable[[str, Command], Awaitable[Command | Err]]] = {}
        # By kind: whether this person may give it as their session stands, or why not.
        self.guards: dict[str, Callable[[Principal], Awaitable[Err | None]]] = {}
        # By kind: whom such a command would ring, by the rota in force; None: nobody. A refusal
        # where it cannot be.
        self.plans: dict[str, Callable[[Room, Command, Actor], Awaitable[Plan | Err | None]]] = {}
        # Who is away, or does not want to be rung.
        self.around: Callable[[], Around] = _everybody_there
        # Who a person is by the directory now, not as it was remembered; None: nobody any more.
        # The seconds say how old the answer may be.
        self.standing: Callable[[Principal, float], Awaitable[Principal | None]] = _as_remembered
        # Workers that serve rooms' lines, kept so that none is lost.
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, live: LiveRoom, act: Act) -> None:
        """Decide and submit, or wait in line. The answer comes through `act.tell`."""
        if live.busy or not self._attempt(live, act):
            self._line_up(live, act)

    def by_hub(self, live: LiveRoom, what: Callable[[Room, datetime], tuple[Event, ...]]) -> None:
        """Let the hub itself act: `what` says what follows, by the room as it stands then."""
        act = Act(
            author=HUB,
            command=None,
            cid="",
            request_hash=b"",
            after=None,
            since=self._clock.monotonic(),
            tell=drop,
            key=(SYSTEM.person, SYSTEM.device, ""),
            hub=what,
        )
        self.take(live, act)

    def _line_up(self, live: LiveRoom, act: Act) -> None:
        if len(live.waiting) >= MAX_WAITING:
            act.answer(err("overloaded", retry_after_ms=1000))
            return
        live.waiting.append(act)
        self.serve(live)

    def serve(self, live: LiveRoom) -> None:
        """Start the worker of a room's line where it can do something."""
        if live.working or live.fallen or not (live.waiting or live.stale):
            return
        live.working = True
        task = asyncio.create_task(self._work(live))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- the fast way ------------------------------------------------------------------------

    def _attempt(self, live: LiveRoom, act: Act) -> bool:
        """Whether `act` is dealt with: submitted or answered. False: the store must be asked."""
        key = act.key
        again = key in live.recent or key in live.flying
        if act.answered or (again and self._repeated(live, act)):
            return True
        if not self._journal.available():
            self._refuse(act, err("storage_unavailable", retry_after_ms=1000))
            return True
        if live.stale or act.recheck or (not act.looked_up and self._needs_the_world(act)):
            return False
        now = self._clock.now()
        outcome = self._decided(live.tip, act, now)
        if isinstance(outcome, Err):
            if act.cid and not act.looked_up:
                return False  # refused now, but it may be the retry of what was stored before
            self._refuse(act, outcome)
            return True
        if outcome:
            self._submit(live, act, outcome, rfc3339(now))
        else:
            act.answer(Ok(live.tip.seq))
        return True

    def _needs_the_world(self, act: Act) -> bool:
        kind = act.command.kind if act.command is not None else ""
        asked = kind in self.prepare or kind in self.guards or kind in self.plans
        return act.cites is not None or asked

    def _refuse(self, act: Act, refusal: Err) -> None:
        self._metrics.refused(refusal.slug)
        act.answer(refusal)

    def _repeated(self, live: LiveRoom, act: Act) -> bool:
        if known := live.recent.get(act.key):
            self.repeat(act, *known)
            return True
        flying = live.flying.get(act.key)
        if flying is None or flying is act:
            return False
        if flying.request_hash != act.request_hash:
            self._refuse(act, err("cid_reuse"))
        elif flying.answered:
            self._refuse(act, err("storage_unavailable", retry_after_ms=500))
        else:
            flying.repeats += (act.tell, *act.repeats)
        return True

    def repeat(self, act: Act, seq: int, request_hash: bytes) -> None:
        """Answer a retry of what is stored as `seq` (W-12)."""
        if request_hash == act.request_hash:
            act.answer(Ok(seq, dup=True))
        else:
            self._refuse(act, err("cid_reuse"))

    def _decided(self, room: Room, act: Act, now: datetime) -> tuple[Event, ...] | Err:
        if act.command is None:
            return act.hub(room, now) if act.hub else ()
        who = act.author
        if room.seq and not may_enter(room, actor=who.actor, covers=who.covers):
            return err("forbidden")
        if act.after is not None:
            if act.after > room.seq:
                return err("ahead_of_server", seq=room.seq)
            last = max((room.last.get(k, 0) for k in conflicts(act.command.kind)), default=0)
            if last > act.after:
                return err("stale_after", seq=room.seq)
        command = act.command
        around = self.around() if act.plan or room.rings else NOBODY_AWAY
        outcome = decide(
            room, command, by=who.actor, now=now, cited=act.cited, plan=act.plan, around=around
        )
        if isinstance(outcome, Refused):
            return Err(outcome.slug, outcome.detail_fr, outcome.detail_en, seq=outcome.seq)
        return outcome

    def _submit(self, live: LiveRoom, act: Act, events: tuple[Event, ...], at: str) -> None:
        author, cid, id = act.author, act.cid, live.id
        before = room = live.tip
        heavy = False
        drafts: list[Draft] = []
        sent: list[Sent] = []
        for event in events:
            seq = room.seq + 1
            room = evolve(room, Recorded(seq, at, author.actor, event))
            heavy = heavy or type(event) not in _LIGHT
            body = encode_event(event)
            draft = Draft(_JOURNAL, id, seq, at, self._mint(), author.told, event.kind, cid, body)
            drafts.append(draft)
            sent.append(Sent(draft))
            cid = ""  # the first event is the one that the act is known by
        heavy = heavy or room.members is not before.members or room.asked is not before.asked
        pending = live.pending
        append = Append(
            drafts,
            Retry(id, *act.key, act.request_hash) if act.cid else None,
            row_of(room) if heavy else None,
            act,
            pending[-1].append if pending else None,
        )
        act.live, act.append, act.room_after, act.sent = live, append, room, sent
        act.generation = live.generation
        live.tip = room
        pending.append(act)
        if act.cid:
            live.flying[act.key] = act
        self._journal.submit(append)

    # -- the slow way ------------------------------------------------------------------------

    async def _work(self, live: LiveRoom) -> None:
        try:
            while (live.waiting or live.stale) and not live.fallen:
                await self._next(live)
        except StoreUnavailable:
            for act in live.waiting:
                self._refuse(act, err("storage_unavailable", retry_after_ms=1000))
            live.waiting.clear()
        except Exception:
            # A bug must not leave people waiting for an answer that never comes.
            log.exception("acts_not_decided", room=live.id, n=len(live.waiting))
            for act in live.waiting:
                self._refuse(act, err("overloaded", retry_after_ms=1000))
            live.waiting.clear()
        finally:
            live.working = False

    async def _next(self, live: LiveRoom) -> None:
        if live.stale:
            await self.resync(live)
        if not live.waiting:
            return
        act = live.waiting[0]
        if self._attempt(live, act):
            live.waiting.popleft()
        elif not live.stale:
            await self._look_up(live, act)

    async def _look_up(self, live: LiveRoom, act: Act) -> None:
        if act.recheck and act.author.principal is not None:
            act.recheck = False
            now = await self.standing(act.author.principal, 0.0)
            if now is None or now.role != act.actor.role:
                self._refuse(act, err("not_authenticated"))
                return
            act.author = author(now, act.actor.device)
            if act.looked_up:
                return
        if act.cid:
            known = await self._journal.retry(live.id, act.actor.person, act.actor.device, act.cid)
            if known is not None:
                self.repeat(act, *known)
        if act.cites is not None and act.cites > 0:
            found = await self._journal.read(Stream.JOURNAL, live.id, act.cites - 1, 1, PAGE_BYTES)
            act.cited = recorded(found[0]) if found and found[0].seq == act.cites else None
        if act.command is not None and act.author.principal is not None and not act.answered:
            guard = self.guards.get(act.command.kind)
            if guard and (refusal := await guard(act.author.principal)):
                self._refuse(act, refusal)
        if act.command is not None and not act.answered:
            await self._ask_the_world(live, act, act.command)
        act.looked_up = True

    async def _ask_the_world(self, live: LiveRoom, act: Act, command: Command) -> None:
        if prepare := self.prepare.get(command.kind):
            prepared = await prepare(live.id, command)
            if isinstance(prepared, Err):
                self._refuse(act, prepared)
                return
            act.command = command = prepared
        if planned := self.plans.get(command.kind):
            plan = await planned(live.tip, command, act.actor)
            if isinstance(plan, Err):
                self._refuse(act, plan)
            else:
                act.plan = plan

    async def resync(self, live: LiveRoom) -> None:
        """Read what the store holds beyond `kept`, show it to everyone, and decide on that."""
        live.stale = False
        try:
            while True:
                entries = await self._journal.read(
                    Stream.JOURNAL, live.id, live.kept.seq, PAGE, PAGE_BYTES
                )
                if not entries:
                    break
                self._catch_up(live, entries)
        except StoreUnavailable:
            live.stale = True
            raise

    def _catch_up(self, live: LiveRoom, entries: list[Entry]) -> None:
        room = live.kept
        for entry in entries:
            room = evolve(room, recorded(entry))
        live.kept = live.tip = room
        self._deliver(live, [Sent(entry) for entry in entries])
