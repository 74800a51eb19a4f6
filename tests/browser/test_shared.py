"""One computer, several people: what is left unsent is asked about, and waits for its author."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.kit.proxy import Proxy

from . import journey
from .hands import Mouse
from .house import MARKS, DemoHub, Sit, demo
from .journey import Player

pytestmark = MARKS


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoHub]:
    """One of its own: people log out here."""
    async with demo(tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


async def test_unsent_at_logout_waits_for_its_author(hub: DemoHub, sit: Sit) -> None:
    async with Proxy(("127.0.0.1", hub.port)) as proxy:
        lea = Player(desk := await sit("lea", url=proxy.url), Mouse(desk.page))
        omar = await sit("omar")
        page = desk.page
        room = await journey.request(lea, "TEST-PARTAGE")
        await omar.enter(room)
        proxy.refusing = True
        proxy.cut()
        await expect(page.locator(".linkline")).not_to_have_attribute("data-link", "online")
        await journey.say(lea, "écrit par Léa")
        await page.get_by_role("textbox", name="Message").press_sequentially("brouillon de Léa")

        await page.locator("button.account").click()
        await page.get_by_role("button", name="Se déconnecter").click()
        await expect(desk.dialog).to_contain_text("Un envoi n'est pas transmis.")
        await expect(desk.dialog).to_contain_text("écrit par Léa")
        await desk.look("logout-unsent")
        await desk.dialog.get_by_role("button", name="Garder et se déconnecter").click()
        await expect(page.get_by_role("textbox", name="Identifiant")).to_be_visible()

        proxy.refusing = False
        await page.goto(f"{proxy.url}/demo/login/omar")
        await desk.enter(room)
        await expect(page.locator(".unsent")).to_have_count(0)
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("")
        await expect(omar.text("écrit par Léa")).to_have_count(0)

        await page.goto(f"{proxy.url}/demo/login/lea")
        await expect(omar.text("écrit par Léa")).to_be_visible()
        await desk.enter(room)
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("")
