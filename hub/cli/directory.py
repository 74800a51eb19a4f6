"""What the commands about people and sites share: a job on the store, a table on the screen."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from hub.cli.serve import settings_from, stop_with

if TYPE_CHECKING:
    from persistence.directory import Person

T = TypeVar("T")

Database = Annotated[str, typer.Option(help="sqlite:///…; default: the hub's")]
Data = Annotated[Path | None, typer.Option("--data", help="folder of the hub; default ./data")]

out = Console(highlight=False, soft_wrap=True)


def on_store(job: Callable[[Any], T], database: str, data: Path | None) -> T:
    """Run `job` on the store in one transaction; what it does not find ends the command."""
    from persistence.directory import Unknown
    from persistence.entries import StoreUnavailable, UnsafeStore
    from persistence.sqlite import SqliteJournal

    async def run() -> T:
        settings = settings_from(database=database or None, data=data)
        journal = SqliteJournal(settings.database_url)
        await journal.start(lambda settled: None)
        try:
            return await journal.run(job)
        finally:
            await journal.stop()

    try:
        return asyncio.run(run())
    except Unknown as missing:
        raise stop_with(f"there is no {missing.args[0]}") from None
    except (StoreUnavailable, UnsafeStore) as problem:
        raise stop_with(problem) from None


def person_of(at: Any, who: str) -> "Person":
    """The account of a login or a person id. Raises `Unknown`."""
    from hub.edge.identity.directory import normal_login
    from persistence import directory

    person = directory.by_login(at, normal_login(who)) or directory.find(at, [who]).get(who)
    if person is None:
        raise directory.Unknown(f"account {who}")
    return person


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print rows under their columns."""
    from rich.table import Table

    shown = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        # an id is copied by hand or by a script: it stays whole
        shown.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        shown.add_row(*row)
    # a pipe has no width to fold to
    wide = out if out.is_terminal else Console(highlight=False, width=300)
    wide.print(shown, markup=False)
