"""Gaps and double bookings are found before they hurt."""

from datetime import timedelta
from itertools import pairwise

from hub.oncall.faults import Fault, faults
from hub.oncall.rota import Rota
from tests.oncall.test_rota import at, line, override, shift

START, END = at("2026-11-21T12:00:00"), at("2026-11-23T12:00:00")


def told(rota: Rota) -> list[tuple[str, str, str, str]]:
    """Kind, line, start and end to the minute."""
    return [
        (one.kind, one.line, one.start[5:16], one.end[5:16]) for one in faults(rota, START, END)
    ]


def test_gaps_are_where_nobody_is_called_first() -> None:
    rota = Rota(
        lines=(line(),),
        shifts=(
            shift("a", "2026-11-21T13:00", "2026-11-22T08:00"),
            shift("b", "2026-11-22T07:00", "2026-11-22T20:00"),
            shift("c", "2026-11-22T20:00", "2026-11-23T08:00", order=2),
        ),
    )
    assert told(rota) == [("gap", "nuit", "11-22T19:00", "11-23T12:00")]


def test_an_override_of_nobody_opens_a_gap_and_one_of_somebody_closes_it() -> None:
    whole = shift("a", "2026-11-21T00:00", "2026-11-24T00:00")
    nobody = override("", "2026-11-22T00:00", "2026-11-22T12:00")
    some = override("c", "2026-11-22T06:00", "2026-11-22T12:00")
    rota = Rota(lines=(line(),), shifts=(whole,), overrides=(nobody, some))
    assert told(rota) == [("gap", "nuit", "11-21T23:00", "11-22T05:00")]


def test_one_person_in_two_places() -> None:
    rota = Rota(
        lines=(line(), line("jour")),
        shifts=(
            shift("a", "2026-11-21T00:00", "2026-11-24T00:00"),
            shift("a", "2026-11-22T22:00", "2026-11-24T00:00", line="jour"),
            shift("b", "2026-11-21T00:00", "2026-11-22T22:00", line="jour"),
        ),
    )
    found = faults(rota, START, END)
    assert found == (
        Fault(
            kind="double",
            line=found[0].line,
            start="2026-11-22T21:00:00.000Z",
            end="2026-11-23T12:00:00.000Z",
            person="a",
            other_line=found[0].other_line,
        ),
    )
    assert {found[0].line, found[0].other_line} == {"nuit", "jour"}


def test_lines_nobody_planned_or_nobody_is_on() -> None:
    rota = Rota(lines=(line(planned=False, people=("a",)), line("vide", planned=False)))
    assert [(one.kind, one.line) for one in faults(rota, START, END)] == [
        ("standing", "nuit"),
        ("empty", "vide"),
    ]


def test_a_whole_week_over_the_switch_has_no_gap_where_the_wall_has_none() -> None:
    days = [f"2026-10-{day}" for day in range(20, 31)]
    rota = Rota(
        lines=(line(),),
        shifts=tuple(
            shift(f"p{n}", f"{day}T02:30", f"{after}T02:30")
            for n, (day, after) in enumerate(pairwise(days))
        ),
    )
    start = at("2026-10-21T00:00:00")
    assert faults(rota, start, start + timedelta(days=8)) == ()
