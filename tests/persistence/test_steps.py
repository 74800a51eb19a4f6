"""A store of an older step, with rooms in it, is brought up to date and read."""

import json
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from persistence import database, figures, migrate, rows


def older(path: Path, step: str) -> None:
    """A database at `step` with one room in its worklist."""
    engine = database.writing(path, 1.0, create=True)
    config = Config()
    config.set_main_option("script_location", str(migrate.STEPS))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.execute(text("INSERT INTO rooms (key, room) VALUES (1, 'room-1')"))
        connection.execute(
            text(
                "INSERT INTO worklist (room, seq, site, stage, urgency, requested_at, due_at, "
                "owner, is_open, summary) VALUES (1, 1, 'mac', 'requested', 'P0', "
                "'2026-11-21T23:40:00.000Z', '', '', 1, :summary)"
            ),
            {"summary": json.dumps({"room": "room-1"}).encode()},
        )
    database.close(engine)


def test_a_room_of_before_the_figures_is_listed_and_tells_none(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    older(path, "0003")
    engine = database.writing(path, 1.0)
    with engine.connect() as connection, connection.begin():
        migrate.upgrade(connection)
        assert migrate.current(connection) == migrate.newest()
    with engine.connect() as connection:
        found, _ = rows.page(
            connection, sites=["mac"], person="", stage="", site="", urgency="", mine=False,
            open_only=True, after="", limit=10,
        )  # fmt: skip
        (told,) = figures.between(connection, "2026-11-01", "2026-12-01", None, 10)
    database.close(engine)
    assert [row.room for row in found] == ["room-1"]
    assert told.told == b""
