"""Every screen is clean under axe in dark, light and forced colours, and flows at 320 px."""

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.kit.hub import ROOT

from .house import MARKS, DemoHub, Desk, Sit
from .scenes import tour

pytestmark = MARKS

AXE = ROOT / "clients/web/node_modules/axe-core/axe.min.js"
RUN = """async () => (await axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})).violations.map(v => v.id + ': ' + v.help + '\\n' + v.nodes.slice(0, 4).map(
  n => '    ' + n.target + '  ' + n.html.slice(0, 160) + '\\n      '
    + (n.any.concat(n.all, n.none)[0]?.message ?? '')).join('\\n'))"""
LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
TOO_WIDE = """() => {
  const wide = innerWidth, found = [];
  for (const box of [document.scrollingElement, ...document.querySelectorAll('dialog[open] *')])
    if (box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0
        && ['auto', 'scroll', 'visible'].includes(getComputedStyle(box).overflowX)
        && box.getBoundingClientRect().right > wide + 1) found.push(box.outerHTML.slice(0, 120));
  if (document.scrollingElement.scrollWidth > wide) {
    for (const box of document.querySelectorAll('body *')) {
      const edge = box.getBoundingClientRect().right;
      if (edge > wide + 1 && !box.closest('.quick, .thumbs')) found.push(
        Math.round(edge) + ' ' + box.outerHTML.slice(0, 120));
    }
  }
  return found.slice(0, 8);
}"""


class Clean:
    """Runs axe on every screen of a tour, in every look, and keeps what it finds."""

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix
        self.found: list[str] = []
        self.seen = 0
        self._axe = AXE.read_text(encoding="utf-8")

    async def __call__(self, desk: Desk, name: str) -> None:
        """One screen."""
        page = desk.page
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(self._axe)
        for look, media in LOOKS.items():
            await page.emulate_media(**media)
            theme = "light" if look == "light" else "dark"
            await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            await desk.look(f"{name}-{look}{self.suffix}")
            broken = await page.evaluate(RUN)
            self.found += [f"{name}, {look}: {problem}" for problem in broken]
            self.seen += 1
        await page.emulate_media(**LOOKS["dark"])


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
async def test_axe_finds_nothing(hub: DemoHub, chromium: Browser, sit: Sit, locale: str) -> None:
    clean = Clean("" if locale == "fr-FR" else "-en")
    await tour(hub, chromium, sit, clean, locale=locale)
    assert clean.found == [], "\n".join(clean.found)
    assert clean.seen >= 14 * len(LOOKS)


async def test_axe_finds_what_is_broken(sit: Sit) -> None:
    desk = await sit("lea")
    await desk.page.evaluate(
        """() => {
          const pale = document.createElement('p');
          pale.textContent = 'trop pâle pour être lu';
          Object.assign(pale.style, { color: '#333', background: '#222' });
          document.querySelector('main').append(document.createElement('button'), pale);
        }"""
    )
    clean = Clean("-broken")
    await clean(desk, "worklist")
    assert {"button-name", "color-contrast"} <= {
        problem.partition(": ")[2].partition(":")[0] for problem in clean.found
    }


async def test_everything_flows_at_320_px(hub: DemoHub, chromium: Browser, sit: Sit) -> None:
    found: list[str] = []

    async def flows(desk: Desk, name: str) -> None:
        await desk.look(f"320-{name}")
        found.extend(f"{name}: {wide}" for wide in await desk.page.evaluate(TOO_WIDE))

    await tour(hub, chromium, sit, flows, viewport={"width": 320, "height": 640})
    assert found == [], "\n".join(found)
