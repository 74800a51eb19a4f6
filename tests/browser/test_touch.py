"""The technologist's part of the case on a phone, with a thumb."""

import asyncio
from typing import Any

from playwright.async_api import expect

from . import journey
from .hands import Mouse, Thumb
from .house import MARKS, Sit
from .journey import Player, all_see
from .scenes import room_at, show

pytestmark = MARKS

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


async def test_protocol_read_back_checked_and_done_on_a_phone(sit: Sit) -> None:
    lea, omar, marc = await asyncio.gather(sit("lea"), sit("omar"), sit("marc", **PHONE))
    room = await room_at("protocolled", lea, omar, marc)
    thumb, radiologist = Player(marc, Thumb(marc.page)), Player(omar, Mouse(omar.page))
    await omar.enter(room)
    await journey.open_from_worklist(thumb, room)
    await show(marc, "protocol")
    await expect(marc.page.locator(".column.protocol")).to_contain_text("70 mL")
    await marc.look("phone-protocol")

    await thumb.hands.do_what_waits()
    for group, name in (
        ("Régions", "crâne"),
        ("Régions", "cou"),
        ("Phases", "sans injection"),
        ("Phases", "artériel"),
    ):
        await thumb.hands.pick(thumb.option(group, name))
    await thumb.hands.write(thumb.field("Volume injecté"), "70")
    await thumb.hands.write(thumb.field("Débit"), "3")
    await marc.look("phone-read-back")
    await thumb.submit()
    both = (radiologist, thumb)
    await all_see(both, "protocole relu", "Valider les vérifications", thumb)
    await show(marc, "talk")
    await journey.say(thumb, "Patient installé, voie 20G au pli du coude droit.")
    await expect(omar.text("voie 20G au pli")).to_be_visible()
    await marc.look("phone-talk")
    await journey.check_patient(thumb)
    await all_see(both, "prêt", "Démarrer l'acquisition", thumb)
    await journey.start(thumb)
    await all_see(both, "acquisition en cours", "Terminer l'acquisition", thumb)
    await journey.end(thumb, 70)
    for who in both:
        await who.desk.stage("acquisition terminée")
