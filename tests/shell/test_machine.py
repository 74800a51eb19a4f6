"""Whatever people, the store and the network do: everybody sees one and the same room.

A machine lets several people act in two rooms while appends settle in any outcome, another process
stores too, readers get full and drain, people are removed and invited, sessions end, time passes
and rooms are let go of. After each step what must always hold is checked; at the end all is opened
up, and everybody must have got everything.
"""

import asyncio
import json
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from hub.live import Sent
from hub.room.evolve import evolve
from hub.room.roles import Actor
from hub.room.room import Room
from hub.room.visibility import withheld
from hub.wire.bodies import encode_room
from persistence.entries import Entry
from tests.shell.clock import pass_time
from tests.shell.house import PAUL, Peer
from tests.shell.link import Frame
from tests.shell.machine import ROOMS, Shell, Watched


class Checked(Shell):
    """The same, looked at after each step."""

    # -- what must hold ----------------------------------------------------------------------------

    def fold(self, room: str, seq: int, *, hidden: bool = False) -> Room:
        """The room after `seq` entries of its journal."""
        folds = self.folds.setdefault((room, hidden), [Room(id=room)])
        for entry in self.house.entries(room)[len(folds) - 1 :]:
            sent = Sent(entry)
            one = sent.recorded_hidden() if hidden else sent.recorded()
            folds.append(evolve(folds[-1], one))
        return folds[seq]

    @invariant()
    def rooms_are_the_fold_of_their_journal(self) -> None:
        """What is in memory is what the journal folds to."""
        for room, live in self.house.rooms.live.items():
            assert live.kept == self.fold(room, live.kept.seq)
            assert live.tip.seq >= live.kept.seq
            if live.hidden is not None:
                assert live.hidden == self.fold(room, live.hidden.seq, hidden=True)

    @invariant()
    def everybody_sees_the_journal(self) -> None:
        """Each frame that arrived is what it should be, and nothing follows a bye."""
        for peer in self.house.peers:
            frames = peer.link.arrived
            for frame in frames[self.looked.get(peer, 0) :]:
                self._look(peer, frame)
            self.looked[peer] = len(frames)
            assert peer.link.after_close == []

    def _look(self, peer: Peer, frame: Frame) -> None:
        match frame["t"]:
            case "joined":
                self._joined(peer, frame)
            case "evt":
                self._event(peer, frame)
            case "page":
                for event in frame["events"]:
                    self._event(peer, event)
            case "ok" if "seq" in frame:
                self._stored(peer, frame)

    def _joined(self, peer: Peer, frame: Frame) -> None:
        room, head, after = frame["room"], frame["head"], self.joining[peer, frame["re"]]
        self.watched[peer, room] = Watched(head, head if after is None else after)
        state = self.fold(room, head, hidden=peer.who is PAUL)
        assert frame["state"] == json.loads(encode_room(state))
        assert peer.who.person not in self.fold(room, head).removed

    def _event(self, peer: Peer, event: Frame) -> None:
        room, seq = event["room"], event["seq"]
        watched = self.watched[peer, room]
        assert seq == watched.at + 1, "a gap, or out of order"
        watched.at = seq
        entry = self.house.entries(room)[seq - 1]
        assert event["id"] == entry.id
        if peer.who is PAUL and withheld(entry.kind, PAUL.role):
            assert (event["kind"], event["body"]) == ("withheld", {})
        else:
            assert (event["kind"], event["body"]) == (entry.kind, json.loads(entry.body or b""))
        since = self.house.entries(room)[watched.head : seq - 1]
        assert not any(_removes(one, peer.who) for one in since), "told after being removed"

    def _stored(self, peer: Peer, frame: Frame) -> None:
        act = next(act for act in self.acts if act[3] == frame["re"])
        entry = self.house.entries(act[1])[frame["seq"] - 1]
        assert (entry.cid, json.loads(entry.body or b"")) == (act[3], {"text": act[2]})
        assert json.loads(entry.actor)["person"] == peer.who.person

    @invariant()
    def nothing_is_answered_or_stored_twice(self) -> None:
        """As many answers as acts, at most; one entry for each cid."""
        for peer, sent in self.sent.items():
            answered = Counter(frame.get("re") for frame in peer.link.arrived)
            assert all(answered[cid] <= times for cid, times in sent.items())
        assert all(len(answers) <= 1 for answers in self.given)
        for room in ROOMS:
            cids = Counter(entry.cid for entry in self.house.entries(room) if entry.cid)
            assert all(times == 1 for times in cids.values())

    @invariant()
    def what_one_link_says_keeps_its_order(self) -> None:
        """Of what was sent once, the earlier is never stored after the later."""
        again = Counter(cid for sent in self.sent.values() for cid in sent.elements())
        for (_, room), cids in self.told.items():
            seqs = {entry.cid: entry.seq for entry in self.house.entries(room)}
            stored = [seqs[cid] for cid in cids if again[cid] == 1 and cid in seqs]
            assert stored == sorted(stored)

    def teardown(self) -> None:
        """All is opened up: everybody gets everything, and every act its answer."""
        if self.house.entries(ROOMS[0]):
            self.run(self._open_up())
            self.everybody_sees_the_journal()
            self.rooms_are_the_fold_of_their_journal()
            self.nothing_is_answered_or_stored_twice()
            self._all_is_answered()
            self._all_is_seen()
        self.run(self._end())
        self.loop.close()

    async def _open_up(self) -> None:
        self.journal.up = True
        self.journal.reads.set()
        self.journal.tell()
        self.journal.release()
        for peer in self.open:
            peer.link.read_on()
        await pass_time(25)  # two heartbeats

    def _all_is_answered(self) -> None:
        assert all(len(answers) == 1 for answers in self.given)
        for peer in self.open:
            answered = Counter(frame.get("re") for frame in peer.link.arrived)
            assert {cid: answered[cid] for cid in self.sent[peer]} == self.sent[peer]

    def _all_is_seen(self) -> None:
        for room, live in self.house.rooms.live.items():
            if live.readers:
                assert live.kept == live.tip == self.house.fold(room)
        for peer in self.open:
            for room in peer.session.following.subs:
                assert self.watched[peer, room].at == self.house.head(room)

    async def _end(self) -> None:
        await self.house.rounds.stop()
        await self.house.end()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _removes(entry: Entry, who: Actor) -> bool:
    gone = entry.kind == "member.removed"
    return gone and json.loads(entry.body or b"{}")["person"] == who.person


TestShell = Checked.TestCase
TestShell.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
