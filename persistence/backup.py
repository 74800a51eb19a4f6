"""A copy of the database while it is written to, checked after writing; and the way back.

A backup is one file without a log beside it, and a manifest `FILE.manifest` with the epoch and the
head of every chain, so that two backups can be compared without reading them. A restored database
has a new epoch: every client learns that the hub may have forgotten something (W-13).
"""

import contextlib
import json
import os
import secrets
import sqlite3
from pathlib import Path

from persistence import database
from persistence.entries import Stream
from persistence.verify import Verifier, verifier


class BackupProblem(Exception):
    """A backup or restore that was not made; the sentence says why and what to do."""


def backup(source: Path, target: Path) -> dict[str, object]:
    """Copy `source` to `target`, check the copy, write the manifest beside it; gives it."""
    if not source.exists():
        raise BackupProblem(f"there is no database at {source}")
    if target.exists():
        raise BackupProblem(f"{target} is there already: give another name or take it away")
    part = target.with_name(target.name + ".part")
    try:
        _copy(source, part)
        found = _checked(part)
        manifest = _manifest(found)
        _durable(part, target)
        _write(target.with_name(target.name + ".manifest"), manifest)
    except (sqlite3.Error, OSError) as error:
        raise BackupProblem(f"the backup could not be written: {error}") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    return manifest


def _copy(source: Path, part: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    reader = database.connect(source, "ro", 5.0)
    try:
        writer = sqlite3.connect(part, isolation_level=None)
        try:
            # In one step: in several, every commit of the hub would start the copy anew.
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            writer.close()
    finally:
        reader.close()


def _checked(path: Path) -> Verifier:
    """The verifier that found the database whole."""
    found = verifier(path)
    try:
        first = next(found.run(), None)
        if first:
            raise BackupProblem(f"{path} is not whole: {first}")
    finally:
        found.driver.close()
    return found


def _manifest(found: Verifier) -> dict[str, object]:
    heads: dict[str, dict[str, list[object]]] = {}
    for (key, stream), (seq, digest) in sorted(found.heads.items()):
        name = Stream(stream).name.lower()
        heads.setdefault(found.name(key), {})[name] = [seq, digest.hex()]
    return {"epoch": found.epoch, "entries": found.entries, "heads": heads}


def _write(path: Path, manifest: dict[str, object]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(manifest, ensure_ascii=False, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _durable(part: Path, target: Path) -> None:
    """Give a finished file its name, on the disk."""
    for path in (part, part.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    os.replace(part, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def restore(source: Path, target: Path, *, force: bool = False) -> tuple[str, Path | None]:
    """Put the backup `source` at `target`: (its new epoch, where the old database was put).

    Refuses to take the place of a database that holds entries unless `force`; then the old one is
    kept beside it. Refuses while a hub has the database open.
    """
    if not source.exists():
        raise BackupProblem(f"there is no backup at {source}")
    part = target.with_name(target.name + ".part")
    try:
        _checked(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and _holds_entries(target) and not force:
            raise BackupProblem(f"{target} holds entries: restore over it with --force")
        _copy(source, part)
        epoch = _new_epoch(part)
        _checked(part)
        aside = _put_aside(target, epoch)
        _durable(part, target)
    except (sqlite3.Error, OSError) as error:
        raise BackupProblem(f"the backup could not be restored: {error}") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
    return epoch, aside


def _holds_entries(path: Path) -> bool:
    driver = database.connect(path, "ro", 1.0)
    try:
        known = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone()
        return bool(known and driver.execute("SELECT 1 FROM entries LIMIT 1").fetchone())
    except sqlite3.DatabaseError:
        return True  # unreadable is not empty
    finally:
        driver.close()


def _new_epoch(path: Path) -> str:
    epoch = secrets.token_hex(8)
    driver = sqlite3.connect(path, isolation_level=None)
    try:
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute("UPDATE meta SET epoch = ?", (epoch,))
    finally:
        driver.close()
    return epoch


def _put_aside(target: Path, epoch: str) -> Path | None:
    if not target.exists():
        return None
    _close_log(target)
    aside = target.with_name(f"{target.name}.before-{epoch}")
    os.replace(target, aside)
    for suffix in ("-wal", "-shm"):
        log = target.with_name(target.name + suffix)
        if log.exists():
            os.replace(log, aside.with_name(aside.name + suffix))
    return aside


def _close_log(target: Path) -> None:
    """Bring the log into the file, which needs the database alone: nobody may have it open."""
    driver = database.connect(target, "rw", 0.2)
    try:
        driver.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        raise BackupProblem(f"{target} is in use: stop the hub first") from error
    except sqlite3.DatabaseError:
        return  # too broken to have a log: it is put aside as it is
    finally:
        driver.close()
