"""Lets the cast play a case by themselves, at a pace that can be watched, through the real wire."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from hub.demo.cast import BY_PERSON
from hub.demo.script import Case, Playing, Step, Studies
from hub.demo.wire import Line, Refusal

Tell = Callable[[str], None]

WRITTEN = frozenset({"message.post", "information.ask", "information.answer", "protocol.query"})
"""Kinds that are typed: the others see somebody writing."""


class Stopped(Exception):
    """The case cannot go on: somebody else acted in its room, or the hub refused."""


async def play(
    url: str, case: Case, studies: Studies, *, speed: float = 1.0, tell: Tell = print
) -> str:
    """Play `case` to its end on the hub at `url`; the room it was played in.

    Every person waits until they have seen what the one before did, as people do. `speed` divides
    the pauses. Raises `Stopped`.
    """
    playing = Playing(studies, datetime.now(UTC))
    room, last = "", 0
    async with AsyncExitStack() as cast:
        lines: dict[str, Line] = {}
        for step in case.steps:
            player = BY_PERSON[step.who]
            try:
                if step.who not in lines:
                    opened = Line.open(url, player.person, player.password)
                    lines[step.who] = await cast.enter_async_context(opened)
                line = lines[step.who]
                if not room:
                    await asyncio.sleep(step.pause_s / speed)
                    room, last = await line.submit(playing.body(step))
                    tell(f"{url}/room/{room}")
                else:
                    last = await _act(line, room, last, step, playing, speed)
                await line.join(room)
            except (Refusal, TimeoutError, OSError) as problem:
                raise Stopped(f"{player.name}, {step.kind}: {problem}") from problem
            if step.name:
                playing.seqs[step.name] = last
            tell(f"{last:3d}  {player.name}, {player.fr}: {step.kind}")
    return room


async def _act(line: Line, room: str, last: int, step: Step, playing: Playing, speed: float) -> int:
    await line.join(room)
    await line.caught_up(room, last)
    if step.kind in WRITTEN:
        await line.typing(room)
    await asyncio.sleep(step.pause_s / speed)
    playing.content_hash = line.content_hash(room)
    return await line.act(room, step.kind, playing.body(step))
