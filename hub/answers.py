"""Work and answers that something waits for, or nobody does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from hub.live import Answer, Ok
from hub.wire.errors import Err

log = structlog.get_logger("hub.answers")


async def logged(work: Coroutine[Any, Any, None]) -> None:
    """Run `work`; a bug in it is told, since nobody awaits it."""
    try:
        await work
    except Exception:
        log.exception("task_failed")


def drop(cid: str, result: Ok | Err) -> None:
    """Nobody to tell yet."""


async def answered(begin: Callable[[Answer], None]) -> Ok | Err:
    """Begin an act and wait for its answer."""
    future: asyncio.Future[Ok | Err] = asyncio.get_running_loop().create_future()

    def answer(cid: str, result: Ok | Err) -> None:
        if not future.done():  # the caller may have gone away
            future.set_result(result)

    begin(answer)
    return await future
