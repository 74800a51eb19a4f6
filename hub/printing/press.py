"""The press: sheets set by processes apart, two at a time, each within its time."""

import asyncio
import contextlib
import sys
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from typing import Any

from hub.wire.frames import dumps

AT_ONCE = 2
PRINT_S = 20.0
"""Longest time for one sheet; a long report takes less than a second."""
KEPT_BYTES = 16 * 1024 * 1024
"""PDFs kept in memory, the newest asked for: a report is opened by several people in one minute."""
ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
}
"""What a process of ours that prints is given: nothing but where our code is."""


class PrintFailed(Exception):
    """The sheet could not be set. Says nothing of what is on it."""


class Press:
    """Prints. The same sheet is set once."""

    def __init__(self, *, print_s: float = PRINT_S) -> None:
        self._print_s = print_s
        self._room = asyncio.Semaphore(AT_ONCE)
        # PDFs by the hash of their sheet, the newest last.
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._held = 0

    async def print(self, sheet: dict[str, Any]) -> bytes:
        """The PDF of a sheet. Raises `PrintFailed`."""
        words = dumps(sheet)
        key = sha256(words).digest()
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        async with self._room:
            made = await self._set(words)
        self._keep(key, made)
        return made

    async def _set(self, words: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "hub.printing.worker",
            cwd="/",
            env=ENVIRONMENT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what it says may name what is on the sheet
        )
        try:
            async with asyncio.timeout(self._print_s):
                made, _ = await child.communicate(words)
        except TimeoutError:
            raise PrintFailed("took too long") from None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode or not made.startswith(b"%PDF-"):
            raise PrintFailed(f"exit {child.returncode}")
        return made

    def _keep(self, key: bytes, made: bytes) -> None:
        self._kept[key] = made
        self._held += len(made)
        while self._held > KEPT_BYTES and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._held -= len(gone)
