"""What people, the store and the network may do: the rules of the machine of `test_machine`."""

from collections import Counter
from collections.abc import Awaitable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from hub.live import Ok
from hub.room.roles import Actor
from hub.room.room import Room
from hub.rounds import IDLE_S
from hub.wire.errors import Err
from tests.room.cast import CLAIRE, LEA, MARC, OMAR
from tests.shell.clock import LeapingLoop, calm, pass_time
from tests.shell.house import PAUL, House, Peer
from tests.shell.link import Frame

T = TypeVar("T")

ROOMS = ("r1", "r2")
PEOPLE = (LEA, OMAR, MARC, PAUL, CLAIRE)
GUESTS = (MARC, PAUL, CLAIRE)
"""Who may be taken out of a room."""
MOST = 7
"""Links at once."""

rooms = st.sampled_from(ROOMS)
guests = st.sampled_from(GUESTS)
any_of = st.integers(0, 63)
counts = st.sampled_from([None, 1, 2])


class Watched:
    """What one link must see of one room since it joined."""

    def __init__(self, head: int, follows: int) -> None:
        # The room's head when it joined, and the last seq that it has.
        self.head = head
        self.at = follows


class Shell(RuleBasedStateMachine):
    """Two rooms, and everything that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = LeapingLoop()
        self.house = House()
        self.journal = self.house.journal
        self.said = 0
        # The fold of each prefix of each journal, and the same as seen from outside of care.
        self.folds: dict[tuple[str, bool], list[Room]] = {}
        # Acts sent, by link and cid; and what the acts without a link were answered.
        self.sent: dict[Peer, Counter[str]] = {}
        self.given: list[list[Ok | Err]] = []
        # Each act once: who, room, text, cid.
        self.acts: list[tuple[str, str, str, str]] = []
        # What each link said in each room, in order; rooms where another process stored too.
        self.told: dict[tuple[Peer, str], list[str]] = {}
        self.foreign: set[str] = set()
        # How far each link's frames were looked at, what they joined with, and what they follow.
        self.looked: dict[Peer, int] = {}
        self.joining: dict[tuple[Peer, str], int | None] = {}
        self.watched: dict[tuple[Peer, str], Watched] = {}

    def run(self, work: Awaitable[T]) -> T:
        """Run `work`, and everything that follows at once."""

        async def whole() -> T:
            done = await work
            await calm()
            return done

        return self.loop.run_until_complete(whole())

    @initialize()
    def begin(self) -> None:
        """Two rooms of Léa's and Omar's that a physicist was invited to."""
        for room in ROOMS:
            self.house.furnish(room=room)
            self.house.elsewhere(LEA, "member.invite", _invited(PAUL), room)
        self.run(self.house.start())
        self.run(self._start())
        self.journal.hold()

    async def _start(self) -> None:
        self.house.rounds.start()

    # -- people ------------------------------------------------------------------------------------

    @property
    def open(self) -> list[Peer]:
        """Links that stand."""
        return [peer for peer in self.house.peers if peer.open]

    def some(self, index: int) -> Peer:
        """One of them."""
        return self.open[index % len(self.open)]

    @precondition(lambda self: len(self.open) < MOST)
    @rule(who=st.sampled_from(PEOPLE), room=rooms)
    def come(self, who: Actor, room: str) -> None:
        """Somebody connects and joins a room."""
        peer = self.run(self.house.connect(who))
        self.sent[peer] = Counter()
        self._join(peer, room, None)

    @precondition(lambda self: self.open)
    @rule(index=any_of, room=rooms, back=st.sampled_from([None, 0, 1, 3]))
    def join(self, index: int, room: str, back: int | None) -> None:
        """Somebody joins a room, or joins again, from the beginning or from some events back."""
        peer = self.some(index)
        before = self.watched.get((peer, room))
        after = None if back is None else max(0, before.at - back) if before and back else 0
        self._join(peer, room, after)

    def _join(self, peer: Peer, room: str, after: int | None) -> None:
        name = f"j{len(self.joining)}"
        self.joining[peer, name] = after
        frame: Frame = {"t": "join", "re": name, "room": room}
        self._send(peer, frame if after is None else {**frame, "after": after})

    def _send(self, peer: Peer, frame: Frame) -> None:
        async def send() -> None:
            peer.send(**frame)

        self.run(send())

    @precondition(lambda self: self.open)
    @rule(index=any_of, room=rooms)
    def leave(self, index: int, room: str) -> None:
        """Somebody leaves a room."""
        self._send(self.some(index), {"t": "leave", "re": "leaving", "room": room})

    @precondition(lambda self: self.open)
    @rule(index=any_of, room=rooms, times=st.integers(1, 3))
    def say(self, index: int, room: str, times: int) -> None:
        """Somebody says something, or several things at once."""
        peer = self.some(index)
        for _ in range(times):
            self.said += 1
            act = (peer.who.person, room, f"t{self.said}", f"c{self.said}")
            self.acts.append(act)
            self.told.setdefault((peer, room), []).append(act[3])
            self._act(peer, act)

    @precondition(lambda self: self.open and self.acts)
    @rule(index=any_of, which=any_of)
    def repeat(self, index: int, which: int) -> None:
        """Somebody sends an act of theirs once more."""
        peer = self.some(index)
        mine = [act for act in self.acts if act[0] == peer.who.person]
        if mine:
            self._act(peer, mine[which % len(mine)])

    def _act(self, peer: Peer, act: tuple[str, str, str, str]) -> None:
        _, room, text, cid = act
        self.sent[peer][cid] += 1
        body = {"text": text}
        frame = {"t": "pub", "cid": cid, "room": room, "kind": "message.post", "body": body}
        self._send(peer, frame)

    @rule(room=rooms, index=any_of, behind=st.booleans())
    def remove(self, room: str, index: int, behind: bool) -> None:
        """Omar takes somebody out of a room, and speaks behind their back."""
        here = [peer.who for peer in self.open if room in peer.session.following.subs]
        some = [who for who in here if who in GUESTS] or GUESTS
        who = some[index % len(some)]
        self._give(OMAR, "member.remove", _removed(who), room)
        if behind:
            self._give(OMAR, "message.post", {"text": "behind"}, room)

    @rule(room=rooms, who=guests)
    def invite(self, room: str, who: Actor) -> None:
        """Léa lets somebody in."""
        self._give(LEA, "member.invite", _invited(who), room)

    def _give(self, by: Actor, kind: str, body: dict[str, str], room: str) -> None:
        async def give() -> None:
            self.given.append(self.house.give(by, kind, body, f"g{len(self.given)}", room))

        self.run(give())

    @rule(who=guests)
    def revoke(self, who: Actor) -> None:
        """Somebody's sessions end; they may sign in again."""
        self.house.over.add(who.person)
        self.run(pass_time(2.5))
        self.house.over.discard(who.person)

    # -- the network -------------------------------------------------------------------------------

    @precondition(lambda self: self.open)
    @rule(index=any_of, full=st.booleans())
    def stop_reading(self, index: int, full: bool) -> None:
        """Somebody's network stops."""
        link = self.some(index).link
        link.stop_reading()
        if full:
            self.run(_do(link.fill_up))

    @precondition(lambda self: self.open)
    @rule(index=any_of)
    def read_on(self, index: int) -> None:
        """Somebody's network goes on."""
        self.run(_do(self.some(index).link.read_on))

    @precondition(lambda self: self.open)
    @rule(index=any_of)
    def cut(self, index: int) -> None:
        """Somebody's link is lost."""
        self.run(_do(self.some(index).link.abort))

    # -- the store ---------------------------------------------------------------------------------

    @rule(count=counts)
    def settle(self, count: int | None) -> None:
        """The store writes and tells."""
        self.run(_do(lambda: self.journal.settle(count)))

    @rule(count=counts)
    def take_up(self, count: int | None) -> None:
        """The store writes, and is slow to tell."""
        self.run(_do(lambda: self.journal.take_up(count)))

    @rule(count=counts, written=st.booleans())
    def fail(self, count: int | None, written: bool) -> None:
        """The store fails; what it reports as lost may be on the disk."""
        self.run(_do(lambda: self.journal.fail(count, written=written)))

    @rule(count=counts)
    def put_back(self, count: int | None) -> None:
        """Rights changed elsewhere: the store wants to be asked again."""
        self.run(_do(lambda: self.journal.put_back(count)))

    @rule()
    def recover(self) -> None:
        """A probe succeeds."""
        self.journal.up = True

    @rule(slow=st.booleans())
    def read_slowly(self, slow: bool) -> None:
        """What is read is handed over later, or now."""
        if slow:
            self.journal.reads.clear()
        else:
            self.journal.reads.set()
        self.run(calm())

    @rule(room=rooms, who=guests, kind=st.sampled_from(["say", "remove", "invite"]))
    def elsewhere(self, room: str, who: Actor, kind: str) -> None:
        """Another process stores something."""
        self.foreign.add(room)
        removed = who.person in self.house.fold(room).removed
        if kind == "say":
            self.house.elsewhere(OMAR, "message.post", {"text": "elsewhere"}, room)
        elif kind == "remove" and not removed:
            self.house.elsewhere(OMAR, "member.remove", _removed(who), room)
        elif kind == "invite":
            self.house.elsewhere(LEA, "member.invite", _invited(who), room)

    @rule(seconds=st.sampled_from([0.3, 0.3, 2.0, 2.0, 11.0, IDLE_S + 2]))
    def wait(self, seconds: float) -> None:
        """Time passes, and the rounds are made."""
        self.run(pass_time(seconds))


def _removed(who: Actor) -> dict[str, str]:
    return {"person": who.person, "reason": "test"}


def _invited(who: Actor) -> dict[str, str]:
    role = "subspecialist" if who is CLAIRE else who.role.value
    return {"person": who.person, "role": role, "name": who.name, "site": who.site}


async def _do(call: Any) -> None:
    call()
