"""What a review found of ends, refreshes, the worklist and lateness: each went wrong once."""

import asyncio
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.live import LiveRoom, Ok
from hub.room.events import Recorded
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.stages import Stage
from hub.rounds import LAST_S
from hub.trace import BATCH
from hub.wire.errors import Err
from persistence.entries import Row, Stream
from tests.room.cast import LEA, MARC, OMAR, REQUEST, actor
from tests.shell.clock import calm, pass_time
from tests.shell.house import ROOM, House, principal
from tests.shell.journal import ScriptedJournal

MARC_OUT = {"person": "marc", "reason": "test"}
REQUEST_BYTES = json.dumps(REQUEST).encode()


def refused(answers: list[Ok | Err]) -> list[str]:
    """The refusals among some answers."""
    return [one.slug for one in answers if isinstance(one, Err)]


# -- the end ---------------------------------------------------------------------------------------


def traced(journal: ScriptedJournal, what: str) -> list[dict[str, object]]:
    """Records of one kind, as the trace has them on the disk."""
    found: list[dict[str, object]] = []
    for entry in journal.store.entries(ROOM, Stream.TRACE):
        records = json.loads(entry.body or b"{}")["records"]
        found += [record for record in records if record["what"] == what]
    return found


@pytest.mark.parametrize("how", ["refused", "hanging", "unreadable"])
async def test_the_rounds_stop_whatever_the_store_does(house: House, how: str) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.send(t="got", room=ROOM, upto=1)
    house.rounds.start()
    house.journal.up = how != "refused"
    house.journal.readable = how != "unreadable"
    if how == "hanging":
        house.journal.hold()
        house.journal.chores.clear()
        house.journal.reads.clear()
    await pass_time(1)
    begun = house.clock.monotonic()
    await house.rounds.stop()
    assert house.clock.monotonic() - begun <= LAST_S + 0.1
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in left if "_every" in repr(task)]


async def test_receipts_that_the_store_refused_are_saved_later(house: House) -> None:
    head = len(house.entries(house.furnish()))
    marc = await house.member(MARC)
    house.journal.up = False
    marc.send(t="got", room=ROOM, upto=head - 1)
    await house.rounds.tell()
    marc.send(t="seen", room=ROOM, upto=head)
    await house.rounds.tell()
    assert house.store.receipts.get(ROOM, {}) == {}
    house.journal.up = True
    await house.rounds.tell()
    assert house.store.receipts[ROOM] == {("marc", "dev-1"): (head, head)}


async def test_receipts_that_rise_while_they_are_saved_are_saved_again(house: House) -> None:
    head = len(house.entries(house.furnish()))
    marc = await house.member(MARC)
    house.journal.chores.clear()
    marc.send(t="got", room=ROOM, upto=1)
    telling = asyncio.create_task(house.rounds.tell())
    await calm()
    marc.send(t="got", room=ROOM, upto=head)
    house.journal.chores.set()
    await telling
    await house.rounds.tell()
    assert house.store.receipts[ROOM] == {("marc", "dev-1"): (head, 0)}


async def test_receipts_whose_saving_the_stop_cut_off_are_saved_then(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.send(t="got", room=ROOM, upto=2)
    house.rounds.start()
    house.journal.chores.clear()
    await pass_time(0.5)  # the round waits for the store
    stopping = asyncio.create_task(house.rounds.stop())
    await calm()
    house.journal.chores.set()
    await stopping
    assert house.store.receipts[ROOM] == {("marc", "dev-1"): (2, 0)}


async def test_the_whole_trace_is_written_at_the_stop(house: House) -> None:
    house.furnish()
    count = 2 * BATCH + 17
    for n in range(count):
        house.rooms.note(ROOM, MARC, "looked", {"n": n})
    await house.rounds.stop()
    assert [record["n"] for record in traced(house.journal, "looked")] == [*range(count)]
    assert house.rooms.trace.held() == 0


async def test_a_trace_that_was_refused_is_written_later_in_order(house: House) -> None:
    house.furnish()
    house.rooms.note(ROOM, MARC, "looked", {"n": 0})
    house.journal.up = False
    await house.rounds.write_trace()
    await calm()
    house.rooms.note(ROOM, MARC, "looked", {"n": 1})
    house.journal.up = True
    for _ in range(2):
        await house.rounds.write_trace()
        await calm()
    assert [record["n"] for record in traced(house.journal, "looked")] == [0, 1]


# -- refreshed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("old_is_over", [False, True])
async def test_a_refresh_is_not_undone_by_a_check_under_way(
    house: House, old_is_over: bool
) -> None:
    house.furnish()
    marc = await house.member(MARC)
    if old_is_over:
        house.over.add("marc")
    house.checking.clear()
    check = asyncio.create_task(house.rounds.check_sessions())
    await calm()
    newer = replace(principal(MARC), session_id="session-2", expires="2026-11-22T12:00:00.000Z")
    house.tickets["fresh"] = newer
    marc.send(t="refresh", ticket="fresh", re="r")
    await calm()
    house.checking.set()
    await check
    assert marc.answers("r")[0]["t"] == "ok"
    assert marc.open
    assert marc.session.principal is newer


async def test_a_refresh_as_somebody_else_is_refused(house: House) -> None:
    marc = await house.connect(MARC)
    house.tickets["other"] = principal(LEA)
    marc.send(t="refresh", ticket="other", re="r")
    await calm()
    assert marc.answers("r")[0]["slug"] == "not_authenticated"
    assert marc.session.principal.person == "marc"


# -- the worklist ----------------------------------------------------------------------------------


async def test_rows_beyond_the_bound_lead_to_a_note_without_a_room(house: House) -> None:
    rooms = [house.furnish(Stage.REQUESTED, f"r{n}") for n in range(70)]
    rene = await house.connect(actor(Role.REGULATOR, "rene"))
    rene.send(t="watch", re="w")
    rene.link.fill_up()
    for room in rooms:
        house.give(OMAR, "case.claim", {}, "claim", room)
    await calm()
    rene.link.read_on()
    await calm()
    assert len(rene.of("row")) < 70
    assert rene.notes() == [("lagging", "")]


async def test_rows_within_the_bound_all_come(house: House) -> None:
    rooms = [house.furnish(Stage.REQUESTED, f"r{n}") for n in range(20)]
    rene = await house.connect(actor(Role.REGULATOR, "rene"))
    rene.send(t="watch", re="w")
    rene.link.fill_up()
    for room in rooms:
        house.give(OMAR, "case.claim", {}, "claim", room)
    await calm()
    rene.link.read_on()
    assert {row["room"] for row in rene.of("row")} == {*rooms}
    assert rene.notes() == []


# -- delivery --------------------------------------------------------------------------------------


async def test_a_repeat_of_what_another_process_stored_brings_it_here(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    other = House(house.store, "b")
    await other.start()
    other.say(LEA, "before")
    other.say(LEA, "one")
    await calm()
    head = house.head()
    again = house.say(LEA, "one")
    await calm()
    assert again == [Ok(head, dup=True)]
    assert marc.seqs() == [head - 1, head]
    assert house.live().kept == house.fold()


async def test_a_hook_that_fails_does_not_keep_others_from_their_events(house: House) -> None:
    house.furnish()
    house.furnish(room="room-2")
    marc = await house.member(MARC)
    await marc.join("room-2")

    def fail(live: LiveRoom, stored: Recorded) -> None:
        raise RuntimeError("a bug of the test")

    def fail_too(room: Room, row: Row) -> None:
        raise RuntimeError("another bug of the test")

    house.rooms.delivery.hooks["message.posted"] = fail
    house.rooms.delivery.on_row = fail_too
    house.journal.hold()
    answers = [house.say(LEA, "a"), house.say(LEA, "b"), house.say(LEA, "c", room="room-2")]
    invited = {"person": "ines", "role": "subspecialist"}
    answers += [house.give(LEA, "member.invite", invited, "in", room) for room in (ROOM, "room-2")]
    with capture_logs() as logged:
        house.journal.settle()
    assert [refused(got) for got in answers] == [[]] * 5
    assert [event["kind"] for event in marc.events()] == ["message.posted"] * 2 + ["member.invited"]
    assert [event["kind"] for event in marc.events("room-2")] == [
        "message.posted",
        "member.invited",
    ]
    names = [line["event"] for line in logged if line["log_level"] == "error"]
    assert names == ["hook_failed", "hook_failed", "hook_failed", "row_failed", "row_failed"]


# -- late ------------------------------------------------------------------------------------------


async def test_acts_on_a_base_that_fell_are_answered_in_time(house: House) -> None:
    house.furnish()
    assert await house.rooms.load(ROOM)
    house.rounds.start()
    house.journal.hold()
    answers = [house.say(LEA, f"m{n}") for n in range(3)]
    house.journal.fail(1)
    later = house.say(LEA, "m3")
    await pass_time(2)
    assert [refused(got) for got in (*answers, later)] == [["storage_unavailable"]] * 4
    house.journal.release()
    house.journal.settle()
    await pass_time(5)
    assert [len(got) for got in (*answers, later)] == [1] * 4
    assert not {"m0", "m1", "m2", "m3"} & {*house.texts()}
    await house.rounds.stop()


async def test_acts_that_wait_for_a_room_to_be_loaded_are_answered_in_time(house: House) -> None:
    house.furnish()
    house.rounds.start()
    house.journal.reads.clear()
    answers = [house.say(LEA, f"m{n}") for n in range(3)]
    await pass_time(2)
    assert [refused(got) for got in answers] == [["storage_unavailable"]] * 3
    house.journal.reads.set()
    await pass_time(5)
    assert [len(got) for got in answers] == [1] * 3
    assert "m0" not in house.texts()
    await house.rounds.stop()


async def test_a_room_that_cannot_be_opened_now_is_answered_in_time(house: House) -> None:
    house.rounds.start()
    house.journal.reads.clear()
    opening = asyncio.create_task(house.rooms.open(principal(LEA), "d", REQUEST_BYTES, "c"))
    await pass_time(2)
    assert opening.done()
    _, answer = opening.result()
    assert isinstance(answer, Err)
    assert answer.slug == "storage_unavailable"
    await house.rounds.stop()
