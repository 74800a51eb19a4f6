"""The acts of a case as people do them on the screen, with whatever hands they have."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, expect
from pydicom.data import get_testdata_file

from .hands import Hands, Keys
from .house import DemoHub, Desk

QUESTION = "Déficit gauche brutal : occlusion proximale ?"
VOLUME_ML = 100
RATE_ML_S = 5
REGIONS = ("crâne", "cou")
PHASES = ("sans injection", "perfusion", "artériel", "tardif")
"""What the stroke template of the library orders."""


@dataclass(frozen=True, slots=True)
class Player:
    """A person at a desk, and how they work."""

    desk: Desk
    hands: Hands

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.desk.dialog

    async def submit(self) -> None:
        """The button of the open dialog that does it; the dialog goes."""
        await self.hands.press(self.dialog.locator(".dialog-foot .primary"))
        await expect(self.dialog).to_have_count(0)

    def field(self, label: str) -> Locator:
        """A field of the open dialog, or of the page."""
        return self._here().get_by_label(label, exact=True)

    def option(self, group: str, label: str) -> Locator:
        """A radio or checkbox of a group, by the words of both."""
        box = self._here().get_by_role("group", name=group, exact=True)
        return box.get_by_label(label, exact=True)

    def _here(self) -> Locator:
        return self.desk.page.locator("dialog[open], body:not(:has(dialog[open]))").last


async def request(who: Player, name: str) -> str:
    """An empty form, sent; the room it made."""
    await fill_request(who, name)
    page = who.desk.page
    await page.wait_for_url("**/room/*")
    await expect(page.locator("#room-title")).to_contain_text(name)
    return page.url.rpartition("/")[2]


async def fill_request(who: Player, name: str) -> None:
    """An empty form; what is missing is said; then it is sent."""
    page, hands = who.desk.page, who.hands
    await hands.press(page.get_by_role("link", name="Nouvelle demande"))
    await expect(page.get_by_label("Nom de naissance")).to_have_value("")
    send = page.get_by_role("button", name="Envoyer la demande")
    await hands.press(send)
    await expect(page.get_by_text("À remplir avant l'envoi :")).to_be_visible()
    await hands.pick(page.get_by_role("radio", name=re.compile("^P0")))
    await hands.pick(who.option("Région", "crâne"))
    await hands.pick(who.option("Modalité", "Scanner"))
    await hands.pick(who.option("Région", "cou"))
    await hands.write(page.get_by_label("Question clinique"), QUESTION)
    await hands.write(page.get_by_label("Numéro de rappel"), "03 53 01 00 11")
    await hands.write(page.get_by_label("Nom de naissance"), name)
    await hands.pick(who.option("Sexe", "Homme"))
    await expect(page.get_by_text("Pas encore précisé")).to_be_visible()
    await hands.press(page.get_by_role("button", name=re.compile("Répondre « inconnu »")))
    await expect(page.get_by_text("Partira comme « inconnu »")).to_be_visible()
    await hands.press(send)


async def open_from_worklist(who: Player, room: str) -> None:
    """The row that came up by itself, among those that wait for me."""
    row = who.desk.page.locator(f'a.exam.mine[data-room="{room}"]')
    await expect(row).to_be_visible()
    if isinstance(who.hands, Keys):
        for _ in range(30):
            await who.desk.page.keyboard.press("j")
            if await row.evaluate("element => element === document.activeElement"):
                break
        await who.desk.page.keyboard.press("Enter")
    else:
        await who.hands.press(row)
    await expect(who.desk.page.locator("#room-title")).to_be_visible()


async def claim(who: Player) -> None:
    """One tap; by keyboard with its own confirmation."""
    await who.hands.do_what_waits()
    if isinstance(who.hands, Keys):
        await expect(who.dialog).to_contain_text("Vous prenez l'examen en charge")
        await who.submit()


async def justify(who: Player) -> None:
    """Accepted, without a word more; nothing is decided before somebody decides."""
    await who.hands.do_what_waits()
    await expect(who.dialog.locator("input[type=radio]:checked")).to_have_count(0)
    await who.hands.pick(who.option("Décision", "Justifié"))
    await who.submit()


async def issue(who: Player) -> None:
    """The stroke template as it stands."""
    await who.hands.do_what_waits()
    template = who.dialog.locator('[data-template="ct-stroke"]')
    await who.hands.press(template)
    await expect(template).to_have_attribute("aria-pressed", "true")
    await expect(who.field("Volume")).to_have_value(str(VOLUME_ML))
    await who.submit()


async def amend(who: Player, volume: int, reason: str) -> None:
    """Another volume; the editor says what changes before it is sent."""
    await who.hands.press(who.desk.page.locator('[data-act="protocol.amend"]'))
    await who.hands.write(who.field("Volume"), str(volume))
    await who.hands.write(who.field("Motif de la modification"), reason)
    await expect(who.dialog.get_by_text("1 changement")).to_be_visible()
    await who.submit()


async def read_back(who: Player, volume: int) -> None:
    """Read in the open dialog: regions, phases, volume and rate."""
    for name in REGIONS:
        await who.hands.pick(who.option("Régions", name))
    for name in PHASES:
        await who.hands.pick(who.option("Phases", name))
    await who.hands.write(who.field("Volume injecté"), str(volume))
    await who.hands.write(who.field("Débit"), str(RATE_ML_S))


async def confirm(who: Player) -> None:
    """Try to confirm what was read."""
    await who.hands.press(who.dialog.get_by_role("button", name="Relire et confirmer"))


async def share(who: Player, label: str) -> None:
    """The first picture of the room's study, with a legend and an arrow in the middle."""
    button = who.desk.page.locator(".column.images").get_by_role("button", name="Montrer une image")
    await who.hands.press(button)
    await expect(who.dialog.locator("img")).to_have_js_property("complete", True)
    await who.hands.press(who.dialog.get_by_role("button", name="Ajouter une flèche au milieu"))
    await who.hands.write(who.field("Légende"), label)
    await who.submit()


async def check_patient(who: Player) -> None:
    """Every check answered at the table."""
    await who.hands.do_what_waits()
    answers = who.dialog.locator(".answers")
    await expect(answers.first).to_be_visible()
    for i in range(await answers.count()):
        await who.hands.pick(answers.nth(i).get_by_label("Vérifié", exact=True))
    await who.submit()


async def start(who: Player) -> None:
    """Start the acquisition."""
    await who.hands.do_what_waits()
    await expect(who.dialog).to_contain_text("démarrer l'acquisition")
    await who.submit()


async def end(who: Player, volume: int) -> None:
    """End it, and say what was injected."""
    await who.hands.do_what_waits()
    await who.hands.pick(who.option("Produit de contraste injecté", "Oui"))
    await who.hands.write(who.field("Lot"), "LOT-TEST-7")
    await who.hands.write(who.field("Volume injecté"), str(volume))
    await who.submit()


async def say(who: Player, words: str) -> None:
    """A message to the room."""
    box = who.desk.page.get_by_role("textbox", name="Message")
    if isinstance(who.hands, Keys):
        await who.desk.page.keyboard.press("/")
        await expect(box).to_be_focused()
        await who.desk.page.keyboard.type(words)
        await who.desk.page.keyboard.press("Enter")
        await who.desk.page.keyboard.press("Escape")
    else:
        await box.fill(words)
        await who.hands.press(who.desk.page.get_by_role("button", name="Envoyer", exact=True))


async def open_from_worklist_of_others(who: Player, room: str) -> None:
    """A row that waits for somebody else."""
    await who.hands.press(who.desk.page.locator(f'a.exam[data-room="{room}"]'))
    await expect(who.desk.page.locator("#room-title")).to_be_visible()


async def add_picture(hub: DemoHub, room: str) -> None:
    """A head CT of pydicom's own test data (JPEG 2000), brought in by the operator's command."""
    file = str(get_testdata_file("693_J2KI.dcm"))
    status, said = await hub.run("images", "add", file, "--room", room)
    assert status == 0, said


async def picture_is_seen(desk: Desk, label: str) -> None:
    """The picture itself has come, not only its place."""
    picture = desk.page.locator(".column.images .picture img").first
    await expect(picture).to_be_visible()
    await desk.page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=await picture.element_handle()
    )
    await expect(desk.page.locator(".column.images figcaption")).to_contain_text(label)
    taken = desk.page.locator(".column.images figure .taken")
    await expect(taken).to_have_text("Date de l'examen inconnue")  # pydicom's file says none


async def all_see(players: tuple[Player, ...], stage: str, move: str, whose: Player | None) -> None:
    """Every screen says the same stage and the same next move; one has the button."""
    for who in players:
        await who.desk.stage(stage)
        await who.desk.next_move(move, mine=who is whose)
