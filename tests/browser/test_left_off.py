"""Where I left off is marked each time I come back to a room that stayed open."""

import asyncio

from playwright.async_api import expect

from . import journey, scenes
from .hands import Mouse
from .house import MARKS, Sit
from .journey import Player

pytestmark = MARKS


async def test_the_divider_stands_where_i_left_off(sit: Sit) -> None:
    lea, omar, marc = await asyncio.gather(*(sit(name) for name in ("lea", "omar", "marc")))
    room = await scenes.room_at("justified", lea, omar, marc)
    await omar.enter(room)
    divider = omar.page.locator(".timeline .divider")
    await journey.say(Player(omar, Mouse(omar.page)), "TEST lu")
    await expect(omar.text("TEST lu")).to_be_visible()
    await omar.page.get_by_role("link", name="Retour à la liste de travail").click()
    await expect(omar.page.locator("a.exam").first).to_be_visible()
    for n in range(12):
        await scenes.give(lea, room, "message.post", {"text": f"TEST entre-temps {n}"})
    await omar.page.locator(f'a.exam[data-room="{room}"]').click()
    first = omar.page.locator(".timeline .item", has=omar.page.locator(".divider"))
    await expect(first).to_contain_text("TEST entre-temps 0")
    resume = omar.page.get_by_role("button", name="Reprendre : 12 non lus")
    await expect(resume).to_be_visible()
    await omar.look("left-off")
    await resume.click()
    await expect(divider).to_be_in_viewport()
    await expect(resume).to_have_count(0)

    await scenes.give(
        marc, room, "member.invite", {"person": "omar", "question": "TEST : venez voir ?"}
    )
    for n in range(12):
        await scenes.give(lea, room, "message.post", {"text": f"TEST après {n}"})
    await omar.page.locator(".jump button").click()  # to the end
    await expect(omar.text("TEST après 11")).to_be_visible()
    asked = omar.page.locator(".timeline .card", has_text="TEST : venez voir ?")
    await omar.page.get_by_role("button", name="Ce qui m'attend").click()
    await expect(asked).to_be_in_viewport()
