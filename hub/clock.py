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


def rfc3339(moment: datetime) -> str:
    """`2026-11-21T23:40:00.123Z`: UTC, three decimals, comparable as text."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"
