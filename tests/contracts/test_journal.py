"""What every journal guarantees about entries, retries and conflicts."""

import asyncio
from hashlib import sha256

import pytest

from persistence.entries import (
    Append,
    Conflict,
    Duplicate,
    Retry,
    Stored,
    Stream,
    Unavailable,
)
from tests.contracts.journal import ACTOR, AT, Open, draft, message, request_hash

JOURNAL, TRACE = Stream.JOURNAL, Stream.TRACE


async def test_what_is_stored_is_read_as_it_was(opened: Open) -> None:
    one = await opened()
    body = '{"text":"héhé \u2028 \\u0000"}'.encode()
    assert await one.write(message("r", 1, "cid-1", body=body)) == [Stored()]
    [entry] = await one.journal.read(JOURNAL, "r", 0, 10, 10_000)
    assert (entry.stream, entry.room, entry.seq, entry.at) == (JOURNAL, "r", 1, AT)
    assert (entry.id, entry.cid, entry.kind) == ("id-r-1-1", "cid-1", "message.posted")
    assert (entry.actor, entry.body) == (ACTOR, body)
    assert len(entry.body_hash) == len(entry.digest) == 32


async def test_a_room_that_is_not_there_is_empty(opened: Open) -> None:
    one = await opened()
    assert await one.journal.head(JOURNAL, "none") == 0
    assert await one.journal.heads(["none"]) == {}
    assert await one.journal.read(JOURNAL, "none", 0, 10, 10) == []
    assert await one.journal.retry("none", "p1", "d1", "c") is None
    assert await one.journal.snapshot("none", "f") is None
    assert await one.journal.receipts("none") == []


@pytest.mark.parametrize("seq", [0, 1, 2, 3, 5, 9])
async def test_a_seq_that_is_not_the_next_is_a_conflict(opened: Open, seq: int) -> None:
    one = await opened()
    await one.fill("r", 3)
    assert await one.write(message("r", seq, "other")) == [Conflict(3)]
    assert await one.seqs("r") == [1, 2, 3]
    assert await one.journal.retry("r", "p1", "d1", "other") is None


async def test_a_retry_gets_the_first_answer_for_ever(opened: Open) -> None:
    one = await opened()
    await one.fill("r", 40)
    again = message("r", 41, "c7", body=b"another")
    assert await one.write(again) == [Duplicate(7, request_hash(b'{"text":"7"}'))]
    await one.journal.stop()
    one = await opened()
    await one.fill("r", 1, start=40)
    for seq in (1, 20, 40, 41):
        answer = Duplicate(seq, request_hash(b'{"text":"%d"}' % seq))
        assert await one.write(message("r", 42, f"c{seq}")) == [answer]
        found = await one.journal.retry("r", "p1", "d1", f"c{seq}")
        assert found == (seq, answer.request_hash)
    assert await one.seqs("r") == [*range(1, 42)]


async def test_a_retry_is_a_matter_of_room_person_and_device(opened: Open) -> None:
    one = await opened()
    outcomes = await one.write(
        message("r", 1, "same"),
        message("r", 2, "same", person="p2"),
        message("r", 3, "same", device="d2"),
        message("q", 1, "same"),
        message("r", 4, "same"),
    )
    assert outcomes[:4] == [Stored()] * 4
    assert isinstance(outcomes[4], Duplicate)
    assert outcomes[4].seq == 1
    assert await one.journal.retry("r", "p2", "d1", "same") == (2, request_hash(b'{"text":"2"}'))
    assert await one.journal.retry("r", "p2", "d2", "same") is None


async def test_only_the_guilty_of_a_batch_are_refused(opened: Open) -> None:
    one = await opened()
    await one.write(message("r", 1, "old"))
    batch = [
        message("a", 1),
        message("r", 2, "old"),  # a retry: the room's later appends stand on nothing
        message("r", 3, "next"),
        message("a", 2),
        message("a", 4, "gap"),
        message("b", 1, "twice"),
        message("b", 2, "twice"),
        message("b", 2, "good"),
        message("a", 3),
    ]
    outcomes = await one.write(*batch)
    duplicate = Duplicate(1, request_hash(b'{"text":"1"}'))
    assert outcomes == [
        Stored(),
        duplicate,
        Conflict(1),
        Stored(),
        Conflict(2),
        Stored(),
        duplicate,
        Stored(),
        Stored(),
    ]
    assert [await one.seqs(room) for room in "rab"] == [[1], [1, 2, 3], [1, 2]]


async def test_what_was_decided_on_an_act_that_fell_falls_with_it(opened: Open) -> None:
    """A foreign entry took the place below: the seq fits, what it was decided on is not there."""
    one, other = await opened(), await opened()
    assert await other.write(message("r", 1, "foreign", person="p9")) == [Stored()]
    first, second = message("r", 1, "first"), message("r", 2, "second")
    second.follows = first
    assert await one.write(first, second) == [Conflict(1), Conflict(1)]
    later = message("r", 2, "later")
    later.follows = second
    assert await one.write(later) == [Conflict(1)]
    assert await one.seqs("r") == [1]


async def test_an_append_is_whole_or_not_at_all(opened: Open) -> None:
    one = await opened()
    whole = Append(
        [draft("r", 1, cid="c"), draft("r", 2), draft("r", 1, stream=TRACE)],
        Retry("r", "p1", "d1", "c", b"h" * 16),
    )
    torn = Append([draft("r", 3, cid="t"), draft("r", 5)], Retry("r", "p1", "d1", "t", b"h" * 16))
    across = Append([draft("r", 3), draft("q", 2)])
    assert await one.write(whole, torn, across) == [Stored(), Conflict(3), Conflict(0)]
    assert await one.seqs("r") == [1, 2]
    assert await one.seqs("r", TRACE) == [1]
    assert await one.seqs("q") == []
    assert await one.journal.retry("r", "p1", "d1", "c") == (1, b"h" * 16)
    assert await one.journal.retry("r", "p1", "d1", "t") is None


async def test_an_abandoned_append_is_not_written(opened: Open) -> None:
    one = await opened()
    late = message("r", 1)
    late.abandoned = True
    [outcome, after] = await one.write(late, message("r", 1, "c2"))
    assert isinstance(outcome, Unavailable)
    assert after == Stored()
    assert await one.journal.retry("r", "p1", "d1", "c1") is None


async def test_appends_settle_in_the_order_of_their_submission(opened: Open) -> None:
    one = await opened()
    appends = [message(f"r{n % 7}", n // 7 + 1, tag=n) for n in range(700)]
    await one.write(*appends)
    assert [append.tag for batch in one.batches for append in batch] == [*range(700)]


async def test_eight_submitters_leave_no_gap(opened: Open) -> None:
    one = await opened()

    async def submitter(name: str) -> None:
        head = await one.journal.head(JOURNAL, "r")
        for number in range(50):
            while True:
                [outcome] = await one.write(message("r", head + 1, f"{name}-{number}"))
                if isinstance(outcome, Stored):
                    head += 1
                    break
                assert isinstance(outcome, Conflict)
                head = outcome.head

    await asyncio.gather(*(submitter(f"s{n}") for n in range(8)))
    assert await one.seqs("r") == [*range(1, 401)]
    entries = await one.journal.read(JOURNAL, "r", 0, 1000, 1 << 30)
    assert len({entry.cid for entry in entries}) == 400


async def test_two_journals_on_one_store_see_each_other(opened: Open) -> None:
    one, two = await opened(), await opened()
    await one.fill("r", 5)
    assert await two.write(message("r", 1, "x")) == [Conflict(5)]
    assert await two.write(message("r", 6, "c6")) == [Stored()]
    assert await two.write(message("q", 1, "q1")) == [Stored()]
    [outcome] = await one.write(message("r", 7, "c6"))
    assert outcome == Duplicate(6, request_hash(b'{"text":"6"}'))
    assert await one.write(message("r", 6, "y")) == [Conflict(6)]
    for each in (one, two):
        assert await each.seqs("r") == [1, 2, 3, 4, 5, 6]
        assert await each.journal.heads(["r", "q"]) == {"r": 6, "q": 1}
    assert one.journal.epoch == two.journal.epoch != ""


@pytest.mark.parametrize(
    ("limit", "max_bytes", "expected"),
    [(3, 10_000, 3), (100, 10_000, 10), (100, 350, 3), (100, 299, 2), (100, 1, 1), (0, 100, 0)],
)
async def test_a_page_is_bounded(opened: Open, limit: int, max_bytes: int, expected: int) -> None:
    one = await opened()
    for fresh in (True, False):
        if fresh:
            await one.write(*(message("r", seq, body=b"x" * 100) for seq in range(1, 16)))
        else:
            await one.journal.stop()
            one = await opened()
        page = await one.journal.read(JOURNAL, "r", 5, limit, max_bytes)
        assert [entry.seq for entry in page] == [*range(6, 6 + expected)]


async def test_what_was_stored_is_read_at_once(opened: Open) -> None:
    one = await opened()
    for seq in range(1, 30):
        await one.write(message("r", seq))
        page = await one.journal.read(JOURNAL, "r", seq - 1, 10, 100)
        assert [entry.seq for entry in page] == [seq]
        assert await one.journal.head(JOURNAL, "r") == seq


async def test_stop_settles_what_was_submitted(opened: Open) -> None:
    one = await opened()
    appends = [message("r", seq) for seq in range(1, 501)]
    one.submit(appends)
    await one.journal.stop()
    assert [append.outcome for append in appends] == [Stored()] * 500
    late = message("r", 501)
    assert isinstance((await one.write(late))[0], Unavailable)
    two = await opened()
    assert await two.seqs("r") == [*range(1, 501)]


async def test_the_chain_goes_on_where_it_ended(opened: Open) -> None:
    one = await opened()
    await one.fill("r", 3)
    await one.journal.stop()
    one = await opened()
    await one.fill("r", 3, start=3)
    previous = bytes(32)
    for entry in await one.journal.read(JOURNAL, "r", 0, 10, 10_000):
        lines = f"examroom-entry-v1\n1\nr\n{entry.seq}\n{AT}\n{entry.id}\n{entry.cid}\n"
        header = (lines + "message.posted\n").encode() + ACTOR
        assert entry.body_hash == sha256(entry.body or b"").digest()
        assert entry.digest == sha256(previous + header + entry.body_hash).digest()
        previous = entry.digest
