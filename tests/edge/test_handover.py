"""Handovers over REST: what is mine and open; done in all rooms or some, and told room by room."""

from typing import Any

import httpx

from persistence import directory
from tests.edge.house import House


async def held(at: House, person: str) -> Any:
    """The lists of `person`."""
    async with at.by(person) as http:
        answer = await http.get("/api/v1/handover")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def do(at: House, person: str, act: str, **body: Any) -> httpx.Response:
    """One act of `person` with handovers."""
    async with at.by(person) as http:
        return await http.post(f"/api/v1/handover/{act}", json=body)


async def claimed(at: House, **request: Any) -> str:
    """A room that Omar has claimed."""
    room = await at.open_room(**request)
    assert (await at.say("omar", room, "", kind="case.claim", body={})).status_code == 200
    return room


async def test_all_that_is_mine_is_offered_and_accepted_in_one_go(at: House) -> None:
    rooms = {await claimed(at), await claimed(at, urgency="P1")}
    before = await held(at, "omar")
    assert {one["room"] for one in before["mine"]} == rooms
    assert [loop["kind"] for loop in before["mine"][0]["loops"]] == ["exam"]
    assert before["mine"][0]["row"]["room"] in rooms
    offered = (await do(at, "omar", "offer", to="claire", note="TEST fin de garde")).json()
    assert (offered["done"], offered["failed"]) == (2, 0)
    waiting = await held(at, "claire")
    assert {one["room"] for one in waiting["to_me"]} == rooms
    assert waiting["to_me"][0]["from"] == {"person": "omar", "name": "Dr Omar Test"}
    assert waiting["to_me"][0]["to"] == {"person": "claire", "name": "Dr Claire Test"}
    assert {one["room"] for one in (await held(at, "omar"))["by_me"]} == rooms
    accepted = (await do(at, "claire", "accept")).json()
    assert accepted["done"] == 2
    assert (await held(at, "omar"))["mine"] == []
    assert {one["room"] for one in (await held(at, "claire"))["mine"]} == rooms


async def test_what_one_room_refuses_is_told_and_holds_up_no_other(at: House) -> None:
    mine, gone, unknown = await claimed(at), await claimed(at), "nowhere"
    await at.say("omar", gone, "", kind="case.release", body={"reason": "TEST"})
    answer = await do(at, "omar", "offer", to="claire", rooms=[gone, mine, unknown])
    told = answer.json()
    assert answer.status_code == 200
    assert [one["ok"] for one in told["results"]] == [False, True, False]
    assert [one.get("code") for one in told["results"]] == ["wrong_stage", None, "no_room"]
    assert told["results"][0]["fr"]
    assert told["results"][0]["en"]
    assert (told["done"], told["failed"]) == (1, 2)


async def test_the_same_cid_again_changes_nothing(at: House) -> None:
    room = await claimed(at)
    first = (await do(at, "omar", "offer", to="claire", rooms=[room], cid="relieve-1")).json()
    again = (await do(at, "omar", "offer", to="claire", rooms=[room], cid="relieve-1")).json()
    assert again["results"] == first["results"]


async def test_declined_or_withdrawn_it_stays_mine(at: House) -> None:
    room = await claimed(at)
    await do(at, "omar", "offer", to="claire")
    assert (await do(at, "claire", "decline", reason="deux P0")).json()["done"] == 1
    await do(at, "omar", "offer", to="claire")
    assert (await do(at, "omar", "withdraw")).json()["done"] == 1
    assert [one["room"] for one in (await held(at, "omar"))["mine"]] == [room]
    assert (await held(at, "claire"))["to_me"] == []
    assert (await do(at, "claire", "accept")).json() == {"results": [], "done": 0, "failed": 0}


async def test_a_physician_hands_the_patient_over_to_a_physician_only(at: House) -> None:
    room = await at.open_room()
    refused = (await do(at, "lea", "offer", to="omar")).json()["results"][0]
    assert (refused["status"], refused["code"]) == (403, "forbidden")
    assert (await do(at, "lea", "offer", to="nora")).json()["done"] == 1
    assert (await held(at, "nora"))["to_me"][0]["room"] == room, "she may enter to take it"
    assert (await do(at, "nora", "accept")).json()["done"] == 1
    assert [one["kind"] for one in (await held(at, "nora"))["mine"][0]["loops"]] == ["patient"]


async def test_to_nobody_known_or_without_what_it_needs(at: House) -> None:
    await claimed(at)
    assert (await do(at, "omar", "offer", to="nobody")).json()["results"][0]["code"] == "bad_body"
    assert (await do(at, "omar", "offer")).json()["code"] == "bad_body"
    assert (await do(at, "omar", "decline")).json()["code"] == "bad_body"
    assert (await do(at, "omar", "explode")).status_code == 404
    assert (await do(at, "omar", "offer", to="claire", minutes=0)).status_code == 400


async def test_it_is_for_people_in_care(at: House) -> None:
    async with at.by("audrey") as http:
        assert (await http.get("/api/v1/handover")).json()["code"] == "wrong_role"
    assert (await do(at, "adam", "accept")).json()["code"] == "wrong_role"


async def test_the_directory_says_who_is_asked(at: House) -> None:
    room = await claimed(at)
    body = {"to": "ines", "question": "TEST ?", "name": "Dr Mallory", "role": "requester"}
    await at.say("omar", room, "", kind="opinion.ask", body=body)
    async with at.by("ines") as http:
        state = (await http.get(f"/api/v1/rooms/{room}")).json()
    assert state["opinions"][0]["to_name"] == "Dr Inès Test"
    assert state["members"]["ines"]["role"] == "subspecialist"
    found: dict[str, Any] = {"category": 1, "finding": "TEST-HSA gauche", "words": ["gauche"]}
    for to in ("nobody", "audrey"):
        answer = await at.say("omar", room, "", kind="critical.raise", body=found | {"to": to})
        assert answer.json()["code"] == "bad_body"
    answer = await at.say("omar", room, "", kind="critical.raise", body=found | {"to": "bastien"})
    assert answer.status_code == 200
    async with at.by("bastien") as http:
        state = (await http.get(f"/api/v1/rooms/{room}")).json()
    assert state["criticals"][0]["to_name"] == "Dr Bastien Test"


async def test_pictures_of_another_room_go_with_no_question(at: House) -> None:
    one, other = await claimed(at), await claimed(at)
    await at.services.images.attach("2.25.9", other)
    shown = {"specialty": "neuro", "question": "TEST ?", "images": [{"study_uid": "2.25.9"}]}
    answer = await at.say("omar", one, "", kind="opinion.ask", body=shown)
    assert answer.json()["code"] == "forbidden"
    answer = await at.say("omar", other, "", kind="opinion.ask", body=shown)
    assert answer.status_code == 200


async def test_nothing_is_offered_to_somebody_who_has_left(at: House) -> None:
    await claimed(at)
    await at.change(directory.set_disabled, "claire", True)
    refused = (await do(at, "omar", "offer", to="claire")).json()["results"][0]
    assert refused["code"] == "bad_body"
