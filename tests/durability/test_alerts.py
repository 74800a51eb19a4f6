"""`kill -9` between store and send: the alert that was stored is sent after the restart, once."""

from pathlib import Path

import httpx
from uuid_utils import uuid7

from tests.edge.house import REQUEST
from tests.kit.hub import Hub
from tests.notify.receivers import Device, receiver

LOOPBACK = {"EXAMROOM_NOTIFY_LOOPBACK": "true"}


async def people(hub: Hub) -> None:
    """A requester, and a radiologist whose line covers her site."""
    hub.data.mkdir(parents=True, exist_ok=True)
    steps = [
        ("site", "add", "mac", "CH Test"),
        ("site", "add", "tele", "Centre Test"),
        ("user", "add", "lea", "--name", "Léa Test", "--role", "requester", "--site", "mac"),
        ("user", "add", "omar", "--name", "Omar Test", "--role", "radiologist", "--site", "tele"),
        ("line", "add", "nuit", "Nuit"),
        ("line", "assign", "nuit", "--site", "mac", "--person", "omar"),
    ]
    for words in steps:
        more = ("--generate",) if words[:2] == ("user", "add") else ()
        status, said = await hub.run(*words, *more)
        assert status == 0, said


async def token(hub: Hub, person: str) -> str:
    status, said = await hub.run("user", "token", person)
    assert status == 0, said
    return said.split()[0]


def client(hub: Hub, token: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=hub.url, headers=headers, trust_env=False)


async def test_a_kill_between_store_and_send_loses_no_alert(tmp_path: Path) -> None:
    async with receiver() as place:
        # a grace that does not end: the hub dies before anything is sent
        hub = Hub(tmp_path / "hub", env={**LOOPBACK, "EXAMROOM_NOTIFY_GRACE_S": "600"})
        await people(hub)
        await hub.start()
        lea, omar = await token(hub, "lea"), await token(hub, "omar")
        device = Device()
        body = {"endpoint": f"{place.url}/omar", "keys": device.keys}
        async with client(hub, omar) as http:
            made = await http.post("/api/v1/push/subscriptions", json=body)
            assert made.status_code == 201, made.text
        async with client(hub, lea) as http:
            asked = REQUEST | {"cid": str(uuid7())}
            room = (await http.post("/api/v1/rooms", json=asked)).json()["room"]
        await hub.die()
        assert place.got == []
        await hub.restart()
        (got,) = await place.until(1)
        told = device.opened(got)
        assert told["room"] == room and told["kind"] in ("request", "ring")
        await hub.stop()  # in order: the record is on the disk
        await hub.restart()
        async with client(hub, lea) as http:  # another alert is the proof that the round went by
            asked = REQUEST | {"cid": str(uuid7()), "urgency": "P1"}
            other = (await http.post("/api/v1/rooms", json=asked)).json()["room"]
        await hub.die()
        await hub.restart()
        await place.until(2)
        await hub.stop()
        rooms = [device.opened(one)["room"] for one in place.got]
        assert rooms == [room, other]  # the first was on record as sent, and was not sent again
