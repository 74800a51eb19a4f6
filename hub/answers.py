"""Work and answers that something waits for, or nobody does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from hub.live import Answer, Ok
from hub.wire.errors import Err, err
from hub.wire.frames import BadFrame, ClientFrame

log = structlog.get_logger("hub.answers")


async def logged(work: Coroutine[Any, Any, None]) -> None:
    """Run `work`; a bug in it is told, since nobody awaits it."""
    try:
        await work
    except Exception:
        log.exception("task_failed")


def drop(result: Ok | Err) -> None:
    """Nobody to tell yet."""


async def answered(begin: Callable[[Answer], None]) -> Ok | Err:
    """Begin an act and wait for its answer."""
    future: asyncio.Future[Ok | Err] = asyncio.get_running_loop().create_future()

    def answer(result: Ok | Err) -> None:
        if not future.done():  # the caller may have gone away
            future.set_result(result)

    begin(answer)
    return await future


def reference(frame: ClientFrame) -> str | None:
    """The id that an answer to `frame` names."""
    re = getattr(frame, "cid", None) or getattr(frame, "re", None)
    return re if isinstance(re, str) else None


def said_hello() -> Err:
    """The refusal of a second `hello`."""
    return Err(
        "bad_frame",
        "Trame « hello » déjà reçue : continuez avec « join ».",
        "“hello” was said already: go on with “join”.",
    )


def explained(bad: BadFrame) -> Err:
    """The refusal of a frame that could not be taken."""
    plain = err(bad.slug)
    return Err(bad.slug, f"{plain.fr} ({bad.problem})", f"{plain.en} ({bad.problem})")
