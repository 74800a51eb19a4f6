"""Three people in three browsers play one case, from an empty form to the last dose given."""

import asyncio

from playwright.async_api import expect

from . import journey
from .hands import Mouse
from .house import MARKS, DemoHub, Sit, kinds
from .journey import Player, add_picture, all_see, picture_is_seen

pytestmark = MARKS


async def seated(sit: Sit) -> tuple[Player, Player, Player]:
    """Urgentist, radiologist, technologist, each before the worklist."""
    desks = await asyncio.gather(sit("lea"), sit("omar"), sit("marc"))
    lea, omar, marc = (Player(desk, Mouse(desk.page)) for desk in desks)
    return lea, omar, marc


async def refused_read_back(marc: Player, hub: DemoHub, room: str) -> None:
    """A volume that is not the protocol's is refused and said, and nothing is stored."""
    await marc.hands.do_what_waits()
    await expect(marc.dialog.locator("input:checked")).to_have_count(0)
    await journey.confirm(marc)
    await expect(marc.dialog.get_by_role("alert").last).to_contain_text("Encore à redire")
    await journey.read_back(marc, 60)
    await journey.confirm(marc)
    await expect(marc.dialog.get_by_role("alert").last).to_contain_text(
        "Votre relecture diffère du protocole : Volume injecté"
    )
    await marc.desk.look("read-back-differs")
    assert "protocol.acknowledged" not in kinds(hub, room)
    await marc.hands.write(marc.field("Volume injecté"), str(journey.VOLUME_ML))
    await marc.submit()


async def amended_while_reading(omar: Player, marc: Player) -> None:
    """Version 2 replaces 1; version 3 comes while 2 is being read: only 3 can be confirmed."""
    await journey.amend(omar, 80, "Poids connu")
    await all_see((omar, marc), "protocole envoyé", "Relire et confirmer", marc)
    await marc.desk.card("Protocole v2 remplace la v1 : à relire et confirmer.")
    await marc.hands.do_what_waits()
    await expect(marc.dialog.locator(".card")).to_contain_text("80")
    await marc.hands.write(marc.field("Volume injecté"), "80")
    await journey.amend(omar, 70, "Créatinine reçue")
    await expect(marc.dialog.get_by_role("alert")).to_contain_text("v3 remplace la v2 : relisez-la")
    await expect(marc.dialog.locator(".dialog-foot .primary")).to_have_count(0)
    await marc.desk.look("read-back-replaced")
    await marc.hands.press(marc.dialog.get_by_role("button", name="Relire la nouvelle version"))
    await expect(marc.field("Volume injecté")).to_have_value("")
    await journey.read_back(marc, 70)
    await marc.submit()


async def test_case_from_empty_form_to_end_of_acquisition(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = three = await seated(sit)
    await omar.desk.look("worklist")
    room = await journey.request(lea, "TEST-CHROMIUM")
    await lea.desk.look("room-requested")
    await lea.desk.stage("demande reçue")
    await lea.desk.next_move("Prendre en charge", mine=False)

    await journey.open_from_worklist(omar, room)
    await journey.open_from_worklist_of_others(marc, room)
    await omar.desk.next_move("Prendre en charge", mine=True)
    await journey.claim(omar)
    await all_see(three, "pris en charge", "Décider de la justification", omar)
    await lea.desk.card("Pris en charge par Dr Omar Belvarine")
    await journey.justify(omar)
    await all_see(three, "justifié", "Envoyer le protocole", omar)
    await journey.issue(omar)
    await all_see(three, "protocole envoyé", "Relire et confirmer", marc)

    await refused_read_back(marc, hub, room)
    await all_see(three, "protocole relu", "Valider les vérifications", marc)
    await expect(lea.desk.page.locator(".column.protocol .chip.ack")).to_contain_text(
        "Relu et confirmé par Marc Ovelune"
    )
    await expect(omar.desk.page.locator(".timeline .marks .ack").last).to_contain_text("Marc")
    await amended_while_reading(omar, marc)
    await all_see(three, "protocole relu", "Valider les vérifications", marc)

    await add_picture(hub, room)
    await journey.share(omar, "Hyperdensité spontanée")
    for who in three:
        await picture_is_seen(who.desk, "Hyperdensité spontanée")
    await lea.desk.look("room-picture")

    await journey.say(lea, "La famille arrive, patient en salle 2.")
    for who in (omar, marc):
        await expect(who.desk.text("patient en salle 2")).to_be_visible()
    seen = lea.desk.page.locator(".post.own", has_text="salle 2").locator(".marks")
    await expect(seen).to_contain_text("vu : ")
    for name in ("Dr Omar Belvarine", "Marc Ovelune"):
        await expect(seen).to_contain_text(name)

    await journey.check_patient(marc)
    await all_see(three, "prêt", "Démarrer l'acquisition", marc)
    await expect(lea.desk.page.locator(".column.protocol")).to_contain_text("Vérifications")
    await journey.start(marc)
    await all_see(three, "acquisition en cours", "Terminer l'acquisition", marc)
    await expect(omar.desk.page.locator('[data-act="protocol.amend"]')).to_have_count(0)
    await journey.end(marc, 70)
    for who in three:
        await who.desk.stage("acquisition terminée")
        await expect(who.desk.page.locator(".column.protocol")).to_contain_text("70 mL")
        await who.desk.look(f"room-acquired-{who.desk.person}")
    assert [kind for kind in kinds(hub, room) if kind.startswith(("protocol.", "acq"))] == [
        "protocol.issued", "protocol.acknowledged", "protocol.amended", "protocol.amended",
        "protocol.acknowledged", "acquisition.started", "acquisition.ended",
    ]  # fmt: skip
