"""Rounds that try to lose something: kills under load, and messages repeated over a bad link.

Each round gives what it did and every broken promise that the judge of histories found; the tests
run short rounds of the same.
"""

import asyncio
import json
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.kit.client import Client
from tests.kit.history import Problem, Record, check
from tests.kit.hub import Hub, SeededRoom
from tests.kit.journal import read_journal
from tests.kit.proxy import Proxy

LOOK_EVERY = 10
"""Kills between two looks at the journal."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did. `problems` is empty where every promise was kept."""

    what: str
    messages: int
    answers: int
    broken_links: int
    problems: list[Problem]
    verified: str

    def line(self) -> str:
        """For the log."""
        found = "; ".join(map(str, self.problems[:5])) or "no promise broken"
        return (
            f"{self.what}: {self.messages} messages stored, {self.answers} answers, "
            f"{self.broken_links} links broken, verify: {self.verified}; {found}"
        )


async def kills(
    folder: Path, times: int, *, rooms: int = 4, writers: int = 2, seed: int = 1
) -> Round:
    """`kill -9` at random points while `writers` people a room write without pause.

    Everybody resumes by themselves and sends again what had no answer. At the end, and every
    tenth time, all that was seen and answered is held against the journal in the file.
    """
    rng = random.Random(seed)
    hub = Hub(folder)
    seeded = await hub.seed(rooms)
    await hub.start()
    problems: list[Problem] = []
    try:
        async with AsyncExitStack() as stack:
            people = await _people(stack, hub.url, seeded, rng)
            stop = asyncio.Event()
            writing = [
                asyncio.ensure_future(_write(client, room.room, stop))
                for room, clients in zip(seeded, people, strict=True)
                for client in clients[:writers]
            ]
            records = [client.record for clients in people for client in clients]
            for number in range(1, times + 1):
                await _some_answers(people, rng.randint(1, 40 * rooms))
                await hub.die()
                if number % LOOK_EVERY == 0:
                    problems += check(records, read_journal(hub.database))
                await hub.restart()
            stop.set()
            await asyncio.gather(*writing)
            for room, clients in zip(seeded, people, strict=True):
                head = max(client.reached[room.room] for client in clients)
                for client in clients:
                    await client.until_seq(room.room, head, 60)
            problems += await _judge(hub, records)
        verified = await _verified(hub)
    finally:
        await hub.die()
    return Round(
        what=f"{times} kills",
        messages=sum(map(len, read_journal(hub.database).values())),
        answers=sum(len(record.answers) for record in records),
        broken_links=sum(client.links - 1 for clients in people for client in clients),
        problems=problems,
        verified=verified,
    )


async def _people(
    stack: AsyncExitStack, url: str, seeded: list[SeededRoom], rng: random.Random
) -> list[list[Client]]:
    """Everybody of every room, joined from the beginning."""
    found: list[list[Client]] = []
    for room in seeded:
        clients = []
        for member in room.members:
            client = Client(
                url,
                member.token,
                name=member.person,
                backoff_s=0.02,
                rng=random.Random(rng.random()),
            )
            await stack.enter_async_context(client)
            await client.join(room.room, 0)
            clients.append(client)
        found.append(clients)
    return found


async def _write(client: Client, room: str, stop: asyncio.Event) -> None:
    """Write until told to stop, four at a time, each until it has its answer."""

    async def lane(name: str) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            await client.say(room, f"{client.record.name} {name} {number}")

    await asyncio.gather(*(lane(name) for name in "abcd"))


async def _some_answers(people: list[list[Client]], more: int) -> None:
    """Until `more` answers came, whoever to: a random point in the work, without a clock."""
    everyone = [client for clients in people for client in clients]
    wanted = sum(len(client.record.answers) for client in everyone) + more

    def reached() -> bool:
        return sum(len(client.record.answers) for client in everyone) >= wanted

    tasks = [asyncio.ensure_future(client.until(reached, 120)) for client in everyone]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def flapping(folder: Path, messages: int, *, in_flight: int = 16, seed: int = 1) -> Round:
    """`messages` messages, each sent one to five times, over a link that keeps breaking.

    Two members write over bad links, two read: one over a bad link, one over a good one.
    """
    rng = random.Random(seed)
    hub = Hub(folder)
    (room,) = await hub.seed(1)
    await hub.start()
    problems: list[Problem] = []
    try:
        async with AsyncExitStack() as stack:
            bad = await stack.enter_async_context(Proxy(("127.0.0.1", hub.port)))
            bad.flap(random.Random(rng.random()), 20_000, 200_000)
            urls = [bad.url, bad.url, bad.url, hub.url]
            clients = []
            for member, url in zip(room.members, urls, strict=True):
                client = Client(url, member.token, name=member.person, backoff_s=0.01)
                clients.append(await stack.enter_async_context(client))
                await client.join(room.room, 0)
            await _repeat(clients[:2], room.room, messages, in_flight, rng)
            bad.steady()
            records = [client.record for client in clients]
            head = len(read_journal(hub.database)[room.room])
            for client in clients:
                await client.until_seq(room.room, head, 60)
            problems += await _judge(hub, records)
            problems += _each_once(hub, room.room, messages)
            verified = await _verified(hub)
    finally:
        await hub.die()
    return Round(
        what=f"{messages} messages, each 1–5 times, over a flapping link",
        messages=messages,
        answers=sum(len(record.answers) for record in records),
        broken_links=bad.cuts,
        problems=problems,
        verified=verified,
    )


async def _repeat(
    writers: list[Client], room: str, messages: int, in_flight: int, rng: random.Random
) -> None:
    todo = iter(range(messages))

    async def lane(client: Client) -> None:
        for number in todo:
            await client.say(room, f"message {number}", repeats=rng.randint(1, 5))

    await asyncio.gather(*(lane(writers[n % len(writers)]) for n in range(in_flight)))


def _each_once(hub: Hub, room: str, messages: int) -> list[Problem]:
    texts = Counter(
        json.loads(entry.body)["text"]
        for entry in read_journal(hub.database)[room]
        if entry.kind == "message.posted"
    )
    wanted = {f"message {number}" for number in range(messages)}
    return [
        Problem("W-12", "journal", room, 0, f"stored {texts[text]} times: {text}")
        for text in sorted(wanted | set(texts))
        if texts[text] != (1 if text in wanted else 0)
    ]


async def _judge(hub: Hub, records: list[Record]) -> list[Problem]:
    return check(records, read_journal(hub.database), complete=records)


async def _verified(hub: Hub) -> str:
    """What `examroom verify` says of the store."""
    status, said = await hub.run("verify")
    return "ok" if status == 0 else said.strip()
