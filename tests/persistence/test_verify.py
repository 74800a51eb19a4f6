"""Whatever is done to a stored journal behind its back, verify names the first broken place."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from persistence.entries import Append, Retry, Stored, Stream
from persistence.sqlite import SqliteJournal
from persistence.verify import Break, verifier
from tests.contracts.journal import Opened, draft, message, row

Change = Callable[[sqlite3.Connection], object]


@pytest.fixture(params=["folded", "not folded"])
async def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A journal of rooms a, b and c, ten entries each, with a trace in b."""
    path = tmp_path / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    for seq in range(1, 11):
        for room in "abc":
            await one.write(message(room, seq, row=row(room, seq) if seq < 5 else None))
    trace = [Append([draft("b", seq, stream=Stream.TRACE)]) for seq in range(1, 6)]
    assert await one.write(*trace) == [Stored()] * 5
    if request.param == "folded":
        await one.journal.stop()
        return path
    copy = sqlite3.connect(tmp_path / "copy.db")
    source = sqlite3.connect(path)
    source.backup(copy)
    source.close()
    copy.close()
    await one.journal.stop()
    return tmp_path / "copy.db"


def broken(path: Path, room: str = "") -> list[Break]:
    try:
        found = verifier(path)
    except sqlite3.DatabaseError as error:
        return [Break("?", Stream.JOURNAL, 0, str(error))]
    try:
        return [*found.run(room)]
    finally:
        found.driver.close()


def change(path: Path, what: Change) -> None:
    driver = sqlite3.connect(path, isolation_level=None)
    what(driver)
    driver.close()


def sql(statement: str, *values: object) -> Change:
    """A statement on the entry of room b and a seq given as the last value."""
    where = " WHERE stream = 1 AND seq = ? AND room = (SELECT key FROM rooms WHERE room = 'b')"
    return lambda driver: driver.execute(statement + where, values)


def swap(driver: sqlite3.Connection) -> None:
    """Entries 4 and 5 of room b change places, each whole."""
    number = "UPDATE entries SET n = ? WHERE n = ?"
    [(four,), (five,)] = driver.execute(
        "SELECT n FROM entries WHERE seq IN (4, 5) AND stream = 1 "
        "AND room = (SELECT key FROM rooms WHERE room = 'b') ORDER BY seq"
    ).fetchall()
    for new, old in ((0, four), (four, five), (five, 0)):
        driver.execute(number, (new, old))


def insert(driver: sqlite3.Connection) -> None:
    """An entry 11 of room b that was never written by the hub."""
    driver.execute(
        "INSERT INTO entries SELECT 1000, room, stream, 11, NULL, NULL, at, 'x', kind, '', actor, "
        "body_hash, digest, body FROM entries WHERE stream = 1 AND seq = 10 "
        "AND room = (SELECT key FROM rooms WHERE room = 'b')"
    )


MUTATIONS: dict[str, tuple[Change, int, str]] = {
    "body": (sql("UPDATE entries SET body = ?", b'{"text":"5!"}', 5), 5, "the body is not"),
    "one bit of a body": (sql("UPDATE entries SET body = ?", b'{"text":"4"}', 5), 5, "the body"),
    "body and its hash": (
        sql("UPDATE entries SET body = ?, body_hash = ?", b"{}", b"h" * 32, 5),
        5,
        "digest does not follow",
    ),
    "digest": (sql("UPDATE entries SET digest = ?", b"d" * 32, 5), 5, "digest does not follow"),
    "time": (
        sql("UPDATE entries SET at = ?", "2026-11-21T23:40:00.124Z", 5),
        5,
        "digest does not",
    ),
    "author": (sql("UPDATE entries SET actor = ?", b'{"person":"p2"}', 5), 5, "digest does not"),
    "kind": (sql("UPDATE entries SET kind = ?", "message.retracted", 5), 5, "digest does not"),
    "id": (sql("UPDATE entries SET id = ?", "other", 5), 5, "digest does not"),
    "dropped": (sql("DELETE FROM entries", 5), 5, "entry missing: 5"),
    "swapped": (swap, 4, "order changed: seq 5 stands where 4 should"),
    "inserted": (insert, 11, "digest does not follow"),
    "stream": (sql("UPDATE entries SET stream = 2, seq = 6", 10), 1, "order changed: seq 6"),
    "first": (sql("DELETE FROM entries", 1), 1, "entry missing: 1"),
    "room": (
        lambda driver: driver.execute("UPDATE rooms SET room = 'x' WHERE room = 'b'"),
        1,
        "digest does not follow",
    ),
    "tail that the worklist knows": (
        lambda driver: driver.executescript(
            "DELETE FROM entries WHERE stream = 1 AND seq > 3 AND room = 2;"
            "DELETE FROM places WHERE stream = 1 AND seq > 3 AND room = 2;"
            "DELETE FROM retries WHERE room = 2 AND cid IN ('c4','c5','c6','c7','c8','c9','c10');"
        ),
        4,
        "tail cut: the worklist knows of seq 4",
    ),
}


def test_a_whole_journal_is_whole(path: Path) -> None:
    assert broken(path) == []
    for room in "abc":
        assert broken(path, room) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_change_is_named(path: Path, name: str) -> None:
    what, seq, says = MUTATIONS[name]
    change(path, what)
    first = broken(path)[0]
    room = "x" if name == "room" else "b"
    assert (first.room, first.seq) == (room, seq)
    assert says in first.what
    assert str(first).startswith(f"{room} {seq}")
    assert broken(path, room)[0] == first
    assert broken(path, "a") == broken(path, "c") == []


def test_an_erased_body_leaves_the_chain_whole(path: Path) -> None:
    change(path, sql("UPDATE entries SET body = NULL", 5))
    assert broken(path) == []


def test_a_tail_cut_everywhere_cannot_be_seen(path: Path) -> None:
    """The limit that docs/proof.md states: only a log outside of the room shows this."""
    cut = (
        "DELETE FROM entries WHERE stream = 1 AND seq = 10 AND room = 2;"
        "DELETE FROM places WHERE stream = 1 AND seq = 10 AND room = 2;"
        "DELETE FROM retries WHERE cid = 'c10' AND room = 2;"
    )
    change(path, lambda driver: driver.executescript(cut))
    assert broken(path) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM places WHERE room = 2 AND stream = 1 AND seq = 7", "does not know"),
        ("UPDATE places SET n = 1 WHERE room = 2 AND stream = 1 AND seq = 7", "is another"),
        ("INSERT INTO places VALUES (2, 1, 77, 999)", "missing"),
        ("DELETE FROM retries WHERE room = 2 AND cid = 'c7'", "retry key of this entry is missing"),
        ("UPDATE retries SET n = 999 WHERE room = 2 AND cid = 'c7'", "retry key points nowhere"),
        ("INSERT INTO retries VALUES (2, 1, 'x', 999)", "retry key points nowhere"),
        ("INSERT INTO receipts VALUES (2, 'p', 'd', 11, 0)", "tail cut: a receipt knows of seq 11"),
    ],
)
async def test_indexes_must_agree(tmp_path: Path, statement: str, says: str) -> None:
    path = tmp_path / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    for seq in range(1, 11):
        await one.write(message("a", seq), message("b", seq))
    await one.journal.stop()
    change(path, lambda driver: driver.execute(statement))
    found = broken(path)
    assert says in found[0].what
    assert found[0].room == "b"
    assert broken(path, "a") == []


def flips(size: int) -> Iterator[int]:
    """Where to flip: all over the file, the same places each time."""
    return iter(range(97, size, size // 40))


async def test_no_flipped_byte_of_the_file_reads_as_other_content(tmp_path: Path) -> None:
    """Verify finds it, or the byte was of no entry: nobody ever reads anything else."""
    path = tmp_path / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    await one.fill("r", 2000)
    await one.journal.stop()
    whole = path.read_bytes()
    named = 0
    for place in flips(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        copy = tmp_path / "flipped.db"
        copy.write_bytes(damaged)
        if broken(copy):
            named += 1
            continue
        driver = sqlite3.connect(copy)
        texts = driver.execute("SELECT body FROM entries ORDER BY n").fetchall()
        driver.close()
        assert texts == [(b'{"text":"%d"}' % seq,) for seq in range(1, 2001)]
    assert named > 20


async def test_verify_reads_fast(tmp_path: Path) -> None:
    """A sanity bound, ten times under the goal of performance.md: machines are shared."""
    path = tmp_path / "examroom.db"
    one = await Opened(SqliteJournal(f"sqlite:///{path}")).start()
    drafts = [draft("r", seq, cid=f"c{seq}", body=b"x" * 300) for seq in range(1, 10_001)]
    retry = Retry("r", "p", "d", "c1", b"h" * 16)
    assert await one.write(Append(drafts, retry)) == [Stored()]
    await one.journal.stop()
    found = verifier(path)
    started = time.process_time()
    assert [*found.run()] == []
    assert found.entries == 10_000
    assert found.entries / (time.process_time() - started) > 20_000
    found.driver.close()
