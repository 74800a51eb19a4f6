"""A real hub as a child process: started, killed, restarted on the same data."""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_S = 30.0
"""Longest wait for a hub to say that it is ready."""


class HubDied(AssertionError):
    """The hub ended where it should not have; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class SeededMember:
    """A person of a seeded room and the token they sign in with."""

    person: str
    role: str
    token: str


@dataclass(frozen=True, slots=True)
class SeededRoom:
    """An open room of four members, in stage `requested`."""

    room: str
    members: tuple[SeededMember, ...]

    def member(self, role: str) -> SeededMember:
        """The member who plays `role`."""
        return next(member for member in self.members if member.role == role)


def free_port() -> int:
    """A port below the range that outgoing connections are given, so that it stays free."""
    while True:
        port = random.randint(18_000, 31_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Hub:
    """One hub on loopback with its own data folder."""

    verb = "serve"
    """The command that serves."""

    def __init__(
        self,
        data: Path,
        *,
        args: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> None:
        self.data = data
        self.port = free_port()
        self.args = args
        self.env = dict(env or {})
        self.prefix = prefix
        """Put before the command, such as `taskset -c 0`."""
        self.process: asyncio.subprocess.Process | None = None
        self.log = data / "hub.log"

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "examroom.db"

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self.process is not None
        return self.process.pid

    def command(self, *words: str) -> list[str]:
        """The command line of an `examroom` command on this hub's data."""
        return [sys.executable, "-m", "hub", *words, "--data", str(self.data)]

    def environment(self) -> dict[str, str]:
        """Ours without any `EXAMROOM_…`, and what this hub was given."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("EXAMROOM_")}
        return {**ours, "PYTHONUNBUFFERED": "1", **self.env}

    async def start(self) -> None:
        """Start and wait until `/readyz` says 200."""
        self.data.mkdir(parents=True, exist_ok=True)
        serve = self.command(self.verb, "--host", "127.0.0.1", "--port", str(self.port), *self.args)
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.prefix, *serve, cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )
        await self.ready()

    async def ready(self, within_s: float = START_S) -> None:
        """Wait for `/readyz` to answer 200. Raises `HubDied` where the process ends first."""
        assert self.process is not None
        async with asyncio.timeout(within_s), httpx.AsyncClient(trust_env=False) as http:
            while True:
                if self.process.returncode is not None:
                    raise HubDied(f"exit {self.process.returncode}\n{self.tail()}")
                with suppress(httpx.TransportError):
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.02)  # a process outside: there is no event to wait for

    def kill(self) -> None:
        """SIGKILL, without waiting."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)

    async def die(self) -> None:
        """SIGKILL, and wait for the end."""
        assert self.process is not None
        self.kill()
        await self.process.wait()

    def terminate(self) -> None:
        """SIGTERM, without waiting: the hub drains (W-21)."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.terminate()

    async def stop(self, within_s: float = 30.0) -> int:
        """SIGTERM, and wait for the end; the exit status. A hub that hangs is killed and told."""
        assert self.process is not None
        self.terminate()
        try:
            async with asyncio.timeout(within_s):
                return await self.process.wait()
        except TimeoutError:
            await self.die()
            raise HubDied(f"still there {within_s} s after SIGTERM\n{self.tail()}") from None

    async def restart(self) -> None:
        """Start again on the same data and port."""
        await self.start()

    async def run(self, *words: str) -> tuple[int, str]:
        """An `examroom` command on this data: its exit status and what it printed."""
        child = await asyncio.create_subprocess_exec(
            *self.command(*words),
            cwd=ROOT,
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await child.communicate()
        assert child.returncode is not None
        return child.returncode, out.decode()

    async def seed(self, rooms: int) -> list[SeededRoom]:
        """`examroom seed`, before or while the hub runs."""
        out = self.data / f"seed-{rooms}.json"
        self.data.mkdir(parents=True, exist_ok=True)
        status, said = await self.run("seed", "--rooms", str(rooms), "--out", str(out))
        assert status == 0, said
        return load_seed(json.loads(out.read_text()))

    def tail(self, lines: int = 40) -> str:
        """The end of the log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def load_seed(content: dict[str, Any]) -> list[SeededRoom]:
    """The rooms of a file of `examroom seed`."""
    return [
        SeededRoom(
            room=room["room"],
            members=tuple(
                SeededMember(person=m["person"], role=m["role"], token=m["token"])
                for m in room["members"]
            ),
        )
        for room in content["rooms"]
    ]


@asynccontextmanager
async def running_hub(
    data: Path, *, args: tuple[str, ...] = (), env: Mapping[str, str] | None = None
) -> AsyncIterator[Hub]:
    """A hub that is ready, and gone afterwards."""
    hub = Hub(data, args=args, env=env)
    try:
        await hub.start()
        yield hub
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.die()
