"""Clocks: a limit goes by once, pauses while somebody else is waited for, and follows urgency."""

from datetime import timedelta

import pytest

from hub.room.deadlines import due, next_deadline
from hub.room.events import DeadlinePassed
from hub.room.reading_events import DeadlinePredicted
from hub.room.stages import CLOCKS, WAITS, Stage, Urgency
from hub.room.times import between, later, moment, spelled
from tests.room import cast
from tests.room.cast import LEA, MARC, NIGHT, OMAR, REQUEST, Case

P1 = {"claim": 5, "protocol": 10, "total": 30}
LEFT = 21
"""Usual minutes from a claim to the report, where the exam is a matter of half an hour."""


def names(passed: tuple[object, ...]) -> list[str]:
    """The clocks named by what was stored."""
    return [one.clock for one in passed if isinstance(one, DeadlinePassed)]


def test_a_limit_goes_by_once_for_all() -> None:
    case = cast.requested()
    started = moment(case.room.at)
    assert next_deadline(case.room) == started + timedelta(minutes=P1["claim"])
    assert case.wait(minutes=4, seconds=59) == ()
    assert names(case.wait(seconds=1)) == ["claim"]
    assert case.room.clocks["claim"].breached
    assert case.wait(minutes=1) == ()
    assert next_deadline(case.room) == started + timedelta(minutes=P1["total"] - LEFT)
    assert names(case.wait(minutes=60)) == ["total"]
    assert next_deadline(case.room) is None
    assert case.wait(days=3) == ()


def test_limits_that_went_by_together_are_told_earliest_first() -> None:
    case = cast.requested()
    case.now += timedelta(hours=2)
    assert names(due(case.room, case.now)) == ["claim", "total"]


def test_the_move_made_in_time_leaves_nothing_to_tell() -> None:
    case = cast.requested()
    case.wait(minutes=4)
    case.do(OMAR, "case.claim")
    assert names(case.wait(minutes=5)) == []
    assert case.room.clocks["claim"].stopped_at
    assert not case.room.clocks["claim"].breached


def test_the_hub_acts_but_is_nobody_of_the_room() -> None:
    case = cast.requested()
    case.wait(minutes=6)
    assert case.journal[-1].by.person == "system"
    assert set(case.room.members) == {"lea"}


def test_a_question_pauses_the_readers_clock_and_runs_the_requesters() -> None:
    case = cast.claimed()
    limit = case.room.clocks["protocol"].limit_at
    case.do(OMAR, "information.ask", {"question": "Créatinine ?"})
    asked = case.room.at
    assert case.room.clocks["protocol"].paused_at == asked
    assert case.room.next_move
    assert case.room.next_move.until == case.room.clocks["information"].limit_at
    case.wait(minutes=3)
    case.do(LEA, "information.answer", {"answer": "80"})
    clock = case.room.clocks["protocol"]
    waited = between(asked, case.room.at)
    assert clock.paused_ms == waited
    assert clock.limit_at == later(limit, waited)
    assert case.room.next_move.until == clock.limit_at
    assert case.room.clocks["information"].stopped_at == case.room.at
    assert case.room.clocks["total"].paused_ms == 0


def test_a_paused_clock_does_not_run_out() -> None:
    case = cast.info_needed()
    assert "protocol" not in names(case.wait(hours=5))


def test_a_new_version_is_a_new_wait() -> None:
    case = cast.protocolled()
    assert names(case.wait(minutes=6)) == ["acknowledge"]
    before = case.room.clocks["acknowledge"].limit_at
    case.do(OMAR, "protocol.amend", {**cast.PLAIN, "version": 2})
    clock = case.room.clocks["acknowledge"]
    assert not clock.breached
    assert clock.limit_at > before
    assert case.room.stage_since == case.room.at
    assert names(case.wait(minutes=6)) == ["acknowledge"]


def test_another_urgency_is_another_limit_for_what_still_runs() -> None:
    case = cast.requested()
    case.wait(minutes=6)
    breached = case.room.clocks["claim"]
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P3"})
    assert case.room.clocks["claim"] == breached
    total = case.room.clocks["total"]
    assert between(total.started_at, total.limit_at) == 480 * 60_000


def test_a_released_exam_is_waited_for_anew() -> None:
    case = cast.claimed()
    case.wait(minutes=8)
    case.do(OMAR, "case.release", {"reason": "fin de garde"})
    clock = case.room.clocks["claim"]
    assert between(case.room.at, clock.limit_at) == P1["claim"] * 60_000
    assert clock.stopped_at == ""


def test_the_whole_time_goes_on_after_a_reopening() -> None:
    case = cast.closed()
    before = case.room.clocks["total"]
    assert before.stopped_at
    case.wait(minutes=2)
    case.do(MARC, "room.reopen", {"reason": "série manquante"})
    after = case.room.clocks["total"]
    assert (after.started_at, after.limit_at, after.stopped_at) == (
        before.started_at, before.limit_at, "",
    )  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_who_has_the_next_move_but_the_last(stage: Stage) -> None:
    assert (stage in WAITS) == (stage is not Stage.CLOSED)
    if wait := WAITS.get(stage):
        assert wait.clock in {"", *(rule.name for rule in CLOCKS)}
        rule = next((one for one in CLOCKS if one.name == wait.clock), None)
        assert rule is None or stage in rule.runs_in


def test_minutes_are_never_shorter_for_the_less_urgent() -> None:
    for rule in CLOCKS:
        minutes = [rule.limit(urgency.value) for urgency in Urgency]
        known = [one for one in minutes if one is not None]
        assert known == sorted(known)
        assert len(known) in (0, 4)
        assert rule.limit("P9") is None


def test_times_are_spelled_alike_and_move_exactly() -> None:
    assert spelled(NIGHT + timedelta(microseconds=123_999)) == "2026-11-21T23:40:00.123Z"
    assert later("2026-11-21T23:59:59.999Z", 1) == "2026-11-22T00:00:00.000Z"
    assert between("2026-11-21T23:59:59.999Z", "2026-11-22T00:00:01.000Z") == 1001
    assert moment("2026-11-21T23:40:00.000Z") == NIGHT


def test_an_unopened_room_waits_for_nothing() -> None:
    assert next_deadline(Case().room) is None
    assert due(Case().room, NIGHT) == ()


def foretold(said: tuple[object, ...]) -> list[tuple[str, bool]]:
    """The clocks that were foretold, and whether their move is expected after the limit."""
    return [
        (one.clock, one.expected_at > one.limit_at)
        for one in said
        if isinstance(one, DeadlinePredicted)
    ]


def test_a_breach_is_foretold_once_before_it_happens() -> None:
    case = cast.requested()
    case.do(OMAR, "case.claim")
    assert foretold(case.wait(minutes=8)) == [], "the usual minutes still fit"
    assert foretold(case.wait(minutes=4)) == [("total", False)]
    assert case.room.clocks["total"].predicted
    assert not case.room.clocks["total"].breached
    assert foretold(case.wait(minutes=10)) == []
    assert names(case.wait(minutes=20)) == ["total"]


def test_a_stage_that_begins_too_late_is_foretold_at_once() -> None:
    case = cast.acquired(urgency="P2")
    total = case.room.clocks["total"]
    case.now = moment(total.limit_at) - timedelta(minutes=12)
    case.do(MARC, "images.declare")
    assert foretold(due(case.room, case.now)) == [("total", True)]


def test_reading_and_receipt_are_foretold_when_three_quarters_are_gone() -> None:
    case = cast.reading(urgency="P3")
    assert ("reading", False) in foretold(case.wait(minutes=91))
    case.do(OMAR, "report.sign", cast.WRITTEN)
    assert foretold(case.wait(minutes=181)) == [("report", False)]


def test_nothing_is_foretold_of_a_limit_that_has_gone_by() -> None:
    case = cast.reading()
    case.now += timedelta(hours=3)
    said = due(case.room, case.now)
    assert set(names(said)) == {"reading", "total"}
    assert foretold(said) == []


def test_a_pause_stops_what_runs_and_the_next_stage_lets_it_go_on() -> None:
    case = cast.ready()
    limits = {name: clock.limit_at for name, clock in case.room.clocks.items()}
    case.do(MARC, "clock.pause", {"cause": "patient", "note": "au bloc"})
    assert case.room.pause
    assert case.room.pause.cause == "patient"
    assert set(case.room.pause.clocks) == {"start", "total"}
    assert case.room.next_move
    assert case.room.next_move.until == ""
    assert case.refused(OMAR, "clock.pause", {"cause": "network"}).slug == "wrong_stage"
    assert case.wait(hours=2) == ()
    case.do(MARC, "acquisition.start")
    room = case.room
    assert room.pause is None
    total = room.clocks["total"]
    assert not total.paused_at
    assert between(limits["total"], total.limit_at) == total.paused_ms >= 2 * 3600 * 1000
    assert room.clocks["start"].stopped_at
    assert room.clocks["start"].paused_ms == total.paused_ms
    assert case.refused(MARC, "clock.resume").slug == "wrong_stage"


def test_a_pause_that_a_person_ends() -> None:
    case = cast.reading()
    case.do(OMAR, "clock.pause", {"cause": "network"})
    case.wait(minutes=10)
    case.do(LEA, "clock.resume")
    assert case.room.pause is None
    assert case.room.clocks["reading"].paused_ms == 602_000
    assert case.room.next_move
    assert case.room.next_move.until == case.room.clocks["reading"].limit_at


def test_where_nothing_is_promised_nothing_is_paused() -> None:
    assert cast.received().refused(OMAR, "clock.pause", {"cause": "patient"}).slug == "wrong_stage"


def test_every_clock_that_promises_something_has_its_owner() -> None:
    assert all(rule.roles for rule in CLOCKS)
