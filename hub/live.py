"""A room that somebody is in: its state in memory, the acts on their way to the store, its readers.

Two folds of the same events: `kept` is on the disk and is all that anyone is shown; `tip` is
`kept` and the acts that wait for their commit, and is what the next act is decided on. A commit
moves `kept`; a refused commit throws `tip` away (house laws 3 and 5).
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec import Struct

from hub.attendance import Attendance
from hub.oncall.policy import Plan
from hub.principal import Author
from hub.room.commands import Command
from hub.room.events import Event, Recorded, Withheld
from hub.room.roles import Actor, Role
from hub.room.room import Room
from hub.room.visibility import view, withheld
from hub.wire.bodies import UnknownKind, decode_event
from hub.wire.errors import Err
from hub.wire.frames import evt
from hub.wire.framing import text_frame
from persistence.entries import Append, Draft, Entry

_actor = msgspec.json.Decoder(Actor)

RECENT = 64
"""Retries of one room remembered in memory; older ones are recognised by the store."""


class Ok(Struct, frozen=True):
    """The act is stored as `seq`; `dup` where it was stored before (W-12)."""

    seq: int
    dup: bool = False


Answer = Callable[[str, Ok | Err], None]
"""Told once for each time the act was given: its `cid`, and what became of it."""


def recorded(entry: Draft | Entry) -> Recorded:
    """An entry as the domain reads it. A kind or a body that is gone only keeps its place."""
    event: Event
    try:
        event = Withheld() if entry.body is None else decode_event(entry.kind, entry.body)
    except UnknownKind:
        event = Withheld()  # written by a newer version: its place in the count is kept
    return Recorded(entry.seq, entry.at, _actor.decode(entry.actor), event)


class Sent:
    """A stored event in the forms it is sent in, each encoded once (house law 6)."""

    __slots__ = ("_entry", "_hidden", "framed", "json", "kind", "seq")

    def __init__(self, entry: Draft | Entry) -> None:
        self._entry = entry
        self.seq = entry.seq
        self.kind = entry.kind
        # The `evt` frame, and the same in a WebSocket frame.
        body = entry.body if entry.body is not None else b"{}"
        self.json = evt(
            entry.room, entry.seq, entry.id, entry.at, entry.actor, entry.kind, body, entry.cid
        )
        self.framed = text_frame(self.json)
        self._hidden: bytes | None = None

    @property
    def hidden(self) -> bytes:
        """The `evt` frame for a reader outside of care: whole, or `withheld` (W-11)."""
        if not withheld(self.kind, Role.SERVICE):
            return self.json
        if self._hidden is None:
            e = self._entry
            self._hidden = evt(e.room, e.seq, e.id, e.at, e.actor, "withheld", b"{}", e.cid)
        return self._hidden

    def recorded(self) -> Recorded:
        """The event as the domain reads it."""
        return recorded(self._entry)

    def recorded_hidden(self) -> Recorded:
        """The event as the fold outside of care takes it."""
        return view(recorded(self._entry), Role.SERVICE)

    def json_for(self, *, hidden: bool) -> bytes:
        """The `evt` frame for one kind of reader."""
        return self.hidden if hidden else self.json


def framed(sent: Sequence[Sent], *, hidden: bool) -> bytes:
    """The WebSocket frames of `sent`, in one piece."""
    if hidden:
        return b"".join(text_frame(one.hidden) for one in sent)
    return sent[0].framed if len(sent) == 1 else b"".join([one.framed for one in sent])


class Act(Struct, eq=False):
    """A command on its way: from the person who gave it to the answer they get."""

    author: Author
    # None where the hub itself acts: then `hub` says what follows.
    command: Command | None
    cid: str
    # What was asked, hashed: the same cid with another body is refused.
    request_hash: bytes
    after: int | None
    # Monotonic seconds when it came: the answer is due within the store's time (W-19).
    since: float
    tell: Answer
    # What makes a retry the same act within its room (W-12): person, device, cid.
    key: tuple[str, str, str]
    # Seq of the event that the command cites, and whether it was looked up in the store.
    cites: int | None = None
    looked_up: bool = False
    cited: Recorded | None = None
    # Rights changed elsewhere: the author is to be asked for again.
    recheck: bool = False
    # Who repeated it while it was on its way.
    repeats: tuple[Answer, ...] = ()
    # Answered already, by the clock; a late commit is still delivered.
    answered: bool = False
    # The room's generation it was decided in; an older one stands on a tip that fell.
    generation: int = 0
    # The room it moves, from when it was decided on.
    live: "LiveRoom | None" = None
    append: Append | None = None
    sent: list[Sent] = []
    room_after: Room | None = None
    # What follows where the hub itself acts and no person does, by the room as it stands then.
    hub: Callable[[Room, datetime], tuple[Event, ...]] | None = None
    # Whom to ring, where the command rings anybody and the hub has a rota.
    plan: Plan | None = None

    @property
    def actor(self) -> Actor:
        """Who acts, as the domain knows them."""
        return self.author.actor

    def answer(self, result: Ok | Err) -> None:
        """Tell everyone who waits, once. The first asked; the others repeated it meanwhile."""
        if self.answered:
            return
        self.answered = True
        self.tell(self.cid, result)
        if self.repeats:
            again = Ok(result.seq, dup=True) if isinstance(result, Ok) else result
            for tell in self.repeats:
                tell(self.cid, again)


class Reader(Protocol):
    """Somebody whom the room is delivered to."""

    hidden: bool
    """Whether it stands outside of care, and sees no identity and no free text."""

    def offer(self, first: int, last: int, framed: bytes) -> None:
        """Take newly stored events `first` to `last`, in order. Never blocks, never raises."""

    def ephemeral(self, key: tuple[str, ...], framed: bytes) -> None:
        """Take a frame of which only the newest of its key counts."""

    def presence(self, changes: bytes, whole: bytes) -> None:
        """Take `pres` with what changed, or with everyone where changes cannot be taken."""

    def receipts(self, frames: dict[tuple[str, str], bytes], together: bytes) -> None:
        """Take `rcpt` frames by person and device, or all of them in one piece."""

    def lost(self) -> None:
        """The room is no longer what was shown of it: begin anew from the store."""

    def dismissed(self, person: str) -> bool:
        """Whether this is `person`, who may not stay after having been removed."""


class LiveRoom:
    """One loaded room."""

    __slots__ = (
        "attendance",
        "failed",
        "fallen",
        "flying",
        "generation",
        "hidden",
        "id",
        "idle_since",
        "kept",
        "pending",
        "readers",
        "recent",
        "snapshot_seq",
        "stale",
        "state_cache",
        "tip",
        "waiting",
        "working",
    )

    def __init__(self, room: Room) -> None:
        self.id = room.id
        # The fold of what is on the disk.
        self.kept = room
        # The fold of what is decided; ahead of `kept` by `pending`.
        self.tip = room
        # The fold as a reader outside of care sees it; made when the first such reader comes.
        self.hidden: Room | None = None
        # Acts submitted to the store, oldest first, all of this generation.
        self.pending: deque[Act] = deque()
        # Grows whenever `tip` is thrown away.
        self.generation = 0
        # Acts of older generations that the store has not settled yet, oldest first.
        self.fallen: deque[Act] = deque()
        # Acts of older generations to be decided again, in order.
        self.failed: list[Act] = []
        # Acts that need the store before they can be decided, in order.
        self.waiting: deque[Act] = deque()
        # Whether the worker that serves `waiting` runs.
        self.working = False
        # The store may hold more than `kept`.
        self.stale = False
        # Retries stored lately: key -> (seq, hash), oldest first.
        self.recent: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        # Retries on their way.
        self.flying: dict[tuple[str, str, str], Act] = {}
        # Who is delivered to. A dict keeps the order of joining.
        self.readers: dict[Reader, None] = {}
        # Who is here, and what they have.
        self.attendance = Attendance(room.id)
        # JSON of `kept` by audience, with its seq.
        self.state_cache: dict[str, tuple[int, bytes]] = {}
        # Seq of the newest state saved in the store.
        self.snapshot_seq = 0
        # Monotonic seconds since nobody needs it.
        self.idle_since = 0.0

    def remember(self, act: Act, seq: int) -> None:
        """Recognise a retry of `act` without asking the store."""
        self.recent[act.key] = (seq, act.request_hash)
        if len(self.recent) > RECENT:
            del self.recent[next(iter(self.recent))]

    def fall(self) -> None:
        """Throw `tip` away: something on the way to the store did not get there."""
        self.generation += 1
        self.fallen.extend(self.pending)
        self.pending.clear()
        self.tip = self.kept

    @property
    def busy(self) -> bool:
        """Whether a new act must wait its turn behind others."""
        return bool(self.working or self.waiting or self.fallen or self.stale)
