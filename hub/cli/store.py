"""The operator's commands on the store: migrate, verify, backup, restore."""

import sqlite3
import time
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.serve import Database, DataDir, settings_from, stop_with


def _path(url: str | None, data: Path | None) -> Path:
    from persistence.database import path_of
    from persistence.entries import UnsafeStore

    try:
        return path_of(settings_from(database=url, data=data).database_url)
    except (UnsafeStore, ValueError) as problem:
        raise stop_with(problem) from None


def _existing(url: str | None, data: Path | None) -> Path:
    path = _path(url, data)
    if not path.exists():
        raise stop_with(f"there is no database at {path}")
    return path


def _migrate(database: Database = None, data: DataDir = None) -> None:
    """Bring the database to the tables of this version (make one where there is none)."""
    from persistence.entries import StoreUnavailable, UnsafeStore
    from persistence.store import bring_up_to_date

    path = _path(database, data)
    try:
        before, after = bring_up_to_date(path, 5.0)
    except (UnsafeStore, StoreUnavailable) as problem:
        raise stop_with(f"{path} could not be migrated: {problem}") from None
    typer.echo(f"{path} is at step {after}" + ("" if before == after else f", was {before or '-'}"))


def _verify(
    room: Annotated[str, typer.Argument(help="one room; all where none is given")] = "",
    database: Database = None,
    data: DataDir = None,
) -> None:
    """Check every chain and index: `ok`, or the first broken room and seq (exit 1)."""
    from persistence.verify import verifier

    path = _existing(database, data)
    started = time.perf_counter()
    try:
        found = verifier(path)
        first = next(found.run(room), None)
        found.driver.close()
    except (sqlite3.Error, OSError) as problem:
        raise stop_with(f"{path} cannot be read: {problem}") from None
    if first:
        typer.echo(str(first))
        raise typer.Exit(1)
    rate = found.entries / max(time.perf_counter() - started, 1e-9)
    typer.echo(f"{found.entries} entries, {len(found.heads)} chains, {rate:,.0f}/s", err=True)
    typer.echo("ok")


def _backup(
    file: Annotated[Path, typer.Argument(help="the file to write")],
    database: Database = None,
    data: DataDir = None,
) -> None:
    """Copy the database while the hub runs, and check the copy."""
    from persistence.backup import BackupProblem, backup

    path = _existing(database, data)
    try:
        manifest = backup(path, file)
    except BackupProblem as problem:
        raise stop_with(problem) from None
    typer.echo(f"{file}: {manifest['entries']} entries, epoch {manifest['epoch']}, checked")


def _restore(
    file: Annotated[Path, typer.Argument(help="a file that `backup` wrote")],
    force: Annotated[
        bool, typer.Option("--force", help="over a database that holds entries; it is kept aside")
    ] = False,
    database: Database = None,
    data: DataDir = None,
) -> None:
    """Put a backup in the place of the database, with the hub stopped."""
    from persistence.backup import BackupProblem, restore

    path = _path(database, data)
    try:
        epoch, aside = restore(file, path, force=force)
    except BackupProblem as problem:
        raise stop_with(problem) from None
    typer.echo(f"{path} restored from {file}, new epoch {epoch}")
    if aside:
        typer.echo(f"the database that was there is kept as {aside}")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("migrate")(_migrate)
    app.command("verify")(_verify)
    app.command("backup")(_backup)
    app.command("restore")(_restore)
