"""The hub as a system under measurement: the whole product on SQLite with synchronous=FULL."""

from pathlib import Path
from typing import Any

from bench.machine import pinned
from hub.load.member import Hall, Member, Seated
from hub.load.tickets import tickets
from hub.load.work import Arrive
from tests.kit.hub import Hub, SeededRoom


class Place(Member):
    """A member who counts, so as to come back where they stood."""

    __slots__ = ("_count", "_tell")

    def __init__(self, room: str, arrive: Arrive) -> None:
        super().__init__(room, self._arrived)
        self._tell = arrive
        # Messages received: nothing else happens in a room under load.
        self._count = 0

    def _arrived(self, number: int) -> None:
        self._count += 1
        self._tell(number)

    def position(self) -> int:
        return self.joined + self._count


class HubSystem:
    """`examroom serve`, in rooms of `examroom seed`."""

    name = "examroom"
    kind = "A"

    def __init__(self, rooms: int = 500) -> None:
        self.rooms = rooms
        self.hub: Hub
        self.seeded: list[SeededRoom] = []
        self._hall: Hall

    async def start(self, folder: Path) -> None:
        self.hub = Hub(folder, prefix=pinned(), env={"EXAMROOM_LOG_LEVEL": "warning"})
        self.seeded = await self.hub.seed(self.rooms)
        await self.hub.start()
        self._hall = Hall("127.0.0.1", self.hub.port, seats(self.seeded))

    async def prepare(self, first: int, count: int) -> None:
        await self._hall.fetch(first, count)

    async def connect(self, room: int, place: int, arrive: Arrive, after: Any = None) -> Place:
        seated = self._hall.rooms[room][place]
        ticket = self._hall.ticket(room, place)
        if not ticket:
            (ticket,) = await tickets("127.0.0.1", self.hub.port, [seated.token])
        at = ("127.0.0.1", self.hub.port)
        return await Place.enter(*at, seated, ticket, arrive, after=after)

    def seat(self, room: int, place: int) -> Seated:
        """Who sits there."""
        return self._hall.rooms[room][place]

    def pids(self) -> list[int]:
        return [self.hub.pid]

    async def stop(self) -> None:
        await self.hub.stop()


def seats(rooms: list[SeededRoom]) -> list[list[Seated]]:
    """The rooms of a seed as the load client takes them."""
    return [
        [Seated(room.room, one.person, one.role, one.token) for one in room.members]
        for room in rooms
    ]
