"""Workload W1: rooms of four, a 300-byte JSON text a message, everyone receives it in room order.

The same code loads any server that a `Connect` can be written for. A message is complete when all
members of its room have received it; latencies count from the *intended* time of sending, so that
a server that stalls cannot hide it (no coordinated omission).
"""

import asyncio
import time
from array import array
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

BODY_BYTES = 300
MARK = b'"text":"'
DIGITS = 10
_PAD = b"x" * (BODY_BYTES - len(MARK) - DIGITS - 4) + b'"}'


def body(number: int, more: bytes = b"") -> bytes:
    """The JSON of message `number`: exactly `BODY_BYTES`, recognisable by its first digits.

    `more` makes it that much longer.
    """
    return b'{"text":"%010d ' % number + more + _PAD


class Line(Protocol):
    """A member's way to the server."""

    def publish(self, number: int) -> None:
        """Send message `number` to this member's room."""

    def abort(self) -> None:
        """End without a word."""


Arrive = Callable[[int], None]
Connect = Callable[[int, int, Arrive], Awaitable[Line]]
"""(room, place in it, what to call with the number of each message received) -> joined member."""


class Seat:
    """A member's place: checks the order of what arrives."""

    __slots__ = ("_load", "_room", "chain", "expected", "received")

    def __init__(self, load: "Load", room: "LoadRoom") -> None:
        self._load = load
        self._room = room
        self.received = 0
        # The number that comes next where one person publishes.
        self.expected = 0
        # Folds the order of arrival, to compare members by.
        self.chain = 0

    def arrive(self, number: int) -> None:
        """A message reached this member."""
        if number != self.expected:
            self._room.disorder += 1
        self.expected = number + 1
        self.received += 1
        self.chain = hash((self.chain, number))
        load = self._load
        if load.timing:
            load.latencies.append(load.now() - self._room.intended[number])
        left = self._room.left
        missing = left[number] - 1
        if missing:
            left[number] = missing
        else:
            del left[number]
            load.completed(self._room)


@dataclass(slots=True, eq=False)
class LoadRoom:
    """A room under load. `left[n]` members have not yet received message n."""

    seats: list[Seat] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    next_number: int = 0
    left: dict[int, int] = field(default_factory=dict)
    intended: dict[int, float] = field(default_factory=dict)
    disorder: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave. Times in seconds; `disorder` counts arrivals out of order."""

    messages: int
    deliveries: int
    elapsed: float
    disorder: int
    unfinished: int
    latencies: Sequence[float] = ()

    @property
    def per_second(self) -> float:
        """Deliveries a second."""
        return self.deliveries / self.elapsed

    def percentile(self, share: float) -> float:
        """Latency in ms that `share` (0–1) of the deliveries stayed below."""
        ordered = sorted(self.latencies)
        if not ordered:
            return float("nan")
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Load:
    """W1 on a set of rooms. One instance at a time on an event loop."""

    def __init__(self, publishers: int = 1) -> None:
        self.rooms: list[LoadRoom] = []
        self.publishers = publishers
        self.timing = False
        self.latencies = array("d")
        self.now = time.perf_counter  # uvloop's own clock counts whole milliseconds
        self._closed_loop = False
        self._done = 0
        self._under_way = 0
        self._settled = asyncio.Event()

    async def connect(
        self, connect: Connect, rooms: int, members: int = 4, lanes: int = 32
    ) -> None:
        """Bring every member into their room, `lanes` at a time."""
        self.rooms = [LoadRoom() for _ in range(rooms)]
        gate = asyncio.Semaphore(lanes)

        async def one(index: int, place: int, seat: Seat) -> Line:
            async with gate:
                return await connect(index, place, seat.arrive)

        waiting = []
        for index, room in enumerate(self.rooms):
            room.seats = [Seat(self, room) for _ in range(members)]
            waiting += [one(index, place, seat) for place, seat in enumerate(room.seats)]
        lines = await asyncio.gather(*waiting)
        for index, room in enumerate(self.rooms):
            room.lines = list(lines[index * members : (index + 1) * members])

    def disconnect(self) -> None:
        """End every line."""
        for room in self.rooms:
            for line in room.lines:
                line.abort()

    def completed(self, room: LoadRoom) -> None:
        """Everyone in `room` has a message: in a closed loop the next one goes out."""
        self._done += 1
        self._under_way -= 1
        if not self._under_way:
            self._settled.set()
        if self._closed_loop:
            self.send(room, 0.0)

    def send(self, room: LoadRoom, intended: float) -> None:
        """Publish the next message of `room`, by its publishers in turn."""
        number = room.next_number
        room.next_number = number + 1
        room.left[number] = len(room.seats)
        if self.timing:
            room.intended[number] = intended
        self._under_way += 1
        self._settled.clear()
        line = room.lines[room.turn]
        room.turn = (room.turn + 1) % self.publishers
        line.publish(number)

    async def closed_loop(self, seconds: float, in_flight: int = 4, warm: float = 1.0) -> Result:
        """As fast as the server goes, with `in_flight` incomplete messages a room."""
        self._closed_loop = True
        for room in self.rooms:
            for _ in range(in_flight):
                self.send(room, 0.0)
        await asyncio.sleep(warm)
        before, begun = self._counts(), self.now()
        self.mark()
        await asyncio.sleep(seconds)
        after, ended = self._counts(), self.now()
        self.mark()
        self._closed_loop = False
        await self.settle()
        return self._result(after[0] - before[0], after[1] - before[1], ended - begun)

    async def open_loop(self, rate: float, seconds: float, warm: float = 1.0) -> Result:
        """`rate` messages a second over all rooms in turn, whatever the server does."""
        await self._pace(rate, warm)
        await self.settle()
        self.latencies = array("d")
        self.timing = True
        before, begun = self._counts(), self.now()
        self.mark()
        await self._pace(rate, seconds)
        await self.settle()
        after, ended = self._counts(), self.now()
        self.mark()
        self.timing = False
        for room in self.rooms:
            room.intended.clear()
        return self._result(after[0] - before[0], after[1] - before[1], ended - begun)

    async def _pace(self, rate: float, seconds: float) -> None:
        """Spins instead of sleeping: timers of event loops are a millisecond coarse."""
        begun = self.now()
        total, sent = int(rate * seconds), 0
        while sent < total:
            due = min(total, int((self.now() - begun) * rate) + 1)
            while sent < due:
                self.send(self.rooms[sent % len(self.rooms)], begun + sent / rate)
                sent += 1
            await asyncio.sleep(0)

    async def settle(self, within: float = 10.0) -> None:
        """Wait until nothing is on its way, at most `within` seconds."""
        if self._under_way:
            with suppress(TimeoutError):  # what is missing is told in the result
                await asyncio.wait_for(self._settled.wait(), within)

    def mark(self) -> None:
        """Called at the beginning and at the end of what is measured; to be replaced."""

    def one_order(self) -> bool:
        """Whether the members of every room received the same messages in the same order."""
        return all(len({seat.chain for seat in room.seats}) == 1 for room in self.rooms)

    def _counts(self) -> tuple[int, int]:
        return self._done, sum(seat.received for room in self.rooms for seat in room.seats)

    def _result(self, messages: int, deliveries: int, elapsed: float) -> Result:
        single = self.publishers == 1
        disorder = sum(room.disorder for room in self.rooms) if single else 0
        if not self.one_order():
            disorder += 1
        return Result(
            messages=messages,
            deliveries=deliveries,
            elapsed=elapsed,
            disorder=disorder,
            unfinished=sum(len(room.left) for room in self.rooms),
            latencies=self.latencies,
        )
