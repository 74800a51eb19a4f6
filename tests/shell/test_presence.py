"""Who is there: told in the rooms, and a claim whose holder vanished lapses and rings again."""

import json

import pytest

from hub.oncall.policy import Plan
from hub.presence import Presence
from hub.room.room import Room
from hub.room.stages import Stage
from hub.statuses import holds
from persistence.rota import Status
from tests.room.cast import CLAIRE, LEA, OMAR, plan_of, trying
from tests.shell.clock import calm, pass_time
from tests.shell.house import ROOM, House, principal

LEASE_S = 180


async def again(room: Room, without: str) -> Plan:
    """Claire is on call too."""
    assert without == "omar"
    return plan_of(trying(CLAIRE))


def watched(house: House) -> Presence:
    """`house` with somebody who looks around."""
    presence = Presence(house.rooms, house.sessions, house.rooms.statuses, again)
    house.rounds.more.append((1.0, presence.look))
    house.rounds.start()
    return presence


async def furnished(house: House, stage: Stage) -> None:
    """A room in `stage`, with its row in the worklist."""
    house.furnish(stage)
    house.give(LEA, "incident.open", {"category": "network", "text": "TEST"}, "cid-row")
    await calm()


async def test_a_claim_lapses_when_its_holder_vanished_and_rings_again(house: House) -> None:
    await furnished(house, Stage.CLAIMED)
    watched(house)
    omar = await house.member(OMAR)
    await pass_time(LEASE_S + 60)
    assert house.fold().stage is Stage.CLAIMED, "he is there"
    omar.link.abort()
    await pass_time(LEASE_S - 5)
    assert house.fold().owner is not None
    await pass_time(10)
    room = house.fold()
    assert (room.stage, room.owner) == (Stage.REQUESTED, None)
    kinds = [entry.kind for entry in house.entries()][-2:]
    assert kinds == ["case.released", "ring.started"]
    released = house.entries()[-2]
    assert json.loads(released.body or b"")["lapsed"] is True
    assert json.loads(released.actor)["person"] == "system"
    assert room.rings[-1].ringing == ("claire",)
    head = room.seq
    await pass_time(5)
    assert house.head() == head, "once"
    await house.rounds.stop()


@pytest.mark.parametrize("stage", [Stage.JUSTIFIED, Stage.INFO_NEEDED])
async def test_so_do_those_that_wait_for_its_holder_alone(house: House, stage: Stage) -> None:
    await furnished(house, stage)
    watched(house)
    await pass_time(LEASE_S + 5)
    assert house.fold().owner is None
    assert house.fold().rings[-1].on
    await house.rounds.stop()


async def test_an_exam_with_its_protocol_stays_with_its_owner(house: House) -> None:
    await furnished(house, Stage.PROTOCOLLED)
    watched(house)
    await pass_time(2 * LEASE_S)
    assert house.fold().owner is not None
    await house.rounds.stop()


async def test_who_acts_or_reads_over_http_is_there(house: House) -> None:
    await furnished(house, Stage.CLAIMED)
    watched(house)
    for n in range(5):
        await pass_time(LEASE_S - 60)
        house.say(OMAR, f"encore là {n}")
        await calm()
        await house.rooms.enter(principal(OMAR), ROOM)
    assert house.fold().owner is not None
    await house.rounds.stop()


async def test_what_somebody_says_is_told_in_the_rooms_they_are_in(house: House) -> None:
    house.furnish(Stage.CLAIMED)
    presence = watched(house)
    omar, lea = await house.member(OMAR), await house.member(LEA)
    await pass_time(1)
    statuses = house.rooms.statuses
    statuses._held["omar"] = Status("omar", "busy", "")
    statuses.changed("omar")
    await pass_time(1)
    (changed,) = lea.of("pres")[-1]["changed"]
    assert (changed["person"], changed["state"]) == ("omar", "busy")
    assert presence.state_of("omar", connected=True) == "busy"
    again = await omar.join()
    assert again["t"] == "joined"
    here = {one["person"]: one["state"] for one in omar.of("pres")[-1]["people"]}
    assert here["omar"] == "busy"
    omar.link.abort()
    await pass_time(1)
    assert lea.of("pres")[-1]["changed"][0]["state"] == "unreachable"
    assert presence.state_of("omar", connected=False) == "unreachable"
    await house.rounds.stop()


async def test_who_reads_is_reading_and_who_is_there_has_devices(house: House) -> None:
    presence = watched(house)
    await house.connect(OMAR, "phone")
    await house.connect(OMAR, "desk")
    (told,) = presence.told({"omar": "Dr Omar"})
    assert (told["name"], told["state"]) == ("Dr Omar", "online")
    assert told["devices"] == ["desk", "phone"]
    await house.rounds.stop()


async def test_a_status_without_an_end_holds(house: House) -> None:
    now = house.clock.begin
    assert holds(Status("p", "away", ""), now)
    assert not holds(Status("p", "dnd", "", until="2026-11-21T23:40:00.000Z"), now)
