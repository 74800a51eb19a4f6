"""A server under measurement: started on its own core, joined by members, stopped."""

import asyncio
import os
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from hub.load.work import Arrive, Line


class Seatable(Line, Protocol):
    """A member's line that can be left and come back to."""

    def position(self) -> Any:
        """Where this member stands: to be given to `connect` as `after`."""


class System(Protocol):
    """A server that does W1. `kind` is A, A*, B or C (performance.md): what it promises."""

    name: str
    kind: str

    async def start(self, folder: Path) -> None:
        """Start on an empty folder, and wait until it serves."""

    async def prepare(self, first: int, count: int) -> None:
        """Called before members of these rooms connect, outside of what is timed."""

    async def connect(self, room: int, place: int, arrive: Arrive, after: Any = None) -> Seatable:
        """A member, joined; with `after`, everything missed arrives first."""

    def pids(self) -> list[int]:
        """The processes of the server and its store."""

    async def stop(self) -> None:
        """End it."""


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def spawn(command: Sequence[str], log: Path, **options: Any) -> Process:
    """Start a server process with its output in `log`."""
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(*command, stdout=out, stderr=out, **options)


async def listening(port: int, process: Process, within: float = 20.0) -> None:
    """Wait until something listens on `port`."""
    async with asyncio.timeout(within):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"server ended with {process.returncode}")
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.02)  # another process: there is no event to wait for


async def end(process: Process | None, sign: int = signal.SIGTERM) -> None:
    """End a server that we started."""
    if process is None or process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        os.kill(process.pid, sign)
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()
