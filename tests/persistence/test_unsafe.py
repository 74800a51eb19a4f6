"""What would lose what it promises is refused at the start, with a sentence."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from persistence import credentials, database, directory, drafts, images, migrate, reaching
from persistence.entries import StoreUnavailable, UnsafeStore
from persistence.schema import metadata
from persistence.sqlite import SqliteJournal
from persistence.store import Store


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory",
        "sqlite:////tmp/x.db?synchronous=off",
        "postgresql://user:SECRET@host/x",
        "x.db",
    ],
)
def test_addresses(url: str) -> None:
    with pytest.raises(UnsafeStore) as refused:
        SqliteJournal(url)
    assert "sqlite:///PATH" in str(refused.value)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "safe"),
    [
        ("ext4", True),
        ("tmpfs", True),
        ("overlay", True),
        ("nfs4", False),
        ("cifs", False),
        ("fuse.sshfs", False),
    ],
)
def test_filesystems_of_the_network(tmp_path: Path, kind: str, safe: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nhost:/x {tmp_path} {kind} rw 0 0\nb /else nfs rw\n")
    path = tmp_path / "examroom.db"
    if safe:
        database.check_filesystem(path, str(mounts))
        return
    with pytest.raises(UnsafeStore, match=kind):
        database.check_filesystem(path, str(mounts))


def test_full_durability_is_set_and_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.db", 1.0, create=True)
    assert store.driver.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store.driver.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()
    assert (tmp_path / "x.db").stat().st_mode & 0o777 == 0o600


async def start(path: Path) -> None:
    journal = SqliteJournal(f"sqlite:///{path}", busy_s=0.1)
    await journal.start(lambda batch: None)
    await journal.stop()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "examroom migrate"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer examroom"),
        ("DROP TABLE alembic_version", "another program"),
        ("UPDATE meta SET format = 2", "format 2"),
        ("ALTER TABLE meta RENAME COLUMN probed TO other", "lacks meta.probed"),
    ],
)
async def test_another_version(tmp_path: Path, statement: str, says: str) -> None:
    path = tmp_path / "x.db"
    await start(path)
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute(statement)
    driver.close()
    with pytest.raises(UnsafeStore, match=says):
        await start(path)


async def test_what_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"not a database, but some kilobytes of it\n" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await start(path)


async def test_the_steps_make_what_the_schema_says(tmp_path: Path) -> None:
    known = {directory.people.name, credentials.credentials.name, images.image_rooms.name}
    known |= {drafts.report_drafts.name}
    known |= {reaching.push_subscriptions.name, reaching.contacts.name}
    assert known <= set(metadata.tables)
    path = tmp_path / "x.db"
    await start(path)
    engine = database.reading(path, 1.0)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert migrate.current(connection) == migrate.newest()
    engine.dispose()


def test_the_files_of_the_steps_are_numbered_as_alembic_knows_them() -> None:
    """`migrate` reads the newest step off the names of the files, without loading Alembic."""
    config = Config()
    config.set_main_option("script_location", str(migrate.STEPS))
    known = ScriptDirectory.from_config(config)
    assert known.get_current_head() == migrate.newest()
    assert sorted(one.revision for one in known.walk_revisions()) == migrate.steps()
