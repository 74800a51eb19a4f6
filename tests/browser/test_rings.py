"""Who is rung sees it on any page; an answer ends it everywhere."""

import asyncio

from playwright.async_api import expect

from . import scenes
from .house import MARKS, Sit

pytestmark = MARKS


async def test_a_request_rings_a_decline_ends_it_for_one_a_claim_for_all(sit: Sit) -> None:
    lea, omar, claire = await asyncio.gather(*(sit(name) for name in ("lea", "omar", "claire")))
    before = await claire.page.locator("[data-ring]").count()
    room = await scenes.open_room(lea)
    bar = "[data-ring]"
    await expect(claire.page.locator(bar)).to_have_count(before + 1)
    await expect(omar.page.locator(bar).last).to_contain_text("vous appelle")
    await claire.look("ring-bar")
    silence = omar.page.get_by_role("button", name="Faire taire")
    await expect(silence).to_be_visible()
    await scenes.give(omar, room, "case.decline", {"reason": "TEST : en salle"})
    await expect(omar.page.locator(bar)).to_have_count(before)
    await scenes.give(claire, room, "case.claim", {})
    await expect(claire.page.locator(bar)).to_have_count(before)
    await expect(silence).to_have_count(0)  # it does not wait for him any more
