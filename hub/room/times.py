"""Times as the room spells them: RFC 3339, UTC, milliseconds, comparable as text."""

from datetime import UTC, datetime, timedelta


def moment(text: str) -> datetime:
    """`2026-11-21T23:40:00.123Z` as an aware datetime."""
    return datetime.fromisoformat(text)


def spelled(at: datetime) -> str:
    """An aware datetime as `2026-11-21T23:40:00.123Z`; what is finer than a millisecond goes."""
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def later(text: str, milliseconds: int) -> str:
    """`text` moved by `milliseconds`."""
    return spelled(moment(text) + timedelta(milliseconds=milliseconds))


def between(start: str, end: str) -> int:
    """Milliseconds from `start` to `end`."""
    return round((moment(end) - moment(start)) / timedelta(milliseconds=1))
