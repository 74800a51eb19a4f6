"""Takes docs/images/room.png from the running demonstration: the night case, as the radiologist."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "images" / "room.png"
MOMENT = "Dr Léa Tissandre, urgentiste: message.post"
"""The line after which the picture is taken: the expert has answered, the patient leaves."""


async def main() -> None:
    """Play, look, keep the picture."""
    with tempfile.TemporaryDirectory() as data:
        hub = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", "demo", "--port", "0", "--data", data,
            "--play", "--speed", "3", cwd=ROOT, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        try:
            link = (await until(hub, "/demo/login/omar")).split()[0]
            address = (await until(hub, "/room/")).strip()
            async with async_playwright() as play:
                browser = await play.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox"]
                )
                page = await browser.new_page(
                    viewport={"width": 1400, "height": 900}, color_scheme="dark", locale="fr-FR"
                )
                await page.goto(link)
                await page.goto(address)
                await until(hub, MOMENT)
                await page.wait_for_load_state("networkidle")
                OUT.parent.mkdir(exist_ok=True)
                await page.screenshot(path=OUT)
                with Image.open(OUT) as whole:  # a third of the bytes, and nobody sees it
                    whole.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
                        OUT, optimize=True
                    )
                await browser.close()
        finally:
            if hub.returncode is None:
                hub.terminate()
            await hub.communicate()
    sys.stdout.write(f"{OUT.relative_to(ROOT)}\n")


async def until(hub: asyncio.subprocess.Process, words: str) -> str:
    """The next line of the hub that holds `words`."""
    assert hub.stdout is not None  # noqa: S101 (it was asked for as a pipe)
    while raw := await hub.stdout.readline():
        line = raw.decode()
        if words in line:
            return line
    raise SystemExit("the demonstration ended too early")


if __name__ == "__main__":
    asyncio.run(main())
