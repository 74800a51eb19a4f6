"""The store refuses for a while: who is shown what the history will not have?

A second connection holds the database's write lock while everyone publishes. Counted: what was
delivered, what was told to the publishers, and what is in the store once it works again.
"""

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.peers.socketio import SocketIo, SocketIoLine
from hub.load.work import MARK
from tests.kit.client import Client
from tests.kit.history import check
from tests.kit.hub import Hub
from tests.kit.journal import read_journal
from tests.kit.link import Frame


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the write lock of an SQLite file."""
    other = sqlite3.connect(database, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system did with messages published while its store refused."""

    system: str
    published: int
    delivered: int
    told_stored: int
    told_refused: int
    stored: int
    slowest_answer_s: float
    well_after: bool

    def line(self) -> str:
        """For a table: system, published, delivered, answers, stored."""
        untold = self.published - self.told_stored - self.told_refused
        return (
            f"| {self.system} | {self.published} | {self.delivered} | {self.told_refused} | "
            f"{untold} | {self.stored} | {self.slowest_answer_s:.2f} | "
            f"{'yes' if self.well_after else 'NO'} |"
        )


HEAD = (
    "| system | published | delivered | told refused | told nothing | stored | slowest answer s "
    "| well after |\n|---|---|---|---|---|---|---|---|"
)


async def hub_outcome(seconds: float, rate: float = 20.0) -> Outcome:
    """The hub, in a room of four, each message published once."""
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder))
        (room,) = await hub.seed(1)
        await hub.start()
        try:
            async with (
                Client(hub.url, room.members[0].token) as writer,
                Client(hub.url, room.members[1].token) as reader,
            ):
                return await _hub_outcome(hub, room.room, writer, reader, seconds, rate)
        finally:
            await hub.die()


async def _hub_outcome(
    hub: Hub, room: str, writer: Client, reader: Client, seconds: float, rate: float
) -> Outcome:
    await writer.join(room, 0)
    await reader.join(room, 0)
    before = (await writer.say(room, "before")).seq
    await reader.until_seq(room, before)
    slowest = 0.0
    now = asyncio.get_running_loop().time

    async def once(number: int) -> Frame:
        nonlocal slowest
        begun = now()
        frame = {"t": "pub", "cid": f"c{number}", "room": room, "kind": "message.post"}
        answer = await writer.ask({**frame, "body": {"text": f"refused {number}"}})
        slowest = max(slowest, now() - begun)
        return answer

    with locked(hub.database):
        pending = []
        for number in range(int(seconds * rate)):
            pending.append(asyncio.ensure_future(once(number)))
            await asyncio.sleep(1 / rate)
        answers = await asyncio.gather(*pending)
        shown = [one for one in reader.record.events(room) if one.seq > before]
    after = await writer.say(room, "after")
    await reader.until_seq(room, after.seq)
    journals = read_journal(hub.database)
    texts = [json.loads(entry.body).get("text", "") for entry in journals[room]]
    return Outcome(
        system="examroom",
        published=len(answers),
        delivered=len(shown),
        told_stored=sum(1 for one in answers if one["t"] == "ok"),
        told_refused=sum(1 for one in answers if one.get("slug") == "storage_unavailable"),
        stored=sum(1 for text in texts if text.startswith("refused ")),
        slowest_answer_s=slowest,
        well_after=not check([writer.record, reader.record], journals, complete=[reader.record]),
    )


async def peer_outcome(seconds: float, rate: float = 20.0) -> Outcome:
    """Socket.IO + SQLite FULL, insert then emit, with acknowledgements."""
    with tempfile.TemporaryDirectory() as folder:
        system = SocketIo("sqlite")
        await system.start(Path(folder))
        try:
            return await _peer_outcome(system, seconds, rate)
        finally:
            await system.stop()


async def _peer_outcome(system: SocketIo, seconds: float, rate: float) -> Outcome:
    shown: list[int] = []
    arrived = asyncio.Event()
    total = int(seconds * rate)

    def arrive(number: int) -> None:
        shown.append(number)
        if number == total:
            arrived.set()

    writer = await SocketIoLine.enter(system.port, 0, lambda number: None, None)
    await SocketIoLine.enter(system.port, 0, arrive, None)
    sent_at: list[float] = []
    with locked(system.database):
        for number in range(total):
            sent_at.append(perf_counter())
            writer.publish_acknowledged(number)
            await asyncio.sleep(1 / rate)
        delivered = len(shown)
    writer.publish_acknowledged(total)
    await asyncio.wait_for(arrived.wait(), 60 + total)
    store = sqlite3.connect(system.database)
    ((stored,),) = store.execute(
        "SELECT count(*) FROM messages WHERE body LIKE ?", (f"%{MARK.decode()}%",)
    ).fetchall()
    store.close()
    refused = sum(1 for answer in writer.answers if b"refused" in answer)
    return Outcome(
        system=system.name,
        published=total + 1,  # the last one after the lock
        delivered=delivered,
        told_stored=sum(1 for answer in writer.answers if b'"ok"' in answer),
        told_refused=refused,
        stored=stored,
        slowest_answer_s=max(
            answered - sent for sent, answered in zip(sent_at, writer.answered_at, strict=False)
        ),
        well_after=True,
    )
