"""`examroom demo` on a real port: seeded, idempotent, loopback only, and the night case plays."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.app import Hub
from hub.cli.demo import is_loopback, put_aside
from hub.cli.serve import settings_from
from hub.demo import script, seed
from hub.demo.cast import CAST
from hub.edge.identity import Directory
from hub.edge.identity.passwords import Passwords
from persistence import directory as people
from persistence.sqlite import SqliteJournal

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """A running `examroom demo` and what it printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, words: str) -> str:
        """Read on to the first line that holds `words`."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while raw := await self.process.stdout.readline():
                self.lines.append(raw.decode())
                if words in self.lines[-1]:
                    return self.lines[-1].strip()
        raise AssertionError("".join(self.lines))

    def link(self, person: str) -> str:
        """The address printed for `person`."""
        return next(
            word
            for line in self.lines
            for word in line.split()
            if word.endswith(f"/demo/login/{person}")
        )


@asynccontextmanager
async def running(data: Path, *more: str) -> AsyncIterator[Demo]:
    """`examroom demo` in `data`, ended with SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "demo", "--port", "0", "--data", str(data), *more,
        cwd=ROOT, stdout=PIPE, stderr=asyncio.subprocess.STDOUT, limit=1_000_000,
    )  # fmt: skip
    demo = Demo(process)
    try:
        yield demo
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(30):
            await process.communicate()


@asynccontextmanager
async def logged_in(demo: Demo, person: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of `person`, logged in by their link."""
    link = demo.link(person)
    base = link.partition("/demo/")[0]
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=20) as browser:
        answer = await browser.get(link)
        assert answer.status_code in (200, 302, 303, 307), answer.text
        yield browser


async def worklist(browser: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await browser.get("/api/v1/rooms")
    answer.raise_for_status()
    rows: list[dict[str, Any]] = answer.json()["rooms"]
    return rows


async def test_the_night_case_plays_itself_and_its_pictures_can_be_seen(tmp_path: Path) -> None:
    """W-23: what the cast did stands in the journal under the names that the hub stamped."""
    async with running(tmp_path / "demo", "--play", "--speed", "100") as demo:
        await demo.until("/demo/login/yann")
        room = (await demo.until("/room/")).rpartition("/")[2]
        await demo.until("The case is over")
        async with logged_in(demo, "omar") as omar:
            state = (await omar.get(f"/api/v1/rooms/{room}")).json()
            assert state["stage"] == "closed"
            assert {"lea", "omar", "marc", "ines"} <= state["members"].keys()
            assert state["members"]["ines"]["name"] == "Dr Inès Quarvaud"
            assert state["acknowledgement"]["version"] == 2
            assert state["images"]
            for shared in state["images"]:
                image = shared["image"]
                picture = await omar.get(
                    f"/api/v1/rooms/{room}/dicomweb/studies/{image['study_uid']}"
                    f"/series/{image['series_uid']}/instances/{image['sop_uid']}/rendered"
                )
                assert picture.status_code == 200, picture.text
                assert picture.headers["content-type"] == "image/jpeg"


async def test_the_demo_is_seeded_once(tmp_path: Path) -> None:
    seeded = script.seeded()
    async with running(tmp_path / "demo") as demo:
        assert f"{len(seeded)} rooms made" in await demo.until("rooms made")
        await demo.until("/demo/login/yann")
        assert all(demo.link(one.person) for one in CAST)
        async with logged_in(demo, "omar") as omar:
            rows = await worklist(omar)
            assert len({row["room"] for row in rows}) >= len(seeded) - 2
            library = (await omar.get("/api/v1/library", params={"modality": "CT"})).json()
            assert library
        async with logged_in(demo, "lea") as lea:
            mine = await worklist(lea)
            assert mine and all(row["requester"]["person"] == "lea" for row in mine)
    async with running(tmp_path / "demo") as again:
        assert "0 rooms made" in await again.until("rooms made")


async def test_the_demo_refuses_any_host_but_loopback(tmp_path: Path) -> None:
    async with running(tmp_path / "demo", "--host", "0.0.0.0") as demo:
        await demo.until("loopback only")
        assert await demo.process.wait() == 1
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_what_is_not_this_machine_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


async def test_a_port_that_is_taken_is_said_and_nobody_is_sent_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        async with running(tmp_path / "demo", "--port", port) as demo:
            await demo.until(f"port {port} is taken")
            assert await demo.process.wait() == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_has_several_names(host: str) -> None:
    assert is_loopback(host)


async def test_a_store_with_other_people_is_not_turned_into_a_demo(tmp_path: Path) -> None:
    journal = SqliteJournal(f"sqlite:///{tmp_path / 'examroom.db'}")
    await journal.start(lambda settled: None)
    passwords = Passwords(time_cost=1, memory_kib=1024, lanes=1)
    try:
        directory = Directory(journal)
        await directory.change(
            lambda at: people.put_people(at, [people.Person("real", "real", "Dr Réel")])
        )
        with pytest.raises(seed.SeedRefused, match="folder of its own"):
            await seed.cast(directory, passwords)
        assert set(await directory.people(["real", "lea"])) == {"real"}
    finally:
        passwords.close()
        await journal.stop()


async def test_rooms_that_an_older_version_made_stay_as_they_are(tmp_path: Path) -> None:
    asked, injured = script.load("abdominal-pain"), script.load("head-injury")
    request = replace(injured.steps[0], body=injured.steps[0].body | {"callback": "00"})
    reworded = replace(injured, steps=(request,))
    claimed_by_another = replace(asked.steps[1], who="omar")
    half_made = replace(asked, steps=(asked.steps[0], claimed_by_another))
    hub = Hub(settings_from(data=tmp_path))
    passwords = Passwords(time_cost=1, memory_kib=1024, lanes=1)
    await hub.start()
    try:
        await seed.cast(hub.directory, passwords)
        drawn = tmp_path / "synthetic"
        older = await seed.rooms(hub.rooms, hub.images, drawn, (half_made, reworded))
        assert (older.made, older.older) == (2, 0)
        again = await seed.rooms(hub.rooms, hub.images, drawn, (asked, injured))
        assert (again.made, again.older) == (0, 2)
    finally:
        passwords.close()
        await hub.settle()
        await hub.stop()


def test_a_fresh_start_keeps_the_old_folder_aside(tmp_path: Path) -> None:
    data = tmp_path / "demo-data"
    put_aside(data, "")  # nothing there: nothing to do
    (data / "synthetic").mkdir(parents=True)
    (data / "examroom.db").write_bytes(b"kept")
    put_aside(data, "")
    assert not data.exists()
    (aside,) = tmp_path.iterdir()
    assert (aside / "examroom.db").read_bytes() == b"kept"


def test_a_fresh_start_moves_no_folder_but_the_demonstrations(tmp_path: Path) -> None:
    (tmp_path / "examroom.db").write_bytes(b"of a hospital")
    with pytest.raises(OSError, match="not a folder of the demonstration"):
        put_aside(tmp_path, "")
    with pytest.raises(OSError, match="--database"):
        put_aside(tmp_path, "sqlite:///elsewhere.db")
    assert (tmp_path / "examroom.db").exists()
