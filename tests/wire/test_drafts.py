"""A hub that is killed while a report is being typed: the draft is there after the restart."""

import httpx
import pytest

from tests.kit.hub import Hub, SeededRoom
from tests.wire.conftest import Ward

pytestmark = pytest.mark.asyncio(loop_scope="session")


def typed(hub: Hub, token: str) -> httpx.AsyncClient:
    """Somebody at a keyboard."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(trust_env=False, base_url=hub.url, headers=headers)


async def test_w10_kill_9_while_a_report_is_typed(alone: Ward) -> None:
    room: SeededRoom = alone.room()
    token = room.member("radiologist").token
    where, saved = f"/api/v1/rooms/{room.room}/draft", 0
    for round_ in range(3):
        async with typed(alone.hub, token) as http:
            for n in range(8):
                text = f"TEST ligne {round_}.{n}"
                draft = {"sections": {"findings": text}}
                answer = await http.put(where, json={"version": saved, "draft": draft})
                assert answer.status_code == 200, answer.text
                saved = answer.json()["version"]
            await alone.hub.die()
        await alone.hub.restart()
        async with typed(alone.hub, token) as http:
            found = (await http.get(where)).json()
            events = (await http.get(f"/api/v1/rooms/{room.room}/events")).json()["events"]
        assert (found["version"], found["draft"]["sections"]["findings"]) == (saved, text)
        said = {event["kind"].partition(".")[0] for event in events}
        assert said <= {"request", "member", "deadline"}, "no save swells the journal"
