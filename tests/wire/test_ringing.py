"""Rings over real sockets: fifty claims at once have one winner; a killed hub goes on ringing.

Each hub here is of its own: with a rota, and steps of five seconds.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from hub.room.times import moment
from tests.kit.client import Client, PublishRefused
from tests.kit.hub import Hub, SeededMember

READERS = 50
STEP_S = 5
LATE = timedelta(seconds=8)
"""How late a step may be: the hub looks each second, and a start takes its time."""
REQUEST = {
    "patient": {"birth_name": "TEST-MARTIN"},
    "urgency": "P0",
    "modality_wanted": "CT",
    "region": ["head"],
    "clinical_question": "TEST-QUESTION ?",
}


class Night:
    """A hub with one requester and many readers on one line."""

    def __init__(self, hub: Hub, requester: SeededMember, readers: list[SeededMember]) -> None:
        self.hub = hub
        self.requester = requester
        self.readers = readers

    async def asked(self) -> str:
        """A room, just opened."""
        async with httpx.AsyncClient(base_url=self.hub.url, trust_env=False) as http:
            http.headers["authorization"] = f"Bearer {self.requester.token}"
            answer = await http.post("/api/v1/rooms", json=REQUEST)
            assert answer.status_code == 201, answer.text
            room: str = answer.json()["room"]
            return room

    async def journal(self, room: str) -> list[dict[str, Any]]:
        """The events of a room."""
        async with httpx.AsyncClient(base_url=self.hub.url, trust_env=False) as http:
            http.headers["authorization"] = f"Bearer {self.requester.token}"
            answer = await http.get(f"/api/v1/rooms/{room}/events?limit=500")
            events: list[dict[str, Any]] = answer.json()["events"]
            return events

    def client(self, who: SeededMember) -> Client:
        """A device of somebody."""
        return Client(self.hub.url, who.token)


async def made(folder: Path, readers: int, steps: int) -> Night:
    """A hub whose policy tries one reader after the other, or in one step all of them."""
    hub = Hub(folder)
    rooms = await hub.seed(readers)
    night = Night(hub, rooms[0].member("requester"), [r.member("radiologist") for r in rooms])
    site = night.requester.person.removesuffix("-requester")
    assert (await hub.run("line", "add", "nuit", "TEST-NUIT"))[0] == 0
    words = [word for one in night.readers for word in ("--person", one.person)]
    status, said = await hub.run("line", "assign", "nuit", "--site", site, *words)
    assert status == 0, said
    policy = {
        "site": site,
        "urgency": "P0",
        "steps": [
            {
                "targets": [
                    {"kind": "person", "value": night.readers[n].person}
                    if steps > 1
                    else {"kind": "line", "value": "nuit"}
                ],
                "wait_s": STEP_S,
                "realert_s": STEP_S,
            }
            for n in range(steps)
        ],
    }
    (folder / "policy.json").write_text(json.dumps(policy))
    status, said = await hub.run("rota", "policy", str(folder / "policy.json"))
    assert status == 0, said
    await hub.start()
    return night


@pytest_asyncio.fixture(loop_scope="session")
async def crowd(tmp_path: Path) -> AsyncIterator[Night]:
    """Fifty readers, rung all at once."""
    night = await made(tmp_path / "hub", READERS, 1)
    yield night
    await night.hub.stop()


@pytest.mark.asyncio(loop_scope="session")
async def test_fifty_claims_at_once_have_one_winner(crowd: Night) -> None:
    clients = [crowd.client(who) for who in crowd.readers]
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.__aenter__())
    busy = crowd.readers[0].person
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    said = await clients[0].ask({"t": "status", "state": "dnd", "until": until})
    assert said["t"] == "ok", said
    refused = await clients[1].ask({"t": "status", "state": "dnd"})
    assert (refused["t"], refused["slug"]) == ("err", "bad_body")
    room = await crowd.asked()

    async def claim(client: Client) -> str:
        try:
            await client.publish(room, "case.claim", {})
        except PublishRefused as refused:
            assert refused.slug == "already_claimed"
            return str(refused.frame["fr"])
        return ""

    told = await asyncio.gather(*(claim(client) for client in clients))
    assert told.count("") == 1
    journal = await crowd.journal(room)
    (started,) = [one for one in journal if one["kind"] == "ring.started"]
    assert len(started["body"]["people"]) == READERS - 1
    assert [(one["person"], one["why"]) for one in started["body"]["skipped"]] == [(busy, "dnd")]
    (claimed,) = [one for one in journal if one["kind"] == "case.claimed"]
    winner = claimed["from"]
    assert winner["person"] == crowd.readers[told.index("")].person
    assert all(winner["name"] in words for words in told if words), "losers are told who"
    after = [one["kind"] for one in journal if one["seq"] > claimed["seq"]]
    assert after == [], "nobody is rung after the answer"
    await asyncio.gather(*(client.stop() for client in clients))


@pytest.mark.timeout(120)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_hub_that_is_killed_while_it_rings_goes_on_at_the_right_step(
    tmp_path: Path,
) -> None:
    night = await made(tmp_path / "hub", 3, 3)
    room = await night.asked()
    async with night.client(night.requester) as lea:
        await lea.join(room, after=0)
        await night.hub.die()
        await night.hub.restart()
        await lea.until(lambda: "ring.escalated" in _kinds(lea, room))
        await night.hub.die()
        await night.hub.restart()
        await lea.until(lambda: _kinds(lea, room).count("ring.escalated") == 2)
        await night.hub.die()
        await asyncio.sleep(STEP_S + 1)  # the hub is away while the last step ends
        await night.hub.restart()
        await lea.until(lambda: "ring.exhausted" in _kinds(lea, room))
    journal = await night.journal(room)
    moved = [one for one in journal if one["kind"] in ("ring.started", "ring.escalated")]
    names = [[one["person"] for one in event["body"]["people"]] for event in moved]
    assert names == [[one.person] for one in night.readers]
    for before, after in pairwise(moved):
        due = moment(before["body"]["ends_at"])
        assert due <= _at(after) <= due + LATE, "not before its time, and not long after"
    over = [one for one in journal if one["kind"] == "ring.exhausted"]
    assert len(over) == 1
    assert _at(over[0]) >= moment(moved[-1]["body"]["ends_at"])
    await night.hub.stop()


def _at(event: dict[str, Any]) -> datetime:
    return moment(event["at"])


def _kinds(client: Client, room: str) -> list[str]:
    return [one.kind for one in client.record.events(room)]
