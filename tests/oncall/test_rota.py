"""Who is on duty: wall-clock shifts in four zones, both nights of the switch, overrides, swaps."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.oncall.rota import (
    BadRota,
    Duty,
    Line,
    Override,
    Rota,
    Shift,
    covering,
    instant,
    on_duty,
    span,
    wall_clock,
)

AUTUMN, SPRING = "2026-10-24", "2027-03-27"
"""The evenings before the clocks change in Paris: one hour more, one hour less."""
ZONES = {
    "Europe/Paris": (13, 11),
    "Indian/Reunion": (12, 12),
    "America/Guadeloupe": (12, 12),
    "Pacific/Noumea": (12, 12),
}
"""Hours from 20:00 to 08:00 on the two nights."""


def line(name: str = "nuit", **more: object) -> Line:
    """A planned line of one site."""
    given: dict[str, object] = {"line": name, "sites": ("ch",), "planned": True, **more}
    return Line(**given)  # type: ignore[arg-type] # a test's own words


def shift(name: str, start: str, end: str, zone: str = "Europe/Paris", **more: object) -> Shift:
    """A shift of the person of that name."""
    given: dict[str, object] = {"line": "nuit", "person": name, **more}
    return Shift(shift=f"s-{name}", start=start, end=end, timezone=zone, **given)  # type: ignore[arg-type] # a test's own words


def at(text: str) -> datetime:
    """An instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def who(rota: Rota, when: str) -> list[tuple[int, str]]:
    """(order, person) on duty at an instant."""
    return [(duty.order, duty.person) for duty in on_duty(rota, at(when))]


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
@pytest.mark.parametrize("night", [0, 1])
def test_a_night_of_the_switch_is_as_long_as_it_is(
    zone: str, hours: tuple[int, int], night: int
) -> None:
    day = (AUTUMN, SPRING)[night]
    after = (datetime.fromisoformat(day) + timedelta(days=1)).strftime("%Y-%m-%d")
    found = span(shift("a", f"{day}T20:00", f"{after}T08:00", zone))
    assert (found.end - found.start) == timedelta(hours=hours[night])
    assert wall_clock(found.start, zone) == f"{day}T20:00"
    assert wall_clock(found.end, zone) == f"{after}T08:00"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [AUTUMN, SPRING])
@pytest.mark.parametrize("meet", ["01:00", "02:00", "02:30", "03:00", "03:30"])
def test_shifts_that_meet_on_the_wall_meet(zone: str, day: str, meet: str) -> None:
    after = (datetime.fromisoformat(day) + timedelta(days=1)).strftime("%Y-%m-%d")
    rota = Rota(
        lines=(line(),),
        shifts=(
            shift("a", f"{day}T20:00", f"{after}T{meet}", zone),
            shift("b", f"{after}T{meet}", f"{after}T08:00", zone),
        ),
    )
    first, last = instant(f"{day}T20:00", zone), instant(f"{after}T08:00", zone)
    now, seen = first, []
    while now < last:
        seen.append([duty.person for duty in on_duty(rota, now)])
        now += timedelta(minutes=10)
    assert all(len(people) == 1 for people in seen), "a gap, or two at once"
    assert [people[0] for people in seen] == sorted(people[0] for people in seen)
    assert {"a", "b"} == {people[0] for people in seen}


def test_a_time_that_comes_twice_is_the_first_and_one_that_does_not_exist_is_after_the_gap() -> (
    None
):
    assert instant("2026-10-25T02:30", "Europe/Paris") == at("2026-10-25T00:30")
    assert instant("2027-03-28T02:30", "Europe/Paris") == at("2027-03-28T01:30")
    assert wall_clock(at("2027-03-28T01:30"), "Europe/Paris") == "2027-03-28T03:30"


def test_an_overseas_shift_is_read_on_its_own_wall() -> None:
    rota = Rota(
        lines=(line(),),
        shifts=(shift("noumea", "2026-11-21T07:00", "2026-11-21T19:00", "Pacific/Noumea"),),
    )
    assert who(rota, "2026-11-20T19:59:59") == []
    assert who(rota, "2026-11-20T20:00:00") == [(1, "noumea")]
    assert who(rota, "2026-11-21T08:00:00") == []
    duty = on_duty(rota, at("2026-11-20T21:00:00"))[0]
    assert (duty.since, duty.until) == ("2026-11-20T20:00:00.000Z", "2026-11-21T08:00:00.000Z")
    assert duty.by == "s-noumea"


def test_first_and_second_on_call() -> None:
    rota = Rota(
        lines=(line(),),
        shifts=(
            shift("b", "2026-11-21T20:00", "2026-11-22T08:00", order=2),
            shift("a", "2026-11-21T20:00", "2026-11-22T08:00"),
        ),
    )
    assert who(rota, "2026-11-21T23:00:00") == [(1, "a"), (2, "b")]


NIGHT = (
    shift("a", "2026-11-21T20:00", "2026-11-22T08:00"),
    shift("b", "2026-11-22T20:00", "2026-11-23T08:00"),
)


def override(person: str, start: str, end: str, **more: object) -> Override:
    """Somebody else, for a while."""
    given: dict[str, object] = {"line": "nuit", "person": person, **more}
    return Override(override=f"o-{person}", start=start, end=end, **given)  # type: ignore[arg-type] # a test's own words


def test_an_override_replaces_for_its_time_and_no_longer() -> None:
    mid = override("c", "2026-11-22T00:00", "2026-11-22T04:00")
    rota = Rota(lines=(line(),), shifts=NIGHT, overrides=(mid,))
    assert who(rota, "2026-11-21T22:59:00") == [(1, "a")]
    assert who(rota, "2026-11-21T23:00:00") == [(1, "c")]
    assert who(rota, "2026-11-22T02:59:00") == [(1, "c")]
    assert who(rota, "2026-11-22T03:00:00") == [(1, "a")]


def test_an_override_of_nobody_is_a_gap_and_the_last_one_made_wins() -> None:
    nobody = override("", "2026-11-21T20:00", "2026-11-22T08:00")
    again = override("d", "2026-11-22T06:00", "2026-11-22T08:00")
    rota = Rota(lines=(line(),), shifts=NIGHT, overrides=(nobody, again))
    assert who(rota, "2026-11-21T23:00:00") == []
    assert who(rota, "2026-11-22T06:30:00") == [(1, "d")]


def test_a_swap_changes_both_nights_and_nobody_elses() -> None:
    swap = (
        override("b", "2026-11-21T20:00", "2026-11-22T08:00", instead_of="a", swap="x"),
        override("a", "2026-11-22T20:00", "2026-11-23T08:00", instead_of="b", swap="x"),
        override("z", "2026-11-21T20:00", "2026-11-22T08:00", instead_of="somebody"),
    )
    rota = Rota(lines=(line(),), shifts=NIGHT, overrides=swap)
    assert who(rota, "2026-11-21T23:00:00") == [(1, "b")]
    assert who(rota, "2026-11-22T23:00:00") == [(1, "a")]


def test_a_line_that_was_never_planned_is_everybodys() -> None:
    rota = Rota(lines=(line(planned=False, people=("a", "b")),))
    assert on_duty(rota, at("2026-11-21T23:00:00")) == (
        Duty(line="nuit", order=1, person="a"),
        Duty(line="nuit", order=1, person="b"),
    )


def test_lines_cover_by_site_modality_and_subspecialty_nearest_first() -> None:
    lines = (
        line("far", tier="company"),
        line("near"),
        line("mr", modality="MR", tier="group"),
        line("other", sites=("elsewhere",)),
        line("neuro", sites=(), subspecialty="Neuro"),
    )
    rota = Rota(lines=lines)
    assert [one.line for one in covering(rota, "ch", "CT")] == ["near", "far"]
    assert [one.line for one in covering(rota, "ch", "MR")] == ["near", "mr", "far"]
    assert [one.line for one in covering(rota, "ch", "CT", "neuro")] == ["neuro"]


@pytest.mark.parametrize(
    ("start", "end", "zone", "field"),
    [
        ("2026-11-21T20:00", "2026-11-21T20:00", "Europe/Paris", "end"),
        ("2026-11-21T20:00", "2026-11-21T08:00", "Europe/Paris", "end"),
        ("tonight", "2026-11-21T08:00", "Europe/Paris", "time"),
        ("2026-11-21T20:00+01:00", "2026-11-22T08:00", "Europe/Paris", "time"),
        ("2026-11-21T20:00", "2026-11-22T08:00", "Europe/Atlantis", "timezone"),
        ("2026-11-21T20:00", "2026-11-22T08:00", "../../etc/passwd", "timezone"),
    ],
)
def test_shifts_that_cannot_be(start: str, end: str, zone: str, field: str) -> None:
    with pytest.raises(BadRota) as bad:
        span(shift("a", start, end, zone))
    assert bad.value.field == field
