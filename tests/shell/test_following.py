"""A reader gets every event once and in order, however its network and the store behave."""

import itertools

from hub.following import PAGE_EVENTS
from hub.outbox import MAX_BYTES
from hub.room.visibility import PLAIN
from hub.subscription import MAX_BURST
from tests.room.cast import LEA, MARC, OMAR
from tests.shell.clock import calm, pass_time
from tests.shell.house import PAUL, ROOM, House
from tests.shell.link import HIGH_WATER

LONG = "x" * 7000


async def chat(house: House, count: int, text: str = "m", room: str = ROOM) -> None:
    """`count` messages of Léa, all stored."""
    answers = [
        house.say(LEA, f"{text}{n}", f"c-{house.head(room)}-{n}", room) for n in range(count)
    ]
    await calm()
    assert all(len(got) == 1 and hasattr(got[0], "seq") for got in answers)


# -- live ------------------------------------------------------------------------------------------


async def test_who_is_here_gets_each_event_as_it_is_stored(house: House) -> None:
    head = len(house.entries(house.furnish()))
    marc = await house.member(MARC)
    assert marc.of("joined")[0]["head"] == head
    await chat(house, 3)
    assert marc.seqs() == [head + 1, head + 2, head + 3]
    assert [event["body"]["text"] for event in marc.events()] == ["m0", "m1", "m2"]
    assert marc.of("page") == []


async def test_events_of_other_rooms_do_not_come(house: House) -> None:
    house.furnish()
    house.furnish(room="room-2")
    marc = await house.member(MARC)
    await chat(house, 2, room="room-2")
    assert marc.seqs() == marc.seqs("room-2") == []


async def test_a_reader_outside_of_care_gets_places_without_words(house: House) -> None:
    house.furnish()
    house.elsewhere(LEA, "member.invite", {"person": "paul", "role": "physicist"})
    paul = await house.member(PAUL, after=0)
    await chat(house, 2)
    assert paul.seqs() == [*range(1, house.head() + 1)]
    assert {event["kind"] for event in paul.events()} <= PLAIN | {"withheld"}
    told = str(paul.link.arrived)
    assert "TEST-" not in told
    assert "m0" not in told


async def test_a_device_that_joins_twice_is_told_once(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    await marc.join()
    head = house.head()
    await chat(house, 1)
    assert marc.seqs() == [head + 1]


async def test_who_left_gets_nothing_more(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.send(t="leave", re="l1", room=ROOM)
    await chat(house, 1)
    assert marc.answers("l1")[0]["t"] == "ok"
    assert marc.seqs() == []


# -- behind ----------------------------------------------------------------------------------------


async def test_a_full_network_is_told_that_it_lags_and_then_everything(house: House) -> None:
    head = len(house.entries(house.furnish()))
    marc, omar = await house.member(MARC), await house.member(OMAR)
    marc.link.fill_up()
    await chat(house, 40)
    assert marc.seqs() == []
    assert omar.seqs() == [*range(head + 1, head + 41)]  # nobody else is slowed
    marc.link.read_on()
    await calm()
    assert marc.seqs() == omar.seqs()
    assert marc.notes() == [("lagging", ROOM)]
    assert omar.notes() == []
    await chat(house, 1)
    assert marc.seqs() == omar.seqs()
    assert marc.notes() == [("lagging", ROOM)]


async def test_the_note_comes_before_what_was_late(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    await chat(house, 1)
    marc.link.fill_up()
    await chat(house, 5)
    marc.link.read_on()
    await calm()
    kinds = [frame["t"] for frame in marc.link.arrived if frame["t"] in ("evt", "note")]
    assert kinds == ["evt", "note", *["evt"] * 5]


async def test_what_a_slow_reader_costs_does_not_grow_with_what_it_misses(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    marc.link.stop_reading()
    for _ in range(40):
        await chat(house, 20, LONG)
    assert marc.session.held() <= MAX_BYTES
    assert marc.link.most <= MAX_BYTES
    while marc.link.buffered():
        marc.link.take(10_000)
        await calm()
    assert marc.link.most <= MAX_BYTES
    marc.link.read_on()
    await calm()
    assert marc.seqs() == [*range(marc.seqs()[0], house.head() + 1)]


async def test_a_burst_that_is_too_big_is_read_from_the_store(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    head = house.head()
    house.journal.hold()
    answers = [house.say(LEA, f"{LONG}{n}", f"c{n}") for n in range(2 * MAX_BURST // len(LONG))]
    asked = house.journal.asked
    house.journal.settle()
    house.journal.release()
    await calm()
    assert marc.seqs() == [*range(head + 1, head + len(answers) + 1)]
    assert house.journal.asked > asked


async def test_events_that_come_while_it_catches_up_wait_their_turn(house: House) -> None:
    house.furnish(more=30)
    marc = await house.connect(MARC)
    await marc.join()  # loaded
    house.journal.reads.clear()
    marc.send(t="join", re="j2", room=ROOM, after=0)
    await calm()
    house.say(LEA, "meanwhile")
    await calm()
    assert marc.seqs() == []
    house.journal.reads.set()
    await calm()
    assert marc.seqs() == [*range(1, house.head() + 1)]
    assert marc.events()[-1]["body"]["text"] == "meanwhile"


async def test_a_network_that_fills_up_while_a_page_is_read_gets_it_later(house: House) -> None:
    house.furnish(more=30)
    marc = await house.member(MARC)
    house.journal.reads.clear()
    marc.send(t="join", re="j2", room=ROOM, after=0)
    await calm()
    marc.link.fill_up()
    house.journal.reads.set()
    await calm()
    assert marc.seqs() == []
    marc.link.read_on()
    await calm()
    assert marc.seqs() == [*range(1, house.head() + 1)]


# -- the past --------------------------------------------------------------------------------------


async def test_the_past_comes_in_pages_up_to_the_head_and_then_live(house: House) -> None:
    house.furnish(more=1200)
    head = house.head()
    marc = await house.member(MARC, after=0)
    pages = marc.of("page", ROOM)
    assert [page["more"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert max(len(page["events"]) for page in pages) <= PAGE_EVENTS
    assert len(pages) >= 3
    await chat(house, 2)
    assert marc.seqs() == [*range(1, head + 3)]
    assert [event["seq"] for event in marc.of("evt")] == [head + 1, head + 2]
    order = [frame["t"] for frame in marc.link.arrived if frame["t"] in ("joined", "page", "evt")]
    assert order == ["joined", *["page"] * len(pages), "evt", "evt"]


async def test_a_page_is_bounded_in_bytes(house: House) -> None:
    house.furnish()
    for n in range(120):
        house.elsewhere(LEA, "message.post", {"text": f"{LONG}{n}"})
    marc = await house.connect(MARC)
    marc.send(t="join", re="j", room=ROOM, after=0)
    await calm()
    assert marc.seqs() == [*range(1, house.head() + 1)]
    assert all(len(str(page)) <= 512 * 1024 for page in marc.of("page"))


async def test_the_past_waits_for_a_network_that_takes_it_piece_by_piece(house: House) -> None:
    house.furnish()
    for n in range(200):
        house.elsewhere(LEA, "message.post", {"text": f"{LONG}{n}"})
    marc = await house.connect(MARC)
    marc.link.stop_reading()
    marc.send(t="join", re="j", room=ROOM, after=0)
    await calm()
    while marc.link.buffered():
        assert marc.session.held() <= MAX_BYTES
        marc.link.take(HIGH_WATER)
        await calm()
    assert marc.link.most <= MAX_BYTES
    assert marc.seqs() == [*range(1, house.head() + 1)]


async def test_from_the_head_on_there_is_nothing_to_page(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC, after=house.head())
    assert [(page["events"], page["more"]) for page in marc.of("page")] == [([], False)]
    await chat(house, 1)
    assert marc.seqs() == [house.head()]


async def test_who_has_more_than_the_hub_is_told_so(house: House) -> None:
    house.furnish()
    marc = await house.connect(MARC)
    answer = await marc.join(after=house.head() + 1)
    assert (answer["slug"], answer["seq"]) == ("ahead_of_server", house.head())
    assert (await marc.join(epoch="another"))["slug"] == "unknown_epoch"
    assert house.live().readers == {}


async def test_a_long_past_does_not_keep_another_room_waiting(house: House) -> None:
    house.furnish(more=2500)
    house.furnish(room="room-2", more=10)
    marc = await house.member(MARC)
    await marc.join("room-2")
    house.journal.reads.clear()
    marc.send(t="join", re="a", room=ROOM, after=0)
    marc.send(t="join", re="b", room="room-2", after=0)
    await calm()
    house.journal.reads.set()
    await calm()
    order = [room for room, _ in itertools.groupby(page["room"] for page in marc.of("page"))]
    assert order == [ROOM, "room-2", ROOM]
    for room in (ROOM, "room-2"):
        assert marc.seqs(room) == [*range(1, house.head(room) + 1)]


async def test_reading_that_fails_is_said_and_tried_again_by_the_heartbeat(house: House) -> None:
    house.furnish(more=20)
    marc = await house.member(MARC)
    house.journal.readable = False
    marc.send(t="join", re="j2", room=ROOM, after=0)
    await calm()
    assert marc.notes() == [("degraded", "")]
    assert marc.seqs() == []
    house.journal.readable = True
    await house.rounds.heartbeat()
    await calm()
    assert marc.seqs() == [*range(1, house.head() + 1)]


async def test_what_another_process_stored_comes_with_the_heartbeat(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    first = house.elsewhere(LEA, "message.post", {"text": "from elsewhere"})
    house.elsewhere(LEA, "message.post", {"text": "and more"})
    await calm()
    assert marc.seqs() == []
    await house.rounds.heartbeat()
    await calm()
    assert marc.of("hb")[0]["heads"] == {ROOM: house.head()}
    assert marc.seqs() == [first, first + 1]


# -- ends ------------------------------------------------------------------------------------------


async def test_who_takes_nothing_for_too_long_is_sent_away(house: House) -> None:
    house.furnish()
    marc, omar = await house.member(MARC), await house.member(OMAR)
    house.rounds.start()
    marc.link.fill_up()
    await chat(house, 1)
    await pass_time(house.rooms.settings.stall_timeout_s - 1)
    assert marc.open
    await pass_time(house.rooms.settings.heartbeat_ms / 1000 + 2)
    assert not marc.open
    assert marc.link.code == 4103
    assert omar.open
    assert [*house.live().readers] == [omar.session.following.subs[ROOM]]
    await house.rounds.stop()


async def test_who_takes_a_little_now_and_then_stays(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    house.rounds.start()
    marc.link.stop_reading()
    for _ in range(5):
        await chat(house, 10, LONG)
    assert marc.link.paused
    for _ in range(12):
        await pass_time(10)
        marc.link.take(1)
        assert marc.open
    await house.rounds.stop()


async def test_who_asks_and_does_not_read_is_sent_away(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    house.journal.hold()
    for n in range(400):
        marc.say(f"m{n}")
    marc.link.fill_up()
    house.journal.settle()
    house.journal.release()
    await calm()
    assert marc.link.code == 4103
    assert len(house.texts()) == 400  # what was stored stays stored
