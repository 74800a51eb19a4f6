"""The store fails: everyone is told within two seconds, nothing is kept for later, and it recovers.

Each test breaks the file under a running journal the way the world does, then mends it.
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from persistence import writer
from persistence.backup import backup
from persistence.entries import Conflict, Outcome, Stored, StoreUnavailable, Stream, Unavailable
from persistence.sqlite import SqliteJournal
from persistence.store import Store
from persistence.verify import verifier
from tests.contracts.journal import Opened, message

NOBODY = 65534
BUSY_S = 0.4


@pytest.fixture(autouse=True)
def fast_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is looked at ten times a second, so that the tests are done sooner."""
    monkeypatch.setattr(writer, "TICK_S", 0.1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "examroom.db"


@pytest.fixture
async def one(path: Path) -> AsyncIterator[Opened]:
    """A journal with three messages in room r."""
    opened = await Opened(SqliteJournal(f"sqlite:///{path}", busy_s=BUSY_S)).start()
    await opened.fill("r", 3)
    yield opened
    await opened.journal.stop()


async def refused(one: Opened, seq: int = 4) -> Unavailable:
    """Submit what must be refused within the time that W-19 gives."""
    started = time.monotonic()
    [outcome] = await one.write(message("r", seq, f"refused-{seq}"))
    assert time.monotonic() - started < 2
    assert isinstance(outcome, Unavailable)
    assert not one.journal.available()
    return outcome


async def recovered(one: Opened) -> None:
    """Wait until the writer's thread finds the store well, and says so."""
    await asyncio.wait_for(one.well.wait(), 10)
    assert one.journal.available()


def bytes_of(path: Path) -> bytes:
    """The whole file, read by another process: ours would lose SQLite's locks on it."""
    return subprocess.run(["cat", str(path)], check=True, capture_output=True).stdout


def overwrite(path: Path, content: bytes) -> None:
    """Write into the file as it stands, by another process."""
    command = ["dd", f"of={path}", "conv=notrunc", "bs=1M", "status=none"]
    subprocess.run(command, input=content, check=True)


def exchange(old: Path, new: Path) -> None:
    """Rename a file, log and shared memory staying where they are."""
    old.rename(new)


def unlink(path: Path) -> None:
    """Take one file away."""
    path.unlink()


def another_database(path: Path) -> None:
    """A sound journal that is not this one."""
    Store(path, 1.0, create=True).prepare()


async def check_nothing_came_later(one: Opened, path: Path, seqs: list[int]) -> None:
    """What was refused is not there, what comes now is, and the journal is whole."""
    await recovered(one)
    assert await one.seqs("r") == seqs
    assert await one.journal.retry("r", "p1", "d1", "refused-4") is None
    await one.fill("r", 2, start=seqs[-1])
    assert await one.seqs("r") == [*seqs, seqs[-1] + 1, seqs[-1] + 2]
    found = verifier(path)
    assert [*found.run()] == []
    found.driver.close()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


async def test_locked(one: Opened, path: Path) -> None:
    with locked(path):
        assert "locked" in (await refused(one)).reason
        assert await one.seqs("r") == [1, 2, 3]  # reading goes on
    await check_nothing_came_later(one, path, [1, 2, 3])


async def test_a_short_lock_is_waited_for(one: Opened, path: Path) -> None:
    append = message("r", 4)
    with locked(path):
        one.submit([append])
        await asyncio.sleep(BUSY_S / 4)  # the lock is held for a while
    assert await one.wait([append]) == [Stored()]


async def test_nobody_waits_in_a_queue_for_a_failing_store(one: Opened, path: Path) -> None:
    waits: list[float] = []

    async def submitter(number: int) -> Outcome:
        await asyncio.sleep(number * 0.02)  # the arrivals of two seconds of load
        started = time.monotonic()
        [outcome] = await one.write(message("r", 4, f"n{number}"))
        waits.append(time.monotonic() - started)
        return outcome

    with locked(path):
        outcomes = await asyncio.gather(*(submitter(number) for number in range(100)))
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert max(waits) < BUSY_S + 0.5
    await recovered(one)
    assert await one.seqs("r") == [1, 2, 3]


async def test_jobs_and_states_are_refused_too(one: Opened, path: Path) -> None:
    with locked(path):
        await refused(one)
        for call in (
            one.journal.run(lambda at: None),
            one.journal.save_receipts("r", [("p", "d", 1, 1)]),
            one.journal.save_snapshot("r", "f", 1, b""),
        ):
            with pytest.raises(StoreUnavailable):
                await asyncio.wait_for(call, 2)
    await check_nothing_came_later(one, path, [1, 2, 3])
    assert await one.journal.receipts("r") == []


@pytest.mark.parametrize("put_back", [True, False])
async def test_deleted(one: Opened, path: Path, tmp_path: Path, put_back: bool) -> None:
    aside = tmp_path / "aside"
    path.parent.rename(aside)
    await refused(one)
    with pytest.raises(StoreUnavailable):
        await one.seqs("r")
    if not put_back:
        path.parent.mkdir()
        await refused(one, 5)
        path.parent.rmdir()  # it is empty: a new database in its place would be worse than none
    aside.rename(path.parent)
    await check_nothing_came_later(one, path, [1, 2, 3])


async def test_unlinked_files_are_noticed_while_nothing_is_written(one: Opened, path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    await asyncio.wait_for(one.ill.wait(), 10)
    assert not one.journal.available()
    await refused(one)


@pytest.mark.parametrize("suffix", ["", "-wal"])
async def test_a_single_unlinked_file(one: Opened, path: Path, suffix: str) -> None:
    unlink(path.with_name(path.name + suffix))
    assert "gone" in (await refused(one)).reason
    if suffix:  # the log could be saved by the connections that had it open
        await check_nothing_came_later(one, path, [1, 2, 3])


@pytest.mark.parametrize("what", ["another", "older"])
async def test_replaced(one: Opened, path: Path, tmp_path: Path, what: str) -> None:
    other, aside = tmp_path / "other.db", tmp_path / "aside.db"
    if what == "another":
        another_database(other)
    else:
        backup(path, other)
    await one.fill("r", 3, start=3)
    exchange(path, aside)
    exchange(other, path)
    await refused(one, 7)
    assert "replaced" in (await refused(one, 8)).reason
    with pytest.raises(StoreUnavailable):
        await one.seqs("r")
    exchange(aside, path)
    await check_nothing_came_later(one, path, [1, 2, 3, 4, 5, 6])


async def test_damaged(path: Path) -> None:
    one = await Opened(SqliteJournal(f"sqlite:///{path}", busy_s=BUSY_S)).start()
    await one.fill("r", 3)
    await one.journal.stop()
    whole = bytes_of(path)
    one = await Opened(SqliteJournal(f"sqlite:///{path}", busy_s=BUSY_S)).start()
    overwrite(path, b"\x5a" * len(whole))
    await refused(one)
    overwrite(path, whole)
    await recovered(one)
    assert await one.seqs("r") == [1, 2, 3]
    await one.fill("r", 1, start=3)
    await one.journal.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte and a half."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_full(small_disk: Path) -> None:
    path = small_disk / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}", busy_s=BUSY_S)).start()
    await one.fill("r", 3)
    ballast = small_disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    seq = 3
    outcome: Outcome = Stored()
    while isinstance(outcome, Stored):
        seq += 1
        big = message("r", seq, f"refused-{seq}", body=b"x" * 20_000)
        [outcome] = await one.write(big)
        assert seq < 100
    assert isinstance(outcome, Unavailable)
    stored = [*range(1, seq)]
    assert await one.seqs("r") == stored
    ballast.unlink()
    await recovered(one)
    assert await one.seqs("r") == stored
    await one.fill("r", 2, start=seq - 1)
    await one.journal.stop()
    found = verifier(path)
    assert [*found.run()] == []
    found.driver.close()


@pytest.fixture
def plain_user(tmp_path: Path) -> Iterator[Path]:
    """A folder of a user whom file permissions bind (root is not bound by them)."""
    if os.geteuid():
        yield tmp_path
        return
    folder = Path(f"/tmp/examroom-test-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    yield folder
    os.seteuid(0)
    shutil.rmtree(folder)


async def test_read_only(plain_user: Path) -> None:
    path = plain_user / "store" / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}", busy_s=BUSY_S)).start()
    await one.fill("r", 3)
    aside = plain_user / "aside"
    path.parent.rename(aside)
    await refused(one)  # the journal has let go of its files
    for file in aside.iterdir():
        file.chmod(0o444)
    aside.chmod(0o555)
    aside.rename(path.parent)
    outcome = await refused(one)
    assert "read" in outcome.reason or "open" in outcome.reason
    path.parent.chmod(0o755)
    for file in path.parent.iterdir():
        file.chmod(0o644)
    await check_nothing_came_later(one, path, [1, 2, 3])
    await one.journal.stop()


async def test_a_read_only_file_is_refused_at_start(plain_user: Path) -> None:
    path = plain_user / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    await one.journal.stop()
    path.chmod(0o444)
    with pytest.raises(StoreUnavailable):
        await SqliteJournal(f"sqlite:///{path}").start(lambda batch: None)


async def test_after_a_failure_the_head_is_read_again(one: Opened, path: Path) -> None:
    """Another process wrote while the store failed here."""
    two = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    with locked(path):
        await refused(one)
    await two.fill("r", 2, start=3)
    await recovered(one)
    assert await one.write(message("r", 4, "mine")) == [Conflict(5)]
    assert await one.journal.head(Stream.JOURNAL, "r") == 5
    await two.journal.stop()
