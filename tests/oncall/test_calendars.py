"""A rota goes to iCalendar and comes back; calendars from elsewhere are read, or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.calendars import from_ics, to_ics
from hub.oncall.rota import BadRota, Override, Shift, instant
from hub.oncall.sheet import Planned
from tests.oncall.test_rota import ZONES, at
from tests.oncall.test_sheet import overrides, shifts

NOW = at("2026-11-21T22:40:00")


@settings(max_examples=40)
@given(st.lists(shifts, max_size=4), st.lists(overrides, max_size=4))
def test_there_and_back(given: list[Shift], more: list[Override]) -> None:
    assert from_ics(to_ics(given, more, now=NOW)) == Planned(tuple(given), tuple(more))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", [("2026-10-24", "2026-10-25"), ("2027-03-27", "2027-03-28")])
def test_a_night_of_the_switch_keeps_its_wall_clock(zone: str, night: tuple[str, str]) -> None:
    shift = Shift(
        shift="s", line="nuit", person="omar", start=f"{night[0]}T20:00", end=f"{night[1]}T08:00",
        timezone=zone,
    )  # fmt: skip
    data = to_ics([shift], names={"omar": "Dr Omar"}, now=NOW)
    assert f"DTSTART;TZID={zone}:{night[0].replace('-', '')}T200000".encode() in data
    assert b"BEGIN:VTIMEZONE" in data
    assert b"Dr Omar" in data
    (back,) = from_ics(data).shifts
    assert instant(back.end, back.timezone) == instant(shift.end, zone)


def event(*lines: str) -> bytes:
    """A calendar with one event, as another program writes it."""
    body = ("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")
    return "\r\n".join((*body, "")).encode()


TIMES = ("DTSTART:20261121T190000Z", "DTEND:20261122T070000Z")


def test_a_calendar_from_elsewhere() -> None:
    data = event("UID:abc@other", "ATTENDEE:mailto:Omar@ch.example", *TIMES)
    assert from_ics(data, line="nuit").shifts == (
        Shift(
            line="nuit", person="omar", start="2026-11-21T20:00", end="2026-11-22T08:00",
            timezone="Europe/Paris",
        ),
    )  # fmt: skip
    whole = event("SUMMARY:omar", "DTSTART;VALUE=DATE:20261121", "DTEND;VALUE=DATE:20261122")
    (shift,) = from_ics(whole, line="jour", timezone="Indian/Reunion").shifts
    assert (shift.start, shift.end, shift.timezone) == (
        "2026-11-21T00:00", "2026-11-22T00:00", "Indian/Reunion",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"nothing", "calendar"),
        (event("SUMMARY:omar", *TIMES), "event 1, line"),
        (event("X-EXAMROOM-LINE:nuit", *TIMES), "event 1, person"),
        (event("X-EXAMROOM-LINE:n", "SUMMARY:o", "RRULE:FREQ=DAILY", *TIMES), "event 1, rrule"),
        (event("X-EXAMROOM-LINE:n", "SUMMARY:o", TIMES[0]), "event 1, dtend"),
        (event("X-EXAMROOM-LINE:n", "SUMMARY:o", "X-EXAMROOM-ORDER:x", *TIMES), "event 1, order"),
        (
            event("X-EXAMROOM-LINE:n", "SUMMARY:o", TIMES[0], "DTEND:20261121T180000Z"),
            "event 1, end",
        ),
    ],
)
def test_calendars_that_are_refused(data: bytes, field: str) -> None:
    with pytest.raises(BadRota) as bad:
        from_ics(data)
    assert bad.value.field == field
