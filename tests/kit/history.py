"""Judges what clients saw and were told, against each other and against the journal.

A client writes down everything, in the order it came, and drops nothing: a `Record`. `check` says
what in the records breaks a promise of the wire: W-10 (nothing shown or answered `ok` that is not
stored), W-11 (one gap-free count per room), W-12 (one entry per cid, one answer per cid), W-13 (a
resume goes on where the client stood).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WITHHELD = "withheld"


def canonical(body: Any) -> str:
    """One spelling of a JSON value, to compare by."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """The stream of `room` begins: the next event on this link must be `follows + 1`.

    `fresh` where the client asked for the state and not for what came before.
    """

    link: int
    room: str
    follows: int
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event as it came, in a page or alone."""

    link: int
    room: str
    seq: int
    id: str
    kind: str
    person: str
    body: str
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An `ok{seq}` to a `pub`: `text` is what was published, canonical."""

    room: str
    person: str
    device: str
    cid: str
    seq: int
    dup: bool
    text: str = ""


@dataclass(slots=True)
class Record:
    """Everything that one client saw and was told, in order."""

    name: str
    log: list[Joined | Sighting] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def events(self, room: str) -> list[Sighting]:
        """What it saw of `room`."""
        return [item for item in self.log if isinstance(item, Sighting) and item.room == room]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of the journal as it stands in the store. `device` is empty where unknown."""

    seq: int
    id: str
    kind: str
    person: str
    device: str
    cid: str
    body: str


Journals = Mapping[str, Sequence[Kept]]
"""The journal of each room, in the order stored."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken promise: `rule` names it, `who` is the record or "journal"."""

    rule: str
    who: str
    room: str
    seq: int
    what: str


def check(
    records: Iterable[Record], journals: Journals, *, complete: Iterable[Record] = ()
) -> list[Problem]:
    """Every broken promise found; empty where the history is good.

    Records in `complete` must have seen their rooms to the end of the journal.
    """
    kept_all = list(records)
    problems = list(_journal_problems(journals))
    answers: dict[tuple[str, str, str, str], Answer] = {}
    for record in kept_all:
        problems += _stream_problems(record)
        problems += _shown_problems(record, journals)
        problems += _answer_problems(record, journals, answers)
    for record in complete:
        problems += _tail_problems(record, journals)
    return problems


def _journal_problems(journals: Journals) -> Iterator[Problem]:
    for room, entries in journals.items():
        cids: dict[tuple[str, str, str], int] = {}
        for expected, entry in enumerate(entries, 1):
            if entry.seq != expected:
                yield Problem("W-11", "journal", room, entry.seq, f"expected seq {expected}")
                break
            if not entry.cid:
                continue
            first = cids.setdefault((entry.person, entry.device, entry.cid), entry.seq)
            if first != entry.seq:
                yield Problem("W-12", "journal", room, entry.seq, f"cid stored before as {first}")


def _stream_problems(record: Record) -> Iterator[Problem]:
    """Order, gaps and repeats, link by link."""
    at: dict[tuple[int, str], int] = {}
    reached: dict[str, int] = {}
    for item in record.log:
        key = (item.link, item.room)
        if isinstance(item, Joined):
            had = item.follows if item.fresh else reached.get(item.room, item.follows)
            if item.follows > had:
                what = f"resumed after {item.follows}, had {had}"
                yield Problem("W-13", record.name, item.room, item.follows, what)
            at[key] = item.follows
            reached.setdefault(item.room, item.follows)
            continue
        if key not in at:
            yield Problem("W-13", record.name, item.room, item.seq, "event before joined")
            at[key] = item.seq - 1
        expected = at[key] + 1
        if item.seq != expected:
            what = "repeated or out of order" if item.seq < expected else f"gap: {expected} missing"
            yield Problem("W-11", record.name, item.room, item.seq, what)
        at[key] = max(at[key], item.seq)
        reached[item.room] = max(reached.get(item.room, 0), item.seq)


def _shown_problems(record: Record, journals: Journals) -> Iterator[Problem]:
    """Nothing shown that the journal does not hold, nothing shown otherwise than it is held."""
    for item in record.log:
        if isinstance(item, Joined):
            head = len(journals.get(item.room, ()))
            if item.follows > head:
                yield Problem("W-10", record.name, item.room, item.follows, f"journal ends {head}")
            continue
        entries = journals.get(item.room, ())
        if not 1 <= item.seq <= len(entries):
            yield Problem("W-10", record.name, item.room, item.seq, "shown but not stored")
            continue
        entry = entries[item.seq - 1]
        if item.kind == WITHHELD:
            continue
        if (item.id, item.kind, item.body) != (entry.id, entry.kind, entry.body):
            yield Problem("W-10", record.name, item.room, item.seq, "shown otherwise than stored")
        elif item.cid and item.cid != entry.cid:
            yield Problem("W-12", record.name, item.room, item.seq, "shown with another cid")


def _answer_problems(
    record: Record, journals: Journals, answers: dict[tuple[str, str, str, str], Answer]
) -> Iterator[Problem]:
    """What was answered `ok` is stored there, once, as it was asked."""
    for answer in record.answers:
        first = answers.setdefault((answer.room, answer.person, answer.device, answer.cid), answer)
        if first.seq != answer.seq:
            what = f"first answered {first.seq}"
            yield Problem("W-12", record.name, answer.room, answer.seq, what)
        entries = journals.get(answer.room, ())
        if not 1 <= answer.seq <= len(entries):
            yield Problem("W-10", record.name, answer.room, answer.seq, "ok but not stored")
            continue
        entry = entries[answer.seq - 1]
        if (entry.person, entry.cid) != (answer.person, answer.cid):
            yield Problem("W-10", record.name, answer.room, answer.seq, "ok for another's entry")
        elif answer.text and json.loads(entry.body).get("text") != json.loads(answer.text):
            yield Problem("W-10", record.name, answer.room, answer.seq, "stored another text")


def _tail_problems(record: Record, journals: Journals) -> Iterator[Problem]:
    reached: dict[str, int] = {}
    for item in record.log:
        seq = item.follows if isinstance(item, Joined) else item.seq
        reached[item.room] = max(reached.get(item.room, 0), seq)
    for room, seq in reached.items():
        if seq < len(journals.get(room, ())):
            yield Problem("W-13", record.name, room, seq, f"journal ends {len(journals[room])}")
