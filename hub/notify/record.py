"""What is kept of every attempt, in the trace of its room (W-23), and read again after a restart.

A record holds the event's seq, the kind of alert, who was to be reached and by which channel, the
opaque id of the address, the number of the attempt and how it ended: no address, no word.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from hub.notify.notice import Address, Result
from hub.room.alerts import AlertKind
from persistence.entries import Draft

WHAT = "notify"
"""`what` of the records in the trace."""
MARK = b'"what":"notify"'
"""How a batch of the trace that holds one is recognised."""
KEPT = 50_000
"""Settled keys remembered: more than a night's."""


class End(StrEnum):
    """How an attempt, or an alert without one, ended; beside the results of `Result`."""

    SEEN = "seen"
    """The person had the event on a visible screen before it was sent."""
    GIVEN_UP = "given_up"
    NO_ADDRESS = "no_address"
    """Somebody was asked by name and there is no way to reach them."""


FINAL = frozenset({Result.SENT, Result.GONE, Result.REFUSED, End.SEEN, End.GIVEN_UP})
"""After these the same address is not tried again for the same alert."""

Key = tuple[str, int, str, str, str, str]
"""Room, seq, kind, person, channel, id of the address: what is sent at most once on record."""


def key_of(room: str, seq: int, kind: AlertKind, to: Address) -> Key:
    """What makes two attempts attempts at the same thing."""
    return (room, seq, kind.value, to.person, to.channel.value, to.id)


class Attempt(msgspec.Struct):
    """A record, as the trace holds it."""

    what: str
    seq: int = 0
    kind: str = ""
    person: str = ""
    channel: str = ""
    to: str = ""
    n: int = 0
    end: str = ""


class _Batch(msgspec.Struct):
    records: list[Attempt] = field(default_factory=list)


_batch = msgspec.json.Decoder(_Batch, strict=False)


@dataclass(slots=True)
class Known:
    """What is on record: which keys are settled, and how often the others were tried."""

    settled: dict[Key, None] = field(default_factory=dict)
    tries: dict[Key, int] = field(default_factory=dict)

    def settle(self, key: Key) -> None:
        """This one is done with."""
        self.tries.pop(key, None)
        self.settled[key] = None
        if len(self.settled) > KEPT:
            del self.settled[next(iter(self.settled))]

    def learn(self, batches: Iterable[Draft]) -> None:
        """Take up what the trace holds. A batch that cannot be read settles nothing."""
        for batch in batches:
            try:
                records = _batch.decode(batch.body).records
            except msgspec.DecodeError:
                continue
            for one in records:
                if one.what != WHAT:
                    continue
                key = (batch.room, one.seq, one.kind, one.person, one.channel, one.to)
                self.tries[key] = max(one.n, self.tries.get(key, 0))
                if one.end in FINAL:
                    self.settle(key)
