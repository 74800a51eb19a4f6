"""One Chromium and one demonstration hub for the whole folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from .house import CHROMIUM, FLAGS, DemoHub, Desk, Sit, demo


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser; every person gets a context of their own."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoHub]:
    """The demonstration that every module uses, but the one that ill-treats it."""
    async with demo(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def sit(chromium: Browser, hub: DemoHub) -> AsyncIterator[Sit]:
    """`await sit("lea")`: a logged-in window; all are closed, and must be free of errors."""
    desks: list[Desk] = []

    async def sit_down(person: str, *, url: str = "", **options: object) -> Desk:
        desk = await Desk.sit(chromium, url or hub.url, person, **options)
        desks.append(desk)
        return desk

    yield sit_down
    for desk in desks:
        await desk.close()
