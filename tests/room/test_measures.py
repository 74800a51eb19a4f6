"""What the clocks of a room tell walls and figures: no identity, no free text."""

from hub.room.measures import measured, promises
from hub.room.room import Room
from hub.room.stages import CLOCKS, OWNED
from tests.room import cast
from tests.room.cast import LEA, MARC, OMAR


def test_a_report_in_time_tells_every_clock_that_it_went_through() -> None:
    told = measured(cast.received().room)
    assert {
        "claim",
        "protocol",
        "acknowledge",
        "start",
        "images",
        "reading",
        "report",
        "total",
    } <= (set(told))
    spent, paused, limit, breached = told["claim"]
    assert (spent, paused, limit, breached) == (1000, 0, 5 * 60_000, 0)
    assert told["acquisition"][2] == 0, "measured, and nothing promised"


def test_pauses_are_told_apart_from_the_time_spent() -> None:
    case = cast.ready()
    case.do(MARC, "clock.pause", {"cause": "patient"})
    case.wait(minutes=9)
    case.do(MARC, "acquisition.start")
    spent, paused, limit, _ = measured(case.room)["start"]
    assert paused == 9 * 60_000 + 2000
    assert spent < 10_000
    assert limit == 15 * 60_000


def test_what_runs_is_promised_and_what_is_over_is_not() -> None:
    case = cast.reading()
    assert [one["clock"] for one in promises(case.room)] == ["reading", "total"]
    assert measured(case.room)["reading"][0] == -1
    assert promises(cast.closed().room) == []
    assert promises(Room(id="r")) == [] and measured(Room(id="r")) == {}


def test_of_several_critical_results_the_one_that_went_worst_is_told() -> None:
    case = cast.reading()
    for finding in ("TEST premier", "TEST second"):
        case.do(OMAR, "critical.raise", {"category": 2, "finding": finding})
    first = case.room.criticals[0].raised.seq
    assert [one["clock"] for one in promises(case.room)].count("critical_2") == 2
    case.do(LEA, "critical.acknowledge", {"critical": first, "read_back": "TEST premier"})
    assert measured(case.room)["critical_2"][0] == -1, "the second still waits"
    assert "TEST" not in str(promises(case.room))


def test_every_promise_has_its_owner() -> None:
    case = cast.reading()
    owners = {one["clock"]: one["owner"] for one in promises(case.room)}
    assert owners == {
        "reading": {"person": "omar", "name": "Dr omar"},
        "total": {"person": "omar", "name": "Dr omar"},
    }
    (claim, total) = promises(cast.requested().room)
    assert claim["owner"] is None and claim["roles"] == ["radiologist", "regulator"]
    assert total["owner"] is None
    final = {one["clock"]: one["owner"] for one in promises(cast.reported_final().room)}
    assert final == {"report": {"person": "lea", "name": "Dr lea"}}


def test_an_owner_stands_in_the_table_for_every_clock_that_can_have_one() -> None:
    assert set(OWNED) <= {rule.name for rule in CLOCKS}
