"""What one person is asked by name stands in their worklist, whoever's the next move is."""

import asyncio

from playwright.async_api import Locator, expect

from . import scenes
from .house import MARKS, Desk, Sit

pytestmark = MARKS


async def test_who_is_invited_or_offered_an_exam_finds_it_under_what_waits_for_them(
    sit: Sit,
) -> None:
    lea, omar, marc, ines, claire = await asyncio.gather(
        *(sit(name) for name in ("lea", "omar", "marc", "ines", "claire"))
    )
    room = await scenes.room_at("justified", lea, omar, marc)
    invited, offered = _waiting(ines, room), _waiting(claire, room)
    await expect(invited).to_have_count(0)
    await expect(offered).to_have_count(0)
    await scenes.give(
        omar, room, "member.invite", {"person": "ines", "question": "TEST : dissection ?"}
    )
    await expect(invited).to_contain_text("Dr Omar Belvarine vous invite")
    await expect(invited).to_contain_text("TEST : dissection ?")
    await expect(ines.page.get_by_role("button", name="Faire taire")).to_be_visible()
    await ines.look("asked-invited")
    await ines.page.set_viewport_size({"width": 320, "height": 640})
    await ines.look("asked-invited-320", full=True)
    await invited.click()
    await expect(ines.page.locator("#room-title")).to_be_visible()
    await ines.page.go_back()
    await expect(ines.page.locator("a.exam").first).to_be_visible()
    await expect(invited).to_have_count(0)

    await scenes.give(omar, room, "case.reassign", {"to": "claire", "reason": "TEST : deux AVC"})
    await expect(offered).to_contain_text("Dr Omar Belvarine vous propose cet examen")
    await claire.look("asked-offered")
    await offered.click()
    await claire.page.locator(".move [data-primary]").click()
    await claire.next_move("Envoyer le protocole", mine=True)
    await claire.page.go_back()
    await expect(offered).not_to_contain_text("vous propose")


def _waiting(desk: Desk, room: str) -> Locator:
    return desk.page.locator(f'section[aria-labelledby="g-me"] a[data-room="{room}"]')
