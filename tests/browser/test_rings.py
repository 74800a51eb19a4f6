"""Who is rung sees it on any page; an answer ends it everywhere."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, expect

from . import scenes
from .house import MARKS, Desk, demo

pytestmark = MARKS


async def test_a_request_rings_a_decline_ends_it_for_one_a_claim_for_all(
    chromium: Browser, tmp_path: Path
) -> None:
    """In a hub of its own: elsewhere other rooms ring too."""
    async with demo(tmp_path / "data") as hub:
        people = (Desk.sit(chromium, hub.url, name) for name in ("lea", "omar", "claire"))
        lea, omar, claire = await asyncio.gather(*people)
        room = await scenes.open_room(lea)
        bar = f'[data-ring][data-room="{room}"]'
        await expect(claire.page.locator(bar)).to_have_count(1)
        await expect(omar.page.locator(bar)).to_contain_text("vous appelle")
        await claire.look("ring-bar")
        await scenes.give(omar, room, "case.decline", {"reason": "TEST : en salle"})
        await expect(omar.page.locator(bar)).to_have_count(0)
        await scenes.give(claire, room, "case.claim", {})
        await expect(claire.page.locator(bar)).to_have_count(0)
        for desk in (lea, omar, claire):
            await desk.close()
