"""The hub's own folder of DICOM files: each under the digest of its bytes, complete or absent.

No name in it tells anything of a patient. A file is written beside, brought to the disk, and only
then given its name; what a crash leaves in `incoming` is removed at the next start.
"""

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILE_MOST: Final = 2 * 2**30
"""Bytes of one file."""
LEFT_S: Final = 3600.0
"""Age of a half-written file that nobody can be writing any more."""
_CHUNK: Final = 2**20


class TooBig(Exception):
    """A file above `FILE_MOST`."""


class Folder:
    """Files by SHA-256. Blocking: call it in a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"

    def open(self) -> None:
        """Make the folder, for its owner only, and clear what a crash left half written: an hour
        old at least, since another process may be bringing files in."""
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._incoming.iterdir():
            if time.time() - left.stat().st_mtime > LEFT_S:
                left.unlink()

    def is_empty(self) -> bool:
        """Whether no file was ever kept."""
        return all(below == self._incoming for below in self.root.iterdir())

    def path(self, sha256: str) -> Path:
        """Where the bytes of that digest are, or would be."""
        return self.root / sha256[:2] / f"{sha256}.dcm"

    def take_in(self, source: Path) -> tuple[Path, str, int]:
        """Copy `source` beside, to the disk. (path of the copy, SHA-256, bytes). Raises `OSError`,
        `TooBig`. The caller `keep`s the copy or `drop`s it."""
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(dir=self._incoming)
        copy = Path(name)
        try:
            with os.fdopen(handle, "wb") as out, source.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > FILE_MOST:
                        raise TooBig
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
        except BaseException:
            copy.unlink()
            raise
        return copy, digest.hexdigest(), size

    def keep(self, copy: Path, sha256: str) -> None:
        """Give a copy its name, for good, on the disk when this returns."""
        target = self.path(sha256)
        if target.exists() and target.stat().st_size == copy.stat().st_size:
            copy.unlink()
            return
        made = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy.replace(target)
        _sync(target.parent)
        if made:
            _sync(self.root)

    def drop(self, copy: Path) -> None:
        """Remove a copy that is not to be kept."""
        copy.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def walk(path: Path) -> Iterator[Path]:
    """The regular files of `path` in order of their names: itself, or what is below it. Links to
    folders are not followed; pipes and devices are left out."""
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below.sort()
            for name in sorted(names):
                found = Path(folder, name)
                if _is_regular(found):
                    yield found
    elif _is_regular(path):
        yield path


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False  # a link to nowhere
