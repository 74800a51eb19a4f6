"""What could hurt a patient: ground that moved, a finding not read, an incident not seen."""

from playwright.async_api import expect

from .house import MARKS, DemoHub, Desk, Sit
from .scenes import CHECKS, PROTOCOL, give, open_act, room_at, show

pytestmark = MARKS

UNCOVERED = """element => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
"""Whether a tap in its middle reaches it, without scrolling first."""

FOUND = {"renal": "not_ok", "allergy": "unknown"}


async def three(sit: Sit) -> tuple[Desk, Desk, Desk]:
    """Requester, radiologist, technologist."""
    return await sit("lea"), await sit("omar"), await sit("marc")


async def test_an_open_act_stops_when_the_protocol_is_amended(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = await three(sit)
    room = await room_at("acknowledged", lea, omar, marc)
    await give(marc, room, "checklist.complete", {"items": checked({})})
    await open_act(marc, room)
    await expect(marc.dialog.locator(".dialog-top")).to_contain_text("TEST-VISITE")
    await marc.dialog.get_by_label("Appareil").fill("Scanner 1")
    contrast = {**PROTOCOL["contrast"], "volume_ml": 80, "rate_ml_s": 3}
    await give(omar, room, "protocol.amend", {**PROTOCOL, "version": 3, "contrast": contrast})
    stop = marc.dialog.get_by_role("alert")
    await expect(stop).to_contain_text("Le protocole v3 remplace la v2 : relisez-la.")
    await expect(stop).to_contain_text("70 mL → 80 mL")
    await expect(marc.dialog).to_contain_text("Protocole v2 relu")
    await expect(marc.dialog.locator(".dialog-foot .primary")).to_have_count(0)
    await marc.look("act-stopped")
    await marc.dialog.get_by_role("button", name="Relire la nouvelle version").click()
    await expect(marc.dialog.locator("h2")).to_have_text("Relire et confirmer le protocole v3")
    await marc.look("read-back-top")


async def test_findings_and_incidents_are_said_as_what_they_are(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = await three(sit)
    phone = await sit("omar", viewport={"width": 320, "height": 640})
    room = await room_at("acknowledged", lea, omar, marc)
    aside = [{"rule": "check.renal", "reason": "Urgence vitale"}]
    await give(marc, room, "checklist.complete", {"items": checked(FOUND), "overrides": aside})
    text = {"category": "contrast_reaction", "text": "Urticaire, bronchospasme."}
    await give(marc, room, "incident.open", text)
    await omar.page.goto(f"{omar.url}/")
    row = omar.page.locator(f'a.exam[data-room="{room}"]')
    await expect(row.locator(".chip.danger", has_text="1 incident ouvert")).to_be_visible()
    await expect(row.locator(".time")).to_contain_text("Total")
    await expect(row.locator(".time")).to_contain_text("Geste")
    await omar.look("worklist-clocks")
    await omar.enter(room)
    card = omar.page.locator(".timeline .card", has_text="1 problème, 1 inconnu")
    await expect(card).to_contain_text("Fonction rénale : problème signalé")
    await expect(card).to_contain_text("Passé outre : Urgence vitale")
    await expect(card).to_contain_text("Réaction antérieure au contraste : inconnue")
    old = omar.page.locator(".timeline .card", has_text="Protocole v1, remplacé depuis par la v2")
    await expect(old.locator("del")).to_contain_text("60 mL")
    await omar.look("room-danger")
    await phone.enter(room)
    for tab in ("talk", "protocol", "images"):
        await show(phone, tab)
        await phone.page.mouse.wheel(0, 2000)
        await expect(phone.page.locator(".incidents")).to_be_in_viewport()
        await expect(phone.page.locator(".incidents")).to_contain_text("Urticaire")
        await phone.look(f"phone-danger-{tab}")
    back = phone.page.get_by_role("link", name="Retour à la liste de travail")
    await expect(back).to_have_count(1)
    await phone.page.evaluate("document.querySelector('.room').scrollTo(0, 9999)")
    assert await back.evaluate(UNCOVERED)
    await phone.look("incident-scrolled-320")


async def test_words_of_an_act_survive_escape_and_reload(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = await three(sit)
    room = await room_at("protocolled", lea, omar, marc)
    await open_act(marc, room, "incident.open")
    words = marc.dialog.get_by_label("Que s'est-il passé")
    await words.fill("Extravasation au bras gauche.")
    await marc.page.keyboard.press("Escape")
    await expect(marc.dialog).to_have_count(0)
    await marc.page.reload()
    await open_act(marc, room, "incident.open")
    await expect(words).to_have_value("Extravasation au bras gauche.")
    await marc.look("act-resumed")
    await marc.dialog.get_by_role("button", name="Repartir de zéro").click()
    await expect(words).to_have_value("")


def checked(found: dict[str, str]) -> list[dict[str, str]]:
    """Every check answered, all well but `found`."""
    return [{"code": code, "answer": found.get(code, "ok")} for code in CHECKS]
