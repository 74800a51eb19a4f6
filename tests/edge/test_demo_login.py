"""One-click login: under the demo, on this machine, and nowhere else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.edge.services import DemoCast
from tests.edge.house import FAR, House, house

CAST = DemoCast(("omar", "lea"))


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, demo=CAST) as made:
        yield made


async def test_a_click_logs_in_and_leads_home(demo: House) -> None:
    async with demo.client() as http:
        cast = (await http.get("/api/v1/config")).json()["cast"]
        assert [one["person"] for one in cast] == ["omar", "lea"]
        assert cast[0]["role"] == "radiologist" and cast[0]["site_name"] == "Télé Test"
        answer = await http.get(cast[0]["link"])
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        me = (await http.get("/api/v1/sessions/current")).json()
    assert me["person"]["id"] == "omar" and me["demo"] is True


async def test_only_the_cast(demo: House) -> None:
    async with demo.client() as http:
        answer = await http.get("/demo/login/adam")
    assert answer.status_code == 404 and "set-cookie" not in answer.headers


FOREIGN = {
    "another machine": ({"peer": FAR}, {}),
    "through a proxy": ({}, {"x-forwarded-for": "192.0.2.1"}),
    "a name that was rebound": ({"url": "http://evil.example:8000"}, {}),
    "hidden in a picture": ({}, {"sec-fetch-dest": "image"}),
}


@pytest.mark.parametrize("how", FOREIGN)
async def test_not_from_elsewhere(demo: House, how: str) -> None:
    client, headers = FOREIGN[how]
    async with demo.client(**client) as http:  # type: ignore[arg-type]  # of a table
        answer = await http.get("/demo/login/lea", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "set-cookie" not in answer.headers


async def test_another_machine_is_not_told_the_cast(demo: House) -> None:
    async with demo.client(peer=FAR) as http:
        assert (await http.get("/api/v1/config")).json()["cast"] == []


async def test_not_where_the_hub_listens_to_the_network(tmp_path: Path) -> None:
    async with house(tmp_path, demo=CAST, host="0.0.0.0") as at, at.client() as http:
        assert (await http.get("/demo/login/lea")).status_code == 403


async def test_not_without_the_demo(at: House) -> None:
    async with at.client() as http:
        assert (await http.get("/demo/login/lea")).status_code == 403
        config = (await http.get("/api/v1/config")).json()
    assert config["demo"] is False and config["cast"] == []
