"""How a person works a page: with a mouse, by the keyboard alone, or with a thumb.

The journeys are written once, for any hands. The keyboard's never touch a mouse and never put the
focus anywhere by themselves: they press Tab and arrows until they stand where they want to be.
"""

from typing import Protocol

from playwright.async_api import Locator, Page, expect

MOST_TABS = 160
_FOCUSED = "element => element === document.activeElement"


class Hands(Protocol):
    """What a journey needs of a person's hands."""

    page: Page

    async def press(self, target: Locator) -> None:
        """A button, a link."""

    async def write(self, target: Locator, text: str) -> None:
        """Text in place of what stands in a field."""

    async def pick(self, target: Locator) -> None:
        """A radio or a checkbox that is not picked yet."""

    async def choose(self, target: Locator, label: str) -> None:
        """An option of a select."""

    async def do_what_waits(self) -> None:
        """Open the act that waits for me, in the room."""


class Mouse:
    """Clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def press(self, target: Locator) -> None:
        """Click."""
        await target.click()

    async def write(self, target: Locator, text: str) -> None:
        """Fill."""
        await target.fill(text)

    async def pick(self, target: Locator) -> None:
        """Click on its label, as people do."""
        await target.locator("xpath=ancestor::label").click()
        await expect(target).to_be_checked()

    async def choose(self, target: Locator, label: str) -> None:
        """Select by what it says."""
        await target.select_option(label=label)

    async def do_what_waits(self) -> None:
        """The one button beside the next move."""
        await self.page.locator(".move [data-primary]").click()


class Thumb(Mouse):
    """Taps on a touch screen."""

    async def press(self, target: Locator) -> None:
        """Tap."""
        await target.tap()

    async def pick(self, target: Locator) -> None:
        """Tap on its label."""
        await target.locator("xpath=ancestor::label").tap()
        await expect(target).to_be_checked()

    async def do_what_waits(self) -> None:
        """Tap on the one button beside the next move."""
        await self.page.locator(".move [data-primary]").tap()


class Keys:
    """The keyboard alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus; Shift+Tab where it lies behind."""
        await target.wait_for()
        ahead = await target.evaluate(
            "e => !(document.activeElement.compareDocumentPosition(e) & 2)"
        )
        for _ in range(MOST_TABS):
            if await target.evaluate(_FOCUSED):
                return
            await self.page.keyboard.press("Tab" if ahead else "Shift+Tab")
        raise AssertionError(f"not reached by the keyboard: {target}")

    async def press(self, target: Locator) -> None:
        """Enter on it."""
        await self.reach(target)
        await self.page.keyboard.press("Enter")

    async def write(self, target: Locator, text: str) -> None:
        """Type over what stands there."""
        await self.reach(target)
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.type(text)

    async def pick(self, target: Locator) -> None:
        """Space on a checkbox; arrows within a group of radios."""
        if await target.get_attribute("type") == "radio":
            await self._pick_radio(target)
        else:
            await self.reach(target)
            await self.page.keyboard.press("Space")
        await expect(target).to_be_checked()

    async def _pick_radio(self, target: Locator) -> None:
        """A group of radios is one stop of Tab: any of it is reached, then arrows go on."""
        name = await target.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        ahead = await target.evaluate(
            "e => !(document.activeElement.compareDocumentPosition(e) & 2)"
        )
        inside = f'() => document.activeElement.name === "{name}"'
        for _ in range(MOST_TABS):
            if await self.page.evaluate(inside):
                break
            await self.page.keyboard.press("Tab" if ahead else "Shift+Tab")
        for _ in range(await group.count()):
            if await target.evaluate(_FOCUSED):
                break
            await self.page.keyboard.press("ArrowRight")
        if not await target.is_checked():
            await self.page.keyboard.press("Space")

    async def choose(self, target: Locator, label: str) -> None:
        """Type ahead in the select."""
        await self.reach(target)
        await self.page.keyboard.type(label)

    async def do_what_waits(self) -> None:
        """Alt+A."""
        await self.page.keyboard.press("Alt+a")
