"""The calling engine, and its two laws as a machine: no silence, and nobody rung after an answer.

Time is a number that the machine moves; a restart is the ring folded again from its moves.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.oncall import engine
from hub.oncall.engine import SLOWEST_S, Alerted, Around, Away, Entered, Move, Ring
from hub.oncall.policy import Callee, Plan, PlanStep
from hub.room.times import moment, spelled
from tests.oncall.test_rota import at

NIGHT = at("2026-11-21T22:40:00")
NAMES = ("ana", "ben", "cleo", "dora", "eli", "fay")


def step(*people: str, wait_s: int = 60, realert_s: int = 20, phone: str = "") -> PlanStep:
    """A step that tries these people."""
    callees = tuple(Callee(person=one, name=f"Dr {one}", via="nuit") for one in people)
    return PlanStep(wait_s=wait_s, realert_s=realert_s, callees=callees, phone=phone)


def plan_of(*steps: PlanStep) -> Plan:
    """A plan whose last resort is 15."""
    return Plan(policy="case/*/P0@0", rota_at=spelled(NIGHT), steps=steps, phone="15")


def ring_of(plan: Plan, around: Around = engine.NOBODY_AWAY) -> tuple[Ring, Entered]:
    """A ring that begins at `NIGHT`, and its first move."""
    move = engine.begin(plan, NIGHT, around)
    blank = Ring(
        ring=1,
        purpose="case",
        started_at=spelled(NIGHT),
        steps=plan.steps,
        last_resort=plan.phone,
    )
    return engine.entered(blank, move), move


def fold(ring: Ring, move: Move | None) -> Ring:
    """`ring` after a move."""
    assert move is not None
    return engine.entered(ring, move) if isinstance(move, Entered) else engine.alerted(ring, move)


def people(ring: Ring) -> list[str]:
    """Who rings now."""
    return list(ring.ringing)


def test_a_ring_goes_through_its_steps_and_rings_on() -> None:
    ring, _ = ring_of(plan_of(step("ana"), step("ben", wait_s=30)))
    seen = []
    for _ in range(9):
        now = moment(ring.next_at)
        ring = fold(ring, engine.due(ring, now))
        seen.append((round((now - NIGHT).total_seconds()), ring.state, ring.step, ring.alerts))
    assert seen[:5] == [
        (20, "ringing", 1, 1), (40, "ringing", 1, 2), (60, "ringing", 2, 0),
        (80, "ringing", 2, 1), (90, "exhausted", 2, 0),
    ]  # fmt: skip
    assert [one[0] for one in seen[5:]] == [110, 150, 230, 390], "less often each time"
    assert ring.phone == "15"
    assert people(ring) == ["ana", "ben"]


def test_before_its_time_nothing_is_due() -> None:
    ring, _ = ring_of(plan_of(step("ana")))
    assert engine.due(ring, NIGHT + timedelta(seconds=19.9)) is None


def test_a_step_where_nobody_can_be_rung_is_not_waited_for() -> None:
    away = Around(away={"ana": Away("dnd"), "ben": Away("away")}, out=frozenset({"cleo"}))
    ring, move = ring_of(plan_of(step("ana", "ben"), step("cleo"), step("dora")), away)
    assert (move.step, people(ring)) == (3, ["dora"])
    assert [(one.person, one.why) for one in move.skipped] == [
        ("ana", "dnd"), ("ben", "away"), ("cleo", "removed"),
    ]  # fmt: skip


def test_where_nobody_at_all_can_be_rung_the_phone_is_named_at_once() -> None:
    ring, move = ring_of(plan_of(step(), step("ana")), Around(away={"ana": Away("dnd")}))
    assert move.exhausted
    assert (ring.state, ring.phone, ring.next_at != "") == ("exhausted", "15", True)
    alert = engine.due(ring, moment(ring.next_at))
    assert isinstance(alert, Alerted)
    assert [one.person for one in alert.people] == ["ana"], "back meanwhile, rung after all"


def test_a_number_in_a_step_is_shown_as_soon_as_the_step_begins() -> None:
    ring, _ = ring_of(plan_of(step(phone="03 53 01 00 10"), step("ana")))
    assert (ring.state, ring.step, ring.phone) == ("ringing", 1, "03 53 01 00 10")


def test_a_forward_rings_the_other_and_says_for_whom() -> None:
    around = Around(away={"ana": Away("dnd", "ben", "Dr ben"), "ben": Away("dnd", "cleo", "C")})
    ring, move = ring_of(plan_of(step("ana")), around)
    assert [(one.person, one.name, one.forwarded_from) for one in move.people] == [
        ("cleo", "C", "ana")
    ]
    assert people(ring) == ["cleo"]


def test_forwards_in_a_circle_or_to_somebody_away_ring_nobody() -> None:
    circle = Around(away={"ana": Away("dnd", "ben"), "ben": Away("dnd", "ana")})
    _, move = ring_of(plan_of(step("ana")), circle)
    assert [(one.person, one.why) for one in move.skipped] == [("ana", "loop")]
    dead_end = Around(away={"ana": Away("dnd", "ben"), "ben": Away("away")})
    _, move = ring_of(plan_of(step("ana")), dead_end)
    assert [(one.person, one.why) for one in move.skipped] == [("ana", "away")]


def test_the_last_who_declines_moves_the_ring_on_at_once() -> None:
    ring, _ = ring_of(plan_of(step("ana", "ben"), step("ana", "cleo")))
    now = NIGHT + timedelta(seconds=5)
    assert engine.declined(ring, "ana", now) is None
    ring = engine.refused(ring, "ana", spelled(now), "two at once")
    move = engine.declined(ring, "ben", now)
    assert move is not None
    assert [one.person for one in move.people] == ["cleo"]
    assert ("ana", "declined") in [(one.person, one.why) for one in move.skipped]
    ring = engine.entered(engine.refused(ring, "ben", spelled(now), ""), move)
    assert people(ring) == ["cleo"]


def test_who_goes_away_while_rung_is_forwarded_at_the_next_alert() -> None:
    ring, _ = ring_of(plan_of(step("ana")))
    move = engine.due(ring, moment(ring.next_at), Around(away={"ana": Away("dnd", "ben", "B")}))
    assert isinstance(move, Alerted)
    assert [(one.person, one.forwarded_from) for one in move.people] == [("ben", "ana")]


def test_after_a_long_silence_of_the_hub_the_step_that_is_due_begins_anew() -> None:
    ring, _ = ring_of(plan_of(step("ana"), step("ben"), step("cleo")))
    now = NIGHT + timedelta(hours=1)
    ring = fold(ring, engine.due(ring, now))
    assert ring.step == 2
    assert moment(ring.ends_at) == now + timedelta(seconds=60), "Ben has his whole time"


def test_what_is_over_is_over() -> None:
    ring, _ = ring_of(plan_of(step("ana")))
    over = engine.ended(ring, "answered", spelled(NIGHT), "ana", "Dr ana")
    assert (over.next_at, over.ringing, over.on) == ("", (), False)
    assert engine.due(over, NIGHT + timedelta(days=1)) is None
    assert engine.declined(over, "ana", NIGHT) is None


names = st.sampled_from(NAMES)
aways = st.dictionaries(
    names,
    st.builds(Away, st.sampled_from(["dnd", "away"]), st.just("") | names),
    max_size=4,
)
steps = st.builds(
    lambda people, wait_s, realert_s, phone: step(
        *people, wait_s=wait_s, realert_s=realert_s, phone=phone
    ),
    st.lists(names, max_size=3, unique=True),
    st.sampled_from([5, 45, 90]),
    st.sampled_from([5, 20, 120]),
    st.sampled_from(["", "", "", "112"]),
)


class Ringing(RuleBasedStateMachine):
    """One ring, and everything that people and the hub may do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NIGHT
        self.around = Around()
        self.ring = Ring(ring=0, purpose="", started_at="")
        # What the journal would hold: (what, move or person, at).
        self.journal: list[tuple[str, object, str]] = []
        self.first = self.ring
        self.over = False

    @initialize(plan=st.lists(steps, max_size=4), away=aways)
    def start(self, plan: list[PlanStep], away: dict[str, Away]) -> None:
        """Somebody asks for an exam."""
        self.around = Around(away=away)
        self.ring, move = ring_of(plan_of(*plan), self.around)
        self.first = self.ring
        self._look(move)

    def _look(self, move: Move) -> None:
        """Nobody is rung who should not be."""
        assert not self.over, "rung after somebody answered"
        before = {one.person: one for one in self.ring.people} if self.journal else {}
        for one in move.people:
            assert one.person not in self.around.away
            assert one.person not in self.around.out
            known = before.get(one.person)
            assert known is None or not known.declined_at, "rung again after declining"

    def _store(self, what: str, move: object) -> None:
        self.journal.append((what, move, spelled(self.now)))
        self.ring = self._folded(self.ring, what, move, spelled(self.now))

    @staticmethod
    def _folded(ring: Ring, what: str, move: object, when: str) -> Ring:
        if what == "decline":
            return engine.refused(ring, str(move), when, "busy")
        if what == "answer":
            return engine.ended(ring, "answered", when, str(move))
        assert isinstance(move, Entered | Alerted)
        return fold(ring, move)

    def _serve(self) -> None:
        while (move := engine.due(self.ring, self.now, self.around)) is not None:
            before = self.ring.next_at
            self._look(move)
            self._store("move", move)
            assert moment(self.ring.next_at) > self.now, f"no progress from {before}"

    @rule(seconds=st.sampled_from([1, 4, 15, 45, 90, 1000]))
    def wait(self, seconds: int) -> None:
        """Time passes, and the hub looks."""
        self.now += timedelta(seconds=seconds)
        self._serve()

    @rule(seconds=st.sampled_from([1, 30, 300, 7200]))
    def crash(self, seconds: int) -> None:
        """The hub dies and comes back: only the journal is left."""
        self.now += timedelta(seconds=seconds)
        ring = self.first
        for what, move, when in self.journal:
            ring = self._folded(ring, what, move, when)
        assert ring == self.ring
        self.ring = ring
        self._serve()

    @rule(away=aways)
    def come_and_go(self, away: dict[str, Away]) -> None:
        """People set their status."""
        self.around = replace(self.around, away=away)

    @rule(person=names)
    def take_out(self, person: str) -> None:
        """Somebody is removed from the room."""
        self.around = replace(self.around, out=self.around.out | {person})

    @precondition(lambda self: self.ring.ringing)
    @rule(index=st.integers(0, 9))
    def decline(self, index: int) -> None:
        """Somebody who is rung says no."""
        person = self.ring.ringing[index % len(self.ring.ringing)]
        move = engine.declined(self.ring, person, self.now, self.around)
        self._store("decline", person)
        if move is not None:
            self._look(move)
            self._store("move", move)

    @precondition(lambda self: self.ring.on)
    @rule(person=names)
    def answer(self, person: str) -> None:
        """Anybody answers, rung or not."""
        self._store("answer", person)
        self.over = True

    @invariant()
    def a_ring_that_is_on_never_falls_silent(self) -> None:
        """It has a next moment, and names a phone once nobody is left to try."""
        assert self.ring.on != self.over
        assert bool(self.ring.next_at) == self.ring.on
        if self.ring.state == "exhausted":
            assert self.ring.phone
        if self.ring.on and self.ring.state == "ringing":
            assert self.ring.ringing or self.ring.ends_at

    def teardown(self) -> None:
        """Nobody answers any more: the phone is named in time, and it rings for ever."""
        if not self.ring.on:
            assert engine.due(self.ring, self.now + timedelta(days=9), self.around) is None
            return
        begun = self.now
        most = timedelta(seconds=sum(one.wait_s for one in self.ring.steps))
        while self.ring.state != "exhausted":
            self.now = moment(self.ring.next_at)
            self._serve()
            assert self.now - begun <= most
        for _ in range(20):
            wait = moment(self.ring.next_at) - self.now
            assert timedelta() < wait <= timedelta(seconds=SLOWEST_S)
            self.now = moment(self.ring.next_at)
            self._serve()


TestRinging = Ringing.TestCase
TestRinging.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
