"""A member of a room of the hub, for the load: joins, publishes, says when a message arrives."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from hub.load.socket import Socket, SocketEnded
from hub.load.tickets import tickets
from hub.load.work import DIGITS, MARK, Arrive, body

_SKIP = len(MARK)
_JOINED = b'{"t":"joined"'


@dataclass(frozen=True, slots=True, repr=False)
class Seated:
    """Who sits where: a line of the file that `seed` writes."""

    room: str
    person: str
    role: str
    token: str


class Member:
    """A person's socket in one room."""

    __slots__ = (
        "_answers",
        "_arrive",
        "_head",
        "_joining",
        "_run",
        "joined",
        "more",
        "refused",
        "socket",
    )

    def __init__(self, room: str, arrive: Arrive) -> None:
        self.socket: Socket
        # Makes each message that much longer.
        self.more = b""
        # The head of the room at `joined`.
        self.joined = 0
        # `err` frames that came.
        self.refused = 0
        self._arrive = arrive
        self._run = secrets.token_hex(4).encode()
        self._head = b'{"t":"pub","room":"%b","kind":"message.post","cid":"' % room.encode()
        # What came while joining; nobody looks at it afterwards.
        self._joining = True
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    @classmethod
    async def enter(
        cls,
        host: str,
        port: int,
        seated: Seated,
        ticket: str,
        arrive: Arrive,
        *,
        after: int | None = None,
        device: str = "",
    ) -> Self:
        """Connect, `hello`, `join`. Raises `SocketEnded` where the hub says no."""
        member = cls(seated.room, arrive)
        member.socket = await Socket.open(host, port, member.take)
        named = {"device": device or secrets.token_hex(8), "app": "load", "caps": []}
        member._say({"t": "hello", "ticket": ticket, **named})
        place = {} if after is None else {"after": after}
        await member._answer("welcome")  # what comes before it is refused (W-2)
        member._say({"t": "join", "re": "j", "room": seated.room, **place})
        member.joined = int((await member._answer("joined"))["head"])
        member._joining = False
        return member

    def publish(self, number: int) -> None:
        """`message.post` number so and so."""
        self.socket.send(self._head + b'%b-%d","body":' % (self._run, number) + body(number) + b"}")

    def abort(self) -> None:
        """End without a word."""
        self.socket.abort()

    def take(self, text: bytes) -> None:
        """A frame: whatever holds messages is counted, in its order."""
        # the state of a room has texts of its own, and nothing that was delivered
        at = -1 if text.startswith(_JOINED) else text.find(MARK)
        if at < 0:
            if self._joining:
                self._answers.put_nowait(text)
            if b'"t":"err"' in text:
                self.refused += 1
            return
        while at >= 0:
            at += _SKIP
            self._arrive(int(text[at : at + DIGITS]))
            at = text.find(MARK, at)

    def _say(self, frame: dict[str, object]) -> None:
        self.socket.send(json.dumps(frame).encode())

    async def _answer(self, t: str) -> dict[str, Any]:
        """The next frame called `t`; presence and the like pass by."""
        while True:
            getting = asyncio.ensure_future(self._answers.get())
            await asyncio.wait([getting, self.socket.closed], return_when="FIRST_COMPLETED")
            if not getting.done():
                getting.cancel()
                raise SocketEnded(f"closed with {self.socket.close_code} before {t}")
            frame: dict[str, Any] = json.loads(getting.result())
            if frame["t"] == t:
                return frame
            if frame["t"] in ("err", "bye"):
                raise SocketEnded(f"{frame.get('slug')} instead of {t}")


class Hall:
    """Seats in order, with the tickets that bring people to them: a `Connect` for W1."""

    def __init__(self, host: str, port: int, rooms: Sequence[Sequence[Seated]]) -> None:
        self.host = host
        self.port = port
        self.rooms = rooms
        self._tickets: dict[tuple[int, int], str] = {}

    async def fetch(self, first: int, count: int) -> None:
        """Tickets for every seat of `count` rooms; they live 30 s."""
        places = [
            (index, place)
            for index in range(first, first + count)
            for place in range(len(self.rooms[index]))
        ]
        tokens = [self.rooms[index][place].token for index, place in places]
        found = await tickets(self.host, self.port, tokens)
        self._tickets |= dict(zip(places, found, strict=True))

    def ticket(self, index: int, place: int) -> str:
        """The ticket of that seat, once; empty where none was fetched."""
        return self._tickets.pop((index, place), "")

    async def connect(self, index: int, place: int, arrive: Arrive) -> Member:
        """The member of that seat, joined."""
        ticket = self.ticket(index, place)
        seated = self.rooms[index][place]
        if not ticket:
            (ticket,) = await tickets(self.host, self.port, [seated.token])
        return await Member.enter(self.host, self.port, seated, ticket, arrive)
