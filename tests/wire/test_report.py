"""From the request to the acknowledged report, over real sockets and through a killed hub."""

from typing import Any

import httpx
import pytest

from tests.kit.client import Client, PublishRefused
from tests.wire.conftest import READ_BACK, Ward, to_protocol

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHECKS = ("identity", "region", "pregnancy", "allergy", "renal", "metformin", "iv_access")
CHECKED = {"items": [{"code": code, "answer": "ok"} for code in CHECKS]}
WRITTEN = {"sections": {"findings": "TEST-RESULTATS", "conclusion": "TEST-CONCLUSION"}}
DOSE = {"series": [{"phantom": "head_16", "ctdivol_mgy": 40, "dlp_mgy_cm": 700, "region": "head"}]}


async def to_reading(ward: Ward, room: Any, radiologist: Client, technologist: Client) -> None:
    """Bring a room to `reading`."""
    content_hash = await to_protocol(ward, room, radiologist)
    read = {"version": 1, "content_hash": content_hash, "read_back": READ_BACK}
    for kind, body in (
        ("protocol.acknowledge", read),
        ("checklist.complete", CHECKED),
        ("acquisition.start", {}),
        ("acquisition.end", {}),
        ("images.declare", {"series": 1, "instances": 120}),
        ("dose.record", DOSE),
    ):
        await technologist.publish(room.room, kind, body)
    await radiologist.publish(room.room, "reading.start", {})


async def test_a_report_is_signed_delivered_and_acknowledged_through_a_kill(alone: Ward) -> None:
    room = alone.room()
    where = room.room
    async with (
        alone.client(room, "requester") as lea,
        alone.client(room, "technologist") as marc,
        alone.client(room, "radiologist") as omar,
    ):
        for client in (lea, marc, omar):
            await client.join(where, 0)
        await to_reading(alone, room, omar, marc)
        seen = omar.reached[where]
        await omar.publish(where, "report.issue", WRITTEN)
        with pytest.raises(PublishRefused) as stale:
            await omar.publish(where, "report.sign", WRITTEN, after=seen)
        assert stale.value.slug == "stale_after", "W-16: a version came in between"
        await omar.publish(where, "report.sign", {**WRITTEN, "version": 2})
        await alone.hub.die()
        await alone.hub.restart()
        joined = await lea.join(where)
        report = joined["state"]["report"]["content"]
        assert (report["status"], report["version"]) == ("final", 2)
        assert joined["state"]["next_move"]["act"] == "report.acknowledge"
        with pytest.raises(PublishRefused) as old:
            await lea.publish(where, "report.acknowledge", {"version": 1})
        assert old.value.slug == "stale_after"
        named = {"version": 2, "content_hash": report["content_hash"], "action": "TEST"}
        await lea.publish(where, "report.acknowledge", named)
        state = (await lea.join(where))["state"]
    assert state["stage"] == "acknowledged"
    (delivered,) = state["deliveries"]
    assert (delivered["channel"], delivered["version"]) == ("room", 2)
    headers = {"Authorization": f"Bearer {room.member('requester').token}"}
    async with httpx.AsyncClient(trust_env=False, base_url=alone.url, headers=headers) as http:
        printed = await http.get(f"/api/v1/rooms/{where}/report.pdf?lang=en")
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF-")
    log = alone.hub.log.read_text()
    assert "TEST-" not in log, "no word of a report in a log line"
