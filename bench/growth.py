"""What grows: the millionth event of a store against the first, a long room against a short one."""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.hub_system import HubSystem, seats
from bench.machine import cpu_seconds
from bench.w1 import CpuLoad
from hub.load.member import Hall, Member
from hub.load.tickets import tickets


async def store_growth(events: int, window_s: float = 5.0) -> list[tuple[int, float, float]]:
    """(events in the store, deliveries/CPU-s, p99 ms at 500/s) at 0, 1, 10 … `events`."""
    system = HubSystem(100)
    rows: list[tuple[int, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        await system.start(Path(folder) / "server")
        try:
            load = CpuLoad(system)
            await system.prepare(0, 100)
            await load.connect(system.connect, 100)
            stored, mark = 0, 0
            while stored < events or not rows:
                if stored >= mark:
                    opened = await load.open_loop(500, window_s)
                    result = await load.closed_loop(window_s, warm=0.5)
                    per_cpu = result.deliveries / load.cpu_used
                    rows.append((stored, per_cpu, opened.percentile(0.99) if opened else 0.0))
                    mark = max(100_000, mark * 3) if mark else 100_000
                else:
                    await load.closed_loop(window_s, warm=0.0)
                stored = sum(room.next_number for room in load.rooms)
            opened = await load.open_loop(500, window_s)
            result = await load.closed_loop(window_s, warm=0.5)
            per_cpu = result.deliveries / load.cpu_used
            rows.append((stored, per_cpu, opened.percentile(0.99)))
            load.disconnect()
        finally:
            await system.stop()
    return rows


async def room_growth(long: int = 20_000, short: int = 20, times: int = 30) -> dict[int, float]:
    """Median ms from TCP connect to `joined`, in a room of `short` and in one of `long` events."""
    system = HubSystem(2)
    with tempfile.TemporaryDirectory() as folder:
        await system.start(Path(folder) / "server")
        try:
            hall = Hall("127.0.0.1", system.hub.port, seats(system.seeded))
            found: dict[int, float] = {}
            for room, length in enumerate((short, long)):
                await _fill(system, room, length)
                found[length] = median([await _join_ms(hall, room) for _ in range(times)])
            return found
        finally:
            await system.stop()


async def _fill(system: HubSystem, room: int, length: int) -> None:
    load = CpuLoad(system)
    await system.prepare(room, 1)

    async def connect(index: int, place: int, arrive):  # type: ignore[no-untyped-def]  # a Connect
        return await system.connect(room, place, arrive)

    await load.connect(connect, 1, members=1)
    only = load.rooms[0]
    while only.next_number < length:
        for _ in range(min(32, length - only.next_number)):
            load.send(only, 0.0)
        await load.settle(30)
    load.disconnect()


async def _join_ms(hall: Hall, room: int) -> float:
    seated = hall.rooms[room][1]
    (ticket,) = await tickets(hall.host, hall.port, [seated.token])
    begun = perf_counter()
    member = await Member.enter(hall.host, hall.port, seated, ticket, lambda number: None)
    took = (perf_counter() - begun) * 1000
    member.abort()
    return took


async def room_count_growth(rate: float, seconds: float = 6.0) -> dict[int, float]:
    """CPU ms a second at `rate` messages a second a 100 rooms, with 100 and with 200 rooms."""
    found: dict[int, float] = {}
    for rooms in (100, 200):
        system = HubSystem(rooms)
        with tempfile.TemporaryDirectory() as folder:
            await system.start(Path(folder) / "server")
            try:
                load = CpuLoad(system)
                await system.prepare(0, rooms)
                await load.connect(system.connect, rooms)
                await load.open_loop(rate * rooms / 100, seconds)
                found[rooms] = load.cpu_used / seconds * 1000
                load.disconnect()
                assert cpu_seconds(system.pids()) > 0
            finally:
                await system.stop()
    return found
