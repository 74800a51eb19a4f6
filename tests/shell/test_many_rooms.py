"""A person may have 2,000 rooms on one socket: what is looked at regularly stays cheap."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from hub import rounds
from hub.room.roles import Actor, Role
from tests.room.cast import LEA, MARC, OMAR, actor
from tests.shell.clock import calm
from tests.shell.house import House, Peer, principal


async def crowded(house: House, count: int, *who: Actor) -> list[Peer]:
    """People who are in `count` rooms each."""
    for n in range(count):
        house.furnish(room=f"room-{n}")
    peers = [await house.connect(one) for one in who]
    for peer in peers:
        for n in range(count):
            peer.send(t="join", re=f"j{n}", room=f"room-{n}")
        await calm()
    return peers


async def steps(count: Callable[[], int], work: Awaitable[None]) -> list[int]:
    """What each turn of the loop added to `count` while `work` was done."""
    said, task = [count()], asyncio.ensure_future(work)
    while not task.done():
        await asyncio.sleep(0)
        said.append(count())
    return [after - before for before, after in itertools.pairwise(said)]


async def test_rounds_over_many_rooms_let_messages_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that looks at 2,000 rooms at a stretch would hold up everyone's words."""
    monkeypatch.setattr(rounds, "BREATH", 50)
    peers = await crowded(house, 30, MARC, LEA, OMAR)
    for peer in peers:
        for n in range(30):
            peer.send(t="got", room=f"room-{n}", upto=1)

    def arrived() -> int:
        return sum(len(peer.link.arrived) for peer in peers)

    told = await steps(arrived, house.rounds.tell())
    assert (len([step for step in told if step]), max(told)) == (30, 12)  # presence and receipts
    beats = await steps(arrived, house.rounds.heartbeat())
    assert [step for step in beats if step] == [1, 1, 1]


async def test_a_heartbeat_asks_the_store_once_for_everyone(house: House) -> None:
    peers = await crowded(house, 30, MARC, LEA, OMAR)
    before = house.journal.asked
    await house.rounds.heartbeat()
    assert house.journal.asked == before + 1
    assert [len(peer.of("hb")[-1]["heads"]) for peer in peers] == [30, 30, 30]


async def test_receipts_of_many_rooms_share_their_commits(house: House) -> None:
    [marc] = await crowded(house, 30, MARC)
    await house.rounds.tell()
    for n in range(30):
        marc.send(t="got", room=f"room-{n}", upto=1)
    house.journal.chores.clear()
    house.rooms.spawn(house.rounds.tell())
    await calm()
    assert house.journal.queued == 30
    house.journal.chores.set()
    await calm()
    assert len(house.store.receipts) == 30


async def test_w22_a_room_is_looked_at_again_only_where_something_changed(house: House) -> None:
    [marc] = await crowded(house, 3, MARC)
    places = list(marc.session.following.subs.values())
    await house.rounds.check_sessions()
    held = [place.admitted for place in places]
    assert None not in held
    house.say(LEA, "news", room="room-1")
    await calm()
    await house.rounds.check_sessions()
    assert [place.admitted is before for place, before in zip(places, held, strict=True)] == [
        True, False, True,
    ]  # fmt: skip


async def test_w22_rights_that_shrank_at_a_join_hold_for_the_rooms_joined_before(
    house: House,
) -> None:
    """Who a person is was learnt anew by the join of another room: the round must not take that
    for what the first rooms were looked at with."""
    radiologist = actor(Role.RADIOLOGIST, "rita")
    [rita] = await crowded(house, 2, radiologist)
    await house.rounds.check_sessions()
    assert len(rita.session.following.subs) == 2
    narrower = replace(principal(radiologist), covers=frozenset({"elsewhere"}))
    rita.session.become(narrower)
    await house.rounds.check_sessions()
    await calm()
    assert rita.session.following.subs == {}
    assert [one["slug"] for one in rita.of("err")] == ["forbidden"] * 2
