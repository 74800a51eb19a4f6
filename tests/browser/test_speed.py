"""What must stay small however much there is; the times themselves are measured by `bench web`."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bench.web import UNLIMITED, Stage, fill, first_load_kb, scroll

from .house import demo

EVENTS = 20_000
MOST_DRAWN = 60
"""Events that may be drawn at once, whatever the room holds."""


def test_first_load_is_within_its_budget() -> None:
    assert 20 < first_load_kb() <= 60


@pytest.mark.browser
@pytest.mark.timeout(240)  # as in MARKS; the other test here needs no browser
@pytest.mark.asyncio(loop_scope="session")
async def test_long_room_draws_only_what_is_seen(chromium: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "hub", env=UNLIMITED) as hub:
        on = Stage(hub, chromium)
        (room,) = await on.rooms(1)
        await fill(hub.url, await on.token("lea"), room, EVENTS)
        found = await scroll(on, room, step=1_000_000)
        assert found["reached"] == 1
        assert 5 < found["most"] <= MOST_DRAWN
        desk = await on.desk("omar")
        await desk.enter(room)
        await expect(desk.text(f"message {EVENTS - 1} ")).to_be_in_viewport()
        await desk.close()
