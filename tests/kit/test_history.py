"""The judge of histories passes good ones and names what is wrong with bad ones."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from .history import Answer, Joined, Kept, Record, Sighting, canonical, check

ROOM = "room-1"


def kept(seq: int) -> Kept:
    return Kept(
        seq=seq,
        id=f"e{seq}",
        kind="message.posted",
        person="p1",
        device="d1",
        cid=f"c{seq}",
        body=canonical({"text": f"t{seq}"}),
    )


def saw(seq: int, link: int = 1) -> Sighting:
    entry = kept(seq)
    return Sighting(link, ROOM, seq, entry.id, entry.kind, "p1", entry.body, entry.cid)


def told(seq: int, cid: str = "", dup: bool = False) -> Answer:
    return Answer(ROOM, "p1", "d1", cid or f"c{seq}", seq, dup, canonical(f"t{seq}"))


def good() -> tuple[Record, dict[str, list[Kept]]]:
    """Six events; the link was cut after the third and resumed."""
    record = Record("marc")
    record.log = [Joined(1, ROOM, 0), saw(1), saw(2), saw(3)]
    record.log += [Joined(2, ROOM, 3), saw(4, 2), saw(5, 2), saw(6, 2)]
    record.answers = [told(1), told(2), told(2, dup=True), told(6)]
    return record, {ROOM: [kept(seq) for seq in range(1, 7)]}


def test_a_good_history_has_no_problem() -> None:
    record, journals = good()
    assert check([record], journals, complete=[record]) == []


def test_a_fresh_join_may_skip_what_its_state_holds() -> None:
    record, journals = good()
    record.log[4:] = [Joined(2, ROOM, 5, fresh=True), saw(6, 2)]
    assert check([record], journals, complete=[record]) == []


def test_withheld_is_counted_and_not_compared() -> None:
    record, journals = good()
    record.log[2] = Sighting(1, ROOM, 2, "e2", "withheld", "", canonical({}))
    assert check([record], journals) == []


def drop_one(record: Record, journals: dict[str, list[Kept]]) -> None:
    del record.log[2]


def repeat_one(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log.insert(2, saw(1))


def swap_two(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log[1], record.log[2] = record.log[2], record.log[1]


def repeat_after_resume(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log.insert(5, saw(3, 2))


def gap_after_resume(record: Record, journals: dict[str, list[Kept]]) -> None:
    del record.log[5]


def resume_too_far(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log[4:6] = [Joined(2, ROOM, 4)]


def event_before_joined(record: Record, journals: dict[str, list[Kept]]) -> None:
    del record.log[4]


def shown_not_stored(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log.append(saw(7, 2))


def shown_otherwise(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log[1] = replace(saw(1), body=canonical({"text": "t0"}))


def shown_with_another_id(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log[1] = replace(saw(1), id="e9")


def shown_with_another_cid(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log[1] = replace(saw(1), cid="c9")


def joined_ahead_of_the_journal(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.log.append(Joined(3, ROOM, 9, fresh=True))


def ok_not_stored(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.answers.append(told(7))


def ok_for_anothers_entry(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.answers.append(told(3, cid="c4x"))


def ok_for_another_text(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.answers.append(replace(told(3), text=canonical("t9")))


def two_answers_to_one_cid(record: Record, journals: dict[str, list[Kept]]) -> None:
    record.answers.append(replace(told(2), seq=5))


def stored_twice(record: Record, journals: dict[str, list[Kept]]) -> None:
    journals[ROOM].append(replace(kept(7), cid="c6"))


def journal_gap(record: Record, journals: dict[str, list[Kept]]) -> None:
    journals[ROOM][5] = replace(kept(7), cid="c6", id="e6")


def tail_lost(record: Record, journals: dict[str, list[Kept]]) -> None:
    journals[ROOM].append(kept(7))


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (drop_one, "W-11"),
        (repeat_one, "W-11"),
        (swap_two, "W-11"),
        (repeat_after_resume, "W-11"),
        (gap_after_resume, "W-11"),
        (resume_too_far, "W-13"),
        (event_before_joined, "W-13"),
        (shown_not_stored, "W-10"),
        (shown_otherwise, "W-10"),
        (shown_with_another_id, "W-10"),
        (shown_with_another_cid, "W-12"),
        (joined_ahead_of_the_journal, "W-10"),
        (ok_not_stored, "W-10"),
        (ok_for_anothers_entry, "W-10"),
        (ok_for_another_text, "W-10"),
        (two_answers_to_one_cid, "W-12"),
        (stored_twice, "W-12"),
        (journal_gap, "W-11"),
        (tail_lost, "W-13"),
    ],
)
def test_a_bad_history_is_named(
    spoil: Callable[[Record, dict[str, list[Kept]]], None], rule: str
) -> None:
    record, journals = good()
    spoil(record, journals)
    assert rule in {problem.rule for problem in check([record], journals, complete=[record])}
