"""A few workers that decode, each killed and replaced when a file makes it hang, swell or die."""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import structlog

from hub.imaging.frames import ANSWER, MOST, ask
from hub.imaging.problems import ImageProblem

JOB_S: Final = 4.0
"""Seconds on the wall that a job may take."""
START_S: Final = 20.0
"""Seconds that a worker may take until its libraries are loaded."""
JOBS_PER_WORKER: Final = 2000
"""A worker is replaced after so many jobs: decoders in C may leak."""
WAITING_MOST: Final = 128
"""Jobs that may wait; more are answered `busy` at once."""

log = structlog.get_logger("hub.imaging")


class Pool:
    """At most `size` workers, started at need. One event loop only."""

    def __init__(self, size: int = 2, job_s: float = JOB_S) -> None:
        self._job_s = job_s
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        """Workers with nothing to do; the last used first, so that it is warm."""
        for _ in range(size):
            self._free.put_nowait(_Worker())
        self._size = size
        self._waiting = 0
        """Jobs in hand or waiting for a worker."""
        self._stopped = False

    async def start(self) -> None:
        """Have one worker loaded, so that the first picture does not wait for it."""
        worker = await self._free.get()
        try:
            with contextlib.suppress(ImageProblem):  # told to the log; the next job tries again
                await worker.warm()
        finally:
            self._free.put_nowait(worker)

    async def stop(self) -> None:
        """End every worker, once it is idle."""
        self._stopped = True
        for _ in range(self._size):
            await (await self._free.get()).end()

    async def header(self, path: Path) -> dict[str, Any]:
        """The fields of `header.Header`. Raises `ImageProblem`."""
        found, _ = await self._do({"job": "header", "path": str(path)})
        header: dict[str, Any] = found["header"]
        return header

    async def picture(self, path: Path, frame: int, look: list[Any]) -> bytes:
        """The JPEG of frame `frame` (from 1). Raises `ImageProblem`."""
        request = {"job": "picture", "path": str(path), "frame": frame, "look": look}
        _, jpeg = await self._do(request)
        return jpeg

    async def _do(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if self._stopped or self._waiting >= WAITING_MOST:
            raise ImageProblem("busy")
        self._waiting += 1
        try:
            worker = await self._free.get()
            try:
                head, blob = await worker.do(request, self._job_s)
            finally:
                self._free.put_nowait(worker)
        finally:
            self._waiting -= 1
        if reason := head.get("problem"):
            log.info("image refused", reason=reason, error=head.get("kind"))
            raise ImageProblem(reason)
        return head, blob


class _Worker:
    """One place of the pool, and the process that stands in it, if any."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._jobs = 0
        """Jobs done by the process."""

    async def warm(self) -> None:
        """Start the process and wait until it answers."""
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "hub.imaging.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                cwd="/",
                env=environment(),
            )
            self._jobs = 0
            try:
                async with asyncio.timeout(START_S):
                    await self._exchange({"job": "header", "path": os.devnull})
            except (TimeoutError, ConnectionError, asyncio.IncompleteReadError) as exc:
                await self.end()
                log.error("image worker does not start", error=type(exc).__name__)
                raise ImageProblem("busy") from exc
            except BaseException:
                await self.end()
                raise

    async def do(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """One job. Whatever goes wrong with the process ends it; the next job starts another."""
        await self.warm()
        whole = False
        try:
            async with asyncio.timeout(seconds):
                answer = await self._exchange(request)
            whole = True
        except TimeoutError:
            log.warning("image worker killed", reason="too_slow")
            raise ImageProblem("too_slow") from None
        except (ConnectionError, asyncio.IncompleteReadError):
            log.warning("image worker died", reason="crashed")
            raise ImageProblem("crashed") from None
        finally:
            if not whole or self._jobs >= JOBS_PER_WORKER:
                await self.end()
        return answer

    async def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ConnectionError("no worker")
        process.stdin.write(ask(json.dumps(request).encode()))
        await process.stdin.drain()
        head_size, blob_size = ANSWER.unpack(await process.stdout.readexactly(ANSWER.size))
        if head_size + blob_size > MOST:
            raise ConnectionError("answer too long")
        head = json.loads(await process.stdout.readexactly(head_size))
        blob = await process.stdout.readexactly(blob_size)
        self._jobs += 1
        return head, blob

    async def end(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(ProcessLookupError):  # it died by itself
            process.kill()
        await asyncio.shield(process.wait())


def environment() -> dict[str, str]:
    """What a process of ours that decodes is given: nothing but where our code is; numeric
    libraries stay on one thread."""
    root = Path(__file__).resolve().parents[2]
    return {
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
    }
