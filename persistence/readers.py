"""Connections that only read: a few threads, each job in one snapshot of the database.

They can be asked to let go of the file: a write-ahead log that was taken away can only be saved by
the last connection to close, and that must be the writer's.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from persistence import database
from persistence.entries import StoreUnavailable

T = TypeVar("T")

THREADS = 3
PATIENCE_S = 0.3
"""How long the writer waits for reads to end before it closes a failing store."""


class Readers:
    """A pool of threads, and the connections that they use in turn."""

    def __init__(self, path: Path, busy_s: float) -> None:
        self._path = path
        self._busy_s = busy_s
        # Device and inode of the file that was opened at the start, set by the journal.
        self.file = (0, 0)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="examroom-reader")
        # Connections not in use, with the files that they stand on.
        self._idle: deque[tuple[Engine, database.Identity]] = deque()
        # Guards `_idle` and the two below.
        self._moved = threading.Condition()
        self._active = 0
        self._closed = False
        self._stopped = False

    async def run(self, job: Callable[[Connection], T]) -> T:
        """Run `job` on a thread. Raises `StoreUnavailable`."""
        if self._stopped:
            raise StoreUnavailable("the store is stopped")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, job)

    def _run(self, job: Callable[[Connection], T]) -> T:
        with self._moved:
            if not self._moved.wait_for(lambda: not self._closed, self._busy_s):
                raise StoreUnavailable("the store is closed after a failure")
            self._active += 1
        try:
            return self._read(job)
        except (sqlite3.Error, DBAPIError) as error:
            raise StoreUnavailable("the store cannot be read") from error
        finally:
            with self._moved:
                self._active -= 1
                self._moved.notify_all()

    def _read(self, job: Callable[[Connection], T]) -> T:
        now = database.identity(self._path)
        if now[:2] != self.file:
            raise StoreUnavailable("the database file was replaced")
        engine = self._engine(now)
        try:
            with engine.connect() as connection, connection.begin():
                result = job(connection)
        except BaseException:
            database.close(engine)
            raise
        with self._moved:
            self._idle.append((engine, now))
        return result

    def _engine(self, now: database.Identity) -> Engine:
        with self._moved:
            while self._idle:
                engine, then = self._idle.pop()
                if then == now:
                    return engine
                database.close(engine)
        return database.reading(self._path, self._busy_s)

    def let_go(self) -> None:
        """Close every connection, and keep new reads waiting until `allow`."""
        with self._moved:
            self._closed = True
            self._moved.wait_for(lambda: not self._active, PATIENCE_S)
            while self._idle:
                database.close(self._idle.pop()[0])

    def allow(self) -> None:
        """Reads may go on."""
        with self._moved:
            self._closed = False
            self._moved.notify_all()

    def stop(self) -> None:
        """End the threads and close every connection."""
        self._stopped = True
        self._threads.shutdown()
        self.let_go()
