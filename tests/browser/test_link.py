"""Nothing typed is lost, repeated or out of order, whatever becomes of link, store and hub."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.kit.journal import read_journal
from tests.kit.proxy import Proxy

from . import journey
from .hands import Mouse
from .house import MARKS, DemoHub, Desk, Sit, demo, kinds
from .journey import Player

pytestmark = MARKS

PHONE = "03 53 01 00 10"
"""Of the site where the requester works."""

READ_ALL = """async () => {
  const box = document.querySelector('.timeline'), found = {};
  const turn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const keep = () => box.querySelectorAll('article.item').forEach(item => {
    const text = item.querySelector('.post .text');
    if (text) (found[item.dataset.key] ??= new Set()).add(text.textContent);
  });
  for (let top = 0; top <= box.scrollHeight; top += box.clientHeight / 2) {
    box.scrollTop = top; await turn(); keep();
  }
  box.scrollTop = box.scrollHeight; await turn();
  return Object.entries(found).map(([seq, texts]) => [Number(seq), [...texts].join('|')]);
}"""
"""From the beginning of the talk to its end, every message by its seq."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoHub]:
    """One to be ill-treated; it notices a dead link sooner than usual."""
    data = tmp_path_factory.mktemp("link") / "data"
    async with demo(data, env={"EXAMROOM_HEARTBEAT_MS": "1000"}) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(hub: DemoHub) -> AsyncIterator[Proxy]:
    """The link of one person."""
    async with Proxy(("127.0.0.1", hub.port)) as between:
        yield between


async def two_in_a_room(sit: Sit, proxy: Proxy, name: str) -> tuple[Player, Player, str]:
    """The urgentist behind the bad link, the radiologist beside the hub, both in a new room."""
    lea, omar = [
        Player(desk, Mouse(desk.page))
        for desk in await asyncio.gather(sit("lea", url=proxy.url), sit("omar"))
    ]
    room = await journey.request(lea, name)
    await omar.desk.enter(room)
    await lea.desk.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return lea, omar, room


async def offline(desk: Desk) -> None:
    """The line under the header says that nothing gets through, and whom to call."""
    line = desk.page.locator(".linkline")
    await expect(line).not_to_have_attribute("data-link", "online")
    await expect(line).to_contain_text(PHONE)


async def kept_here(desk: Desk, *texts: str) -> None:
    """Every one of `texts` stands as not transmitted, with the number to call."""
    pending = desk.page.get_by_role("group", name="Pas encore transmis")
    for text in texts:
        item = pending.locator(".unsent", has_text=text)
        await expect(item).to_contain_text("Non transmis")
        await expect(item.get_by_role("link", name=PHONE)).to_be_visible()
    await expect(desk.page.locator(".linkline")).to_contain_text(
        f"Non transmis ({len(texts)}) : appelez le {PHONE}"
    )


async def all_transmitted(*desks: Desk) -> None:
    """Nobody has anything left to send."""
    for desk in desks:
        await desk.online()
        await expect(desk.page.locator(".unsent")).to_have_count(0)


def journal_of(hub: DemoHub, room: str) -> list[tuple[int, str]]:
    """Every message of the room in the store itself: seq and text."""
    return [
        (kept.seq, json.loads(kept.body)["text"])
        for kept in read_journal(hub.database)[room]
        if kept.kind == "message.posted"
    ]


async def same_for_all(hub: DemoHub, room: str, texts: list[str], *desks: Desk) -> None:
    """Store and screens hold `texts`, each once; every screen in the order of the store."""
    stored = journal_of(hub, room)
    assert sorted(text for _, text in stored) == sorted(texts)
    for desk in desks:
        for text in texts[-1:]:
            await expect(desk.text(text).first).to_be_attached()
        read = await desk.page.evaluate(READ_ALL)
        assert [(seq, text) for seq, text in sorted(read)] == stored, desk.person


async def test_cut_in_mid_sentence_and_reloaded(hub: DemoHub, proxy: Proxy, sit: Sit) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-COUPURE")
    await journey.say(lea, "Patient en route.")
    await expect(omar.desk.text("Patient en route.")).to_be_visible()
    page = lea.desk.page
    await page.get_by_role("textbox", name="Message").press_sequentially("Il arrive dans ")
    proxy.refusing = True
    proxy.cut()
    await offline(lea.desk)
    await page.get_by_role("textbox", name="Message").press_sequentially("cinq minutes.")
    await page.keyboard.press("Enter")
    await journey.say(lea, "Prévenez le manipulateur.")
    await page.get_by_role("textbox", name="Message").press_sequentially("pas encore fini")
    await kept_here(lea.desk, "Il arrive dans cinq minutes.", "Prévenez le manipulateur.")
    await lea.desk.look("not-transmitted")
    await journey.say(omar, "Je regarde les antérieurs.")

    await page.reload()
    await expect(page.locator("#room-title")).to_contain_text("TEST-COUPURE")
    await kept_here(lea.desk, "Il arrive dans cinq minutes.", "Prévenez le manipulateur.")
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("pas encore fini")
    await lea.desk.look("not-transmitted-reloaded")

    proxy.refusing = False
    await all_transmitted(lea.desk, omar.desk)
    await page.get_by_role("textbox", name="Message").press("Enter")
    await expect(omar.desk.text("pas encore fini")).to_be_visible()
    await all_transmitted(lea.desk)
    said = ["Patient en route.", "Je regarde les antérieurs.", "Il arrive dans cinq minutes."]
    said += ["Prévenez le manipulateur.", "pas encore fini"]
    await same_for_all(hub, room, said, lea.desk, omar.desk)
    assert [text for _, text in journal_of(hub, room)] == said


async def test_browser_offline_and_back(hub: DemoHub, proxy: Proxy, sit: Sit) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-AVION")
    await lea.desk.context.set_offline(True)
    await offline(lea.desk)
    for n in range(3):
        await journey.say(lea, f"hors ligne {n}")
        await journey.say(omar, f"en ligne {n}")
    await kept_here(lea.desk, "hors ligne 0", "hors ligne 1", "hors ligne 2")
    await lea.desk.context.set_offline(False)
    await all_transmitted(lea.desk, omar.desk)
    await expect(omar.desk.text("hors ligne 2")).to_be_attached()
    said = [f"en ligne {n}" for n in range(3)] + [f"hors ligne {n}" for n in range(3)]
    await same_for_all(hub, room, said, lea.desk, omar.desk)


async def test_cut_after_every_word_said(hub: DemoHub, proxy: Proxy, sit: Sit) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-HACHE")
    for n in range(6):
        await journey.say(lea, f"mot {n}")
        proxy.cut()  # before or after the answer: nobody knows
        await journey.say(omar, f"réponse {n}")
    await all_transmitted(lea.desk, omar.desk)
    await expect(lea.desk.text("réponse 5")).to_be_attached()
    await expect(omar.desk.text("mot 5")).to_be_attached()
    said = [f"mot {n}" for n in range(6)] + [f"réponse {n}" for n in range(6)]
    await same_for_all(hub, room, said, lea.desk, omar.desk)
    mine = [text for _, text in journal_of(hub, room) if text.startswith("mot")]
    assert mine == [f"mot {n}" for n in range(6)]


async def test_a_vital_request_that_nobody_has_stands_in_the_worklist_until_it_is_stored(
    hub: DemoHub, proxy: Proxy, sit: Sit
) -> None:
    lea = Player(desk := await sit("lea", url=proxy.url), Mouse(desk.page))
    await lea.hands.press(lea.desk.page.get_by_role("link", name="Nouvelle demande"))
    await expect(lea.desk.page.get_by_label("Nom de naissance")).to_be_visible()
    await lea.desk.page.go_back()
    proxy.refusing = True
    proxy.cut()
    await journey.fill_request(lea, "TEST-SANS-LIAISON")
    card = lea.desk.page.locator("[data-unsent]")
    await expect(card).to_contain_text("P0")
    await expect(card).to_contain_text("TEST-SANS-LIAISON")
    await expect(card).to_contain_text(f"Non transmis : appelez le {PHONE}")
    await expect(card.get_by_role("link", name=PHONE).first).to_be_visible()
    await lea.desk.look("request-unsent", full=True)
    await lea.desk.page.set_viewport_size({"width": 320, "height": 640})
    await lea.desk.look("request-unsent-320", full=True)
    await lea.desk.page.set_viewport_size({"width": 1400, "height": 900})
    await lea.desk.page.reload()
    await expect(card).to_contain_text("TEST-SANS-LIAISON")
    proxy.refusing = False
    await expect(card).to_have_count(0)
    row = lea.desk.page.locator("a.exam", has_text="TEST-SANS-LIAISON")
    await expect(row).to_have_count(1)
    room = str(await row.get_attribute("data-room"))
    assert kinds(hub, room) == ["request.submitted", "ring.started"]


async def test_half_open_link_is_noticed(hub: DemoHub, proxy: Proxy, sit: Sit) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-SILENCE")
    proxy.go_silent()
    await journey.say(lea, "quelqu'un m'entend ?")
    await offline(lea.desk)
    await kept_here(lea.desk, "quelqu'un m'entend ?")
    proxy.speak()
    await all_transmitted(lea.desk)
    await expect(omar.desk.text("quelqu'un")).to_be_visible()
    await same_for_all(hub, room, ["quelqu'un m'entend ?"], lea.desk, omar.desk)


async def test_locked_store_is_loud_and_then_stores_once(
    hub: DemoHub, proxy: Proxy, sit: Sit
) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-VERROU")
    with closing(sqlite3.connect(hub.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await journey.say(lea, "Pression 8/5, on accélère.")
        await kept_here(lea.desk, "Pression 8/5")
        await lea.desk.look("store-locked")
        await expect(omar.desk.text("Pression 8/5")).to_have_count(0)
        assert journal_of(hub, room) == []
        other.execute("ROLLBACK")
    await all_transmitted(lea.desk)
    await expect(omar.desk.text("Pression 8/5")).to_be_visible()
    await same_for_all(hub, room, ["Pression 8/5, on accélère."], lea.desk, omar.desk)


async def test_hub_killed_in_mid_conversation(hub: DemoHub, proxy: Proxy, sit: Sit) -> None:
    lea, omar, room = await two_in_a_room(sit, proxy, "TEST-PANNE")
    marc = Player(desk := await sit("marc"), Mouse(desk.page))
    await marc.desk.enter(room)
    three = (lea, omar, marc)
    said: list[str] = []

    async def each_says(when: str) -> None:
        for who in three:
            said.append(f"{when} {who.desk.person}")
            await journey.say(who, said[-1])

    await each_says("avant")
    hub.kill()  # while the last of them may be on their way
    await each_says("pendant")
    await hub.die()
    for who in three:
        await expect(who.desk.page.locator(".linkline")).not_to_have_attribute(
            "data-link", "online"
        )
    await hub.restart()
    await each_says("après")
    await all_transmitted(*(who.desk for who in three))
    for who in three:
        for other in three:
            await expect(who.desk.text(f"après {other.desk.person}")).to_be_attached()
    await same_for_all(hub, room, said, *(who.desk for who in three))
    mine = [text for _, text in journal_of(hub, room) if text.endswith("lea")]
    assert mine == ["avant lea", "pendant lea", "après lea"]
    status, words = await hub.run("verify", room)
    assert (status, words.split()[-1]) == (0, "ok")
