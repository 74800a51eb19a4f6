"""What people say of themselves over REST, and whom the calling engine passes over for it."""

from typing import Any

import pytest

from persistence import directory
from persistence.directory import Grant, Person
from tests.edge.house import House
from tests.edge.test_rota_http import ask

SOON = "2026-11-22T02:00:00.000Z"


async def say(at: House, person: str, **body: Any) -> Any:
    """(status, JSON) of a status."""
    return await ask(at, person, "PUT", "me/status", json=body)


async def colleague(at: House, person: str = "nina", role: str = "radiologist") -> str:
    """Somebody with a part at tele and a token."""
    one = Person(person, person, f"Dr {person} Test", grants=(Grant(role, "tele"),))
    await at.change(directory.put_people, [one])
    at.tokens[person] = await at.token(person)
    return person


async def test_a_status_is_told_and_outlives_the_process(at: House) -> None:
    nina = await colleague(at)
    status, told = await say(at, "omar", state="dnd", until=SOON, forward=nina, device="d-1")
    assert status == 200, told
    assert (told["state"], told["until"], told["forward"]) == ("dnd", SOON, nina)
    away = at.services.rooms.statuses.around().away
    assert (away["omar"].state, away["omar"].forward, away["omar"].forward_name) == (
        "dnd", "nina", "Dr nina Test",
    )  # fmt: skip
    at.services.rooms.statuses._held.clear()
    await at.services.rooms.statuses.learn()
    assert (await ask(at, "omar", "GET", "me/status"))[1]["state"] == "dnd"
    _, told = await ask(at, "lea", "GET", "presence")
    assert [(one["name"], one["state"]) for one in told["people"]] == [("Dr Omar Test", "dnd")]
    assert (await ask(at, "adam", "GET", "presence"))[0] == 403


async def test_do_not_disturb_ends_of_itself(at: House) -> None:
    await say(at, "omar", state="dnd", until=SOON)
    told: list[str] = []
    at.services.rooms.statuses.changed = told.append
    at.clock.move(3 * 3600)
    await at.services.rooms.statuses.learn()
    assert told == ["omar"]
    assert at.services.rooms.statuses.around().away == {}
    assert (await ask(at, "omar", "GET", "me/status"))[1]["state"] == "unreachable"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({"state": "dnd"}, "until"),
        ({"state": "dnd", "until": "soon"}, "until"),
        ({"state": "dnd", "until": "2026-11-22T02:00:00"}, "until"),
        ({"state": "dnd", "until": "2026-11-21T02:00:00Z"}, "until"),
        ({"state": "dnd", "until": "2026-11-29T02:00:00Z"}, "until"),
        ({"state": "online", "forward": "nina"}, "forward"),
        ({"state": "away", "forward": "omar"}, "forward"),
        ({"state": "away", "forward": "nobody"}, "forward"),
        ({"state": "away", "forward": "marc"}, "forward"),
        ({"state": "away", "forward": "nina"}, "forward"),
    ],
)
async def test_what_cannot_be_said(at: House, body: dict[str, str], field: str) -> None:
    nina = await colleague(at)
    await say(at, nina, state="away")
    status, told = await say(at, "omar", **body)
    assert (status, told["code"]) == (400, "bad_body")
    assert field in told["en"]


async def test_a_forward_to_an_account_that_was_shut_is_none(at: House) -> None:
    nina = await colleague(at)
    await say(at, "omar", state="away", forward=nina)
    await at.change(directory.set_disabled, nina, True)
    await at.services.rooms.statuses.learn()
    assert at.services.rooms.statuses.around().away["omar"].forward == ""
