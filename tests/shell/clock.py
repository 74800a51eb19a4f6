"""Time that only tests move: an event loop that leaps to its next timer when all is done.

Nothing is ever waited for. `calm` lets everything run that can run; `pass_time` lets seconds go by,
with every timer of the hub on its way. A loop on which nothing can ever happen again fails at once.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

NIGHT = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
A_MOMENT = 1e-6
"""Seconds: shorter than any timer of the hub."""


class NothingLeft(Exception):
    """Everybody waits for what nobody will bring."""


class _Leaps(selectors.SelectSelector):
    """Tells the loop to leap instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; the time until the next timer counts as gone by."""
        if timeout is None:
            raise NothingLeft
        self.skipped += max(0.0, timeout)
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop of its own time, from 0."""

    def __init__(self) -> None:
        self._leaps = _Leaps()
        super().__init__(self._leaps)

    def time(self) -> float:
        """Seconds since it began."""
        return self._leaps.skipped


class LoopClock:
    """`ports.Clock` by the loop's time."""

    def __init__(self, begin: datetime = NIGHT) -> None:
        # The time of day when the loop began.
        self.begin = begin

    def now(self) -> datetime:
        """Aware UTC."""
        return self.begin + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return asyncio.get_running_loop().time()


async def calm() -> None:
    """Let everything run that can run now."""
    await pass_time(A_MOMENT)


async def pass_time(seconds: float) -> None:
    """Let `seconds` go by, with all that falls due meanwhile, and what follows from it."""
    await asyncio.sleep(seconds)
    await asyncio.sleep(A_MOMENT)


async def turns_until(condition: Callable[[], bool]) -> None:
    """Turn the loop, and stop at the very turn that brings `condition` about."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise NothingLeft


FACTORIES: Mapping[str, type[asyncio.AbstractEventLoop]] = {"leaping": LeapingLoop}
