"""What waits on one connection is bounded, whatever the peer does (W-17)."""

import pytest

from hub.outbox import MAX_BYTES, MAX_EPHEMERAL, MAX_FRAMES, Full, Outbox
from hub.wire.framing import text_frame
from tests.shell.link import MemoryLink


def frame(n: int, size: int = 0) -> bytes:
    """A frame that can be told from others, of at least `size` bytes."""
    return text_frame(b'{"t":"n","n":%d,"pad":"%b"}' % (n, b"x" * size))


@pytest.fixture
def link() -> MemoryLink:
    return MemoryLink()


@pytest.fixture
def outbox(link: MemoryLink) -> Outbox:
    return Outbox(link)


def arrived(link: MemoryLink) -> list[int]:
    """The numbers that arrived."""
    return [one["n"] for one in link.arrived]


def test_what_the_network_takes_goes_at_once(outbox: Outbox, link: MemoryLink) -> None:
    outbox.answer(frame(1))
    outbox.ephemeral(("a",), frame(2))
    assert arrived(link) == [1, 2]
    assert outbox.held() == 0


def test_answers_wait_in_order_and_go_before_what_is_ephemeral(
    outbox: Outbox, link: MemoryLink
) -> None:
    outbox.pause(0.0)
    outbox.ephemeral(("a",), frame(9))
    for n in range(5):
        outbox.answer(frame(n))
    assert arrived(link) == []
    outbox.resume()
    assert arrived(link) == [0, 1, 2, 3, 4, 9]
    assert outbox.held() == 0


def test_a_network_that_fills_up_again_takes_no_more(outbox: Outbox, link: MemoryLink) -> None:
    outbox.pause(0.0)
    for n in range(4):
        outbox.answer(frame(n))
    link.reading = False
    write, taken = link.write, 0

    def narrow(framed: bytes) -> None:
        nonlocal taken
        taken += 1
        write(framed)
        if taken == 2:
            outbox.pause(0.0)

    link.write = narrow  # type: ignore[method-assign]  # the transport pauses inside of write
    outbox.resume()
    assert taken == 2
    assert not outbox.ready
    outbox.resume()
    link.read_on()
    assert arrived(link) == [0, 1, 2, 3]


def test_the_newest_of_each_key_is_what_waits(outbox: Outbox, link: MemoryLink) -> None:
    outbox.pause(0.0)
    for n in range(10):
        outbox.ephemeral(("a",), frame(n))
        outbox.ephemeral(("b",), frame(100 + n))
    assert outbox.shed == 18
    outbox.resume()
    assert arrived(link) == [9, 109]


def test_keys_beyond_the_bound_are_shed_and_said_to_be(outbox: Outbox, link: MemoryLink) -> None:
    outbox.pause(0.0)
    kept = [outbox.ephemeral((str(n),), frame(n)) for n in range(MAX_EPHEMERAL + 5)]
    assert kept == [True] * MAX_EPHEMERAL + [False] * 5
    assert outbox.shed == 5
    assert outbox.ephemeral(("0",), frame(77))  # a key that waits is replaced, full or not
    outbox.resume()
    assert arrived(link) == [77, *range(1, MAX_EPHEMERAL)]


def test_answers_are_bounded_in_number(outbox: Outbox) -> None:
    outbox.pause(0.0)
    for n in range(MAX_FRAMES):
        outbox.answer(frame(n))
    with pytest.raises(Full):
        outbox.answer(frame(0))


def test_answers_are_bounded_in_bytes(outbox: Outbox, link: MemoryLink) -> None:
    outbox.pause(0.0)
    with pytest.raises(Full):
        for n in range(MAX_FRAMES):
            outbox.answer(frame(n, size=10_000))
    link.reading = False
    assert outbox.held() <= MAX_BYTES + 11_000


def test_held_counts_what_the_network_holds(outbox: Outbox, link: MemoryLink) -> None:
    link.reading = False
    outbox.answer(frame(1))
    outbox.pause(0.0)
    outbox.answer(frame(2))
    outbox.ephemeral(("a",), frame(3))
    assert outbox.held() == sum(len(frame(n)) for n in (1, 2, 3))
    link.read_on()
    outbox.resume()
    assert outbox.held() == 0
    assert arrived(link) == [1, 2, 3]


def test_after_the_end_nothing_goes_out(outbox: Outbox, link: MemoryLink) -> None:
    outbox.pause(0.0)
    outbox.answer(frame(1))
    outbox.ephemeral(("a",), frame(2))
    outbox.closed = True
    outbox.answer(frame(3))
    outbox.ephemeral(("b",), frame(4))
    outbox.resume()
    assert arrived(link) == []
