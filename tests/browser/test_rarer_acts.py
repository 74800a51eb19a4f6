"""Acts that a night seldom sees: incidents, a scan that stops, another owner, a way back."""

import asyncio

from playwright.async_api import Locator, expect

from . import scenes
from .hands import Mouse
from .house import MARKS, DemoHub, Desk, Sit, kinds
from .journey import Player

pytestmark = MARKS


async def _seated(sit: Sit) -> tuple[Player, Player, Player]:
    desks = await asyncio.gather(sit("lea"), sit("omar"), sit("marc"))
    lea, omar, marc = (Player(desk, Mouse(desk.page)) for desk in desks)
    return lea, omar, marc


def _act(desk: Desk, kind: str) -> Locator:
    """The button of an act, where the page offers it."""
    return desk.page.locator(f'main [data-act="{kind}"]').first


async def _begin(who: Player, kind: str) -> None:
    await who.hands.press(_act(who.desk, kind))
    await expect(who.dialog).to_be_visible()


async def test_an_incident_is_opened_and_closed_and_the_acquisition_stops(
    hub: DemoHub, sit: Sit
) -> None:
    lea, omar, marc = await _seated(sit)
    room = await scenes.room_at("acquiring", lea.desk, omar.desk, marc.desk)
    for who in (omar, marc):
        await who.desk.enter(room)
        await who.desk.stage("acquisition en cours")

    await _begin(marc, "incident.close")
    await marc.hands.write(marc.field("Comment c'est réglé"), "Injecteur remplacé")
    await marc.submit()
    await expect(_act(omar.desk, "incident.close")).to_have_count(0)

    await _begin(marc, "incident.open")
    await marc.hands.press(marc.dialog.locator(".dialog-foot .primary"))
    await expect(marc.dialog.get_by_text("À remplir.").first).to_be_visible()
    await marc.hands.pick(marc.option("Nature", "réaction au produit de contraste"))
    await marc.hands.write(marc.field("Que s'est-il passé"), "Urticaire du visage")
    await marc.submit()
    await expect(omar.desk.page.locator(".column.protocol")).to_contain_text("Urticaire du visage")

    await _begin(marc, "acquisition.abort")
    await marc.hands.press(marc.dialog.locator(".dialog-foot .danger"))
    await expect(marc.dialog.get_by_text("À remplir.").first).to_be_visible()
    await marc.hands.write(marc.field("Motif"), "Réaction cutanée")
    await marc.hands.pick(marc.option("Et ensuite", "Recommencer avec un protocole relu"))
    await marc.hands.pick(marc.option("Produit de contraste injecté", "Non"))
    await marc.hands.press(marc.dialog.locator(".dialog-foot .danger"))
    await expect(marc.dialog).to_have_count(0)
    await omar.desk.stage("protocole envoyé")
    await omar.desk.next_move("Relire et confirmer", mine=False)
    await expect(omar.desk.page.locator(".column.protocol")).to_contain_text("Réaction cutanée")
    assert kinds(hub, room)[-4:] == [
        "incident.closed",
        "incident.opened",
        "acquisition.aborted",
        "incident.opened",  # of itself: an acquisition that stops is one
    ]


async def test_the_request_is_corrected_and_the_exam_offered_to_a_colleague(
    hub: DemoHub, sit: Sit
) -> None:
    lea, omar, marc = await _seated(sit)
    room = await scenes.room_at("justified", lea.desk, omar.desk, marc.desk)
    await lea.desk.enter(room)
    await omar.desk.enter(room)

    await _begin(lea, "request.amend")
    await expect(lea.field("Nom de naissance")).to_have_value("TEST-VISITE")
    await lea.hands.write(lea.field("Question clinique"), "Déficit droit : occlusion ?")
    await lea.hands.write(lea.field("Motif"), "Côté corrigé")
    await lea.submit()
    await omar.desk.card("Dr Léa Tissandre a corrigé la demande.")
    await expect(omar.desk.page.locator(".column.protocol")).to_contain_text("Déficit droit")

    await _begin(omar, "case.reassign")
    await omar.hands.write(omar.field("Chercher une personne"), "claire")
    await omar.hands.pick(omar.dialog.get_by_role("radio", name="Dr Claire Vautrisse"))
    await omar.hands.write(omar.field("Motif"), "Deux AVC à la fois")
    await omar.submit()
    await omar.desk.card("Dr Claire Vautrisse")

    claire = await sit("claire")
    await claire.enter(room)
    taker = Player(claire, Mouse(claire.page))
    await taker.hands.do_what_waits()
    await omar.desk.card("Repris de Dr Omar Belvarine par Dr Claire Vautrisse")
    assert kinds(hub, room)[-3:] == ["request.amended", "case.reassigned", "case.claimed"]


async def test_a_member_is_removed_and_a_closed_room_opens_again(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = await _seated(sit)
    room = await scenes.room_at("justified", lea.desk, omar.desk, marc.desk)
    await omar.desk.enter(room)

    await omar.hands.press(omar.desk.page.locator("summary.people"))
    await _begin(omar, "member.invite")
    await omar.hands.write(omar.field("Chercher une personne"), "inès")
    await omar.hands.pick(omar.dialog.get_by_role("radio", name="Dr Inès Quarvaud"))
    await omar.submit()
    await omar.desk.card("Dr Inès Quarvaud")
    ines = await sit("ines")
    await ines.enter(room)
    member = omar.desk.page.locator("details li", has_text="Dr Inès Quarvaud")
    await omar.hands.press(member.locator('[data-act="member.remove"]'))
    await expect(omar.dialog).to_contain_text("Dr Inès Quarvaud")
    await omar.submit()
    await expect(ines.page.get_by_role("alert").first).to_be_visible()
    await expect(ines.page.locator(".composer textarea")).to_have_count(0)

    await scenes.give(lea.desk, room, "request.cancel", {"reason": "Transfert direct"})
    await omar.desk.stage("annulé")
    await omar.hands.do_what_waits()
    await omar.submit()
    await omar.desk.stage("clos")
    await expect(omar.desk.page.locator(".composer textarea")).to_have_count(0)
    await _begin(omar, "room.reopen")
    await omar.hands.write(omar.field("Motif"), "Close par erreur")
    await omar.submit()
    await omar.desk.stage("annulé")
    await expect(omar.desk.page.locator(".composer textarea")).to_be_visible()
    told = [kind for kind in kinds(hub, room) if kind.startswith(("member", "room"))]
    assert told == ["member.invited", "member.removed", "room.closed", "room.reopened"]
