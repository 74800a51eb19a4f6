"""From whatever a database holds to today's tables, by Alembic, without a file beside it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select

from persistence.entries import UnsafeStore
from persistence.schema import FORMAT, meta

STEPS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    return config


def newest() -> str:
    """The name of the last step that this version knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def current(connection: Connection) -> str:
    """The name of the last step taken on this database, empty where none was."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_empty(connection: Connection) -> bool:
    """Whether there is no table at all."""
    return not inspect(connection).get_table_names()


def upgrade(connection: Connection) -> None:
    """Take every step that is missing, in the transaction that `connection` is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def ready(connection: Connection) -> None:
    """Make an empty database ready. Raises `UnsafeStore` where it is another version's."""
    if is_empty(connection):
        upgrade(connection)
        return
    have, want = current(connection), newest()
    if not have:
        raise UnsafeStore("this database belongs to another program: it has tables but no version")
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    if have not in known:
        raise UnsafeStore(f"this database was written by a newer examroom (step {have})")
    if have != want:
        raise UnsafeStore(
            f"this database is at step {have} and this version needs {want}: back it up, then run "
            "`examroom migrate`"
        )
    found = connection.execute(select(meta.c.format)).scalar()
    if found != FORMAT:
        raise UnsafeStore(f"the entries are of format {found}; this version knows {FORMAT}")
