"""When the hub ends a connection by itself: 4009 replaced, 4105 rate, 4204 gap (wire.md 5)."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.edge.identity import Principal
from hub.session import RATE_PAUSE_MS
from hub.settings import Settings
from tests.room.cast import LEA, MARC
from tests.shell.clock import calm, pass_time
from tests.shell.house import ROOM, House, Peer
from tests.shell.link import Frame


def farewell(peer: Peer) -> Frame:
    """The `bye`, which must be the last frame, with its close code."""
    [bye] = peer.of("bye")
    assert peer.link.arrived[-1] is bye
    assert peer.link.code == bye["code"]
    return bye


# -- 4009 ------------------------------------------------------------------------------------------


async def test_4009_after_a_half_open_link_the_new_socket_wins(house: House) -> None:
    house.furnish()
    lea = await house.member(LEA)
    ghost = await house.connect(MARC, instance="run-1")
    await ghost.join()
    await house.rounds.tell()
    back = await house.connect(MARC, instance="run-1")
    assert farewell(ghost) | {"after_ms": 0} == {
        "t": "bye", "code": 4009, "slug": "replaced", "reconnect": "never", "after_ms": 0,
        "resume": False,
    }  # fmt: skip
    await back.join()
    house.say(LEA, "who is there?")
    await house.rounds.tell()
    await calm()
    assert (back.open, back.seqs(), ghost.seqs()) == (True, [house.head()], [])
    # for the others the person never left
    assert [told for pres in lea.of("pres") for told in pres.get("left", [])] == []


async def test_4009_a_chain_of_reconnects_leaves_one_socket(house: House) -> None:
    peers = [await house.connect(MARC, instance="run-1") for _ in range(4)]
    assert [peer.open for peer in peers] == [False, False, False, True]
    assert len(house.sessions) == 1


@pytest.mark.parametrize(
    "second",
    [
        {"who": MARC},
        {"who": MARC, "instance": "run-2"},
        {"who": MARC, "instance": "run-1", "device": "another"},
        {"who": LEA, "instance": "run-1", "device": "marc-pc"},
    ],
    ids=["no instance", "another tab", "another device", "another person"],
)
async def test_4009_nobody_else_is_replaced(house: House, second: dict[str, object]) -> None:
    """A second tab has the device of the first, and an instance of its own (decision 15)."""
    first = await house.connect(MARC, device="marc-pc", instance="run-1")
    given = {"device": "marc-pc"} | second
    other = await house.connect(**given)  # type: ignore[arg-type]  # as parametrised above
    assert (first.open, other.open) == (True, True)


async def test_4009_a_late_end_of_the_older_forgets_nothing_of_the_newer(house: House) -> None:
    first = await house.connect(MARC, instance="run-1")
    second = await house.connect(MARC, instance="run-1")
    first.link.abort()
    await calm()
    third = await house.connect(MARC, instance="run-1")
    assert (first.open, second.open, third.open) == (False, False, True)


# -- 4105 ------------------------------------------------------------------------------------------


async def impatient(house: House) -> Peer:
    """Somebody whom the limits bind, in a hub that bears 30 refusals."""
    house.furnish()
    house.rooms.floods.burst = 30
    marc = await house.member(MARC)
    assert isinstance(marc.session.principal, Principal)
    marc.session.become(replace(marc.session.principal, rate_free=False))
    return marc


async def test_4105_who_goes_on_in_spite_of_refusals_is_sent_away(house: House) -> None:
    """W-18: every act is answered, the last refused one too."""
    marc = await impatient(house)
    allowed = house.rooms.settings.rate_burst
    for n in range(200):
        marc.say(f"again {n}")
    await calm()
    bye = farewell(marc)
    assert (bye["code"], bye["slug"], bye["reconnect"]) == (4105, "rate", "backoff")
    assert bye["after_ms"] == RATE_PAUSE_MS
    refused = [one for one in marc.of("err") if one["slug"] == "rate_limited"]
    assert len(refused) == 31
    assert len(marc.of("ok")) + len(refused) <= allowed + 31
    assert marc.link.after_close == []


async def test_4105_refusals_are_forgiven_with_time(house: House) -> None:
    marc = await impatient(house)
    per_s, burst = house.rooms.settings.rate_per_s, house.rooms.settings.rate_burst
    for turn in range(8):
        for n in range(burst + 25 if turn == 0 else int(4 * per_s)):
            marc.say(f"{turn} {n}")
        await pass_time(30 / per_s + 1)
    assert marc.open


async def test_4105_other_refusals_do_not_count(house: House) -> None:
    """W-4: broken frames are answered, and the socket stays open."""
    marc = await impatient(house)
    for n in range(100):
        marc.send(t="nonsense", re=f"r{n}")
        marc.pub("no.such.kind", {}, f"c{n}")
    await calm()
    assert (marc.open, len(marc.of("err"))) == (True, 200)


def test_4105_has_a_setting() -> None:
    assert Settings.model_fields["flood_refusals"].default == 5000


# -- 4204 ------------------------------------------------------------------------------------------


async def test_4204_an_event_that_does_not_follow_is_not_sent(house: House) -> None:
    """W-11: whatever bug loses one, the client resumes instead of showing a gap."""
    house.furnish()
    marc, lea = await house.member(MARC), await house.member(LEA)
    head = house.head()
    next(iter(house.live().readers)).sent -= 1  # type: ignore[attr-defined]  # marc's place
    with capture_logs() as logs:
        house.say(LEA, "and then?")
        await calm()
    bye = farewell(marc)
    assert (bye["code"], bye["slug"], bye["reconnect"]) == (4204, "gap", "now")
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["gap_in_a_stream"]
    assert (marc.seqs(), lea.seqs()) == ([], [head + 1])
    back = await house.member(MARC, after=head)
    assert back.seqs() == [head + 1]


@pytest.mark.parametrize("when", ["heartbeat", "catching up"])
async def test_4204_a_store_that_lost_its_tail_is_noticed(house: House, when: str) -> None:
    house.furnish(more=5)
    marc, lea = await house.member(MARC), await house.member(LEA)
    head = house.head()
    del house.entries()[-2:]
    with capture_logs() as logs:
        if when == "heartbeat":
            await house.rounds.heartbeat()
        else:
            marc.send(t="join", re="again", room=ROOM, after=head - 2)
        await calm()
    assert [log["event"] for log in logs] == ["room_lost_its_tail"] + ["gap_in_a_stream"] * 2
    for peer in (marc, lea):
        assert farewell(peer)["code"] == 4204
    back = await house.connect(MARC)
    refused = await back.join(after=head)
    assert refused["slug"] == "ahead_of_server"
    joined = await back.join(after=head - 2)
    assert (joined["t"], joined["head"]) == ("joined", head - 2)
    marc_says = house.say(LEA, "once more")
    await calm()
    assert [type(one).__name__ for one in marc_says] == ["Ok"]
    assert back.seqs() == [head - 1]


async def test_4204_what_is_stored_during_the_question_is_no_lost_tail(house: House) -> None:
    house.furnish()
    marc = await house.member(MARC)
    house.journal.reads.clear()
    house.rooms.spawn(house.rounds.heartbeat())
    await calm()
    house.say(LEA, "meanwhile")
    await calm()
    house.journal.reads.set()
    await calm()
    assert (marc.open, marc.seqs()) == (True, [house.head()])


async def test_a_hole_in_the_journal_is_no_reason_to_come_back_at_once(house: House) -> None:
    house.furnish(more=5)
    marc = await house.member(MARC)
    del house.entries()[3]
    with capture_logs() as logs:
        marc.send(t="join", re="again", room=ROOM, after=3)
        await calm()
    assert farewell(marc)["code"] == 4107
    assert logs[0]["event"] == "hole_in_the_journal"
