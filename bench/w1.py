"""The parts of workload W1 on one system, each a few figures."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.machine import cpu_seconds, rss_kib
from bench.system import System
from hub.load.work import Load, Result

ROOMS = 100
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each part takes."""

    saturation_s: float = 8.0
    open_s: float = 8.0
    idle_rooms: int = 500
    away_times: int = 7
    parts: frozenset[str] = field(
        default_factory=lambda: frozenset({"closed", "four", "open", "idle", "away"})
    )


QUICK = Plan(saturation_s=3.0, open_s=3.0, idle_rooms=250, away_times=3)


class CpuLoad(Load):
    """W1 that reads the server's CPU time at the beginning and the end of what is measured."""

    def __init__(self, system: System, publishers: int = 1) -> None:
        super().__init__(publishers)
        self.system = system
        self.cpu: list[float] = []

    def mark(self) -> None:
        self.cpu.append(cpu_seconds(self.system.pids()))

    @property
    def cpu_used(self) -> float:
        """CPU seconds between the last two marks."""
        return self.cpu[-1] - self.cpu[-2]


async def measure(system: System, plan: Plan, folder: Path | None = None) -> Figures:
    """Start `system`, run the parts of the plan, stop it."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as temporary:
        await system.start(Path(temporary) / "server")
        try:
            return await _parts(system, plan)
        finally:
            await system.stop()


async def _parts(system: System, plan: Plan) -> Figures:
    figures: Figures = {}
    parts: dict[str, Callable[[System, Plan], Awaitable[Figures]]] = {
        "idle": idle,
        "away": away,
        "open": open_loop,
        "four": four_publishers,
        "closed": saturation,
    }
    for name, part in parts.items():
        if name in plan.parts:
            figures |= await part(system, plan)
    return figures


async def _connected(system: System, load: Load, rooms: int = ROOMS) -> None:
    await system.prepare(0, rooms)
    await load.connect(system.connect, rooms)


def _sound(result: Result, name: str) -> Figures:
    return {f"{name} out of order": result.disorder, f"{name} unfinished": result.unfinished}


async def saturation(system: System, plan: Plan) -> Figures:
    """Closed loop, 4 in flight a room, one publisher a room."""
    return await _closed(system, plan, "closed", 1)


async def four_publishers(system: System, plan: Plan) -> Figures:
    """Closed loop, the four members of a room publish in turn, 4 in flight."""
    return await _closed(system, plan, "four", 4)


async def _closed(system: System, plan: Plan, name: str, publishers: int) -> Figures:
    load = CpuLoad(system, publishers)
    await _connected(system, load)
    result = await load.closed_loop(plan.saturation_s)
    load.disconnect()
    cpu = load.cpu_used
    return {
        f"{name} deliveries/s": result.per_second,
        f"{name} deliveries/CPU-s": result.deliveries / cpu,
        f"{name} server core used": cpu / result.elapsed,
        **_sound(result, name),
    }


async def open_loop(system: System, plan: Plan) -> Figures:
    """200 and 1,000 messages a second over all rooms; latency from the intended time."""
    load = CpuLoad(system)
    await _connected(system, load)
    figures: Figures = {}
    for rate in (200, 1000):
        result = await load.open_loop(rate, plan.open_s)
        figures[f"{rate}/s p50 ms"] = result.percentile(0.5)
        figures[f"{rate}/s p99 ms"] = result.percentile(0.99)
        figures[f"{rate}/s CPU ms/s"] = load.cpu_used / result.elapsed * 1000
        figures |= _sound(result, f"{rate}/s")
    load.disconnect()
    return figures


async def idle(system: System, plan: Plan) -> Figures:
    """Members who join and stay: how fast, and what each costs in memory."""
    warm = Load()
    await _connected(system, warm, 20)
    before = rss_kib(system.pids())
    load = CpuLoad(system)
    await system.prepare(20, plan.idle_rooms - 20)
    load.mark()
    begun = perf_counter()
    await load.connect(_shifted(system, 20), plan.idle_rooms - 20, lanes=64)
    took = perf_counter() - begun
    load.mark()
    joined = (plan.idle_rooms - 20) * 4
    figures = {
        "joins/s": joined / took,
        "joins/CPU-s": joined / load.cpu_used,
        "KiB/idle connection": (rss_kib(system.pids()) - before) / joined,
    }
    warm.disconnect()
    load.disconnect()
    return figures


def _shifted(system: System, by: int):  # type: ignore[no-untyped-def]  # it is a Connect
    async def connect(room, place, arrive):  # type: ignore[no-untyped-def]  # as above
        return await system.connect(room + by, place, arrive)

    return connect


async def away(system: System, plan: Plan, missed: int = 1000) -> Figures:
    """A member was away for 1,000 messages: from TCP connect to having them all."""
    took = [await _away_once(system, room, missed) for room in range(plan.away_times)]
    return {"1,000 missed ms": median(took)}


async def _away_once(system: System, room: int, missed: int) -> float:
    await system.prepare(room, 1)
    seen, back = _Count(), _Count()
    writer = await system.connect(room, 0, seen.arrive)
    reader = await system.connect(room, 1, back.arrive)
    writer.publish(0)
    await seen.until(1)
    await back.until(1)
    position = reader.position()
    reader.abort()
    await asyncio.sleep(0.05)  # the server notices that it is gone
    for number in range(1, missed + 1):
        writer.publish(number)
        if number % 50 == 0:
            await seen.until(number + 1)
    await system.prepare(room, 1)
    begun = perf_counter()
    reader = await system.connect(room, 1, back.arrive, after=position)
    await back.until(missed + 1)
    took = (perf_counter() - begun) * 1000
    writer.abort()
    reader.abort()
    if back.numbers != list(range(missed + 1)):
        raise RuntimeError(f"{system.name}: what was missed came back wrong")
    return took


class _Count:
    """What one member received."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._wanted = 0
        self._reached = asyncio.Event()

    def arrive(self, number: int) -> None:
        self.numbers.append(number)
        if len(self.numbers) >= self._wanted:
            self._reached.set()

    async def until(self, count: int) -> None:
        self._wanted = count
        if len(self.numbers) < count:
            self._reached.clear()
            await asyncio.wait_for(self._reached.wait(), 30)
