"""An act is stored once, however often it is sent, and the hub's own acts once too (W-12)."""

from datetime import timedelta

import pytest

from hub.decider import row_of
from hub.live import Ok
from hub.room.roles import Actor
from hub.room.stages import Stage
from persistence.entries import Append, Stored
from tests.room.cast import CLAIRE, LEA, MARC, OMAR
from tests.shell.clock import calm, pass_time, turns_until
from tests.shell.house import ROOM, House, loaded, slugs

# -- again (W-12) ----------------------------------------------------------------------------------


async def test_a_repeat_gets_the_first_answer(house: House) -> None:
    head = await loaded(house)
    first = house.say(LEA, "one")
    await calm()
    again = house.say(LEA, "one")
    assert (first, again) == ([Ok(head + 1)], [Ok(head + 1, dup=True)])
    assert slugs(house.say(LEA, "another", "cid-one")) == ["cid_reuse"]
    assert house.head() == head + 1


async def test_repeats_in_flight_are_answered_with_the_first(house: House) -> None:
    head = await loaded(house)
    house.journal.hold()
    first = house.say(LEA, "one")
    again = [house.say(LEA, "one") for _ in range(3)]
    other = house.say(LEA, "another", "cid-one")
    assert slugs(other) == ["cid_reuse"]
    assert len(house.journal.waiting) == 1
    house.journal.settle()
    assert first == [Ok(head + 1)]
    assert again == [[Ok(head + 1, dup=True)]] * 3


async def test_repeats_in_flight_are_refused_with_the_first(house: House) -> None:
    await loaded(house)
    house.journal.hold()
    answers = [house.say(LEA, "one") for _ in range(3)]
    house.journal.fail()
    assert [slugs(got) for got in answers] == [["storage_unavailable"]] * 3


async def test_repeats_in_flight_live_through_a_conflict(house: House) -> None:
    head = await loaded(house)
    house.journal.hold()
    first = house.say(LEA, "one")
    house.elsewhere(OMAR, "message.post", {"text": "first"})
    again = house.say(LEA, "one")
    house.journal.release()
    await calm()
    assert (first, again) == ([Ok(head + 2)], [Ok(head + 2, dup=True)])


async def test_a_repeat_after_an_overdue_answer_is_not_stored_twice(house: House) -> None:
    head = await loaded(house)
    house.rounds.start()
    house.journal.hold()
    first = house.say(LEA, "one")
    house.journal.take_up()
    await pass_time(2)
    again = house.say(LEA, "one")
    assert slugs(first) == slugs(again) == ["storage_unavailable"]
    house.journal.release()
    house.journal.tell()
    await calm()
    assert house.say(LEA, "one") == [Ok(head + 1, dup=True)]
    assert house.texts().count("one") == 1
    await house.rounds.stop()


@pytest.mark.parametrize("who", [LEA, OMAR])
async def test_an_act_of_before_a_restart_is_recognised(house: House, who: Actor) -> None:
    head = await loaded(house)
    house.say(who, "one")
    await calm()
    after = House(house.store, "b")
    await after.start()
    marc = await after.member(MARC)
    again = after.say(who, "one")
    reused = after.say(who, "other", "cid-one")
    more = after.say(who, "two")
    await calm()
    assert again == [Ok(head + 1, dup=True)]
    assert slugs(reused) == ["cid_reuse"]
    assert more == [Ok(head + 2)]
    assert marc.seqs() == [head + 2]
    await after.end()


async def test_what_is_refused_now_and_was_stored_before_gets_its_first_answer(
    house: House,
) -> None:
    await loaded(house, Stage.REQUESTED)
    claimed = house.give(OMAR, "case.claim", {}, "claim")
    await calm()
    house.give(OMAR, "justification.decide", {"decision": "refuse", "reason": "IRM"}, "no")
    await calm()
    for hub in (house, House(house.store, "b")):
        await hub.start()
        again = hub.give(OMAR, "case.claim", {}, "claim")
        never = hub.give(CLAIRE, "case.claim", {}, "claim")
        await calm()
        assert isinstance(claimed[0], Ok)
        assert again == [Ok(claimed[0].seq, dup=True)]
        assert slugs(never) == ["wrong_stage"]


async def test_acts_wait_behind_one_that_the_store_is_asked_about(house: House) -> None:
    await loaded(house)
    said = house.say(LEA, "one")
    await calm()
    assert isinstance(said[0], Ok)
    house.journal.reads.clear()
    taken_back = house.give(LEA, "message.retract", {"seq": said[0].seq}, "back")
    later = house.say(LEA, "two")
    await calm()
    assert taken_back == later == []
    house.journal.reads.set()
    await calm()
    assert slugs(taken_back) == slugs(later) == ["ok"]
    assert [entry.kind for entry in house.entries()[-2:]] == ["message.retracted", "message.posted"]


async def test_acts_given_while_a_room_is_loaded_keep_their_order(house: House) -> None:
    house.furnish()
    answers = [house.say(LEA, "m0")]
    await turns_until(lambda: ROOM in house.rooms.live)
    answers += [house.say(LEA, "m1"), house.say(LEA, "m2")]
    await calm()
    assert [slugs(got) for got in answers] == [["ok"]] * 3
    assert house.texts()[-3:] == ["m0", "m1", "m2"]


async def test_a_line_that_is_too_long_is_refused(house: House) -> None:
    await loaded(house)
    house.journal.hold()
    house.say(LEA, "one")
    house.elsewhere(OMAR, "message.post", {"text": "first"})
    house.journal.reads.clear()
    house.journal.settle()
    answers = [house.say(LEA, f"m{n}") for n in range(4200)]
    refused = [got for got in answers if got]
    assert {slug for got in refused for slug in slugs(got)} == {"overloaded"}
    assert 0 < len(refused) < 200
    house.journal.reads.set()
    house.journal.release()
    await calm()
    assert [len(got) for got in answers] == [1] * 4200


# -- the hub itself --------------------------------------------------------------------------------


async def test_a_limit_that_went_by_is_stored_once(house: House) -> None:
    house.furnish(Stage.REQUESTED)
    other = House(house.store, "b")
    await other.start()
    for hub in (house, other):
        assert await hub.rooms.load(ROOM)
    await _list(house)
    assert house.entries()[-1].kind == "message.posted"
    for hub in (house, other):
        hub.clock.begin += timedelta(hours=6)
        hub.rounds.start()
    await pass_time(5)
    passed = [entry for entry in house.entries() if entry.kind == "deadline.passed"]
    clocks = [name for name, clock in house.fold().clocks.items() if clock.breached]
    assert len(passed) == len(clocks) > 0
    assert len({entry.body for entry in passed}) == len(passed)
    for hub in (house, other):
        await hub.rounds.stop()


async def test_a_limit_waits_for_a_store_that_takes_it(house: House) -> None:
    house.furnish(Stage.REQUESTED)
    assert await house.rooms.load(ROOM)
    await _list(house)
    house.clock.begin += timedelta(hours=6)
    house.rounds.start()
    house.journal.up = False
    await pass_time(5)
    assert "deadline.passed" not in {entry.kind for entry in house.entries()}
    house.journal.up = True
    await pass_time(5)
    kinds = [entry.kind for entry in house.entries()]
    clocks = [name for name, clock in house.fold().clocks.items() if clock.breached]
    assert kinds.count("deadline.passed") == len(clocks) > 0
    await house.rounds.stop()


async def _list(house: House) -> None:
    """Bring the room into the worklist, where the hub looks for what falls due."""
    house.say(LEA, "listed")
    await calm()
    house.store.rows[ROOM] = row_of(house.fold())


async def test_an_append_of_somebody_else_is_handed_back_to_them(house: House) -> None:
    mine: list[Append] = []
    house.journal.submit(Append([], tag=mine.append))
    await calm()
    assert [append.outcome for append in mine] == [Stored()]
