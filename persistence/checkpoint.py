"""Brings the write-ahead log into the database file beside the writer, so that no commit waits.

A passive checkpoint holds nobody up. Where commits come too fast for the log ever to be empty, it
grows, and past `HEAVY` frames the writer itself finishes what is left between two batches.
"""

import logging
import sqlite3
import threading
from pathlib import Path

from persistence import database
from persistence.entries import StoreUnavailable

EVERY = 2000
"""Entries and commits between two checkpoints."""
HEAVY = 16_000
"""Frames (4 KiB each) of log from which the writer helps: 64 MiB."""
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

log = logging.getLogger("examroom.store")


class Checkpointer:
    """A thread with a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Entries and commits since the last checkpoint.
        self._count = 0
        self._wake = threading.Event()
        self._stopping = False
        # Whether the log is so long that the writer should help.
        self.heavy = False
        # Why the last checkpoint failed, said once.
        self._trouble = ""
        # Guards the connection.
        self._lock = threading.Lock()
        self._driver: sqlite3.Connection | None = None
        self._identity: database.Identity | None = None
        self._thread = threading.Thread(target=self._run, name="examroom-checkpoint", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread. Called once it was started."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def count(self, amount: int) -> None:
        """Called by the writer after a commit."""
        self._count += amount
        if self._count >= EVERY:
            self.wake()

    def wake(self) -> None:
        """Checkpoint now, where anything was committed since the last one."""
        if self._count:
            self._count = 0
            self._wake.set()

    def let_go(self) -> None:
        """Close the connection; the next checkpoint opens another."""
        with self._lock:
            self._close()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stopping:
                self.let_go()
                return
            try:
                with self._lock:
                    self._once()
            except (sqlite3.Error, OSError, StoreUnavailable) as error:
                self.let_go()
                if str(error) != self._trouble:
                    self._trouble = str(error)
                    log.warning("the log cannot be checkpointed now: %s", error)

    def _once(self) -> None:
        now = database.identity(self._path)
        if self._driver and self._identity != now:
            self._close()
        if self._driver is None:
            self._driver, self._identity = database.connect(self._path, "rw", 0.0), now
        _, frames, _ = self._driver.execute(CHECKPOINT).fetchone()
        self.heavy = frames > HEAVY
        self._trouble = ""

    def _close(self) -> None:
        if self._driver:
            self._driver.close()
            self._driver = None
