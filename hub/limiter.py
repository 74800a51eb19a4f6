"""How often a person may act (W-18): a bucket of acts that refills, and one apart for what must
always get through."""

from dataclasses import dataclass

RESERVED_PREFIXES = (
    "protocol.acknowledge",
    "critical.",
    "call.",
    "ring.",
    "case.claim",
    "case.decline",
    "report.acknowledge",
    "incident.",
)
"""Acknowledgements, critical results, calls, answers to rings and incidents never wait behind
chatter."""
MAX_PEOPLE = 20_000


@dataclass(slots=True)
class Bucket:
    """`level` acts left at `at`, monotonic seconds."""

    level: float
    at: float


class Limiter:
    """One bucket a person for everything, another for what is reserved."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        # Acts in one go; also what a bucket holds.
        self.burst = burst
        self._buckets: dict[tuple[str, bool], Bucket] = {}

    def take(self, person: str, kind: str, now: float) -> int:
        """0 where the act may go on, else milliseconds to wait."""
        key = (person, kind.startswith(RESERVED_PREFIXES))
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= MAX_PEOPLE:
                self._forget(now)
            bucket = self._buckets[key] = Bucket(self.burst, now)
        bucket.level = min(self.burst, bucket.level + (now - bucket.at) * self._per_s)
        bucket.at = now
        if bucket.level < 1:
            return max(1, int((1 - bucket.level) / self._per_s * 1000))
        bucket.level -= 1
        return 0

    def _forget(self, now: float) -> None:
        """Let go of buckets that are full again."""
        full = self.burst / self._per_s
        self._buckets = {k: b for k, b in self._buckets.items() if now - b.at < full}
