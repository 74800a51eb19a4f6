"""The time of the hub, and its spelling on the wire."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


_MILLISECONDS = tuple(f".{n:03d}Z" for n in range(1000))
_last: tuple[datetime, str] = (datetime.min.replace(tzinfo=UTC), "0001-01-01T00:00:00")
"""The second that was spelled last, which is that of nearly every act, and its spelling."""


def rfc3339(moment: datetime) -> str:
    """`2026-11-21T23:40:00.123Z`: UTC, three decimals, comparable as text."""
    global _last
    second, spelled = _last
    passed = moment - second
    if passed.seconds or passed.days:
        second = moment.replace(microsecond=0)
        spelled = second.isoformat()[:19]
        _last = second, spelled
    return spelled + _MILLISECONDS[moment.microsecond // 1000]
