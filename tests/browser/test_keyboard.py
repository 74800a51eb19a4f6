"""The case by the keyboard alone: no mouse is touched, no focus is put anywhere by the test."""

import asyncio

from playwright.async_api import expect

from . import journey
from .hands import Keys
from .house import MARKS, DemoHub, Sit, kinds
from .journey import Player, all_see

pytestmark = MARKS


async def test_case_by_keyboard(hub: DemoHub, sit: Sit) -> None:
    desks = await asyncio.gather(sit("lea"), sit("omar"), sit("marc"))
    lea, omar, marc = three = tuple(Player(desk, Keys(desk.page)) for desk in desks)
    room = await journey.request(lea, "TEST-CLAVIER")
    await journey.open_from_worklist(omar, room)
    await palette(marc, "clavier")
    await expect(marc.dialog.get_by_role("option")).to_have_count(1)
    await marc.desk.page.keyboard.press("Enter")
    await expect(marc.desk.page.locator("#room-title")).to_contain_text("TEST-CLAVIER")

    await journey.claim(omar)
    await all_see(three, "pris en charge", "Décider de la justification", omar)
    await journey.justify(omar)
    await all_see(three, "justifié", "Envoyer le protocole", omar)
    await journey.issue(omar)
    await all_see(three, "protocole envoyé", "Relire et confirmer", marc)
    await marc.hands.do_what_waits()
    await journey.read_back(marc, journey.VOLUME_ML)
    await marc.submit()
    await all_see(three, "protocole relu", "Valider les vérifications", marc)

    await journey.say(lea, "Je descends avec le patient.")
    for who in (omar, marc):
        await expect(who.desk.text("Je descends")).to_be_visible()
    await journey.amend(omar, 90, "Poids connu")
    await all_see(three, "protocole envoyé", "Relire et confirmer", marc)
    await marc.hands.do_what_waits()
    await journey.read_back(marc, 90)
    await marc.submit()
    await all_see(three, "protocole relu", "Valider les vérifications", marc)
    await journey.check_patient(marc)
    await all_see(three, "prêt", "Démarrer l'acquisition", marc)
    await journey.start(marc)
    await all_see(three, "acquisition en cours", "Terminer l'acquisition", marc)
    await journey.end(marc, 90)
    for who in three:
        await who.desk.stage("acquisition terminée")
    assert kinds(hub, room).count("protocol.acknowledged") == 2


async def palette(who: Player, words: str) -> None:
    """Open the palette and type."""
    await who.desk.page.keyboard.press("Control+k")
    await expect(who.dialog.get_by_role("combobox")).to_be_focused()
    await who.desk.page.keyboard.type(words)


async def test_palette_does_the_act_that_waits(sit: Sit) -> None:
    lea, omar = (Player(desk, Keys(desk.page)) for desk in [await sit("lea"), await sit("omar")])
    room = await journey.request(lea, "TEST-PALETTE")
    await journey.open_from_worklist(omar, room)
    keyboard = omar.desk.page.keyboard
    await palette(omar, "prendre en ch")
    await expect(omar.dialog.get_by_role("option", selected=True)).to_contain_text(
        "Prendre en charge"
    )
    await omar.desk.look("palette")
    await keyboard.press("Enter")
    await expect(omar.dialog).to_contain_text("Vous prenez l'examen en charge")
    await keyboard.press("Escape")
    await expect(omar.dialog).to_have_count(0)
    await omar.desk.stage("demande reçue")


async def test_keys_of_every_screen(sit: Sit) -> None:
    desk = await sit("omar")
    keyboard = desk.page.keyboard
    rows = desk.page.locator("a.exam")
    await expect(rows.first).to_be_visible()
    await keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await keyboard.press("j")
    await expect(rows.nth(1)).to_be_focused()
    await keyboard.press("k")
    await expect(rows.nth(0)).to_be_focused()
    await keyboard.press("?")
    await expect(desk.dialog).to_contain_text("Alt A")
    await desk.look("keys")
    await keyboard.press("Escape")
    await expect(desk.dialog).to_have_count(0)
    await expect(rows.nth(0)).to_be_focused()
    first = await rows.nth(0).get_attribute("data-room")
    second = await rows.nth(1).get_attribute("data-room")
    await keyboard.press("Enter")
    await desk.page.wait_for_url(f"**/room/{first}")
    await expect(desk.page.locator("#room-title")).to_be_focused()
    await keyboard.press("/")
    box = desk.page.get_by_role("textbox", name="Message")
    await expect(box).to_be_focused()
    await keyboard.type("j'hésite ? / 1")
    await expect(box).to_have_value("j'hésite ? / 1")
    await keyboard.press("Escape")
    await expect(box).not_to_be_focused()
    await expect(box).to_have_value("j'hésite ? / 1")
    await desk.page.go_back()
    await desk.page.locator(f'a.exam[data-room="{second}"]').press("Enter")
    await desk.page.wait_for_url(f"**/room/{second}")
    await expect(desk.page.locator("#room-title")).to_be_visible()
    await keyboard.press("1")
    await desk.page.wait_for_url(f"**/room/{first}")
    await expect(box).to_have_value("j'hésite ? / 1")


async def test_single_keys_can_be_switched_off(sit: Sit) -> None:
    desk = await sit("omar")
    keys = Keys(desk.page)
    await desk.page.keyboard.press("?")
    await keys.reach(desk.dialog.get_by_role("checkbox"))
    await desk.page.keyboard.press("Space")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("?")
    await desk.page.keyboard.press("j")
    await expect(desk.dialog).to_have_count(0)
    await expect(desk.page.locator("a.exam:focus")).to_have_count(0)
    await desk.page.keyboard.press("Control+k")
    await expect(desk.dialog.get_by_role("combobox")).to_be_focused()
