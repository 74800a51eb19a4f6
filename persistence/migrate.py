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
    """Take every step that is missing, in the transaction that `connection` is in.

    Raises `UnsafeStore` where the database is another program's or of a newer version.
    """
    if not is_empty(connection):
        _known(current(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known(step: str) -> None:
    if not step:
        raise UnsafeStore("this database belongs to another program: it has tables but no version")
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    if step not in {one.revision for one in steps}:
        raise UnsafeStore(f"this database was written by a newer examroom (step {step})")


def ready(connection: Connection) -> None:
    """Make an empty database ready. Raises `UnsafeStore` where it is another version's."""
    if is_empty(connection):
        upgrade(connection)
        return
    have, want = current(connection), newest()
    _known(have)
    if have != want:
        raise UnsafeStore(
            f"this database is at step {have} and this version needs {want}: back it up, then run "
            "`examroom migrate`"
        )
    found = connection.execute(select(meta.c.format)).scalar()
    if found != FORMAT:
        raise UnsafeStore(f"the entries are of format {found}; this version knows {FORMAT}")
