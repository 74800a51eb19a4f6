"""An open store: the connection that writes, what its ledger knows, and which file it stands on."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from persistence import database, migrate
from persistence.checkpoint import CHECKPOINT
from persistence.entries import Append, Outcome, Stored, StoreUnavailable
from persistence.ledger import Ledger
from persistence.rows import Rows

T = TypeVar("T")

log = logging.getLogger("examroom.store")


def bring_up_to_date(path: Path, busy_s: float) -> tuple[str, str]:
    """Take the steps that the database lacks, making one where there is none: (before, after).

    Raises `UnsafeStore` where it is not ours to change, `StoreUnavailable` where it cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = database.writing(path, busy_s, create=True)
        try:
            with engine.connect() as connection, connection.begin():
                before = migrate.current(connection)
                migrate.upgrade(connection)
                return before, migrate.current(connection)
        finally:
            database.close(engine)
    except (sqlite3.Error, DBAPIError, OSError) as error:
        raise StoreUnavailable(str(error)) from error


class Store:
    """Used by one thread at a time; thrown away after any failure."""

    def __init__(self, path: Path, busy_s: float, *, create: bool = False) -> None:
        self._path = path
        self._engine = database.writing(path, busy_s, create=create)
        self.connection: Connection = self._engine.connect()
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - for the type alone
        self.driver: sqlite3.Connection = driver
        self.ledger = Ledger(driver)
        self.rows = Rows(driver)
        # The files that were opened: acknowledging into others, or into none, is a lie.
        self._identity: database.Identity | None = None
        # The revision of the directory as of our last look, and whether rights changed since the
        # last batch.
        self._revision = -1
        self._recheck = False

    def prepare(self) -> str:
        """Migrate an empty database, refuse a foreign one, load the ledger; gives the epoch."""
        with self.connection.begin():
            migrate.ready(self.connection)
        return self.load()

    def load(self) -> str:
        """Read what the ledger must know, and write a little; gives the epoch.

        On a file that cannot be written SQLite begins a transaction all the same: only a write
        tells.
        """
        with self.connection.begin():
            epoch = self.driver.execute("SELECT epoch FROM meta").fetchone()[0]
            self.ledger.look()
            self._revision = self._rights()
            self.probe()
        self._identity = database.identity(self._path)
        return str(epoch)

    def probe(self) -> None:
        """A tiny write, to learn whether the store takes any."""
        self.driver.execute("UPDATE meta SET probed = probed + 1")

    def check(self) -> None:
        """Raise `StoreUnavailable` where the files opened are not those at the path any more."""
        if database.identity(self._path) != self._identity:
            raise StoreUnavailable("the database file was deleted or replaced")

    def wait_for_locks(self, seconds: float) -> None:
        """How long the next statements wait for a lock."""
        self.driver.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def write(
        self, appends: Sequence[Append], chores: Sequence[Callable[["Store"], None]]
    ) -> list[Outcome]:
        """Commit a batch. Any exception: nothing is known to be written, throw the store away."""
        self.check()
        self.driver.execute("BEGIN IMMEDIATE")
        self._look()
        outcomes = self.ledger.judge(appends, recheck=self._recheck)
        self.ledger.write()
        self._put_rows(appends, outcomes)
        for chore in chores:
            chore(self)
        self.driver.commit()
        self.check()
        self.ledger.committed()
        self._recheck = False
        return outcomes

    def _look(self) -> None:
        """Take in what another process wrote; whoever looks, the next batch must know of it."""
        if self.ledger.look():
            self.rows.forget()
            self._recheck = self._rights_moved() or self._recheck

    def _rights_moved(self) -> bool:
        """Whether the directory is at another revision than at the last look."""
        before, self._revision = self._revision, self._rights()
        return before != self._revision

    def _rights(self) -> int:
        # on the driver: SQLAlchemy would think that a transaction of its own began
        row = self.driver.execute("SELECT revision FROM directory_state WHERE id = 1").fetchone()
        return int(row[0]) if row else 0

    def _put_rows(self, appends: Sequence[Append], outcomes: Sequence[Outcome]) -> None:
        newest = {
            append.row.room: append.row
            for append, outcome in zip(appends, outcomes, strict=True)
            if append.row and isinstance(outcome, Stored)
        }
        for room, row in newest.items():
            self.rows.put(self.ledger.room(room), row)

    def run(self, job: Callable[[Connection], T]) -> T:
        """Run `job` in a transaction of its own."""
        self.check()
        with self.connection.begin():
            result = job(self.connection)
        self.check()
        return result

    def fold(self) -> None:
        """Bring the indexes up to date while nothing else is to be done."""
        if self.ledger.folded == self.ledger.last:
            return
        self.check()
        self.driver.execute("BEGIN IMMEDIATE")
        self._look()
        self.ledger.fold()
        self.driver.commit()
        self.ledger.committed()

    def checkpoint(self) -> None:
        """Finish what the checkpointer could not, so that the log starts anew."""
        try:
            self.driver.execute(CHECKPOINT).fetchall()
        except sqlite3.Error as error:
            # What was committed is in the log, and stays there.
            log.warning("the log cannot be checkpointed now: %s", error)

    def close(self) -> None:
        """Let go of the connection; never raises what a broken file can raise."""
        # what is broken may not close in order: that is why it is closed
        with suppress(sqlite3.Error, DBAPIError):
            self.connection.detach()  # else its pool would roll back on what is closed, and log it
            self.connection.close()
        with suppress(sqlite3.Error):
            self.driver.close()
