"""The wall board: every open exam at a glance, and no patient unless the site says so."""

from typing import Any

from hub.policy import SitePolicy, policy_of
from persistence import directory
from tests.edge.house import House


async def board(at: House, person: str, query: str = "") -> tuple[int, Any]:
    """What `person` gets."""
    async with at.by(person) as http:
        answer = await http.get(f"/api/v1/wall{query}")
    return answer.status_code, answer.json()


async def test_the_nearest_limit_stands_first_and_nobody_is_named(at: House) -> None:
    slow = await at.open_room(urgency="P3")
    fast = await at.open_room(urgency="P1")
    status, wall = await board(at, "omar")
    assert status == 200
    assert [room["room"] for room in wall["rooms"]] == [fast, slow]
    assert wall["counts"] == {
        "open": 2, "breached": 0, "predicted": 0, "paused": 0, "stages": {"requested": 2},
    }  # fmt: skip
    assert wall["names"] is False
    said = str(wall)
    assert "TEST" not in said.replace("Test", ""), "no patient, no question"
    first = wall["rooms"][0]
    assert [one["clock"] for one in first["clocks"]] == ["claim", "total"]
    assert first["next_move"]["act"] == "case.claim"


async def test_a_pause_is_on_the_wall_with_its_cause(at: House) -> None:
    room = await at.open_room()
    await at.say("lea", room, "", kind="clock.pause", body={"cause": "patient"})
    _, wall = await board(at, "marc", "?site=mac")
    assert wall["rooms"][0]["pause"] == "patient"
    assert wall["counts"]["paused"] == 1


async def test_a_site_may_say_that_its_wall_names_patients(at: House) -> None:
    await at.open_room()
    site = directory.Site("mac", "CH Test de Mâcon", policy='{"wall_names":true}')
    await at.change(directory.put_sites, [site])
    _, wall = await board(at, "omar")
    assert wall["names"] is True
    assert wall["rooms"][0]["patient_label"] == "TEST-MARTIN"
    assert "stroke" not in str(wall), "free text never"


async def test_a_wall_is_for_those_who_cover_the_site(at: House) -> None:
    await at.open_room()
    assert (await board(at, "omar", "?site=autre"))[0] == 403
    for person in ("lea", "adam", "audrey"):
        status, problem = await board(at, person)
        assert (status, problem["code"]) == (403, "wrong_role")


async def test_a_closed_room_leaves_the_wall(at: House) -> None:
    room = await at.open_room()
    await at.say("lea", room, "", kind="request.cancel", body={"reason": "TEST"})
    await at.say("lea", room, "", kind="room.close", body={})
    assert (await board(at, "omar"))[1]["rooms"] == []


def test_a_policy_that_cannot_be_read_is_the_shipped_one() -> None:
    for text in ("", "{}", "nonsense", '{"release":"anybody"}', "[]"):
        assert policy_of(text) == SitePolicy()


async def test_a_critical_result_stands_on_the_wall_and_what_it_is_does_not(at: House) -> None:
    room = await at.open_room(callback="5100")
    found = {"category": 1, "finding": "TEST-HSA gauche", "words": ["gauche"]}
    await at.say("omar", room, "", kind="critical.raise", body=found)
    _, wall = await board(at, "omar")
    told = wall["rooms"][0]["critical"]
    assert (told["open"], told["category"], told["exhausted"]) == (1, 1, False)
    assert wall["rooms"][0]["next_move"]["act"] == "critical.acknowledge"
    assert "HSA" not in str(wall)
