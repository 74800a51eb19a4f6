"""kill -9 at any moment: what was settled is in the journal, and the chain is whole."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import pytest

from persistence.sqlite import SqliteJournal
from persistence.verify import verifier
from tests.contracts.journal import Opened

ROUNDS = int(os.environ.get("EXAMROOM_ROUNDS", "10"))

CHILD = """
import asyncio, sys
from persistence.entries import Stored
from persistence.sqlite import SqliteJournal
from tests.contracts.journal import Opened, message

async def main():
    journal = SqliteJournal(sys.argv[1])
    one = await Opened(journal).start()
    rooms = [f"r{n}" for n in range(7)]
    heads = {room: await journal.head(1, room) for room in rooms}
    turn = 0
    while True:
        turn += 1
        batch = []
        for room in rooms:
            for _ in range(turn % 4 + 1):
                heads[room] += 1
                batch.append(message(room, heads[room], body=b"x" * (turn * 37 % 900)))
        outcomes = await one.write(*batch)
        assert outcomes == [Stored()] * len(batch), outcomes
        lines = "".join(f"{a.drafts[0].room} {a.drafts[0].seq}\\n" for a in batch)
        sys.stdout.write(lines)
        sys.stdout.flush()

asyncio.run(main())
"""


async def _round(url: str, said: dict[str, int], wait: float) -> int:
    """Let a child write, kill it, and note what it said was settled; gives how many lines."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    lines = [await asyncio.wait_for(child.stdout.readline(), 30)]  # it has begun to write
    reader = asyncio.create_task(child.stdout.read())
    await asyncio.sleep(wait)  # the moment of the kill is the point of this test
    child.send_signal(signal.SIGKILL)
    rest = await reader
    await child.wait()
    lines += rest[: rest.rfind(b"\n") + 1].splitlines()
    for line in lines:
        room, seq = line.decode().split()
        assert int(seq) == said.get(room, 0) + 1 or int(seq) > said[room]
        said[room] = int(seq)
    return len(lines)


@pytest.mark.timeout(60 + 15 * ROUNDS)
async def test_kill(tmp_path: Path) -> None:
    path = tmp_path / "examroom.db"
    url = f"sqlite:///{path}"
    said: dict[str, int] = {}
    chance = random.Random(20261121)
    lines = 0
    for _ in range(ROUNDS):
        lines += await _round(url, said, chance.uniform(0.0, 0.3))
        found = verifier(path)
        assert [*found.run()] == []
        found.driver.close()
    assert lines > ROUNDS
    one = await Opened(SqliteJournal(url)).start()
    for room, seq in said.items():
        seqs = await one.seqs(room)
        assert seqs == [*range(1, len(seqs) + 1)]
        assert len(seqs) >= seq
        assert (await one.journal.retry(room, "p1", "d1", f"c{seq}") or (0,))[0] == seq
    await one.journal.stop()
