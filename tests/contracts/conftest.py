"""Every adapter of each port."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hub.ports import Journal
from persistence.sqlite import SqliteJournal
from tests.contracts.journal import Open, Opened


def _sqlite(folder: Path) -> Journal:
    return SqliteJournal(f"sqlite:///{folder / 'store' / 'examroom.db'}")


ADAPTERS: dict[str, Callable[[Path], Journal]] = {"sqlite": _sqlite}


@pytest.fixture(params=ADAPTERS)
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens journals on one store; all are stopped at the end."""
    every: list[Opened] = []

    async def open_one() -> Opened:
        one = await Opened(ADAPTERS[request.param](tmp_path)).start()
        every.append(one)
        return one

    yield open_one
    for one in every:
        await one.journal.stop()
