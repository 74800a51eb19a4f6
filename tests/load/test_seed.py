"""`examroom seed` opens rooms that people can enter, before and while the hub runs."""

import json
from pathlib import Path

import pytest

from tests.kit.client import Client, PublishRefused
from tests.kit.hub import Hub, running_hub

ROLES = ["requester", "technologist", "radiologist", "subspecialist"]


@pytest.mark.timeout(180)
async def test_seeded_rooms_before_and_while_the_hub_runs(tmp_path: Path) -> None:
    before = await Hub(tmp_path).seed(3)
    async with running_hub(tmp_path) as hub:
        rooms = before + await hub.seed(2)
        people = [member.person for room in rooms for member in room.members]
        assert len(set(people)) == 4 * 5
        for room in (rooms[0], rooms[-1]):
            assert [member.role for member in room.members] == ROLES
            for member in room.members:
                async with Client(hub.url, member.token) as client:
                    joined = await client.join(room.room)
                    assert joined["state"]["stage"] == "requested"
                    assert joined["state"]["owner"] is None
                    assert set(joined["state"]["members"]) == {m.person for m in room.members}
        radiologist = rooms[0].member("radiologist")
        async with Client(hub.url, radiologist.token) as client:
            with pytest.raises(PublishRefused, match="forbidden"):
                await client.join(rooms[1].room)


@pytest.mark.timeout(120)
async def test_the_file_is_as_the_contract_says_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    await Hub(tmp_path).seed(1)
    file = tmp_path / "seed-1.json"
    content = json.loads(file.read_text())
    assert list(content) == ["rooms"]
    (room,) = content["rooms"]
    assert list(room) == ["room", "members"]
    assert all(list(member) == ["person", "role", "token"] for member in room["members"])
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.timeout(120)
async def test_people_of_a_seed_are_free_of_rate_limits(tmp_path: Path) -> None:
    (room,) = await Hub(tmp_path).seed(1)
    limits = {"EXAMROOM_RATE_PER_S": "1", "EXAMROOM_RATE_BURST": "2"}
    async with (
        running_hub(tmp_path, env=limits) as hub,
        Client(hub.url, room.members[0].token) as client,
    ):
        await client.join(room.room)
        for number in range(20):
            await client.say(room.room, f"text {number}")
        assert client.refusals == []
