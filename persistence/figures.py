"""What the clocks of rooms told, for figures: read from the rows of the worklist, of closed rooms
too. Plain functions over a connection, to be given to `Journal.query`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from persistence.schema import worklist


@dataclass(frozen=True, slots=True)
class Measured:
    """One room. `requested_at` RFC 3339 UTC, `told` JSON of the hub's own."""

    site: str
    urgency: str
    requested_at: str
    told: bytes


def between(
    at: Connection, since: str, before: str, sites: Sequence[str] | None, limit: int
) -> list[Measured]:
    """Rooms asked for from `since` on and before `before`, of `sites` or of all (None), the newest
    first, at most `limit`."""
    query = select(
        worklist.c.site, worklist.c.urgency, worklist.c.requested_at, worklist.c.measured
    ).where(worklist.c.requested_at >= since, worklist.c.requested_at < before)
    if sites is not None:
        query = query.where(worklist.c.site.in_(list(sites)))
    query = query.order_by(worklist.c.requested_at.desc()).limit(limit)
    return [Measured(*row) for row in at.execute(query)]
