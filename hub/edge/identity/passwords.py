"""Passwords: argon2id, off the event loop, in few threads and with a short queue.

A hash costs 150 ms and 64 MiB on purpose, so unbounded logins would take the hub down; what does
not fit the queue is told to come back (W-18).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

LEAST = 10
"""Characters of a password."""
MOST = 256


class TooMany(Exception):
    """The queue of password checks is full."""


class Passwords:
    """Makes and checks password hashes."""

    def __init__(
        self,
        *,
        time_cost: int = 3,
        memory_kib: int = 64 * 1024,
        lanes: int = 4,
        threads: int = 2,
        queue: int = 32,
    ) -> None:
        self._hasher = PasswordHasher(time_cost, memory_kib, lanes, type=Type.ID)
        """RFC 9106, second recommended option."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._queue = queue
        """Checks waiting or running, at most."""
        self._waiting = 0
        self._nobody = self._hasher.hash("nobody")
        """Checked where a login is unknown, so that the answer takes as long."""

    def hash(self, password: str) -> str:
        """The hash to keep. Blocks: for command lines; a server calls `hashed`."""
        return self._hasher.hash(password)

    async def hashed(self, password: str) -> str:
        """The hash to keep. Raises `TooMany`."""
        return await self._off_loop(self._hasher.hash, password)

    async def verify(self, kept: str, password: str) -> bool:
        """Whether `password` belongs to `kept`; as slow for an empty `kept`. Raises `TooMany`."""
        matches = await self._off_loop(self._matches, kept or self._nobody, password)
        return matches and bool(kept)

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, job: Callable[..., T], *given: str) -> T:
        if self._waiting >= self._queue:
            raise TooMany
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job, *given)
        finally:
            self._waiting -= 1
