"""A hub without a network: real rooms, sessions and rounds on a journal in memory.

The cast and the rooms in given stages are those of `tests.room.cast`.
"""

import asyncio
import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

from hub.bus.memory import MemoryBus
from hub.clock import rfc3339
from hub.connections import Connections
from hub.edge.identity import Principal
from hub.greeting import Greeting
from hub.live import LiveRoom, Ok, recorded
from hub.metrics import Metrics
from hub.principal import author
from hub.room.decide import decide
from hub.room.events import Event, Recorded
from hub.room.evolve import evolve
from hub.room.refusals import Refused
from hub.room.roles import Actor, Role
from hub.room.room import Room
from hub.room.stages import Stage
from hub.rooms import Rooms
from hub.rounds import Rounds
from hub.session import Session
from hub.settings import Settings
from hub.watchers import Watchers
from hub.wire.bodies import decode_command, encode_event
from hub.wire.errors import Err, err
from hub.wire.frames import dumps
from persistence.entries import Append, Draft, Entry, Stored, Stream
from tests.room.cast import LEA, Body, actor, standing_in
from tests.shell.clock import NIGHT, LoopClock, calm
from tests.shell.journal import MemoryStore, ScriptedJournal
from tests.shell.link import Frame, MemoryLink

PAUL = actor(Role.PHYSICIST, "paul")
"""Outside of care: sees no identity and no free text, and must be invited."""
ROOM = "room-1"


def principal(who: Actor) -> Principal:
    """The session behind an actor, free of limits."""
    return Principal(
        person=who.person,
        name=who.name,
        role=who.role,
        site=who.site,
        covers=frozenset({who.site}),
        session_id=f"session-{who.person}",
        rate_free=True,
    )


def cid_of(text: str) -> str:
    """The cid of a message that is said once in a test."""
    return "cid-" + re.sub("[^A-Za-z0-9_-]", "-", text)[:36]


class House:
    """One process of the hub. Two may stand on one store."""

    def __init__(self, store: MemoryStore | None = None, name: str = "a") -> None:
        self.journal = ScriptedJournal(store)
        self.store = self.journal.store
        self.clock = LoopClock(NIGHT)
        self.metrics = Metrics()
        given: dict[str, Any] = {}  # all by default
        self._ids = (f"{name}-{n}" for n in itertools.count(1))
        self.rooms = Rooms(
            self.journal,
            MemoryBus(),
            self.clock,
            self.metrics,
            Settings(**given),
            lambda: next(self._ids),
        )
        self.sessions = Connections()
        self.rounds = Rounds(self.rooms, self.sessions, self.check, self.phones)
        self.rooms.delivery.on_row = Watchers(self.sessions).row_changed
        # By ticket; a ticket that is not here was used.
        self.tickets: dict[str, Principal] = {}
        # Persons whose session is over.
        self.over: set[str] = set()
        # Set while the directory answers what `check` asks.
        self.checking = asyncio.Event()
        self.checking.set()
        self.peers: list[Peer] = []
        # Rooms as folded so far.
        self._folded: dict[str, Room] = {}

    async def start(self) -> None:
        """Begin; the rounds are started by the tests that need them."""
        await self.journal.start(self.rooms.delivery.settled)

    async def end(self) -> None:
        """Every link is cut."""
        for peer in self.peers:
            peer.link.abort()
        await calm()

    async def redeem(self, ticket: str) -> Principal | Err:
        """Whose ticket it is; once."""
        who = self.tickets.pop(ticket, None)
        return err("ticket_used") if who is None else who

    async def check(self, held: Any) -> Principal | None:
        """The session as it stands now."""
        found = None if held.person in self.over else held
        await self.checking.wait()
        return found

    async def phones(self) -> dict[str, str]:
        """The number to call at each site."""
        return {LEA.site: "15"}

    # -- rooms ---------------------------------------------------------------------------------

    def furnish(self, stage: Stage = Stage.CLAIMED, room: str = ROOM, more: int = 0) -> str:
        """Put a room into the store that stands in `stage`, with `more` messages at its end."""
        for one in standing_in(stage).journal:
            self._put(room, one.by, (one.event,), one.at)
        for n in range(more):
            self.elsewhere(LEA, "message.post", {"text": f"before {n}"}, room=room)
        return room

    def elsewhere(self, by: Actor, kind: str, body: Body | None = None, room: str = ROOM) -> int:
        """Another process decides and stores; gives the seq. Nobody here is told."""
        command = decode_command(kind, json.dumps(body or {}).encode())
        events = decide(self.fold(room), command, by=by, now=NIGHT)
        assert not isinstance(events, Refused), events
        return self._put(room, by, events)

    def _put(self, room: str, by: Actor, events: Sequence[Event], at: str = "") -> int:
        head = len(self.store.entries(room))
        drafts = [
            Draft(
                stream=Stream.JOURNAL,
                room=room,
                seq=head + n,
                at=at or rfc3339(NIGHT),
                id=f"elsewhere-{room}-{head + n}",
                actor=dumps(by),
                kind=event.kind,
                cid="",
                body=encode_event(event),
            )
            for n, event in enumerate(events, 1)
        ]
        assert self.store.write(Append(drafts)) == Stored()
        return head + 1

    def entries(self, room: str = ROOM) -> list[Entry]:
        """The journal of a room."""
        return self.store.entries(room)

    def head(self, room: str = ROOM) -> int:
        """The last seq in the store."""
        return len(self.entries(room))

    def recorded(self, room: str = ROOM) -> list[Recorded]:
        """The journal as the domain reads it."""
        return [recorded(entry) for entry in self.entries(room)]

    def fold(self, room: str = ROOM) -> Room:
        """The room as the journal has it."""
        state = self._folded.get(room, Room(id=room))
        for entry in self.entries(room)[state.seq :]:
            state = evolve(state, recorded(entry))
        self._folded[room] = state
        return state

    def texts(self, room: str = ROOM) -> list[str]:
        """What was said, as stored."""
        bodies = [json.loads(e.body or b"{}") for e in self.entries(room)]
        return [body["text"] for body in bodies if "text" in body]

    def live(self, room: str = ROOM) -> LiveRoom:
        """The loaded room."""
        return self.rooms.live[room]

    # -- people --------------------------------------------------------------------------------

    async def connect(self, who: Actor, device: str = "", **hello: Any) -> "Peer":
        """A link of somebody, welcomed."""
        peer = Peer(self, who, device or who.device)
        self.peers.append(peer)
        ticket = f"ticket-{len(self.peers)}"
        self.tickets[ticket] = principal(who)
        peer.link.talk = Greeting(peer.link, self.rooms, self.redeem, peer.begin)
        peer.send(t="hello", ticket=ticket, device=peer.device, **hello)
        await calm()
        return peer

    async def member(self, who: Actor, room: str = ROOM, **join: Any) -> "Peer":
        """Somebody who is connected and has joined a room."""
        peer = await self.connect(who)
        await peer.join(room, **join)
        return peer

    def give(self, by: Actor, kind: str, body: Body, cid: str, room: str = ROOM) -> list[Ok | Err]:
        """An act without a link, as of REST; gives the list that the answers come into."""
        answers: list[Ok | Err] = []
        text = json.dumps(body).encode()
        who = author(principal(by), by.device)
        self.rooms.submit(who, room, kind, text, cid, lambda _, answer: answers.append(answer))
        return answers

    def say(self, by: Actor, text: str, cid: str = "", room: str = ROOM) -> list[Ok | Err]:
        """A message without a link."""
        return self.give(by, "message.post", {"text": text}, cid or cid_of(text), room)


class Peer:
    """Somebody at the other end of a link, who writes down what arrives."""

    def __init__(self, house: House, who: Actor, device: str) -> None:
        self.house = house
        self.who = who
        self.device = device
        self.link = MemoryLink()
        self._re = 0

    def begin(self, session: Session) -> None:
        """The greeting is over."""
        self.link.talk = session
        self.house.sessions.begin(session)

    @property
    def session(self) -> Session:
        """The session behind the link."""
        assert isinstance(self.link.talk, Session)
        return self.link.talk

    @property
    def open(self) -> bool:
        """Whether the link stands."""
        return isinstance(self.link.talk, Session) and self.link.code is None

    def send(self, **frame: Any) -> None:
        """Send a frame, heard or not."""
        if self.link.talk is not None:
            self.link.talk.receive(json.dumps(frame).encode())

    async def join(self, room: str = ROOM, **more: Any) -> Frame:
        """Join, and give what was answered."""
        self._re += 1
        name = f"join-{self._re}"
        self.send(t="join", re=name, room=room, **more)
        await calm()
        return self.answers(name)[-1]

    def pub(self, kind: str, body: Body, cid: str, room: str = ROOM, **more: Any) -> None:
        """Act."""
        self.send(t="pub", cid=cid, room=room, kind=kind, body=body, **more)

    def say(self, text: str, cid: str = "", room: str = ROOM) -> None:
        """Post a message; its cid is made of the text where none is given."""
        self.pub("message.post", {"text": text}, cid or cid_of(text), room)

    # -- what arrived --------------------------------------------------------------------------

    def of(self, t: str, room: str = "") -> list[Frame]:
        """Frames of one type that arrived, of one room where it is named."""
        return [f for f in self.link.arrived if f["t"] == t and room in ("", f.get("room"))]

    def answers(self, re: str) -> list[Frame]:
        """What answered `re`."""
        return [frame for frame in self.link.arrived if frame.get("re") == re]

    def events(self, room: str = ROOM) -> list[Frame]:
        """Events in the order they came, in pages or alone."""
        found: list[Frame] = []
        for frame in self.link.arrived:
            if frame.get("room") == room and frame["t"] == "evt":
                found.append(frame)
            elif frame.get("room") == room and frame["t"] == "page":
                found += frame["events"]
        return found

    def seqs(self, room: str = ROOM) -> list[int]:
        """Their seqs."""
        return [event["seq"] for event in self.events(room)]

    def notes(self) -> list[tuple[str, str]]:
        """(slug, room) of every note."""
        return [(note["slug"], note.get("room", "")) for note in self.of("note")]


def slugs(answers: list[Ok | Err]) -> list[str]:
    """Refusals by their word, everything else as `ok` or `dup`."""
    return [one.slug if isinstance(one, Err) else "dup" if one.dup else "ok" for one in answers]


async def loaded(house: House, stage: Stage = Stage.CLAIMED) -> int:
    """A room that is in memory and at rest; gives its head."""
    house.furnish(stage)
    assert await house.rooms.load(ROOM)
    return house.head()
