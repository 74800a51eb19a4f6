"""Rings through the shell: on time, through crashes and restarts, and never after an answer."""

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.clock import rfc3339
from hub.limiter import Limiter
from hub.oncall.engine import Around, Away
from hub.oncall.policy import Plan
from hub.room.commands import Command
from hub.room.roles import Actor
from hub.room.room import Room
from hub.room.times import moment
from tests.room.cast import CLAIRE, INES, LEA, OMAR, RENE, REQUEST, plan_of, trying
from tests.shell.clock import LeapingLoop, calm, pass_time
from tests.shell.house import House, principal, slugs

T = TypeVar("T")
RUNG = (OMAR, CLAIRE, RENE)
PLAN = plan_of(trying(OMAR), trying(CLAIRE, wait_s=45), trying(OMAR, RENE))
MOST_S = 60 + 45 + 60
"""Seconds until all steps of the plan are through."""


def ringing_house(house: House) -> House:
    """`house` with a rota."""

    async def plan(room: Room, command: Command, by: Actor) -> Plan:
        return PLAN if command.kind != "ring.start" else plan_of(trying(INES))

    for kind in ("request.submit", "case.release", "ring.start"):
        house.rooms.decider.plans[kind] = plan
    return house


async def opened(house: House) -> str:
    """A room that rings."""
    room, _ = await house.rooms.open(
        principal(LEA), "dev-1", json.dumps(REQUEST).encode(), cid="cid-open"
    )
    await calm()
    return room


def kinds(house: House, room: str) -> list[str]:
    """The kinds of a journal."""
    return [entry.kind for entry in house.entries(room)]


async def test_a_request_rings_and_the_hub_goes_on_by_itself(house: House) -> None:
    ringing_house(house)
    house.rounds.start()
    room = await opened(house)
    await pass_time(MOST_S + 5)
    assert [kind for kind in kinds(house, room) if kind.startswith("ring.")] == [
        "ring.started", "ring.alerted", "ring.alerted", "ring.escalated", "ring.alerted",
        "ring.alerted", "ring.escalated", "ring.alerted", "ring.alerted", "ring.exhausted",
    ]  # fmt: skip
    assert house.fold(room).rings[0].phone == "15"
    await house.rounds.stop()


async def test_an_answer_on_its_way_to_the_disk_is_an_answer(house: House) -> None:
    ringing_house(house)
    room = await opened(house)
    house.rounds.start()
    await pass_time(58)
    house.journal.hold()
    answers = house.give(OMAR, "case.claim", {}, "cid-claim", room)
    await pass_time(30)
    house.journal.release()
    await pass_time(200)
    assert slugs(answers) in (["ok"], ["storage_unavailable"])
    if house.fold(room).owner is not None:
        claimed = kinds(house, room).index("case.claimed")
        assert not [one for one in kinds(house, room)[claimed:] if one.startswith("ring.")]
    await house.rounds.stop()


async def test_those_rung_get_the_row_and_the_events_and_hear_of_the_end(house: House) -> None:
    ringing_house(house)
    room = await opened(house)
    house.give(OMAR, "case.claim", {}, "cid-claim", room)
    await calm()
    ines = await house.connect(INES)
    ines.send(t="watch", re="w1")
    house.give(OMAR, "ring.start", {"to": "ines", "question": "avis ?"}, "cid-ring", room)
    await calm()
    row = ines.of("row", room)[-1]["summary"]
    assert [(one["purpose"], one["people"]) for one in row["rings"]] == [("ask", ["ines"])]
    assert (await ines.join(room))["t"] == "joined"
    ring = house.fold(room).rings[-1].ring
    house.give(OMAR, "ring.stop", {"ring": ring}, "cid-stop", room)
    await calm()
    assert ines.of("row", room)[-1]["summary"]["rings"] == []
    assert ines.events(room)[-1]["kind"] == "ring.stopped"
    before = len(ines.of("row", room))
    await pass_time(1)
    house.give(LEA, "incident.open", {"category": "network", "text": "x"}, "cid-i", room)
    await calm()
    assert len(ines.of("row", room)) == before, "no longer hers to see"


async def test_the_row_is_due_when_the_ring_moves_next(house: House) -> None:
    ringing_house(house)
    room = await opened(house)
    ring = house.fold(room).rings[0]
    assert house.store.rows[room].due_at == ring.next_at
    assert house.store.rows[room].people == ("lea", "omar")


def test_w18_answers_to_rings_never_wait_behind_chatter() -> None:
    limiter = Limiter(1, 1)
    assert limiter.take("omar", "message.post", 0.0) == 0
    assert limiter.take("omar", "message.post", 0.0) > 0
    assert limiter.take("omar", "ring.answer", 0.0) == 0
    assert limiter.take("lea", "case.claim", 0.0) == 0


class Night(RuleBasedStateMachine):
    """One request, several hubs in turn on one store, and everything that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = LeapingLoop()
        self.house = ringing_house(House())
        self.room = ""
        self.acts = 0
        self.away: dict[str, Away] = {}

    def run(self, work: Awaitable[T]) -> T:
        """Run `work`, and everything that follows at once."""

        async def whole() -> T:
            done = await work
            await calm()
            return done

        return self.loop.run_until_complete(whole())

    @initialize()
    def begin(self) -> None:
        """Léa asks."""
        self.run(self.house.start())
        self._look_around()
        self.room = self.run(opened(self.house))
        self.run(self._rounds())

    def _look_around(self) -> None:
        self.house.rooms.decider.around = lambda: Around(away=self.away)

    async def _rounds(self) -> None:
        self.house.rounds.start()

    @rule(seconds=st.sampled_from([1, 7, 20, 44, 61]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.run(pass_time(seconds))

    @rule(down=st.sampled_from([0, 3, 90]))
    def crash(self, down: int) -> None:
        """The process dies where it stands, and another begins on what is on the disk."""
        self.run(self._die())
        self.run(pass_time(down))
        self.house = ringing_house(House(self.house.store, name=f"h{self.acts}"))
        self.acts += 1
        self._look_around()
        self.run(self.house.start())
        self.run(self._rounds())

    async def _die(self) -> None:
        await self.house.rounds.stop()
        await self.house.end()

    @rule(who=st.sampled_from(RUNG), forward=st.sampled_from(["", *(one.person for one in RUNG)]))
    def leave(self, who: Actor, forward: str) -> None:
        """Somebody does not want to be rung."""
        self.away = {**self.away, who.person: Away("dnd", forward, f"Dr {forward}")}

    @rule(who=st.sampled_from(RUNG))
    def return_(self, who: Actor) -> None:
        """Somebody is back."""
        self.away = {one: held for one, held in self.away.items() if one != who.person}

    @rule(who=st.sampled_from(RUNG), kind=st.sampled_from(["claim", "decline", "release"]))
    def act(self, who: Actor, kind: str) -> None:
        """Somebody takes it, says no, or gives it back."""
        self.acts += 1
        body = {} if kind == "claim" else {"reason": "test"}
        self.run(self._give(who, f"case.{kind}", body))

    async def _give(self, who: Actor, kind: str, body: dict[str, str]) -> None:
        self.house.give(who, kind, body, f"cid-{self.acts}", self.room)

    @rule(count=st.sampled_from([1, None]))
    def lose_a_commit(self, count: int | None) -> None:
        """The store fails what is on its way, then recovers."""
        self.house.journal.hold()
        self.run(pass_time(2))
        self.run(self._recover(count))
        self.run(pass_time(2))

    async def _recover(self, count: int | None) -> None:
        self.house.journal.fail(count)
        self.house.journal.up = True
        self.house.journal.release()

    async def _open_up(self) -> None:
        self.house.journal.up = True
        self.house.journal.release()

    @invariant()
    def nobody_is_rung_after_an_answer_nor_one_who_is_away(self) -> None:
        """In the order of the journal: what rings stands between a start and its end."""
        on = False
        for entry in self.house.entries(self.room):
            if entry.kind in ("ring.started",):
                on = True
            elif entry.kind in ("case.claimed", "request.cancelled"):
                on = False
            elif entry.kind.startswith("ring."):
                assert on, f"{entry.kind} after an answer"

    @invariant()
    def it_never_falls_silent(self) -> None:
        """Unclaimed means that something is due, and that the store knows when."""
        if not self.room:
            return
        room = self.house.fold(self.room)
        if room.owner is None:
            on = [ring for ring in room.rings if ring.on]
            assert on
            assert on[-1].next_at
            assert "" < self.house.store.rows[self.room].due_at <= on[-1].next_at

    def teardown(self) -> None:
        """Nobody answers any more: within the time of the plan the number to phone is named."""
        if self.room:
            self.run(self._open_up())
            self.run(pass_time(MOST_S + 30))
            room = self.house.fold(self.room)
            if room.owner is None:
                ring = [one for one in room.rings if one.on][-1]
                assert (ring.state, ring.phone) == ("exhausted", "15")
                self.run(pass_time(950))
                again = self.house.fold(self.room)
                assert again.seq > room.seq, "it rings on"
                now = rfc3339(self.run(self._now()))
                assert moment(again.rings[-1].next_at) > moment(now)
        self.run(self._end())
        self.loop.close()

    async def _end(self) -> None:
        await self._die()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _now(self) -> Any:
        return self.house.clock.now()


TestNight = Night.TestCase
TestNight.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
