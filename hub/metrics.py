"""What the hub counts, cheap enough for the hot path, and shown to Prometheus.

No label ever holds a person, a room, a site or a patient: labels are slugs and outcomes out of
closed lists. Each is named and explained in docs/operations.md.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

BOUNDS = (
    0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075,
    0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0,
)  # fmt: skip
"""Seconds: upper bounds of the latency histograms."""


class Latencies:
    """A histogram of seconds; an observation costs a bisection and two additions."""

    __slots__ = ("_buckets", "_sum")

    def __init__(self) -> None:
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float, n: int = 1) -> None:
        """`n` things took `seconds` each."""
        self._buckets[bisect_left(BOUNDS, seconds)] += n
        self._sum += seconds * n

    def family(self, name: str, text: str) -> HistogramMetricFamily:
        """As Prometheus reads it: cumulative."""
        rows: list[tuple[str, float]] = []
        total = 0
        for bound, held in zip((*map(str, BOUNDS), "+Inf"), self._buckets, strict=True):
            total += held
            rows.append((bound, float(total)))
        return HistogramMetricFamily(name, text, buckets=rows, sum_value=self._sum)


class Metrics:
    """All figures of one process."""

    def __init__(self) -> None:
        self._commits = Latencies()
        self._committed = 0
        self._delivered = Latencies()
        self._requests = Latencies()
        self._shed = 0
        self._refused: Counter[str] = Counter()
        self._resumes: Counter[str] = Counter()
        self._logins: Counter[str] = Counter()
        self._closes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._notified: Counter[tuple[str, str]] = Counter()
        """By channel and outcome."""
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        """Name -> what it says, and what reads it."""
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def commit(self, seconds: float, n: int = 1) -> None:
        """A group commit of `n` events took `seconds` from the oldest's submission to the disk."""
        self._commits.observe(seconds)
        self._committed += n

    def delivered(self, seconds: float, n: int = 1) -> None:
        """`n` readers were offered an event `seconds` after it was published."""
        self._delivered.observe(seconds, n)

    def resume(self, outcome: str) -> None:
        """A client came back: `caught_up`, `from_start`, `ahead_of_server`, `unknown_epoch`…"""
        self._resumes[outcome] += 1

    def shed(self, n: int = 1) -> None:
        """`n` ephemeral frames were given up for a slow reader."""
        self._shed += n

    def refused(self, slug: str) -> None:
        """An act was refused."""
        self._refused[slug] += 1

    def login(self, outcome: str) -> None:
        """A login ended: `ok` or a slug."""
        self._logins[outcome] += 1

    def closed(self, slug: str) -> None:
        """A socket was closed by the hub."""
        self._closes[slug] += 1

    def request(self, status: int, seconds: float) -> None:
        """An HTTP request was answered. Streams are not counted in the seconds."""
        self._statuses[str(status)] += 1
        self._requests.observe(seconds)

    def notified(self, channel: str, outcome: str) -> None:
        """An attempt to reach somebody by `channel` ended, or none was needed or possible."""
        self._notified[channel, outcome] += 1

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show `examroom_NAME`, read whenever somebody looks. The last to name it wins."""
        self._gauges[name] = (text, read)

    def collect(self) -> Iterator[Metric]:
        """For the registry."""
        yield self._commits.family(
            "examroom_commit_seconds", "From the submission of an act to its commit on the disk"
        )
        yield self._delivered.family(
            "examroom_deliver_seconds", "From the publishing of an event to the offer to a reader"
        )
        yield self._requests.family("examroom_http_seconds", "HTTP requests but streams")
        yield CounterMetricFamily(
            "examroom_committed_events", "Events stored", value=self._committed
        )
        yield CounterMetricFamily(
            "examroom_shed_frames", "Ephemeral frames given up for slow readers", value=self._shed
        )
        yield _labelled("examroom_refused", "Refused acts", "slug", self._refused)
        yield _labelled("examroom_resumes", "Clients that came back", "outcome", self._resumes)
        yield _labelled("examroom_logins", "Logins", "outcome", self._logins)
        yield _labelled("examroom_closes", "Sockets closed by the hub", "slug", self._closes)
        yield _labelled("examroom_http_requests", "HTTP answers", "status", self._statuses)
        notified = CounterMetricFamily(
            "examroom_notifications", "Attempts to reach people", labels=["channel", "outcome"]
        )
        for pair, count in sorted(self._notified.items()):
            notified.add_metric(list(pair), count)
        yield notified
        for name, (text, read) in self._gauges.items():
            yield GaugeMetricFamily(f"examroom_{name}", text, value=read())

    def render(self) -> bytes:
        """The text that Prometheus scrapes (exposition format 0.0.4)."""
        return generate_latest(self._registry)


def _labelled(name: str, text: str, label: str, counts: Counter[str]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family
