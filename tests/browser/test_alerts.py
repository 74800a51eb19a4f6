"""Alerts on a device: switched on, sent by the hub, opened, shown without a word about a patient.

The browser has no push service in a laboratory: its `subscribe` gives the address of ours, which
checks the signature and opens what the hub sealed; what it opened is delivered to the real service
worker by the browser's own tool (CDP `ServiceWorker.deliverPushMessage`).
"""

import asyncio
import json
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.notify.receivers import Device, receiver, vapid_claims

from .house import MARKS, Desk, Sit, demo
from .scenes import REQUEST, open_room

pytestmark = MARKS

SUBSCRIBE = """(given) => {
  const kept = 'test.subscribed';
  const key = (options) => new Uint8Array(options.applicationServerKey);
  const made = (bytes) => ({
    endpoint: given.endpoint,
    options: { applicationServerKey: Uint8Array.from(bytes).buffer },
    toJSON: () => given,
    unsubscribe: async () => { localStorage.removeItem(kept); return true; },
  });
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly) throw new Error('refused');
    localStorage.setItem(kept, JSON.stringify([...key(options)]));
    return made(key(options));
  };
  PushManager.prototype.getSubscription = async () => {
    const held = localStorage.getItem(kept);
    return held ? made(JSON.parse(held)) : null;
  };
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
  ({ title, body, tag, lang, requireInteraction, data, timestamp }) =>
    ({ title, body, tag, lang, requireInteraction, data, timestamp }))"""
UNTIL = f"""async (count) => {{
  for (;;) {{
    const shown = await ({SHOWN})();
    if (shown.length === count) return shown;
    await new Promise((go) => setTimeout(go, 50)); // the browser tells no event of it
  }}
}}"""
RENEWED = f"""async ([room, at]) => {{
  for (;;) {{
    const shown = await ({SHOWN})();
    if (shown.some((one) => one.data.room === room && one.timestamp > at)) return shown;
    await new Promise((go) => setTimeout(go, 50)); // as above
  }}
}}"""
CLICK = """async (room) => {
  for (const notification of await self.registration.getNotifications()) notification.close();
  await open(room); // what a click does: no event of it can be made by a script
}"""


class Worker:
    """The service worker of a page, and messages that are delivered to it."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        self._cdp: Any = None
        self._id: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def find(self) -> None:
        """Wait until the browser has named it."""
        await self._page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self._cdp = await self._page.context.new_cdp_session(self._page)
        self._cdp.on("ServiceWorker.workerRegistrationUpdated", self._named)
        await self._cdp.send("ServiceWorker.enable")
        await asyncio.wait_for(asyncio.shield(self._id), 15)

    def _named(self, told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            if one["scopeURL"].startswith(self._url) and not self._id.done():
                self._id.set_result(one["registrationId"])

    async def deliver(self, data: str) -> None:
        """A push message with this text has come."""
        message = {"origin": self._url, "registrationId": await self._id, "data": data}
        await self._cdp.send("ServiceWorker.deliverPushMessage", message)

    async def shown(self, count: int) -> list[dict[str, Any]]:
        """The notifications on the screen, once there are so many."""
        async with asyncio.timeout(20):
            held: list[dict[str, Any]] = await self._page.evaluate(UNTIL, count)
        return held

    async def renewed(self, room: str, at: float) -> list[dict[str, Any]]:
        """The notifications on the screen, once that of `room` is newer than `at`."""
        async with asyncio.timeout(20):
            held: list[dict[str, Any]] = await self._page.evaluate(RENEWED, [room, at])
        return held


async def open_alerts(desk: Desk) -> None:
    """The dialog behind the menu of the account."""
    await desk.page.locator("button.account").click()
    await desk.page.locator("#account button", has_text="Alertes sur cet appareil").click()
    await expect(desk.dialog).to_be_visible()


async def test_from_the_switch_to_the_room(chromium: Browser, tmp_path: Path) -> None:
    loopback = {"EXAMROOM_NOTIFY_LOOPBACK": "true", "EXAMROOM_NOTIFY_GRACE_S": "0"}
    async with receiver() as place, demo(tmp_path / "data", env=loopback) as hub:
        device = Device()
        given = {"endpoint": f"{place.url}/omar", "keys": device.keys}
        omar = await Desk.sit(chromium, hub.url, "omar", permissions=["notifications"])
        await omar.context.add_init_script(f"({SUBSCRIBE})({json.dumps(given)})")
        await omar.page.reload()
        await omar.online()
        worker = Worker(omar.page, hub.url)
        await worker.find()

        await open_alerts(omar)
        await expect(omar.page.locator("[data-alerted=off]")).to_be_visible()
        await omar.look("alerts-off")
        await omar.dialog.get_by_role("button", name="M'alerter sur cet appareil").click()
        await expect(omar.page.locator("[data-alerted=on]")).to_be_visible()
        await omar.dialog.get_by_role("button", name="Envoyer un essai").click()
        await expect(omar.dialog.get_by_text("Essai envoyé")).to_be_visible()
        await omar.look("alerts-on")
        trial = (await place.until(1))[0]
        key = await omar.page.evaluate("fetch('/api/v1/push/key').then((r) => r.json())")
        assert vapid_claims(trial, key["key"])["aud"] == place.url
        await worker.deliver(json.dumps(device.opened(trial)))
        (shown,) = await worker.shown(1)
        assert shown["title"] == "P3 · Essai des alertes"
        await omar.page.keyboard.press("Escape")

        lea = await Desk.sit(chromium, hub.url, "lea")
        room = await open_room(lea)
        sealed = next(got for got in await place.until(2) if device.opened(got)["room"] == room)
        told = device.opened(sealed)
        await worker.deliver(json.dumps(told))
        shown = next(one for one in await worker.shown(2) if one["data"]["room"] == room)
        assert shown["title"].startswith("P0 · ") and shown["requireInteraction"]
        everything = json.dumps([told, shown], ensure_ascii=False)
        for word in ("VISITE", "Jeanne", "1951", "plégie", *REQUEST["region"]):
            assert word not in everything
        await worker.deliver(json.dumps(told))
        again = await worker.renewed(room, shown["timestamp"])
        assert len(again) == 2  # the same once more is one notification

        await omar.context.service_workers[0].evaluate(CLICK, room)
        await omar.page.wait_for_url(f"{hub.url}/room/{room}")  # in the window that is there
        await worker.shown(0)

        await worker.deliver(json.dumps(told))  # that very room is before their eyes
        await worker.deliver(json.dumps({"kind": "test"}))
        assert [one["tag"] for one in await worker.shown(1)] == ["test-"]

        await open_alerts(omar)
        await omar.dialog.get_by_role("button", name="Ne plus m'alerter ici").click()
        await expect(omar.page.locator("[data-alerted=off]")).to_be_visible()
        kept = await omar.page.evaluate("fetch('/api/v1/push/subscriptions').then((r) => r.json())")
        assert kept == {"subscriptions": []}
        await lea.close()
        await omar.close()


async def test_whatever_is_pushed_shows_words_of_the_list_alone(sit: Sit) -> None:
    desk = await sit("omar", permissions=["notifications"])
    worker = Worker(desk.page, desk.url)
    await worker.find()
    smuggled = {
        "kind": "TEST-MARTIN", "urgency": "TEST-MARTIN", "room": "../TEST-MARTIN",
        "lang": "TEST-MARTIN", "title": "TEST-MARTIN", "site": "CH Test",
    }  # fmt: skip
    for n, data in enumerate((json.dumps(smuggled), "not JSON TEST-MARTIN", "null"), 1):
        await worker.deliver(data)
        (shown,) = await worker.shown(1)  # each replaces the one before
        assert shown["title"] == "On vous attend", n
        assert "MARTIN" not in json.dumps(shown)
    await worker.deliver(json.dumps({"kind": "ring", "urgency": "P1", "lang": "en"}))
    rings = [one for one in await worker.shown(2) if one["tag"] == "ring-"]
    assert [(one["title"], one["body"]) for one in rings] == [
        ("P1 · You are being called", "Open examroom")
    ]


async def test_a_browser_that_says_no_is_told_how_to_change_it(sit: Sit) -> None:
    desk = await sit("omar", viewport={"width": 320, "height": 640})
    cdp = await desk.context.new_cdp_session(desk.page)
    target = (await cdp.send("Target.getTargetInfo"))["targetInfo"]
    denied = {
        "permission": {"name": "notifications"},
        "setting": "denied",
        "origin": desk.url,
        "browserContextId": target["browserContextId"],
    }
    await cdp.send("Browser.setPermission", denied)
    await desk.page.reload()
    await desk.online()
    await desk.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await open_alerts(desk)
    await expect(desk.page.locator("[data-alerted=denied]")).to_be_visible()
    await expect(desk.dialog.get_by_text("cadenas")).to_be_visible()
    await expect(desk.dialog.get_by_role("button", name="M'alerter")).to_have_count(0)
    await desk.look("320-alerts-denied")
    wide = await desk.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= 320
