"""No category 1 result ends in silence: whatever people do, however long the hub is down.

A machine of one room with a fake clock. A restart folds the journal anew. The hub looks when its
own `next_deadline` says so, or late, after it was down.
"""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.room.criticality import CATEGORIES
from hub.room.deadlines import due, next_deadline
from hub.room.evolve import evolve
from hub.room.loop_events import (
    CriticalAcknowledged,
    CriticalEscalated,
    CriticalExhausted,
    CriticalRaised,
)
from hub.room.refusals import Refused
from hub.room.roles import SYSTEM, Actor
from hub.room.room import Room
from hub.room.stages import Stage
from hub.room.times import moment
from tests.room import cast
from tests.room.cast import BASTIEN, CLAIRE, INES, LEA, MARC, OMAR, RENE, SOLENE, Body

PEOPLE = [LEA, BASTIEN, MARC, OMAR, CLAIRE, INES, RENE, SOLENE]
people = st.sampled_from(PEOPLE)
SAID = CriticalRaised | CriticalEscalated | CriticalExhausted
LONGEST_MIN = max(
    *(step.minutes for step in CATEGORIES[1].steps),
    CATEGORIES[1].exhausted_min,
    CATEGORIES[1].repeat_min,
)


class Pursuit(RuleBasedStateMachine):
    """People who answer, do not answer, hand over, are removed, close and reopen."""

    def __init__(self) -> None:
        super().__init__()
        self.case = cast.reading()
        self.up = True

    @initialize(who=st.sampled_from([OMAR, INES]), to=st.sampled_from(["", "karim", "marc"]))
    def a_bleed_is_found(self, who: Actor, to: str) -> None:
        self.case.do(INES, "message.post", {"text": "TEST"})
        self.raise_one(who, to)

    @rule(who=st.sampled_from([OMAR, CLAIRE, INES]), to=st.sampled_from(["", "karim", "bastien"]))
    def raise_one(self, who: Actor, to: str) -> None:
        found: Body = {"category": 1, "finding": "TEST hématome gauche", "words": ["gauche"]}
        self.ask(who, "critical.raise", {**found, "to": to, "role": "subspecialist"})

    @rule(who=people, n=st.integers(0, 3), said=st.sampled_from(["à gauche", "à droite", ""]),
          outside=st.booleans())  # fmt: skip
    def somebody_acknowledges(self, who: Actor, n: int, said: str, outside: bool) -> None:
        body: Body = {"critical": self.nth(n), "read_back": said}
        if outside:
            told = {"name": "TEST-X", "role": "interne", "number": "5150"}
            body |= {"recipient": told, "method": "phone"}
        self.ask(who, "critical.acknowledge", body)

    @rule(who=people, n=st.integers(0, 3))
    def somebody_tries_to_be_done_with_it(self, who: Actor, n: int) -> None:
        self.ask(who, "critical.close", {"critical": self.nth(n), "reason": "vu"})
        self.ask(who, "room.close", {"reason": "fini"})
        self.ask(who, "report.acknowledge", {})

    @rule(who=people, n=st.integers(0, 3))
    def an_attempt(self, who: Actor, n: int) -> None:
        body = {"critical": self.nth(n), "method": "phone", "outcome": "no_answer"}
        self.ask(who, "critical.attempt", body)

    @rule(who=people, to=people)
    def a_shift_ends(self, who: Actor, to: Actor) -> None:
        self.ask(who, "handover.offer", {"to": to.person, "name": to.name})
        self.ask(to, "handover.accept", {})

    @rule(who=people, person=people)
    def somebody_is_taken_out(self, who: Actor, person: Actor) -> None:
        self.ask(who, "member.remove", {"person": person.person})

    @rule(who=st.sampled_from([OMAR, CLAIRE]))
    def the_exam_goes_on(self, who: Actor) -> None:
        self.ask(who, "report.sign", cast.WRITTEN)
        self.ask(who, "room.reopen", {"reason": "suite"})

    @rule(minutes=st.integers(1, 40))
    def time_passes_and_the_hub_looks_when_it_said(self, minutes: int) -> None:
        until = self.case.now + timedelta(minutes=minutes)
        while (at := next_deadline(self.case.room)) is not None and at <= until:
            self.case.now = max(self.case.now, at)
            events = due(self.case.room, self.case.now)
            assert events, "the hub looked when it had said, and had nothing to do"
            self.case.store(SYSTEM, events)
        self.case.now = max(self.case.now, until)

    @rule(minutes=st.integers(1, 2000))
    def the_hub_is_down_and_starts_again(self, minutes: int) -> None:
        self.case.now += timedelta(minutes=minutes)
        folded = Room(id=self.case.room.id)
        for entry in self.case.journal:
            folded = evolve(folded, entry)
        assert folded == self.case.room
        self.case.room = folded
        self.case.store(SYSTEM, due(folded, self.case.now))

    @invariant()
    def what_nobody_received_is_never_silent(self) -> None:
        room = self.case.room
        for one in room.criticals:
            if one.category != 1 or one.receipt is not None:
                continue
            assert one.closed is None
            assert room.stage not in (Stage.CLOSED, Stage.ACKNOWLEDGED)
            last = max(moment(at) for at in self.said(one.raised.seq))
            assert moment(one.next_at) - last <= timedelta(minutes=LONGEST_MIN, seconds=1)
            upcoming = next_deadline(room)
            assert upcoming is not None
            assert upcoming <= moment(one.next_at)
            assert room.next_move is not None
            assert room.next_move.act == "critical.acknowledge"
            assert one.holder not in room.removed
            if one.exhausted:
                assert room.next_move.person

    @invariant()
    def what_was_received_is_called_for_no_more(self) -> None:
        received: set[int] = set()
        for entry in self.case.journal:
            event = entry.event
            if isinstance(event, CriticalAcknowledged):
                assert event.critical not in received
                received.add(event.critical)
            elif isinstance(event, CriticalEscalated | CriticalExhausted):
                assert event.critical not in received

    @invariant()
    def the_steps_are_taken_in_order_each_once(self) -> None:
        for one in self.case.room.criticals:
            steps = [
                entry.event.step
                for entry in self.case.journal
                if isinstance(entry.event, CriticalEscalated)
                and entry.event.critical == one.raised.seq
            ]
            assert steps == list(range(1, len(steps) + 1))
            assert len(steps) <= len(CATEGORIES[1].steps)
            assert not one.exhausted or len(steps) == len(CATEGORIES[1].steps)

    def said(self, seq: int) -> list[str]:
        """When it was raised, and when the hub called for it."""
        return [
            entry.at
            for entry in self.case.journal
            if isinstance(entry.event, SAID)
            and seq in (entry.seq, getattr(entry.event, "critical", 0))
        ]

    def nth(self, n: int) -> int:
        """The seq of a result of the room, or of none."""
        found = self.case.room.criticals
        return found[n].raised.seq if n < len(found) else 1

    def ask(self, by: Actor, kind: str, body: Body) -> None:
        """Play a command that may be refused; who was taken out is not let in at all."""
        if by.person in self.case.room.removed:
            return
        answer = self.case.ask(by, kind, body)
        if not isinstance(answer, Refused):
            self.case.store(by, answer)


TestPursuit = Pursuit.TestCase
TestPursuit.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
