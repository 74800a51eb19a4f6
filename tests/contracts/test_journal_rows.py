"""What every journal guarantees about the worklist, states, receipts, and other tables."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from persistence.entries import Conflict, Row, Stored
from tests.contracts.journal import Open, Opened, message, row


async def _seed(one: Opened, *rows: Row) -> None:
    outcomes = await one.write(*(message(each.room, 1, row=each) for each in rows))
    assert outcomes == [Stored()] * len(rows)


async def _names(one: Opened, **wanted: Any) -> list[str]:
    rows, _ = await one.journal.rows(**({"sites": ["s1"], "person": ""} | wanted))
    return [each.room for each in rows]


async def test_a_row_stands_as_it_was_last_written(opened: Open) -> None:
    one = await opened()
    first = row("r", 1, people=("p1", "p2"), due_at="2026-11-21T23:45:00.000Z")
    await _seed(one, first)
    assert (await one.journal.rows(sites=["s1"], person=""))[0] == [first]
    second = row("r", 2, people=("p1", "p3"), stage="claimed", owner="p3", is_open=False)
    refused = row("r", 9, stage="closed")
    outcomes = await one.write(message("r", 2, row=second), message("r", 9, "x", row=refused))
    assert outcomes == [Stored(), Conflict(2)]
    assert (await one.journal.rows(sites=["s1"], person=""))[0] == [second]
    third = row("r", 3, people=("p1", "p3"), stage="claimed", owner="p3", is_open=False)
    await one.write(message("r", 3, row=third))
    await one.journal.stop()
    one = await opened()
    assert (await one.journal.rows(sites=["s1"], person=""))[0] == [third]
    assert await _names(one, sites=[], person="p2") == []
    assert await _names(one, sites=[], person="p3") == ["r"]


async def test_two_journals_write_rows_of_one_room(opened: Open) -> None:
    one, two = await opened(), await opened()
    await one.write(message("r", 1, row=row("r", 1)))
    await two.write(message("r", 2, row=row("r", 2, stage="claimed", people=("p2",))))
    last = row("r", 3, stage="requested", people=("p1",))
    await one.write(message("r", 3, row=last))
    assert (await two.journal.rows(sites=["s1"], person=""))[0] == [last]
    assert await _names(one, sites=[], person="p2") == []


async def test_the_worklist_is_filtered(opened: Open) -> None:
    one = await opened()
    await _seed(
        one,
        row("a", 1, stage="claimed", urgency="P2"),
        row("b", 1, site="s2", people=("p2",)),
        row("c", 1, site="s3", people=("p3",), is_open=False),
        row("d", 1, is_open=False, urgency="P0"),
    )
    assert await _names(one) == ["d", "a"]
    assert await _names(one, open_only=True) == ["a"]
    assert await _names(one, sites=["s1", "s2"]) == ["d", "b", "a"]
    assert await _names(one, sites=["s1", "s2"], site="s2") == ["b"]
    assert await _names(one, person="p3") == ["d", "c", "a"]
    assert await _names(one, person="p3", mine=True) == ["c"]
    assert await _names(one, person="p3", sites=[], site="s1") == []
    assert await _names(one, stage="claimed") == ["a"]
    assert await _names(one, urgency="P0") == ["d"]


async def test_the_worklist_is_paged_in_order(opened: Open) -> None:
    one = await opened()
    times = [f"2026-11-21T23:{minute:02}:00.000Z" for minute in (5, 3, 3, 9)]
    every = [
        row(f"r{n}", 1, urgency=f"P{n % 3}", requested_at=times[n % len(times)]) for n in range(24)
    ]
    await _seed(one, *every)
    found: list[Row] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page, cursor = await one.journal.rows(sites=["s1"], person="", after=cursor, limit=5)
        found += page
        pages += 1
    assert pages == 5
    keys = [(each.urgency, each.requested_at) for each in found]
    assert keys == sorted(keys)
    assert {each.room for each in found} == {each.room for each in every}
    assert len(found) == 24


@pytest.mark.parametrize("cursor", ["x", "[]", "[1,2]", '["P1","t",{}]', "null", '{"a":1}'])
async def test_a_cursor_that_was_never_given_is_an_empty_page(opened: Open, cursor: str) -> None:
    one = await opened()
    await _seed(one, row("a", 1))
    assert await one.journal.rows(sites=["s1"], person="", after=cursor) == ([], "")


async def test_rooms_whose_limit_has_come(opened: Open) -> None:
    one = await opened()
    await _seed(
        one,
        row("late", 1, due_at="2026-11-21T23:02:00.000Z"),
        row("now", 1, due_at="2026-11-21T23:05:00.000Z"),
        row("first", 1, due_at="2026-11-21T23:01:00.000Z"),
        row("later", 1, due_at="2026-11-21T23:05:00.001Z"),
        row("none", 1),
        row("closed", 1, due_at="2026-11-21T23:01:00.000Z", is_open=False),
    )
    assert await one.journal.due("2026-11-21T23:05:00.000Z") == ["first", "late", "now"]


async def test_the_newest_state_replaces_the_one_before(opened: Open) -> None:
    one = await opened()
    await one.journal.save_snapshot("r", "fold-1", 3, b"three")
    await one.journal.save_snapshot("r", "fold-1", 5, b"five")
    await one.journal.save_snapshot("q", "fold-1", 1, b"one")
    assert await one.journal.snapshot("r", "fold-1") == (5, b"five")
    assert await one.journal.snapshot("r", "fold-2") is None
    await one.journal.save_snapshot("r", "fold-2", 6, b"six")
    assert await one.journal.snapshot("r", "fold-1") is None
    assert await one.journal.snapshot("r", "fold-2") == (6, b"six")


async def test_receipts_only_rise(opened: Open) -> None:
    one = await opened()
    await one.journal.save_receipts("r", [("p1", "d1", 5, 2), ("p2", "d1", 1, 0)])
    await one.journal.save_receipts("r", [("p1", "d1", 4, 3), ("p1", "d2", 9, 9)])
    await one.journal.save_receipts("q", [("p1", "d1", 1, 1)])
    assert sorted(await one.journal.receipts("r")) == [
        ("p1", "d1", 5, 3),
        ("p1", "d2", 9, 9),
        ("p2", "d1", 1, 0),
    ]


async def test_a_job_is_a_transaction(opened: Open) -> None:
    one = await opened()

    def make(at: Any) -> None:
        at.execute(text("CREATE TABLE beds (bed TEXT PRIMARY KEY)"))

    def fill(at: Any) -> str:
        at.execute(text("INSERT INTO beds VALUES ('b1')"))
        return "done"

    def fail(at: Any) -> None:
        at.execute(text("INSERT INTO beds VALUES ('b2')"))
        raise KeyError("the job's own")

    def count(at: Any) -> int:
        return int(at.execute(text("SELECT count(*) FROM beds")).scalar())

    await one.journal.run(make)
    assert await one.journal.run(fill) == "done"
    with pytest.raises(KeyError):
        await one.journal.run(fail)
    with pytest.raises(IntegrityError):
        await one.journal.run(fill)
    assert await one.journal.query(count) == 1
    assert one.journal.available()
    assert await one.write(message("r", 1)) == [Stored()]


async def test_a_reader_cannot_write(opened: Open) -> None:
    one = await opened()
    with pytest.raises(Exception, match="read"):
        await one.journal.query(lambda at: at.execute(text("DELETE FROM entries")))
    assert await one.write(message("r", 1)) == [Stored()]


async def test_jobs_and_appends_share_one_writer(opened: Open) -> None:
    one = await opened()
    appends = [message("r", seq) for seq in range(1, 201)]
    one.submit(appends[:100])
    jobs = [one.journal.save_receipts("r", [("p", "d", n, n)]) for n in range(20)]
    await asyncio.gather(*jobs)
    one.submit(appends[100:])
    assert await one.wait(appends) == [Stored()] * 200
    assert await one.journal.receipts("r") == [("p", "d", 19, 19)]


async def test_rooms_that_somebody_has_in_a_stage(opened: Open) -> None:
    one = await opened()
    await _seed(
        one,
        row("a", 1, stage="claimed", owner="p1"),
        row("b", 1, stage="justified", owner="p2"),
        row("c", 1, stage="claimed"),
        row("d", 1, stage="acquired", owner="p1"),
        row("e", 1, stage="claimed", owner="p1", is_open=False),
    )
    found = await one.journal.owned(["claimed", "justified"])
    assert sorted(found) == [("a", "p1"), ("b", "p2")]
