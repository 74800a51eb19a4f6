"""The path of a message costs microseconds, whatever the age of the room."""

import timeit

from hub.room.commands import MessagePost
from hub.room.decide import decide
from hub.room.events import MessagePosted, Recorded
from hub.room.evolve import evolve
from tests.room import cast
from tests.room.cast import OMAR

ROUNDS = 2000
EVOLVE_US = 3.0
DECIDE_US = 10.0


def test_a_message_is_decided_and_folded_in_microseconds() -> None:
    """The best of many short rounds, so that a busy machine does not fail it."""
    room = cast.closed().room
    entry = Recorded(seq=room.seq + 1, at=room.at, by=OMAR, event=MessagePosted(text="bonsoir"))
    folding = min(timeit.repeat(lambda: evolve(room, entry), number=ROUNDS, repeat=15))
    assert folding / ROUNDS * 1e6 < EVOLVE_US
    case, command = cast.acquired(), MessagePost(text="bonsoir")
    deciding = min(
        timeit.repeat(
            lambda: decide(case.room, command, by=OMAR, now=case.now), number=ROUNDS, repeat=15
        )
    )
    assert deciding / ROUNDS * 1e6 < DECIDE_US
