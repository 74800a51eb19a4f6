"""Some clients stop reading: what it costs the hub, and whether anybody else notices (W-17)."""

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.hub_system import HubSystem, Place
from bench.machine import rss_kib
from hub.load.socket import SocketEnded
from hub.load.tickets import tickets
from hub.load.work import Load, Result

DEVICES = 5
"""Sockets of each of the four people of a room."""
MORE = b"y" * 6000


@dataclass(frozen=True, slots=True)
class Slowness:
    """Two open loops on the same members: before, and while some do not read."""

    clients: int
    slow: int
    before: Result
    during: Result
    rss_before_kib: int
    rss_after_kib: int
    rss_most_kib: int
    caught_up: int

    def line(self) -> str:
        """For the log."""
        grown = self.rss_most_kib - self.rss_before_kib
        return (
            f"{self.slow} of {self.clients} stop reading: "
            f"p50 {self.before.percentile(0.5):.2f} -> {self.during.percentile(0.5):.2f} ms, "
            f"p99 {self.before.percentile(0.99):.2f} -> {self.during.percentile(0.99):.2f} ms "
            f"for the others; hub grows {grown} KiB at most, "
            f"{grown / max(1, self.slow):.0f} KiB a slow reader; out of order "
            f"{self.during.disorder}, not arrived {self.during.unfinished}; "
            f"{self.caught_up} of them had everything after reading on or resuming"
        )


async def slow_readers(
    clients: int = 1000, slow: int = 200, *, rate: float = 150.0, seconds: float = 40.0
) -> Slowness:
    """`slow` of `clients` stop reading while messages of 6 KB go to everyone in their rooms."""
    rooms = clients // (4 * DEVICES)
    system = HubSystem(rooms)
    with tempfile.TemporaryDirectory() as folder:
        await system.start(Path(folder) / "server")
        try:
            return await _slow_readers(system, rooms, slow, rate, seconds)
        finally:
            await system.stop()


async def _slow_readers(
    system: HubSystem, rooms: int, slow: int, rate: float, seconds: float
) -> Slowness:
    load = Load()
    quick_ones = 4 * DEVICES - slow // rooms
    await load.connect(_devices(system), rooms, members=quick_ones)
    for room in load.rooms:
        for line in room.lines:
            assert isinstance(line, Place)
            line.more = MORE
    laggards = [
        await _laggard(system, index, place % 4)
        for index in range(rooms)
        for place in range(slow // rooms)
    ]
    before = await load.open_loop(rate, seconds / 2, warm=2.0)
    rss_before = rss_kib(system.pids())
    for laggard in laggards:
        laggard.line.socket.pause()
    watching = asyncio.ensure_future(_most_rss(system))
    during = await load.open_loop(rate, seconds, warm=2.0)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    rss_after = rss_kib(system.pids())
    wanted = [room.next_number for room in load.rooms]
    caught_up = 0
    for laggard in laggards:
        caught_up += await laggard.catch_up(system, wanted[laggard.room])
    load.disconnect()
    return Slowness(
        clients=rooms * 4 * DEVICES,
        slow=len(laggards),
        before=before,
        during=during,
        rss_before_kib=rss_before,
        rss_after_kib=rss_after,
        rss_most_kib=max(_peak),
        caught_up=caught_up,
    )


_peak: list[int] = []


async def _most_rss(system: HubSystem) -> None:
    _peak.clear()
    while True:
        _peak.append(rss_kib(system.pids()))
        await asyncio.sleep(0.25)


def _devices(system: HubSystem):  # type: ignore[no-untyped-def]  # it is a Connect
    async def connect(room, place, arrive):  # type: ignore[no-untyped-def]  # as above
        return await system.connect(room, place % 4, arrive)

    return connect


class Laggard:
    """A client that stops reading, and later wants to know everything all the same."""

    def __init__(self, room: int, place: int) -> None:
        self.room = room
        self.place = place
        self.numbers: list[int] = []
        self.line: Place
        self._came = asyncio.Event()

    def arrive(self, number: int) -> None:
        """A message."""
        self.numbers.append(number)
        self._came.set()

    async def catch_up(self, system: HubSystem, wanted: int) -> bool:
        """Read on, or come back where the hub has hung up; whether nothing is missing."""
        self.line.socket.resume()
        if not await self._all(wanted):
            with suppress(SocketEnded):
                self.line = await system.connect(
                    self.room, self.place, self.arrive, after=self.line.position()
                )
                await self._all(wanted)
        self.line.abort()
        return self.numbers == list(range(wanted))

    async def _all(self, wanted: int) -> bool:
        """Wait until everything came, or the socket is closed."""
        while len(self.numbers) < wanted and not self.line.socket.closed.done():
            self._came.clear()
            coming = asyncio.ensure_future(self._came.wait())
            await asyncio.wait(
                [coming, self.line.socket.closed], timeout=20, return_when="FIRST_COMPLETED"
            )
            if not coming.done():
                coming.cancel()
                break
        return len(self.numbers) >= wanted


async def _laggard(system: HubSystem, room: int, place: int) -> Laggard:
    laggard = Laggard(room, place)
    seated = system.seat(room, place)
    (ticket,) = await tickets("127.0.0.1", system.hub.port, [seated.token])
    laggard.line = await Place.enter(
        "127.0.0.1", system.hub.port, seated, ticket, laggard.arrive, after=None
    )
    return laggard
