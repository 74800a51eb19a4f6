"""The web client in headless Chromium against the hub: `python -m bench web`.

Goals: first load ≤ 60 kB gz; a room interactive ≤ 1 s; an event on another screen ≤ 50 ms after it
was sent; 20,000 events scroll without a task over 50 ms; a worklist of 500 rooms takes ≤ 16 ms of
the page's main thread for a change.
"""

import asyncio
import json
import math
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from playwright.async_api import Browser, async_playwright

from tests.browser.house import CHROMIUM, FLAGS, DemoHub, Desk
from tests.browser.scenes import REQUEST
from tests.kit.hub import ROOT
from tests.kit.link import Frame, Link

UNLIMITED = {"EXAMROOM_RATE_PER_S": "1000000", "EXAMROOM_RATE_BURST": "1000000"}
IN_FLIGHT = 64

WATCH_READY = """() => {
  new MutationObserver((_, watch) => {
    const box = document.querySelector('.composer textarea');
    if (!box || !document.querySelector('.timeline article')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.readyAt = performance.now(); }));
  }).observe(document, { childList: true, subtree: true });
}"""
"""The room is interactive: talk and message box are there, and a frame was drawn since."""

SENT_AT = """() => addEventListener('keydown', event => {
  if (event.key === 'Enter') window.sentAt = performance.timeOrigin + event.timeStamp;
}, true)"""
SHOWN_AT = """() => {
  window.shownAt = {};
  new MutationObserver(() => {
    const at = performance.timeOrigin + performance.now();
    for (const said of document.querySelectorAll('.timeline .text'))
      window.shownAt[said.textContent] ??= at;
  }).observe(document.querySelector('.timeline'), { childList: true, subtree: true,
    characterData: true });
}"""

SCROLL = """async step => {
  const box = document.querySelector('.timeline'), tasks = [], frames = [];
  const watch = new PerformanceObserver(list => tasks.push(...list.getEntries()));
  watch.observe({ type: 'longtask' });
  const first = () => Math.min(...[...document.querySelectorAll('article.item')]
    .map(item => Number(item.dataset.key)));
  let most = 0, last = performance.now(), stuck = 0;
  while (first() > 1 && stuck < 600) {
    const before = first();
    box.scrollTop -= step;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last); last = now;
    most = Math.max(most, document.querySelectorAll('article.item').length);
    stuck = first() === before ? stuck + 1 : 0;
  }
  const reached = first();
  while (box.scrollTop + box.clientHeight < box.scrollHeight - 2) {
    box.scrollTop += 20000;
    await new Promise(requestAnimationFrame);
    most = Math.max(most, document.querySelectorAll('article.item').length);
  }
  await new Promise(done => setTimeout(done, 100));
  watch.disconnect();
  return { reached, most, frames, long: tasks.map(task => task.duration) };
}"""
"""Up to the first event, `step` pixels a frame, and down again: nodes drawn, long tasks."""


class Stage:
    """A demonstration hub without limits on how fast the cast may act, and a browser."""

    def __init__(self, hub: DemoHub, browser: Browser) -> None:
        self.hub = hub
        self.browser = browser
        self._tokens: dict[str, str] = {}

    async def token(self, person: str) -> str:
        """A bearer token of the cast."""
        if person not in self._tokens:
            status, said = await self.hub.run("user", "token", person)
            assert status == 0, said
            self._tokens[person] = max(said.split(), key=len)
        return self._tokens[person]

    async def rooms(self, count: int) -> list[str]:
        """So many new rooms of the requester."""
        token = await self.token("lea")
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            base_url=self.hub.url, headers=headers, trust_env=False, timeout=30
        ) as http:

            async def one() -> str:
                cid = {"Idempotency-Key": uuid.uuid4().hex}
                answer = await http.post("/api/v1/rooms", json=REQUEST, headers=cid)
                answer.raise_for_status()
                room: str = answer.json()["room"]
                return room

            made: list[str] = []
            while len(made) < count:
                made += await asyncio.gather(*(one() for _ in range(min(16, count - len(made)))))
            return made

    async def desk(self, person: str, **options: Any) -> Desk:
        """Somebody of the cast in a window of their own."""
        return await Desk.sit(self.browser, self.hub.url, person, **options)


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Hub and browser, gone afterwards."""
    hub = DemoHub(folder / "hub", env=UNLIMITED)
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            await hub.start()
            yield Stage(hub, browser)
        finally:
            await browser.close()
            if hub.process is not None and hub.process.returncode is None:
                await hub.die()


async def fill(url: str, token: str, room: str, count: int) -> None:
    """`count` messages from one person, many on their way at a time."""
    room_left = asyncio.Semaphore(IN_FLIGHT)
    stored = asyncio.Event()
    answers = 0

    def on_frame(frame: Frame) -> None:
        nonlocal answers
        assert frame["t"] != "err", frame
        if frame["t"] == "ok" and str(frame.get("re", "")).startswith("fill-"):
            answers += 1
            room_left.release()
            if answers == count:
                stored.set()

    link = await Link.open(url, token, uuid.uuid4().hex, on_frame)
    try:
        for n in range(count):
            await room_left.acquire()
            lines = "ligne " * (n % 40)
            body = {"text": f"message {n} {lines}"}
            frame = {"t": "pub", "cid": f"fill-{n}", "room": room, "kind": "message.post"}
            await link.socket.send(json.dumps({**frame, "body": body}))
        async with asyncio.timeout(60):
            await stored.wait()
    finally:
        await link.close()


def first_load_kb() -> float:
    """The page and what it names, gz, as the client's own script counts it."""
    done = subprocess.run(
        ["node", "scripts/size.mjs"],
        cwd=ROOT / "clients/web",
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.strip().splitlines()[-1].split()[0]) / 1000


async def room_ready_ms(on: Stage, room: str, times: int) -> dict[str, float]:
    """From navigation to a room that can be written in: a new browser, and one that knows us."""
    found: dict[str, list[float]] = {"cold": [], "warm": []}
    for _ in range(times):
        desk = await on.desk("omar", service_workers="block")
        await desk.context.add_init_script(f"({WATCH_READY})()")
        for kind in found:
            if kind == "cold":
                session = await desk.context.new_cdp_session(desk.page)
                await session.send("Network.clearBrowserCache")
            await desk.page.goto(f"{on.hub.url}/room/{room}")
            await desk.page.wait_for_function("() => window.readyAt > 0")
            found[kind].append(await desk.page.evaluate("window.readyAt"))
        await desk.close()
    return {kind: median(took) for kind, took in found.items()}


async def event_ms(on: Stage, room: str, times: int) -> list[float]:
    """From the key that sends a message to its words on another screen, of the same machine."""
    lea, omar = await on.desk("lea"), await on.desk("omar")
    for desk in (lea, omar):
        await desk.enter(room)
    await lea.page.evaluate(SENT_AT)
    await omar.page.evaluate(SHOWN_AT)
    box = lea.page.get_by_role("textbox", name="Message")
    took = []
    for n in range(times):
        words = f"mesure {n}"
        await box.fill(words)
        await box.press("Enter")
        await omar.page.wait_for_function("words => window.shownAt[words]", arg=words)
        sent = await lea.page.evaluate("window.sentAt")
        took.append(await omar.page.evaluate("words => window.shownAt[words]", words) - sent)
    await lea.close()
    await omar.close()
    return sorted(took)


async def scroll(on: Stage, room: str, step: int = 900) -> dict[str, Any]:
    """Through the whole talk and back, at first a screen a frame.

    `cpu` is the longest task of the page in CPU ms, which a busy machine does not stretch.
    """
    desk = await on.desk("omar")
    await desk.enter(room)
    await desk.page.locator(".timeline article.item").first.wait_for()
    await on.browser.start_tracing(page=desk.page, categories=["toplevel"])
    try:
        found: dict[str, Any] = await desk.page.evaluate(SCROLL, step)
    finally:
        trace = json.loads(await on.browser.stop_tracing())["traceEvents"]
    await desk.close()
    named = [one for one in trace if one["name"] == "thread_name"]
    names = {(one["pid"], one["tid"]): one["args"]["name"] for one in named}
    found["cpu"] = max(
        one.get("tdur", 0) / 1000
        for one in trace
        if one["name"].endswith("RunTask")
        and names.get((one["pid"], one["tid"])) == "CrRendererMain"
    )
    return found


async def repaint_ms(on: Stage, rooms: list[str], changes: int) -> tuple[int, float]:
    """Rows on the worklist, and the main thread's time for one change of one of them."""
    desk = await on.desk("omar")
    await desk.page.locator("a.exam").first.wait_for()
    await desk.page.wait_for_function(
        "least => document.querySelectorAll('a.exam').length >= least", arg=len(rooms)
    )
    shown = await desk.page.locator("a.exam").count()
    session = await desk.context.new_cdp_session(desk.page)
    await session.send("Performance.enable")
    link = await Link.open(on.hub.url, await on.token("lea"), uuid.uuid4().hex, lambda frame: None)
    try:
        begun = await _busy_ms(session)
        for n in range(changes):
            room = rooms[n * 7 % len(rooms)]
            body = {"category": "technical", "text": f"mesure {n}"}
            asked = await link.ask(
                {"t": "pub", "cid": uuid.uuid4().hex, "room": room, "kind": "incident.open"}
                | {"body": body}
            )
            assert asked["t"] == "ok", asked
        await desk.page.wait_for_function(
            "n => [...document.querySelectorAll('a.exam .chip')]"
            ".filter(chip => chip.textContent.includes('incident')).length >= n",
            arg=min(changes, len(rooms)),
        )
        took = await _busy_ms(session) - begun
    finally:
        await link.close()
    await desk.close()
    return shown, took / changes


async def _busy_ms(session: Any) -> float:
    held = await session.send("Performance.getMetrics")
    metrics = {one["name"]: one["value"] for one in held["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def part(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    return values[min(len(values) - 1, math.ceil(len(values) * share) - 1)]


async def figures(say: Callable[[str], None], events: int = 20_000, rooms: int = 500) -> None:
    """Measure and say, one after the other."""
    say(f"first load: {first_load_kb():.1f} kB gz (goal 60)")
    with tempfile.TemporaryDirectory(prefix="web-") as folder:
        async with stage(Path(folder)) as on:
            short, long = await on.rooms(2)
            ready = await room_ready_ms(on, short, 5)
            cold, warm = ready["cold"], ready["warm"]
            say(f"room interactive: {cold:.0f} ms cold, {warm:.0f} ms warm (goal 1,000)")
            took = await event_ms(on, short, 50)
            p50, p95 = part(took, 0.5), part(took, 0.95)
            say(f"event on another screen: p50 {p50:.1f} ms, p95 {p95:.1f} ms (goal 50)")
            await fill(on.hub.url, await on.token("lea"), long, events)
            ready = await room_ready_ms(on, long, 3)
            say(f"room of {events:,} events interactive: {ready['cold']:.0f} ms cold")
            found = await scroll(on, long)
            frames = sorted(found["frames"])
            longest = max(found["long"], default=0)
            say(
                f"scroll through {events:,} events: {len(found['long'])} tasks over 50 ms, longest "
                f"{longest:.0f} ms; longest in CPU time {found['cpu']:.0f} ms (goal 50); "
                f"{len(frames)} frames, p95 {part(frames, 0.95):.1f} ms; at most {found['most']} "
                f"events drawn at once; reached event {found['reached']}"
            )
            many = await on.rooms(rooms)
            shown, each = await repaint_ms(on, many, 100)
            say(f"worklist of {shown} rooms: {each:.1f} ms of main thread a change (goal 16)")
