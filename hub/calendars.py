"""A rota as iCalendar (RFC 5545), through the one door to the library that reads and writes it.

A shift is a VEVENT in the time of its zone, with its line, order and person in `X-EXAMROOM-…`
properties; an override is one with `X-EXAMROOM-KIND:override`. Calendars from elsewhere have none
of these: there the line is given by who imports, and the person is the login in `ATTENDEE` (its
mailbox) or the `SUMMARY`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar, Event

from hub.oncall.rota import BadRota, Override, Shift, span, wall_clock, zone
from hub.oncall.sheet import Planned

_OWN = "X-EXAMROOM-"


def to_ics(
    shifts: Iterable[Shift],
    overrides: Iterable[Override] = (),
    names: Mapping[str, str] | None = None,
    *,
    now: datetime,
) -> bytes:
    """The calendar, made at `now`; `names` are how people are shown."""
    calendar = Calendar()
    calendar.add("prodid", "-//examroom//rota//FR")
    calendar.add("version", "2.0")
    shown = names or {}
    for shift in shifts:
        event = _event(shift.shift, shift, now)
        event.add("summary", f"{shift.line} {shift.order}: {_name(shown, shift.person)}")
        _own(event, kind="shift", person=shift.person, note=shift.note)
        calendar.add_component(event)
    for one in overrides:
        event = _event(one.override, one, now)
        event.add("summary", f"{one.line} {one.order}: {_name(shown, one.person) or '–'}")
        _own(
            event,
            kind="override",
            person=one.person,
            instead_of=one.instead_of,
            swap=one.swap,
            note=one.reason,
        )
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _name(shown: Mapping[str, str], person: str) -> str:
    return shown.get(person, person)


def _event(id: str, of: Shift | Override, now: datetime) -> Any:
    event = Event()
    event.add("uid", f"{id}@examroom")
    event.add("dtstamp", now.astimezone(UTC))
    for name, local in (("dtstart", of.start), ("dtend", of.end)):
        event.add(name, datetime.fromisoformat(local).replace(tzinfo=zone(of.timezone)))
    _own(event, line=of.line, order=str(of.order))
    return event


def _own(event: Any, **values: str) -> None:
    for name, value in values.items():
        if value:
            event.add(f"{_OWN}{name.upper().replace('_', '-')}", value)


def from_ics(data: bytes, *, line: str = "", timezone: str = "Europe/Paris") -> Planned:
    """What a calendar plans. Raises `BadRota` naming the event. A person who is only named by a
    login is given as the login; whole days are from midnight to midnight; what recurs is refused:
    a plan says each shift."""
    try:
        calendar = Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError):
        raise BadRota("calendar", "not iCalendar") from None
    shifts: list[Shift] = []
    overrides: list[Override] = []
    for n, event in enumerate(calendar.walk("VEVENT"), 1):
        try:
            one = _planned(event, line, timezone)
            span(one)
        except BadRota as bad:
            raise BadRota(f"event {n}, {bad.field}", bad.problem) from None
        if isinstance(one, Shift):
            shifts.append(one)
        else:
            overrides.append(one)
    return Planned(tuple(shifts), tuple(overrides))


def _planned(event: Any, line: str, timezone: str) -> Shift | Override:
    if event.get("rrule") is not None or event.get("rdate") is not None:
        raise BadRota("rrule", "a shift that recurs: export each of them")
    start, zoned = _time(event, "dtstart", timezone)
    end, _ = _time(event, "dtend", zoned)
    of = _said(event, "LINE") or line
    if not of:
        raise BadRota("line", "no line: name one")
    id, at = str(event.get("uid", "")), _said(event, "ORDER") or "1"
    if not (at.isascii() and at.isdecimal() and 1 <= int(at[:4]) <= 9):
        raise BadRota("order", "a number from 1 to 9")
    id = id.removesuffix("@examroom") if id.endswith("@examroom") else ""
    if _said(event, "KIND") == "override":
        return Override(
            override=id, line=of, start=start, end=end, timezone=zoned, order=int(at),
            person=_said(event, "PERSON"), instead_of=_said(event, "INSTEAD-OF"),
            swap=_said(event, "SWAP"), reason=_said(event, "NOTE"),
        )  # fmt: skip
    return Shift(
        shift=id, line=of, person=_person(event), start=start, end=end, timezone=zoned,
        order=int(at), note=_said(event, "NOTE"),
    )  # fmt: skip


def _said(event: Any, name: str) -> str:
    return str(event.get(f"{_OWN}{name}", "")).strip()


def _person(event: Any) -> str:
    if own := _said(event, "PERSON"):
        return own
    attendee = event.get("attendee")
    first = attendee[0] if isinstance(attendee, list) else attendee
    address = str(first or "").casefold().removeprefix("mailto:")
    found = address.partition("@")[0] or str(event.get("summary", "")).strip()
    if not found:
        raise BadRota("person", "a shift is somebody's: ATTENDEE or SUMMARY")
    return found


def _time(event: Any, name: str, timezone: str) -> tuple[str, str]:
    """(wall clock, zone). A time in UTC is told on the wall of `timezone`."""
    held = event.get(name)
    at = getattr(held, "dt", None)
    if isinstance(at, datetime):
        named = str(getattr(at.tzinfo, "key", "")) if at.tzinfo else timezone
        if at.tzinfo is None or named not in ("", "UTC"):
            zone(named)
            return at.strftime("%Y-%m-%dT%H:%M"), named
        return wall_clock(at, timezone), timezone
    if isinstance(at, date):
        return f"{at.isoformat()}T00:00", timezone
    raise BadRota(name, "is missing")
