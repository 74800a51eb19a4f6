"""A demonstration hub for browsers, and the people who sit before them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
)

from tests.kit.hub import ROOT, Hub
from tests.kit.journal import read_journal

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MARKS = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(240),  # with the making of the demonstration, on a busy machine
]
"""Of every module here: the browser lives on one loop, that of the session."""
SCREENS = ROOT / "artifacts" / "screens"
WITHIN_MS = 15_000
"""Longest wait for something to show: the machine may be busy."""

expect.set_options(timeout=WITHIN_MS)


class DemoHub(Hub):
    """`examroom demo`: the cast may log in by a link."""

    verb = "demo"

    async def ready(self, within_s: float = 100.0) -> None:
        """Wait longer: cast, rooms and pictures are made first."""
        await super().ready(within_s)


@asynccontextmanager
async def demo(data: Path, *, env: Mapping[str, str] | None = None) -> AsyncIterator[DemoHub]:
    """A demonstration that is ready, and gone afterwards."""
    hub = DemoHub(data, env=env)
    try:
        await hub.start()
        yield hub
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.die()


class Desk:
    """One person before one screen."""

    def __init__(self, context: BrowserContext, page: Page, url: str, person: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.person = person
        self.trouble: list[str] = []
        """Errors of the page itself; a test must find none."""
        page.on("pageerror", self._failed)
        page.on("console", self._said)

    @classmethod
    async def sit(cls, browser: Browser, url: str, person: str, **options: Any) -> "Desk":
        """A new window of `person`, logged in, the worklist before them."""
        settings: dict[str, Any] = {
            "viewport": {"width": 1400, "height": 900},
            "color_scheme": "dark",
            "locale": "fr-FR",
            "timezone_id": "Europe/Paris",
            "reduced_motion": "reduce",
        }
        context = await browser.new_context(**{**settings, **options})
        context.set_default_timeout(WITHIN_MS)
        desk = cls(context, await context.new_page(), url, person)
        await desk.page.goto(f"{url}/demo/login/{person}")
        await desk.online()
        return desk

    async def online(self) -> None:
        """Wait until the link is up and nothing is left to send."""
        await expect(self.page.locator(".linkline")).to_have_attribute("data-link", "online")

    async def enter(self, room: str) -> None:
        """Go to `room` by its address, and wait until its state stands."""
        await self.page.goto(f"{self.url}/room/{room}")
        await expect(self.page.locator("#room-title")).to_be_visible()
        await self.online()

    async def look(self, name: str, *, full: bool = False) -> None:
        """Keep a picture of the screen in artifacts/screens."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENS / f"{name}.png", full_page=full)

    def text(self, words: str) -> Locator:
        """Messages of the timeline that say `words`."""
        return self.page.locator(".timeline .post .text", has_text=words)

    async def stage(self, words: str) -> None:
        """The stage bar says that the exam stands at `words`."""
        await expect(self.page.locator(".stagebar [aria-current=step]")).to_contain_text(words)

    async def next_move(self, words: str, *, mine: bool) -> None:
        """Whose move it is, in words; with the one button that does it where it is mine."""
        move = self.page.locator(".move")
        await expect(move).to_contain_text(words)
        await expect(move.locator("[data-primary]")).to_have_count(1 if mine else 0)

    async def card(self, words: str) -> None:
        """An act stands in the timeline with this sentence."""
        await expect(self.page.locator(".timeline .card h3", has_text=words).first).to_be_visible()

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator("dialog[open]")

    async def close(self) -> None:
        """Get up; the page must have had no error of its own."""
        await self.context.close()
        assert self.trouble == [], self.person

    def _failed(self, error: Error) -> None:
        self.trouble.append(str(error))

    def _said(self, message: ConsoleMessage) -> None:
        told = message.text
        # a cut link is told on the console by the browser itself, and is what some tests are about
        if message.type == "error" and not told.startswith(("Failed to load", "WebSocket connect")):
            self.trouble.append(told)


Sit = Callable[..., Awaitable[Desk]]
"""`await sit("lea")`: a desk on the hub of the test; `url=` for another way to it."""


def messages(hub: Hub, room: str) -> list[str]:
    """The canonical bodies of every message in the journal of `room`, in order."""
    journal = read_journal(hub.database).get(room, [])
    return [kept.body for kept in journal if kept.kind == "message.posted"]


def kinds(hub: Hub, room: str) -> list[str]:
    """The kinds of every entry in the journal of `room`, in order."""
    return [kept.kind for kept in read_journal(hub.database).get(room, [])]
