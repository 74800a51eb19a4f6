"""The writer: batches, folds, several processes' journals on one file, readers beside it."""

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from persistence import checkpoint, ledger, writer
from persistence.entries import Append, Conflict, Duplicate, Outcome, Retry, Stored, Stream
from persistence.sqlite import SqliteJournal
from persistence.verify import verifier
from tests.contracts.journal import Opened, draft, message, request_hash


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/examroom.db"


def check_whole(url: str) -> None:
    found = verifier(Path(url.removeprefix("sqlite:///")))
    assert [*found.run()] == []
    found.driver.close()


async def test_what_waits_is_one_commit(url: str) -> None:
    one = await Opened(SqliteJournal(url)).start()
    await one.fill("r", 1)
    one.batches.clear()
    await one.fill("r", 1000, start=1)
    assert len(one.batches) <= 4
    assert sum(len(batch) for batch in one.batches) == 1000
    await one.journal.stop()


class Model:
    """What a journal should hold, and what it should answer."""

    def __init__(self) -> None:
        self.heads: dict[tuple[Stream, str], int] = {}
        self.retries: dict[tuple[str, str, str, str], tuple[int, bytes]] = {}

    def expect(self, append: Append) -> Outcome:
        retry = append.retry
        key = retry and (retry.room, retry.person, retry.device, retry.cid)
        if key in self.retries:
            return Duplicate(*self.retries[key])
        heads = dict(self.heads)
        for one in append.drafts:
            head = heads.get((one.stream, one.room), 0)
            if one.seq != head + 1:
                return Conflict(head)
            heads[one.stream, one.room] = one.seq
        self.heads = heads
        if retry and key:
            self.retries[key] = (append.drafts[0].seq, retry.request_hash)
        return Stored()


def random_append(model: Model, chance: random.Random) -> Append:
    """An append that is mostly right, sometimes a retry, sometimes misplaced."""
    room, stream = f"r{chance.randrange(4)}", chance.choice([*Stream])
    head = model.heads.get((stream, room), 0)
    seq = head + 1 if chance.random() < 0.9 else max(1, head + chance.randint(-2, 3))
    cid = f"c{chance.randrange(60)}" if chance.random() < 0.7 else ""
    drafts = [draft(room, seq + n, stream=stream, cid=cid) for n in range(chance.choice([1, 1, 2]))]
    if not cid:
        return Append(drafts)
    person = f"p{chance.randrange(2)}"
    return Append(drafts, Retry(room, person, "d", cid, request_hash(drafts[0].body)))


@pytest.mark.parametrize("fold", [1, 7, 64, 4096])
async def test_random_histories(url: str, fold: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two journals on one file, restarts, folds of every size: always what the model says."""
    monkeypatch.setattr(ledger, "FOLD", fold)
    monkeypatch.setattr(ledger, "KEPT", 3)
    chance, model = random.Random(fold), Model()
    journals = [await Opened(SqliteJournal(url)).start() for _ in range(2)]
    for _ in range(60):
        index = chance.randrange(2)
        if chance.random() < 0.1:
            await journals[index].journal.stop()
            journals[index] = await Opened(SqliteJournal(url)).start()
        one = journals[index]
        batch, expected = [], []
        for _ in range(chance.choice([1, 3, 20])):
            append = random_append(model, chance)
            batch.append(append)
            expected.append(model.expect(append))
        assert await one.write(*batch) == expected
        reader = journals[chance.randrange(2)]
        for (stream, room), head in model.heads.items():
            assert await reader.journal.head(stream, room) == head
    for one in journals:
        for (stream, room), head in model.heads.items():
            assert await one.seqs(room, stream) == [*range(1, head + 1)]
        for key, answer in model.retries.items():
            assert await one.journal.retry(*key) == answer
        await one.journal.stop()
    check_whole(url)


async def test_readers_see_no_gap_while_it_folds(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "FOLD", 50)
    monkeypatch.setattr(checkpoint, "EVERY", 40)
    one = await Opened(SqliteJournal(url)).start()
    done = False

    async def reader() -> int:
        looks = seen = 0
        while not done:
            seqs = await one.seqs("r")
            assert seqs == [*range(1, len(seqs) + 1)]
            assert len(seqs) >= seen
            seen, looks = len(seqs), looks + 1
        return looks

    readers = [asyncio.create_task(reader()) for _ in range(3)]
    for start in range(0, 2000, 10):
        await one.fill("r", 10, start=start)
        assert await one.journal.head(Stream.JOURNAL, "r") == start + 10
    done = True
    assert all(looks > 3 for looks in await asyncio.gather(*readers))
    await one.journal.stop()
    check_whole(url)


async def test_a_fold_is_made_while_nothing_waits(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "TICK_S", 0.02)
    one = await Opened(SqliteJournal(url)).start()
    await one.fill("r", 10)
    driver = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
    async with asyncio.timeout(5):
        while driver.execute("SELECT count(*) FROM places").fetchone() != (10,):  # noqa: ASYNC110 - another process's view has no listener
            await asyncio.sleep(0.01)
    driver.close()
    await one.journal.stop()


async def test_the_log_does_not_grow_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "EVERY", 100)
    monkeypatch.setattr(checkpoint, "HEAVY", 200)
    one = await Opened(SqliteJournal(url)).start()
    for start in range(0, 3000, 20):
        await one.fill("r", 20, start=start)
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    size = log.stat().st_size  # noqa: ASYNC240 - one call
    assert size < 600 * 4120
    await one.journal.stop()
    assert not log.exists()  # noqa: ASYNC240 - one call


async def test_the_last_event_costs_what_the_first_did(url: str) -> None:
    """Pages written by a batch do not grow with the store."""
    one = await Opened(SqliteJournal(url)).start()
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    costs = []
    for part in range(6):
        before = log.stat().st_size  # noqa: ASYNC240 - one call
        batch = [message(f"r{n % 50}", part * 2 + n // 50 + 1) for n in range(100)]
        assert await one.write(*batch) == [Stored()] * 100
        costs.append((log.stat().st_size - before) / 4120)  # noqa: ASYNC240 - one call
        bulk = [message("bulk", part * 600 + n + 1, body=b"x" * 200) for n in range(600)]
        assert await one.write(*bulk) == [Stored()] * 600
    assert max(costs[1:]) < 60  # frames of a hundred events of fifty rooms
    await one.journal.stop()
