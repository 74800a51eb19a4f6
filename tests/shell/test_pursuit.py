"""A critical result through the whole hub: called for on time, by whichever process is there."""

from hub.room.stages import Stage
from tests.room.cast import LEA, OMAR
from tests.shell.clock import calm, pass_time
from tests.shell.house import ROOM, House

BLEED = {"category": 1, "finding": "TEST-HSA gauche", "words": ["gauche"]}


def kinds(house: House) -> list[str]:
    """Kinds of the critical events in the store."""
    found = [one.event.kind for one in house.recorded()]
    return [kind.removeprefix("critical.") for kind in found if kind.startswith("critical.")]


async def raised(house: House) -> int:
    """Omar, who reads, raises it; its seq."""
    house.furnish(Stage.READING)
    house.give(OMAR, "critical.raise", BLEED, "raise-1")
    await calm()
    return house.head()


async def test_nobody_answers_and_everyone_in_the_room_sees_it_go_on(house: House) -> None:
    await raised(house)
    lea = await house.member(LEA)
    house.rounds.start()
    await pass_time(178)
    assert kinds(house) == ["raised"]
    await pass_time(4)
    assert [event["kind"] for event in lea.events()] == ["critical.escalated"]
    await pass_time(7 * 60)
    assert kinds(house) == ["raised", "escalated", "escalated", "exhausted"]
    await house.rounds.stop()


async def test_a_hub_that_dies_is_followed_by_one_that_goes_on_at_the_right_step() -> None:
    first = House()
    await first.start()
    seq = await raised(first)
    first.rounds.start()
    await pass_time(200)
    assert kinds(first) == ["raised", "escalated"]
    await first.rounds.stop()  # and is gone, with all that it held in memory
    await first.end()
    second = House(first.store, "b")
    await second.start()
    second.rounds.start()
    await pass_time(170)
    assert kinds(second) == ["raised", "escalated", "escalated"]
    await pass_time(240)
    assert kinds(second)[-1] == "exhausted"
    second.give(LEA, "critical.acknowledge", {"critical": seq, "read_back": "à gauche"}, "ack-1")
    await calm()
    assert kinds(second)[-1] == "acknowledged"
    await pass_time(3600)
    assert kinds(second)[-1] == "acknowledged", "what was received is called for no more"
    assert second.fold(ROOM).criticals[0].receipt
    await second.rounds.stop()
    await second.end()
