"""Five people in five browsers play the second half: images, a critical result, a second opinion,
the report signed, printed and received; what is written survives another screen."""

import asyncio

from playwright.async_api import Browser, expect

from . import scenes
from .hands import Mouse
from .house import MARKS, DemoHub, Desk, Sit, kinds
from .journey import Player

pytestmark = MARKS

FINDING = "TEST-HSA sylvienne gauche"
FINDINGS = "TEST-RESULTATS : hyperdensité de la vallée sylvienne gauche."


async def begin(who: Player, kind: str) -> None:
    """The button of an act, where the page offers it."""
    await who.hands.press(who.desk.page.locator(f'main [data-act="{kind}"]').first)
    await expect(who.dialog).to_be_visible()


async def scanned(lea: Player, omar: Player, marc: Player) -> str:
    """A room whose acquisition has ended; all three before it."""
    room = await scenes.room_at("acquiring", lea.desk, omar.desk, marc.desk)
    given = [{"agent": "TEST-IODE", "volume_ml": 70}]
    await scenes.give(marc.desk, room, "acquisition.end", {"contrast_given": given})
    for who in (lea, omar, marc):
        await who.desk.enter(room)
    return room


async def images_and_dose(marc: Player, omar: Player) -> None:
    """The technologist says that the images are sent, and enters the dose."""
    await marc.hands.do_what_waits()
    await marc.hands.write(marc.field("Nombre de séries"), "deux")
    await marc.hands.press(marc.dialog.locator(".dialog-foot .primary"))
    await expect(marc.dialog.get_by_text("Un nombre, par exemple 12,5.")).to_be_visible()
    await marc.hands.write(marc.field("Nombre de séries"), "2")
    await marc.submit()
    await omar.desk.next_move("Commencer l'interprétation", mine=True)
    await begin(marc, "dose.record")
    await marc.hands.pick(marc.option("Fantôme", "fantôme tête 16 cm"))
    await marc.hands.write(marc.field("IDSV (CTDIvol)"), "48,2")
    await marc.hands.write(marc.field("PDL"), "812")
    await marc.desk.look("dose")
    await marc.submit()


async def critical_until_received(omar: Player, lea: Player) -> None:
    """Raised by who reads, red for who asked, received only with the words read back."""
    await begin(omar, "critical.raise")
    await omar.hands.pick(omar.dialog.get_by_role("radio", name="catégorie 1"))
    await omar.hands.write(omar.field("Constat"), FINDING)
    await omar.hands.write(
        omar.field("Mots à répéter, séparés par des virgules (catégorie 1)"), "HSA, gauche"
    )
    await omar.desk.look("critical-raise")
    await omar.submit()
    line = lea.desk.page.locator("[data-critical]")
    await expect(line).to_contain_text(FINDING)
    await lea.desk.look("critical-line")
    await lea.desk.page.set_viewport_size({"width": 320, "height": 640})
    await lea.desk.look("critical-line-320")
    await lea.desk.page.set_viewport_size({"width": 1400, "height": 900})
    await lea.hands.do_what_waits()
    await expect(lea.dialog).to_contain_text(FINDING)
    back = lea.field("Répétez le résultat avec vos mots")
    await expect(back).to_have_value("")
    await lea.hands.write(back, "hématome à droite")
    await lea.hands.press(lea.dialog.locator(".dialog-foot .primary"))
    await expect(lea.dialog.get_by_role("alert").last).to_be_visible()
    await lea.hands.write(back, "TEST : HSA à gauche")
    await lea.submit()
    await expect(line).to_have_count(0)


async def second_opinion(omar: Player, ines: Player, room: str) -> None:
    """Asked of a person by name, answered from another place, concluded."""
    await begin(omar, "opinion.ask")
    await omar.hands.write(omar.field("Question posée"), "TEST-QUESTION : anévrysme ?")
    await omar.hands.write(omar.field("Chercher une personne"), "quarvaud")
    await omar.hands.pick(omar.dialog.get_by_role("radio", name="Dr Inès Quarvaud"))
    await omar.submit()
    await ines.desk.enter(room)
    await begin(ines, "opinion.answer")
    await expect(ines.dialog).to_contain_text("TEST-QUESTION")
    await ines.hands.write(ines.field("Avis"), "TEST-AVIS : anévrysme de l'ACM gauche.")
    await ines.submit()
    await begin(omar, "opinion.conclude")
    await expect(omar.dialog).to_contain_text("TEST-AVIS")
    await omar.hands.pick(omar.option("Concordance", "concordant"))
    await omar.submit()


async def written(omar: Player, chromium: Browser, room: str) -> None:
    """What is typed is kept by the hub: another screen of the same person goes on with it."""
    await omar.hands.do_what_waits()
    await omar.hands.write(omar.field("Résultats"), FINDINGS)
    await expect(omar.dialog.locator("[data-draft=saved]")).to_be_visible()
    await omar.desk.look("report")
    elsewhere = await Desk.sit(chromium, omar.desk.url, "omar")
    other = Player(elsewhere, Mouse(elsewhere.page))
    await other.desk.enter(room)
    await other.hands.do_what_waits()
    await expect(other.field("Résultats")).to_have_value(FINDINGS)
    await elsewhere.close()


async def test_from_the_images_to_the_acknowledged_report(
    hub: DemoHub, sit: Sit, chromium: Browser
) -> None:
    desks = await asyncio.gather(*(sit(who) for who in ("lea", "omar", "marc", "ines", "solene")))
    lea, omar, marc, ines, solene = (Player(desk, Mouse(desk.page)) for desk in desks)
    room = await scanned(lea, omar, marc)
    await images_and_dose(marc, omar)
    await omar.hands.do_what_waits()
    await omar.submit()
    await omar.desk.stage("interprétation")
    await critical_until_received(omar, lea)
    await second_opinion(omar, ines, room)
    await written(omar, chromium, room)
    await omar.hands.press(omar.dialog.locator(".dialog-foot .primary"))
    await expect(omar.dialog.get_by_text("À remplir.").first).to_be_visible()
    await omar.hands.write(omar.field("Conclusion"), "TEST-CONCLUSION : HSA anévrysmale.")
    await omar.submit()
    report = lea.desk.page.locator("[data-report]").last
    await expect(report).to_contain_text("TEST-CONCLUSION")
    await lea.desk.look("report-received")
    page = await lea.desk.context.request.get(
        f"{hub.url}{await report.get_by_role('link').get_attribute('href')}"
    )
    assert (page.status, (await page.body())[:5]) == (200, b"%PDF-")
    await solene.desk.enter(room)
    await solene.desk.next_move("Accuser réception du compte rendu", mine=False)
    await lea.hands.do_what_waits()
    await expect(lea.dialog).to_contain_text("TEST-CONCLUSION")
    await lea.submit()
    await solene.desk.stage("compte rendu reçu")
    found = kinds(hub, room)
    wanted = [
        "images.declared", "dose.recorded", "reading.started", "critical.raised",
        "critical.acknowledged", "opinion.asked", "opinion.answered", "opinion.concluded",
        "report.signed", "report.acknowledged",
    ]  # fmt: skip
    assert [kind for kind in found if kind in wanted] == wanted
