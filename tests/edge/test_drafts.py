"""Drafts of reports over HTTP: on the disk at every save, seen by their author alone."""

import asyncio
from typing import Any

import httpx
import pytest

from hub.library import written
from hub.reporting import Reporting
from persistence.entries import Stream
from tests.edge.house import House

SAID = {"sections": {"conclusion": "TEST-CONCLUSION"}}


async def save(at: House, room: str, version: int, draft: object, **more: Any) -> httpx.Response:
    """A save by Omar."""
    async with at.by("omar") as http:
        body = {"version": version, "draft": draft} | more
        return await http.put(f"/api/v1/rooms/{room}/draft", json=body)


async def held(at: House, room: str, person: str = "omar") -> dict[str, Any]:
    """What `person` finds."""
    async with at.by(person) as http:
        found: dict[str, Any] = (await http.get(f"/api/v1/rooms/{room}/draft")).json()
    return found


async def test_a_draft_is_there_again_as_it_was_saved(at: House) -> None:
    room = await at.open_room()
    assert await held(at, room) == {"version": 0, "saved_at": "", "device": "", "draft": None}
    saved = await save(at, room, 0, SAID, device="desk")
    assert saved.json() == {"version": 1, "saved_at": "2026-11-21T23:40:00.000Z"}
    at.clock.move(5)
    assert (await save(at, room, 1, {"addendum": "TEST-AVENANT"})).json()["version"] == 2
    found = await held(at, room)
    assert (found["version"], found["device"]) == (2, "rest")
    assert found["draft"]["addendum"] == "TEST-AVENANT"


async def test_it_is_nobody_elses(at: House) -> None:
    room = await at.open_room()
    await save(at, room, 0, SAID)
    await at.change(_second_radiologist)
    at.tokens["chloe"] = await at.token("chloe")
    assert (await held(at, room, "chloe"))["draft"] is None
    async with at.by("lea") as http:
        refused = await http.get(f"/api/v1/rooms/{room}/draft")
        state = (await http.get(f"/api/v1/rooms/{room}")).text
        events = (await http.get(f"/api/v1/rooms/{room}/events")).text
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
    assert "TEST-CONCLUSION" not in state + events


def _second_radiologist(at: Any) -> None:
    from persistence import directory

    grants = (directory.Grant("radiologist", "tele"),)
    directory.put_people(at, [directory.Person("chloe", "chloe", "Dr Chloé Test", grants=grants)])
    directory.assign(at, "nuit", add_people=["chloe"])


async def test_two_devices_do_not_overwrite_each_other_unseen(at: House) -> None:
    room = await at.open_room()
    await save(at, room, 0, SAID, device="desk")
    late = await save(at, room, 0, {"addendum": "TEST"}, device="phone")
    assert (late.status_code, late.json()["code"], late.json()["seq"]) == (412, "stale_after", 1)
    assert (await held(at, room))["draft"]["sections"]["conclusion"] == "TEST-CONCLUSION"


async def test_a_save_whose_answer_was_lost_is_repeated_without_harm(at: House) -> None:
    room = await at.open_room()
    first = await save(at, room, 0, SAID)
    assert (await save(at, room, 0, SAID)).json() == first.json()


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"sections": {"findings": "x" * 8001}}, "draft.sections.findings"),
        ({"lang": "de"}, "draft.lang"),
        ([], "draft"),
    ],
)
async def test_bounds_are_those_of_a_report(at: House, draft: object, field: str) -> None:
    room = await at.open_room()
    answer = await save(at, room, 0, draft)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert field in answer.json()["detail"]


async def test_saving_too_often_is_told_so(at: House) -> None:
    room = await at.open_room()
    codes = [(await save(at, room, n, SAID)).status_code for n in range(61)]
    assert codes[:60] == [200] * 60 and codes[60] == 429


async def test_it_goes_with_the_signature_and_when_its_author_drops_it(at: House) -> None:
    room = await at.open_room()
    await save(at, room, 0, SAID)
    async with at.by("omar") as http:
        assert (await http.delete(f"/api/v1/rooms/{room}/draft")).status_code == 204
    assert (await held(at, room))["version"] == 0
    await to_reading(at, room)
    await save(at, room, 0, SAID)
    signed = await at.say("omar", room, "", kind="report.sign", body=SAID | NO_DOSE)
    assert signed.status_code == 200, signed.text
    for _ in range(100):  # it goes once the signature is stored
        if not (await held(at, room))["version"]:
            break
    assert (await save(at, room, 1, SAID)).status_code == 412, "a late save brings nothing back"


NO_DOSE = {"no_dose_reason": "TEST"}


async def to_reading(at: House, room: str) -> None:
    """Bring a room to `reading` by the shortest way."""
    series = [{"n": 1, "name": "TEST", "phase": "none"}]
    protocol = {"version": 1, "modality": "CT", "regions": ["head"], "series": series}
    checks = ["identity", "region", "pregnancy", "allergy", "renal", "metformin", "iv_access"]
    items = [{"code": code, "answer": "ok"} for code in checks]
    read = {"regions": ["head"], "phases": ["none"]}
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("omar", "case.claim", {}),
        ("omar", "justification.decide", {"decision": "accept"}),
        ("omar", "protocol.issue", protocol),
        ("marc", "protocol.acknowledge", {"version": 1, "read_back": read}),
        ("marc", "checklist.complete", {"items": items}),
        ("marc", "acquisition.start", {"scanner": "CT-1"}),
        ("marc", "acquisition.end", {}),
        ("marc", "images.declare", {"series": 1}),
        ("omar", "reading.start", {}),
    ]
    for who, kind, body in acts:
        if kind == "protocol.acknowledge":
            async with at.by(who) as http:
                state = (await http.get(f"/api/v1/rooms/{room}")).json()
            body = body | {"content_hash": state["protocol"]["content_hash"]}
        answer = await at.say(who, room, "", kind=kind, body=body)
        assert answer.status_code == 200, (kind, answer.text)


async def test_w23_that_somebody_wrote_is_in_the_trace_and_not_a_word_of_it(at: House) -> None:
    room = await at.open_room()
    for version in range(3):
        await save(at, room, version, SAID)
    at.clock.move(61)
    await save(at, room, 3, SAID)
    rooms = at.services.rooms
    while not rooms.trace.idle():
        await rooms.trace.flush()
        await asyncio.sleep(0)
    entries = await at.services.journal.read(Stream.TRACE, room, 0, 50, 1 << 20)
    text = b"".join(entry.body or b"" for entry in entries).decode()
    assert text.count('"draft"') == 2, "once a minute"
    assert "sha256" in text and "TEST-CONCLUSION" not in text
    journal = await at.services.journal.read(Stream.JOURNAL, room, 0, 50, 1 << 20)
    assert len(journal) == 1, "no save swells the journal"


async def test_the_room_fills_in_what_it_knows(at: House) -> None:
    room = await at.open_room()
    await to_reading(at, room)
    async with at.by("omar") as http:
        known = (await http.get(f"/api/v1/rooms/{room}/report/prefill?lang=en")).json()["sections"]
        wrong = await http.get(f"/api/v1/rooms/{room}/report/prefill?lang=de")
    assert known["indication"] == "TEST stroke?"
    assert known["technique"] == "CT TEST, none"
    assert known["contrast"] == "No injection."
    assert wrong.json()["code"] == "bad_body"


async def test_templates_of_reports_are_offered_with_the_free_one(at: House) -> None:
    async with at.by("omar") as http:
        found = (await http.get("/api/v1/report-templates?modality=MR")).json()["templates"]
    assert {one["code"] for one in found} == {"general", "mr-spine-cord-compression"}


async def test_the_site_says_who_releases_the_patient(at: House) -> None:
    from persistence import directory

    room = await at.open_room()
    await to_reading(at, room)
    site = directory.Site("mac", "CH Test de Mâcon", policy='{"release":"radiologist"}')
    await at.change(directory.put_sites, [site])
    refused = await at.say("marc", room, "", kind="patient.release", body={"policy": "either"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await at.say("omar", room, "", kind="patient.release", body={})).status_code == 200


async def test_doses_are_compared_with_levels_of_the_house_and_not_of_the_client(at: House) -> None:
    room = await at.open_room()
    await to_reading(at, room)
    head = {"phantom": "head_16", "dlp_mgy_cm": 900, "region": "Crâne"}
    strange = [{"exam": "x", "quantity": "dlp", "phantom": "head_16", "level": 1, "source": "x",
                "dated": "x", "words": ["crane"]}]  # fmt: skip
    body = {"series": [head], "levels": strange}
    assert (await at.say("marc", room, "", kind="dose.record", body=body)).status_code == 200
    async with at.by("omar") as http:
        state = (await http.get(f"/api/v1/rooms/{room}")).json()
    (beside,) = state["dose"]["dose"]["compared"]
    assert (beside["exam"], beside["level"], beside["above"]) == ("head", 850.0, True)
    assert beside["source"] and beside["dated"] and beside["validated"] is False


class FreshProof:
    """Asks everybody for a proof until it has one: a small real port."""

    def __init__(self) -> None:
        self.proven: set[str] = set()

    async def wanted(self, person: str) -> bool:
        return person not in self.proven


async def test_who_must_prove_themself_again_does_not_sign_before(at: House) -> None:
    room = await at.open_room()
    await to_reading(at, room)
    port, services = FreshProof(), at.services
    sites = services.directory.sites
    Reporting(services.rooms, services.drafts, written.levels(), sites, step_up=port)
    refused = await at.say("omar", room, "", kind="report.sign", body=SAID | NO_DOSE)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    port.proven.add("omar")
    signed = await at.say("omar", room, "", kind="report.sign", body=SAID | NO_DOSE)
    assert signed.status_code == 200


async def test_a_report_is_printed_for_who_may_read_it_under_no_ones_name(at: House) -> None:
    room = await at.open_room()
    where = f"/api/v1/rooms/{room}/report.pdf"
    await to_reading(at, room)
    async with at.by("lea") as http:
        assert (await http.get(where)).json()["code"] == "not_found"
    issue = await at.say("omar", room, "", kind="report.issue", body=SAID)
    sign = await at.say("omar", room, "", kind="report.sign", body=SAID | NO_DOSE)
    assert (issue.status_code, sign.status_code) == (200, 200)
    async with at.by("lea") as http:
        newest, older = await http.get(where), await http.get(f"{where}?version=1&lang=en")
        missing = await http.get(f"{where}?version=3")
    assert newest.status_code == older.status_code == 200
    assert newest.headers["content-type"] == "application/pdf"
    assert newest.headers["content-disposition"] == 'inline; filename="report-v2-fr.pdf"'
    assert "no-store" in newest.headers["cache-control"]
    assert newest.content.startswith(b"%PDF-") and newest.content != older.content
    assert missing.json()["code"] == "not_found"
    async with at.by("nora") as http:
        assert (await http.get(where)).json()["code"] == "forbidden"
    await at.say("lea", room, "", kind="member.invite", body={"person": "adam"})
    async with at.by("adam") as http:
        assert (await http.get(where)).status_code == 403


async def test_an_addendum_is_printed_out_of_the_journal(at: House) -> None:
    room = await at.open_room()
    await to_reading(at, room)
    await at.say("omar", room, "", kind="report.sign", body=SAID | NO_DOSE)
    await at.say("omar", room, "", kind="addendum.sign", body={"text": "TEST-AVENANT"})
    async with at.by("omar") as http:
        answer = await http.get(f"/api/v1/rooms/{room}/report.pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="report-v2-fr.pdf"'
    trace = at.services.rooms.trace
    while not trace.idle():
        await trace.flush()
        await asyncio.sleep(0)
    entries = await at.services.journal.read(Stream.TRACE, room, 0, 50, 1 << 20)
    text = b"".join(entry.body or b"" for entry in entries).decode()
    assert '"what":"report"' in text, "who opened a report is kept (W-23)"
