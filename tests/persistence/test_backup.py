"""Backup while writing, restore, and the commands of the operator."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hub.cli import store
from persistence.backup import BackupProblem, backup, restore
from persistence.sqlite import SqliteJournal
from tests.contracts.journal import Opened, message


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    app = typer.Typer()
    store.register(app)
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


async def opened(path: Path) -> Opened:
    return await Opened(SqliteJournal(f"sqlite:///{path}")).start()


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with five messages in room r."""
    path = tmp_path / "data" / "examroom.db"
    one = await opened(path)
    await one.fill("r", 5)
    await one.journal.stop()
    return path


async def test_backup_while_writing(path: Path, tmp_path: Path) -> None:
    one = await opened(path)
    made: list[asyncio.Future[dict[str, object]]] = []
    for seq in range(6, 300):
        await one.write(message("r", seq, body=b"x" * 2000))
        if seq % 100 == 0:
            copy = asyncio.to_thread(backup, path, tmp_path / f"{seq}.bak")
            made.append(asyncio.ensure_future(copy))
    manifests = await asyncio.gather(*made)
    assert await one.seqs("r") == [*range(1, 300)]
    await one.journal.stop()
    for seq, manifest in zip((100, 200), manifests, strict=True):
        count = manifest["entries"]
        assert isinstance(count, int)
        assert seq <= count < 300
        driver = sqlite3.connect(tmp_path / f"{seq}.bak")
        assert driver.execute("SELECT max(seq) FROM entries").fetchone() == (count,)
        digest = driver.execute("SELECT digest FROM entries ORDER BY n DESC").fetchone()[0]
        driver.close()
        written = json.loads((tmp_path / f"{seq}.bak.manifest").read_text())
        assert written == manifest
        assert written["heads"] == {"r": {"journal": [count, digest.hex()]}}


async def test_a_broken_database_is_not_backed_up(path: Path, tmp_path: Path) -> None:
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("UPDATE entries SET body = x'00' WHERE seq = 3")
    driver.close()
    with pytest.raises(BackupProblem, match="r 3: entry changed"):
        backup(path, tmp_path / "b")
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.part").exists()


async def test_restore_gives_a_new_epoch(path: Path, tmp_path: Path) -> None:
    first = backup(path, tmp_path / "b")
    target = tmp_path / "new" / "examroom.db"
    epoch, aside = restore(tmp_path / "b", target)
    assert aside is None
    assert epoch != first["epoch"]
    one = await opened(target)
    assert one.journal.epoch == epoch
    assert await one.seqs("r") == [1, 2, 3, 4, 5]
    await one.fill("r", 1, start=5)
    await one.journal.stop()


async def test_restore_over_entries_is_asked_for(path: Path, tmp_path: Path) -> None:
    backup(path, tmp_path / "b")
    one = await opened(path)
    await one.fill("r", 1, start=5)
    with pytest.raises(BackupProblem, match="--force"):
        restore(tmp_path / "b", path)
    with pytest.raises(BackupProblem, match="in use"):
        restore(tmp_path / "b", path, force=True)
    await one.fill("r", 1, start=6)
    await one.journal.stop()
    _, aside = restore(tmp_path / "b", path, force=True)
    assert aside is not None
    for file, count in ((path, 5), (aside, 7)):
        driver = sqlite3.connect(file)
        assert driver.execute("SELECT count(*) FROM entries").fetchone() == (count,)
        driver.close()


async def test_a_broken_backup_is_not_restored(path: Path, tmp_path: Path) -> None:
    copy, target = tmp_path / "b", tmp_path / "new.db"
    backup(path, copy)
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        file.truncate(size // 2)
    with pytest.raises(BackupProblem):
        restore(copy, target)
    assert [*tmp_path.glob("new.db*")] == []  # noqa: ASYNC240 - one call


async def test_commands(path: Path, tmp_path: Path) -> None:
    at = ("--data", str(path.parent))
    assert run("verify", *at)[:2] == (0, "ok\n")
    assert run("verify", "r", "--database", f"sqlite:///{path}")[:2] == (0, "ok\n")
    assert run("verify", "none", *at)[:2] == (1, "none 0: there is no such room\n")
    code, said, _ = run("backup", str(tmp_path / "b"), *at)
    assert (code, "5 entries" in said) == (0, True)
    assert run("backup", str(tmp_path / "b"), *at)[0] == 1
    code, _, error = run("restore", str(tmp_path / "b"), *at)
    assert (code, "--force" in error) == (1, True)
    assert run("restore", str(tmp_path / "b"), "--force", *at)[0] == 0
    assert run("migrate", *at)[0] == 0
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("UPDATE entries SET kind = 'x' WHERE seq = 4")
    driver.close()
    code, said, _ = run("verify", *at)
    assert (code, said.startswith("r 4: entry changed")) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [("verify",), ("backup", "b"), ("restore", "missing"), ("verify", "--database", "mysql://x")],
)
def test_commands_without_a_database(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, said, error = run(*arguments, "--data", str(tmp_path / "none"))
    assert (code, said) == (1, "")
    assert error.startswith("examroom: ")
    assert not (tmp_path / "none").exists()


def test_migrate_makes_a_database(tmp_path: Path) -> None:
    at = ("--data", str(tmp_path / "new"))
    assert run("migrate", *at)[0] == 0
    assert run("verify", *at)[:2] == (0, "ok\n")
