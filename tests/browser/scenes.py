"""Rooms at every stage, and a tour through every screen and main dialog of every role."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from playwright.async_api import Browser, expect
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from .house import DemoHub, Desk, Sit

Check = Callable[[Desk, str], Awaitable[None]]
"""What is done with a screen: `await check(desk, "worklist")`."""

REQUEST: dict[str, Any] = {
    "patient": {"birth_name": "TEST-VISITE", "given": "Jeanne", "sex": "F", "dob": "1951-03-12"},
    "urgency": "P0",
    "modality_wanted": "CT",
    "region": ["head", "neck"],
    "clinical_question": "Hémiplégie gauche à 22 h 10 : occlusion ?",
    "contraindications": {"allergy_contrast": "none", "metformin": "unknown"},
    "callback": "03 53 01 00 11",
}
SERIES = [
    {"n": 1, "name": "Crâne sans injection", "phase": "non-contrast", "kv": 120, "slice_mm": 1},
    {"n": 2, "name": "Angio-TSA", "phase": "arterial", "kv": 100, "slice_mm": 0.75},
]
PROTOCOL: dict[str, Any] = {
    "version": 1,
    "modality": "CT",
    "regions": ["head", "neck"],
    "series": SERIES,
    "contrast": {"agent": "produit iodé", "volume_ml": 60, "rate_ml_s": 4},
    "instructions": "Ne pas attendre la créatinine.",
}
CHECKS = ("identity", "region", "pregnancy", "allergy", "renal", "metformin", "iv_access")


async def give(desk: Desk, room: str, kind: str, body: dict[str, Any]) -> None:
    """An act of this person, over REST."""
    answer = await desk.context.request.post(
        f"{desk.url}/api/v1/rooms/{room}/events",
        headers={"x-examroom": "1"},
        data={"t": "pub", "cid": uuid.uuid4().hex, "kind": kind, "body": body},
    )
    assert answer.ok, f"{kind}: {await answer.text()}"


async def open_room(desk: Desk) -> str:
    """A new room of the requester."""
    answer = await desk.context.request.post(
        f"{desk.url}/api/v1/rooms",
        headers={"x-examroom": "1", "idempotency-key": uuid.uuid4().hex},
        data=REQUEST,
    )
    assert answer.ok, await answer.text()
    room: str = (await answer.json())["room"]
    return room


async def acknowledge(desk: Desk, room: str, version: int) -> None:
    """Read back the version in force."""
    held = await desk.context.request.get(f"{desk.url}/api/v1/rooms/{room}")
    state = json.loads(await held.text())
    state = state.get("state", state)
    contrast = state["protocol"]["protocol"]["contrast"]
    read = {"regions": ["head", "neck"], "phases": ["non-contrast", "arterial"]}
    body = {
        "version": version,
        "content_hash": state["protocol"]["content_hash"],
        "read_back": {**read, "contrast": {k: contrast[k] for k in ("volume_ml", "rate_ml_s")}},
    }
    await give(desk, room, "protocol.acknowledge", body)


async def room_at(stage: str, lea: Desk, omar: Desk, marc: Desk) -> str:
    """A room that has come to `stage`, with some talk."""
    room = await open_room(lea)
    await give(omar, room, "case.claim", {})
    await give(omar, room, "justification.decide", {"decision": "accept"})
    await give(lea, room, "message.post", {"text": "Patient en salle de déchocage, stable."})
    if stage == "justified":
        return room
    await give(omar, room, "protocol.issue", PROTOCOL)
    await give(marc, room, "protocol.query", {"reason": "Voie 20G seulement : débit ?"})
    await give(omar, room, "protocol.answer", {"answer": "Oui, 3 mL/s.", "accepted": True})
    contrast = {**PROTOCOL["contrast"], "volume_ml": 70, "rate_ml_s": 3}
    amended = {**PROTOCOL, "version": 2, "contrast": contrast, "reason": "Voie 20G"}
    await give(omar, room, "protocol.amend", amended)
    if stage == "protocolled":
        return room
    await acknowledge(marc, room, 2)
    if stage == "acknowledged":
        return room
    items = [{"code": code, "answer": "ok"} for code in CHECKS]
    await give(marc, room, "checklist.complete", {"items": items})
    await give(marc, room, "acquisition.start", {"scanner": "Scanner 1"})
    await give(lea, room, "incident.open", {"category": "technical", "text": "Injecteur en panne."})
    return room


async def tour(hub: DemoHub, chromium: Browser, sit: Sit, check: Check, **options: Any) -> None:
    """Every screen, one after the other; in the language of the browser's `locale`."""
    desks = await asyncio.gather(*(sit(who, **options) for who in ("lea", "omar", "marc")))
    lea, omar, marc = desks
    language = str(options.get("locale", "fr"))[:2]
    for desk in desks:
        if language == "en":
            await desk.page.locator("header button[lang=en]").click()
        await expect(desk.page.locator("html")).to_have_attribute("lang", language)
    await _requesting(hub, chromium, lea, check)
    await _reading(hub, lea, omar, marc, check)
    await _scanning(lea, omar, marc, check)


async def _requesting(hub: DemoHub, chromium: Browser, lea: Desk, check: Check) -> None:
    context = await chromium.new_context(
        locale="fr-FR", viewport=lea.page.viewport_size, reduced_motion="reduce"
    )
    door = Desk(context, await context.new_page(), hub.url, "")
    await door.page.goto(f"{hub.url}/login")
    await expect(door.page.locator(".cast a").first).to_be_visible()
    await check(door, "login")
    await door.close()
    await expect(lea.page.locator("a.exam").first).to_be_visible()
    await check(lea, "worklist")
    await lea.page.goto(f"{lea.url}/new")
    await lea.page.locator("form .primary").click()
    await expect(lea.page.locator(".wrong").first).to_be_visible()
    await check(lea, "request")


async def bring_study(
    hub: DemoHub, room: str, name: str = "", taken: datetime | None = None
) -> str:
    """A head CT of pydicom's own data under a new name, so that every tour has one; its UID.
    It is of 2019 where nothing else is said."""
    picture = dcmread(str(get_testdata_file("J2K_pixelrep_mismatch.dcm")))
    picture.StudyInstanceUID = generate_uid()
    picture.SeriesInstanceUID = generate_uid()
    picture.SOPInstanceUID = picture.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    if taken is not None:
        picture.StudyDate, picture.StudyTime = taken.strftime("%Y%m%d"), taken.strftime("%H%M%S")
    file = hub.data / f"{room}{name}.dcm"
    picture.save_as(file)
    status, said = await hub.run("images", "add", str(file), "--room", room)
    assert status == 0, said
    return str(picture.StudyInstanceUID)


async def show(desk: Desk, tab: str) -> None:
    """On a narrow screen, the part of the room that has `tab` as its id."""
    button = desk.page.locator(f'[role=tab][aria-controls="tab-{tab}"]')
    if await button.is_visible():
        await button.click()


async def open_act(desk: Desk, room: str, act: str = "") -> None:
    """The dialog of `act`, or of what waits for this person."""
    await desk.enter(room)
    await desk.page.locator(f'[data-act="{act}"]' if act else ".move [data-primary]").first.click()
    await expect(desk.dialog).to_be_visible()


async def _reading(hub: DemoHub, lea: Desk, omar: Desk, marc: Desk, check: Check) -> None:
    await open_act(omar, await room_at("justified", lea, omar, marc))
    await omar.page.locator('[data-template="ct-stroke"]').click()
    await expect(omar.dialog.locator("fieldset.box").nth(4)).to_be_attached()
    await check(omar, "protocol-editor")
    room = await room_at("acknowledged", lea, omar, marc)
    study = await bring_study(hub, room)
    await omar.enter(room)
    await show(omar, "images")
    await omar.page.locator(".column.images .row button").first.click()
    picture = omar.dialog.locator("img")
    await expect(picture).to_have_js_property("complete", True)
    await check(omar, "image-share")
    await give(omar, room, "image.share", {"study_uid": study, "label": "Coupe clé"})
    await omar.page.keyboard.press("Escape")
    await expect(omar.page.locator(".column.images figcaption")).to_contain_text("Coupe clé")
    for name in ("talk", "protocol", "images"):
        await show(omar, name)
        await check(omar, f"room-{name}")
    await omar.page.keyboard.press("Control+k")
    await expect(omar.dialog.get_by_role("option").first).to_be_visible()
    await check(omar, "palette")
    await omar.page.keyboard.press("Escape")
    await omar.page.keyboard.press("?")
    await expect(omar.dialog.locator("kbd").first).to_be_visible()
    await check(omar, "keys")


async def _scanning(lea: Desk, omar: Desk, marc: Desk, check: Check) -> None:
    await open_act(marc, await room_at("protocolled", lea, omar, marc))
    await marc.dialog.locator(".dialog-foot .primary").click()
    await expect(marc.dialog.get_by_role("alert").last).to_be_visible()
    await check(marc, "read-back")
    await open_act(marc, await room_at("acknowledged", lea, omar, marc))
    await check(marc, "checklist")
    room = await room_at("acquiring", lea, omar, marc)
    await open_act(marc, room)
    await check(marc, "acquisition-end")
    await lea.enter(room)
    await show(lea, "protocol")
    await check(lea, "room-acquiring")
