"""From whatever a database holds to today's tables, by Alembic, without a file beside it.

Alembic is loaded where a step is to be taken and not before: it costs more than the rest of a
start, and hardly any start takes a step.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from persistence.entries import UnsafeStore
from persistence.schema import FORMAT, meta, metadata

STEPS = Path(__file__).parent / "migrations"
TAKEN = "alembic_version"
"""The table in which Alembic notes the last step."""


def steps() -> list[str]:
    """The names of the steps that this version knows, in order: the numbers of their files."""
    files = (STEPS / "versions").glob("[0-9]*.py")
    return sorted(path.stem.partition("_")[0] for path in files)


def newest() -> str:
    """The name of the last step that this version knows."""
    return steps()[-1]


def current(connection: Connection) -> str:
    """The name of the last step taken on this database, empty where none was."""
    if not inspect(connection).has_table(TAKEN):
        return ""
    found = connection.execute(text(f"SELECT version_num FROM {TAKEN}")).scalar()  # noqa: S608 (ours)
    return str(found or "")


def is_empty(connection: Connection) -> bool:
    """Whether there is no table at all."""
    return not inspect(connection).get_table_names()


def upgrade(connection: Connection) -> None:
    """Take every step that is missing, in the transaction that `connection` is in.

    Raises `UnsafeStore` where the database is another program's or of a newer version.
    """
    if not is_empty(connection):
        have = current(connection)
        _known(have)
        if have == newest():
            return
    from alembic import command  # see above
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known(step: str) -> None:
    if not step:
        raise UnsafeStore("this database belongs to another program: it has tables but no version")
    if step not in steps():
        raise UnsafeStore(f"this database was written by a newer examroom (step {step})")


def _whole(connection: Connection) -> None:
    """A database may say its step and yet lack a column, where an unreleased version made it: that
    must be said at the start, and not by each act at night. Raises `UnsafeStore`."""
    for table in metadata.sorted_tables:
        asked = text("SELECT name FROM pragma_table_info(:table)")
        held = set(connection.execute(asked, {"table": table.name}).scalars())
        if lacking := [column.name for column in table.columns if column.name not in held]:
            raise UnsafeStore(
                f"this database lacks {table.name}.{lacking[0]}, though it says step {newest()}: "
                "an unreleased version made it. Restore a backup, or begin with an empty folder"
            )


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
    _whole(connection)
    found = connection.execute(select(meta.c.format)).scalar()
    if found != FORMAT:
        raise UnsafeStore(f"the entries are of format {found}; this version knows {FORMAT}")
