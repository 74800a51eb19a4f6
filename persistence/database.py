"""The database file: its address, its safety, its identity, and connections to it.

Refused is whatever would acknowledge what a power cut can take away (W-10): a database in memory,
a journal that is not WAL, `synchronous` below FULL, a filesystem of the network, on which SQLite's
locks and shared memory are not to be trusted.
"""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from persistence.entries import StoreUnavailable, UnsafeStore

PREFIX = "sqlite:///"
NETWORK = ("nfs", "cifs", "smb", "afs", "9p", "ceph", "lustre", "gluster", "fuse.sshfs", "fuse.gl")
"""How the names of filesystems begin on which a WAL is not safe."""
CACHE_KIB = 32 * 1024

Identity = tuple[int, int, int, int]
"""Device and inode of the database file and of its WAL."""


def path_of(url: str) -> Path:
    """The file that `url` names. Raises `UnsafeStore` where it names none on a disk."""
    if not url.startswith(PREFIX):
        raise UnsafeStore(
            f"{_scheme(url)} is not a database that this version keeps a journal in; "
            "give sqlite:///PATH"
        )
    name = url.removeprefix(PREFIX)
    if not name or ":memory:" in name or name.startswith("file:"):
        raise UnsafeStore("a database in memory forgets at the first stop; give sqlite:///PATH")
    if "?" in name:
        raise UnsafeStore("options behind ? could weaken the store; give sqlite:///PATH alone")
    return Path(name).absolute()


def _scheme(url: str) -> str:
    return url.partition(":")[0] + ":…"  # the rest may hold a password


def check_filesystem(path: Path, mounts: str = "/proc/self/mounts") -> None:
    """Raise `UnsafeStore` where `path` is on a filesystem of the network."""
    try:
        table = Path(mounts).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return  # not Linux: nothing to ask
    target = os.path.realpath(path.parent)
    best, kind = "", ""
    for line in table.splitlines():
        point, name = line.split(" ")[1:3]
        point = point.replace("\\040", " ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, name
    if kind.startswith(NETWORK):
        raise UnsafeStore(
            f"the database would stand on {kind}, a filesystem of the network, where SQLite "
            "cannot keep what it promises; put it on a local disk"
        )


def identity(path: Path) -> Identity:
    """Which files stand at the path now. Raises `StoreUnavailable` where one is gone."""
    try:
        main, log = os.stat(path), os.stat(f"{path}-wal")
    except OSError as error:
        raise StoreUnavailable("the database file is gone") from error
    return main.st_dev, main.st_ino, log.st_dev, log.st_ino


def file_at(path: Path) -> tuple[int, int]:
    """Device and inode of the database file. Raises `StoreUnavailable` where it is gone."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise StoreUnavailable("the database file is gone") from error
    return found.st_dev, found.st_ino


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path))}?mode={mode}"


def connect(path: Path, mode: str, busy_s: float) -> sqlite3.Connection:
    """A connection as SQLite's `mode` says: rw or ro. Neither makes the file."""
    # Autocommit of the driver's own making is off: every transaction is begun here, by name.
    # Connections change threads, never hands: one thread uses one at a time.
    driver = sqlite3.connect(
        _uri(path, mode), uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False
    )
    try:
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except sqlite3.Error:
        driver.close()
        raise
    return driver


def writing(path: Path, busy_s: float, *, create: bool = False) -> Engine:
    """An engine of one connection that writes, made safe. Raises `UnsafeStore`, `sqlite3.Error`.

    Every transaction of it takes the write lock at once, so that what it reads stays true.
    """
    if create and not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # what it will hold is secret
    driver = connect(path, "rw", busy_s)
    try:
        _make_safe(driver)
    except BaseException:
        driver.close()
        raise
    return _engine(driver, "BEGIN IMMEDIATE")


def reading(path: Path, busy_s: float) -> Engine:
    """An engine of one connection that cannot write. Raises `sqlite3.Error`."""
    return _engine(connect(path, "ro", busy_s), "BEGIN")


def close(engine: Engine) -> None:
    """Close the one connection of an engine; a broken one may be closed too."""
    try:
        engine.dispose()
    except (sqlite3.Error, DBAPIError):
        return  # it is broken: that is why it is closed


def _engine(driver: sqlite3.Connection, begin: str) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://", creator=lambda: driver, poolclass=StaticPool, echo=False
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        driver.execute(begin)

    return engine


def _make_safe(driver: sqlite3.Connection) -> None:
    mode = driver.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise UnsafeStore(
            f"SQLite keeps its journal as {mode!r} here and not as WAL; put the database on a "
            "local disk"
        )
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone stops at the drive's cache
    level = driver.execute("PRAGMA synchronous").fetchone()[0]
    if level < 2:
        raise UnsafeStore("SQLite does not take synchronous = FULL; what it stores could be lost")
    # The journal checkpoints between two batches, off the writer's way (checkpoint.py).
    driver.execute("PRAGMA wal_autocheckpoint = 0")
