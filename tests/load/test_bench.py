"""The load client counts what it should, and notices what it must."""

import asyncio
from pathlib import Path

import pytest

from hub.load.framing import TEXT, Frames, frame
from hub.load.work import BODY_BYTES, Load, body
from tests.kit.hub import Hub, running_hub


def unmasked(payload: bytes) -> bytes:
    """A server's frame of the same payload: no mask bit, no key."""
    masked = frame(payload)
    head = len(masked) - len(payload) - 4
    return masked[:1] + bytes((masked[1] & 0x7F,)) + masked[2:head] + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_frames_of_every_length_come_back_whole_however_they_are_cut(size: int) -> None:
    payload = bytes(n % 251 for n in range(size))
    stream = unmasked(payload) + unmasked(b"next")
    for step in (1, 3, 1000, len(stream)):
        if step == 1 and size > 1000:
            continue
        frames = Frames()
        found = [
            one for at in range(0, len(stream), step) for one in frames.feed(stream[at : at + step])
        ]
        assert found == [(TEXT, payload), (TEXT, b"next")]


def test_a_message_has_exactly_the_bytes_of_the_workload() -> None:
    assert len(body(0)) == len(body(9_999_999_999)) == BODY_BYTES == 300


class Echo:
    """A line that says to everyone of its room what is published."""

    def __init__(self, load: Load, room: int, held: dict[int, int]) -> None:
        self.load = load
        self.room = room
        self.held = held

    def publish(self, number: int) -> None:
        for seat in self.load.rooms[self.room].seats:
            asyncio.get_running_loop().call_soon(seat.arrive, number)

    def abort(self) -> None:
        pass


class Swapping(Echo):
    """Delivers to the last member in another order than to the others."""

    def publish(self, number: int) -> None:
        *others, last = self.load.rooms[self.room].seats
        for seat in others:
            asyncio.get_running_loop().call_soon(seat.arrive, number)
        if self.room not in self.held:
            self.held[self.room] = number
            return
        for one in (number, self.held.pop(self.room)):
            asyncio.get_running_loop().call_soon(last.arrive, one)


async def run(kind: type[Echo], publishers: int) -> tuple[int, int]:
    load = Load(publishers)
    held: dict[int, int] = {}

    async def connect(room: int, place: int, arrive: object) -> Echo:
        return kind(load, room, held)

    await load.connect(connect, 2)
    result = await load.closed_loop(0.05, in_flight=4, warm=0.0)
    assert result.deliveries > 0
    return result.disorder, result.unfinished


async def test_order_is_found_good_where_it_is() -> None:
    assert await run(Echo, 1) == (0, 0)
    assert await run(Echo, 4) == (0, 0)


async def test_disorder_is_found_where_it_is() -> None:
    assert (await run(Swapping, 1))[0] > 0
    assert (await run(Swapping, 4))[0] > 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize("rate", ["0", "100"])
async def test_bench_loads_a_hub_that_runs(tmp_path: Path, rate: str) -> None:
    await Hub(tmp_path).seed(3)
    async with running_hub(tmp_path) as hub:
        child = await asyncio.create_subprocess_exec(
            *hub.command("bench")[:-2],
            *("--seed", str(tmp_path / "seed-3.json"), "--url", hub.url),
            *("--rooms", "3", "--seconds", "1", "--rate", rate, "--publishers", "4"),
            env=hub.environment(),
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await child.communicate()
    assert child.returncode == 0, said
    assert b"out of order 0, not arrived 0" in said
    assert (b"p99" in said) == (rate != "0")
