"""Every picture says when it was taken, and a prior that it is one."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from . import scenes
from .house import MARKS, DemoHub, Sit

pytestmark = MARKS


async def test_a_prior_is_told_from_the_pictures_of_this_exam(hub: DemoHub, sit: Sit) -> None:
    lea, omar, marc = await asyncio.gather(*(sit(name) for name in ("lea", "omar", "marc")))
    room = await scenes.room_at("acknowledged", lea, omar, marc)
    old = await scenes.bring_study(hub, room)
    tonight = datetime.now(ZoneInfo("Europe/Paris"))
    new = await scenes.bring_study(hub, room, name="tonight", taken=tonight)
    await scenes.give(omar, room, "image.share", {"study_uid": old, "label": "TEST avant"})
    await marc.enter(room)
    shown = marc.page.locator(".column.images figure .taken")
    await expect(shown).to_have_text("Antérieur · Scanner 19/10/2019 09:34")
    await marc.look("picture-prior")
    await scenes.give(omar, room, "image.share", {"study_uid": new, "label": "TEST ce soir"})
    await expect(shown).to_have_text(f"Scanner {tonight:%d/%m/%Y %H:%M}")
    priors = marc.page.locator(".column.images .prior")
    await expect(priors).to_have_count(1)  # the small one below
    await marc.page.set_viewport_size({"width": 320, "height": 640})
    await scenes.show(marc, "images")
    await priors.first.scroll_into_view_if_needed()
    await marc.look("picture-prior-320")
