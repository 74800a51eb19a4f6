"""An open store beside another process's: whoever looks first, the next batch knows what moved."""

from pathlib import Path

import pytest

from persistence import directory
from persistence.entries import Append, Recheck, Retry, Row, Stored
from persistence.store import Store, bring_up_to_date
from tests.contracts.journal import draft, row


@pytest.fixture
def two(tmp_path: Path) -> tuple[Store, Store]:
    path = tmp_path / "examroom.db"
    bring_up_to_date(path, 1.0)
    stores = Store(path, 1.0), Store(path, 1.0)
    for store in stores:
        store.prepare()
    return stores


def act(seq: int, shown: Row | None = None) -> Append:
    return Append([draft("r", seq, cid=f"c{seq}")], Retry("r", "p", "d", f"c{seq}", b"h"), shown)


def test_a_fold_between_does_not_hide_what_another_process_wrote(two: tuple[Store, Store]) -> None:
    ours, theirs = two
    assert ours.write([act(1, row("r", 1))], []) == [Stored()]
    assert theirs.write([act(2, row("r", 2, stage="claimed", people=("p2",)))], []) == [Stored()]
    ours.fold()
    assert ours.write([act(3, row("r", 3))], []) == [Stored()]
    shown = ours.driver.execute("SELECT stage, seq FROM worklist").fetchall()
    people = ours.driver.execute("SELECT person FROM row_people").fetchall()
    assert (shown, people) == ([("requested", 3)], [("p1",)])


def test_w22_a_fold_between_does_not_hide_that_rights_changed(two: tuple[Store, Store]) -> None:
    ours, theirs = two
    assert ours.write([act(1)], []) == [Stored()]
    theirs.run(directory.bump)
    ours.fold()
    assert ours.write([act(2)], []) == [Recheck()]
    assert ours.write([act(2)], []) == [Stored()]
