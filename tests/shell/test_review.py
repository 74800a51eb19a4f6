"""What a review found: each of these went wrong once."""

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from hub.live import Ok
from hub.retries import room_id
from hub.rounds import IDLE_S
from hub.wire.errors import Close, Err
from tests.room.cast import LEA, MARC, OMAR, REQUEST
from tests.shell.clock import calm, pass_time
from tests.shell.house import PAUL, ROOM, House, principal

MARC_OUT = {"person": "marc", "reason": "test"}
REQUEST_BYTES = json.dumps(REQUEST).encode()


def refused(answers: list[Ok | Err]) -> list[str]:
    """The refusals among some answers."""
    return [one.slug for one in answers if isinstance(one, Err)]


# -- removed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
async def test_who_is_removed_gets_nothing_of_the_same_commit(house: House, full: bool) -> None:
    house.furnish()
    marc, lea = await house.member(MARC), await house.member(LEA)
    house.journal.hold()
    house.say(LEA, "before")
    house.give(OMAR, "member.remove", MARC_OUT, "out")
    house.say(LEA, "behind his back")
    if full:
        marc.link.fill_up()
    house.journal.release()
    await calm()
    marc.link.read_on()
    await calm()
    head = house.head()
    assert lea.seqs() == [head - 2, head - 1, head]
    assert marc.seqs() == ([] if full else [head - 2, head - 1])
    assert "behind his back" not in str(marc.link.arrived)
    assert marc.of("err", ROOM)[-1]["slug"] == "forbidden"
    assert (await marc.join())["slug"] == "forbidden"
    assert [*house.live().readers] == [lea.session.following.subs[ROOM]]


async def test_who_was_removed_elsewhere_gets_nothing_that_came_after(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    out = house.elsewhere(OMAR, "member.remove", MARC_OUT)
    house.elsewhere(LEA, "message.post", {"text": "behind his back"})
    await house.rounds.heartbeat()
    await calm()
    assert marc.seqs() == [out]
    assert "behind his back" not in str(marc.link.arrived)


async def test_who_is_removed_while_the_past_is_read_for_them_gets_none_of_it(
    house: House,
) -> None:
    house.furnish(more=20)
    marc = await house.member(MARC)
    house.journal.reads.clear()
    marc.send(t="join", re="j2", room=ROOM, after=0)
    await calm()
    house.give(OMAR, "member.remove", MARC_OUT, "out")
    house.journal.reads.set()
    await calm()
    assert max(marc.seqs(), default=0) <= house.head()
    assert marc.of("page") == []
    assert marc.of("err", ROOM)[-1]["slug"] == "forbidden"


async def test_who_is_removed_while_they_join_does_not_get_in(house: House) -> None:
    house.furnish()
    house.elsewhere(LEA, "member.invite", {"person": "paul", "role": "physicist"})
    assert await house.rooms.load(ROOM)
    paul = await house.connect(PAUL)
    house.journal.reads.clear()
    paul.send(t="join", re="j", room=ROOM)
    await calm()
    house.give(OMAR, "member.remove", {"person": "paul", "reason": "test"}, "out")
    await calm()
    house.journal.reads.set()
    await calm()
    house.say(LEA, "behind his back")
    await calm()
    assert paul.seqs() == []
    assert paul.answers("j")[-1].get("slug") == "forbidden"


async def test_who_is_invited_again_may_come_back(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    house.give(OMAR, "member.remove", MARC_OUT, "out")
    await calm()
    house.give(LEA, "member.invite", {"person": "marc", "role": "technologist"}, "in")
    await calm()
    assert (await marc.join())["t"] == "joined"
    house.say(LEA, "welcome back")
    await calm()
    assert marc.events()[-1]["body"] == {"text": "welcome back"}


# -- after bye -------------------------------------------------------------------------------------


async def test_after_bye_nothing_is_written(house: House) -> None:
    house.furnish()
    marc, lea = await house.member(MARC), await house.member(LEA)
    session = marc.session
    marc.send(t="watch", re="w")
    marc.send(t="got", room=ROOM, upto=house.head())
    house.journal.hold()
    marc.say("on its way")
    session.bye(Close.REVOKED)
    marc.say("too late")
    lea.send(t="eph", room=ROOM, key="typing", body=True)
    house.journal.release()
    house.give(OMAR, "member.invite", {"person": "ines", "role": "subspecialist"}, "in")
    await house.rounds.tell()
    session.resume_writing()
    session.heartbeat("", {ROOM: 99})
    await pass_time(5)
    assert marc.link.after_close == []
    assert marc.link.arrived[-1]["t"] == "bye"
    assert (marc.link.arrived[-1]["code"], marc.link.code) == (4302, 4302)
    assert "on its way" in house.texts()
    assert "too late" not in house.texts()


async def test_after_bye_to_a_full_network_nothing_is_written(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.link.stop_reading()
    marc.link.fill_up()
    house.say(LEA, "one")
    await calm()
    marc.session.outbox.answer(b"\x81\x0b" + b'{"t":"pong"}'[:11])
    marc.session.bye(Close.DRAINING)
    marc.link.read_on()
    await calm()
    assert marc.link.after_close == []
    assert marc.link.arrived[-1]["t"] == "bye"


async def test_a_session_that_is_over_is_sent_away_in_time(house: House) -> None:
    house.furnish()
    marc, lea = await house.member(MARC), await house.member(LEA)
    house.rounds.start()
    house.over.add("marc")
    await pass_time(5)
    assert (marc.link.code, lea.link.code) == (4302, None)
    house.say(LEA, "behind his back")
    await calm()
    assert "behind his back" not in str(marc.link.arrived)
    await house.rounds.stop()


# -- one room, one LiveRoom ------------------------------------------------------------------------


async def test_a_room_opened_again_while_it_is_loaded_is_one_room(house: House) -> None:
    room, first = await house.rooms.open(principal(LEA), "dev-1", REQUEST_BYTES, "open-1")
    assert isinstance(first, Ok)
    assert room == room_id("lea", "dev-1", "open-1")
    after = House(house.store, "b")
    await after.start()
    after.journal.reads.clear()
    lea = await after.connect(LEA)
    lea.send(t="join", re="j", room=room)
    await calm()
    again = asyncio.create_task(after.rooms.open(principal(LEA), "dev-1", REQUEST_BYTES, "open-1"))
    await calm()
    after.journal.reads.set()
    assert await again == (room, Ok(first.seq, dup=True))
    assert lea.session.following.subs[room].live is after.live(room)
    after.say(LEA, "heard", room=room)
    await calm()
    assert lea.events(room)[-1]["body"] == {"text": "heard"}
    await after.end()


async def test_a_room_that_is_refused_leaves_nothing_behind(house: House) -> None:
    room, answer = await house.rooms.open(principal(MARC), "dev-1", REQUEST_BYTES, "open-1")
    assert isinstance(answer, Err)
    assert answer.slug == "wrong_role"
    assert room not in house.rooms.live


async def test_an_outsider_who_joins_a_room_that_is_let_go_of_meanwhile_hears_all(
    house: House,
) -> None:
    house.furnish()
    house.elsewhere(LEA, "member.invite", {"person": "paul", "role": "physicist"})
    assert await house.rooms.load(ROOM)
    await pass_time(IDLE_S)
    paul = await house.connect(PAUL)
    house.journal.reads.clear()
    paul.send(t="join", re="j", room=ROOM)
    await calm()
    await pass_time(IDLE_S + 1)
    await house.rounds.tidy()
    assert ROOM not in house.rooms.live
    house.journal.reads.set()
    await calm()
    house.say(LEA, "to all")
    await calm()
    assert paul.answers("j")[0]["t"] == "joined"
    assert paul.seqs() == [house.head()]


async def test_a_room_that_somebody_reads_is_never_let_go_of(house: House) -> None:
    house.furnish()
    house.furnish(room="room-2")
    marc = await house.member(MARC)
    assert await house.rooms.load("room-2")
    await house.rounds.tell()
    await pass_time(IDLE_S * 3)
    await house.rounds.tidy()
    assert [*house.rooms.live] == [ROOM]
    marc.link.abort()
    await calm()
    await house.rounds.tell()
    await pass_time(IDLE_S + 1)
    await house.rounds.tidy()
    assert house.rooms.live == {}


# -- what a peer sends -----------------------------------------------------------------------------


async def test_frames_that_wait_hold_back_their_sender(house: House) -> None:
    house.furnish()
    marc = await house.connect(MARC)
    house.journal.reads.clear()
    marc.send(t="join", re="j", room=ROOM)
    sent = 0
    while marc.link.heard:
        marc.send(t="ping", n=sent)
        sent += 1
        assert sent < 10
    assert 0 < marc.session.held() < 1000
    assert marc.of("pong") == []
    house.journal.reads.set()
    await calm()
    assert marc.link.heard
    assert marc.session.held() == 0
    order = [frame["t"] for frame in marc.link.arrived if frame["t"] in ("joined", "pong")]
    assert order == ["joined", *["pong"] * sent]


async def test_who_does_not_read_is_not_read(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.link.fill_up()
    assert not marc.link.heard
    for n in range(50):  # already in our network when we stopped reading
        marc.send(t="ping", n=n)
    assert marc.of("pong") == []
    marc.link.read_on()
    assert marc.link.heard
    assert [pong["n"] for pong in marc.of("pong")] == [*range(50)]
    assert marc.session.held() == 0


async def test_a_bug_met_by_a_join_is_logged_and_closes_the_link(house: House) -> None:
    house.furnish()
    marc = await house.connect(MARC)
    house.journal.bug = RuntimeError("a bug of the test")
    with capture_logs() as logged:
        marc.send(t="join", re="j", room=ROOM)
        marc.send(t="ping", n=1)
        await calm()
    assert [line["log_level"] for line in logged if line["event"] == "frame_failed"] == ["error"]
    bye = marc.link.arrived[-1]
    assert (bye["t"], bye["code"], bye["reconnect"]) == ("bye", 4101, "backoff")
    assert marc.link.code == 4101
    house.journal.bug = None
    again = await house.member(MARC)
    assert again.of("joined")


async def test_a_bug_met_while_catching_up_is_logged_and_not_the_end(house: House) -> None:
    house.furnish(more=5)
    marc = await house.member(MARC)
    house.journal.bug = RuntimeError("a bug of the test")
    with capture_logs() as logged:
        await marc.join(after=0)
        await calm()
    assert [line for line in logged if line["log_level"] == "error"]
    house.journal.bug = None
    if marc.open:
        await house.rounds.heartbeat()
        await calm()
        assert marc.seqs() == [*range(1, house.head() + 1)]
