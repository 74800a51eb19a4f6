"""The rota: lines, shifts in wall-clock time, overrides; and who is on duty at an instant.

A shift is written as people read it, in the local time of its zone, so that a night of the switch
is an hour longer or shorter by itself. A boundary is one instant whoever reads it: a local time
that comes twice is its first occurrence, one that does not exist is read with the offset before
the gap (RFC 5545, 3.3.5). So two shifts that meet in wall-clock time meet, with neither gap nor
overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from hub.room.exam import Value
from hub.room.limits import Id, Number, Text
from hub.room.times import spelled

TIERS: tuple[str, ...] = ("local", "group", "region", "company")
"""Subsidiarity: the nearest first (charter of teleradiology; domain.md 1.3)."""

ALWAYS = ""
"""Instead of a time: from ever, or for ever."""


Local = Annotated[str, Text(16, 16)]
"""A wall-clock time to the minute: `2026-10-25T20:00`."""
Order = Annotated[int, Number(1, 9)]
Note = Annotated[str, Text(0, 200)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line(Value):
    """An on-call line: what is covered, and by whom in general.

    `modality` and `subspecialty` are empty where the line takes every one. A line for which no
    shift was ever planned is a standing one: all its people are on duty, all the time.
    """

    line: str
    name: str = ""
    sites: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tier: str = "local"
    region: str = ""
    subspecialty: str = ""
    modality: str = ""
    timezone: str = "Europe/Paris"
    planned: bool = False
    """Whether shifts are planned for it, now or at any other time."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shift(Value):
    """Somebody is on a line from `start` to `end`: local, `2026-10-25T20:00`, of `timezone`.

    `order` is 1 for who is called first, 2 for their second, and so on.
    """

    line: Id
    person: Id
    start: Local
    end: Local
    timezone: Annotated[str, Text(1, 64)] = "Europe/Paris"
    order: Order = 1
    note: Note = ""
    shift: Annotated[str, Text(0, 64)] = ""
    """Its id; empty: one is to be minted."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Override(Value):
    """From `start` to `end` it is `person` who is on the line in that order, whatever the shifts
    say; nobody, where `person` is empty. `instead_of` limits it to one person's shifts. The two
    halves of a swap share `swap`. The override that was made last wins (the order of the rota).
    """

    line: Id
    start: Local
    end: Local
    timezone: Annotated[str, Text(1, 64)] = "Europe/Paris"
    person: Annotated[str, Text(0, 64)] = ""
    instead_of: Annotated[str, Text(0, 64)] = ""
    order: Order = 1
    reason: Note = ""
    swap: Annotated[str, Text(0, 64)] = ""
    override: Annotated[str, Text(0, 64)] = ""
    """Its id; empty: one is to be minted."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Duty(Value):
    """Somebody on duty: `since` and `until` are instants, RFC 3339 UTC, empty for always.

    `by` is the id of the shift or the override that says so, empty on a standing line.
    """

    line: str
    order: int
    person: str
    since: str = ALWAYS
    until: str = ALWAYS
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rota:
    """Everything that is planned, in the order it was made."""

    lines: tuple[Line, ...] = ()
    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Override, ...] = ()


class BadRota(ValueError):
    """Something of a rota that cannot be; `field` names it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises `BadRota`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadRota("timezone", "no such time zone") from None


def instant(local: str, timezone: str) -> datetime:
    """The instant of a wall-clock time, aware UTC. Raises `BadRota`."""
    try:
        at = datetime.fromisoformat(local)
    except ValueError:
        raise BadRota("time", "a local time such as 2026-10-25T20:00") from None
    if at.tzinfo is not None or len(local) != 16:
        raise BadRota("time", "a local time has no offset: the zone stands beside it")
    return at.replace(tzinfo=zone(timezone), fold=0).astimezone(UTC)


def wall_clock(at: datetime, timezone: str) -> str:
    """What a clock on the wall of `timezone` says at an instant: `2026-10-25T20:00`."""
    return at.astimezone(zone(timezone)).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, the end left out."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether `at` is in it."""
        return self.start <= at < self.end

    def meets(self, other: "Span") -> bool:
        """Whether they have an instant in common."""
        return self.start < other.end and other.start < self.end


def span(of: Shift | Override) -> Span:
    """From when to when. Raises `BadRota` where it ends before it begins."""
    found = Span(instant(of.start, of.timezone), instant(of.end, of.timezone))
    if found.end <= found.start:
        raise BadRota("end", "ends before it begins")
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A piece of duty as it results from a shift and what overrides it."""

    line: str
    order: int
    person: str
    span: Span
    by: str


def held(rota: Rota, start: datetime, end: datetime) -> tuple[Held, ...]:
    """Every piece of planned duty that touches `start` to `end`, by line, order and time."""
    window = Span(start, end)
    slots: dict[tuple[str, int], list[Held]] = {}
    for shift in rota.shifts:
        when = span(shift)
        if when.meets(window):
            piece = Held(shift.line, shift.order, shift.person, when, shift.shift)
            slots.setdefault((shift.line, shift.order), []).append(piece)
    for override in rota.overrides:
        when = span(override)
        if when.meets(window):
            slot = (override.line, override.order)
            slots[slot] = _overridden(slots.get(slot, []), override, when)
    found = [one for pieces in slots.values() for one in pieces if one.span.meets(window)]
    return tuple(sorted(found, key=lambda one: (one.line, one.order, one.span.start, one.person)))


def _overridden(pieces: list[Held], override: Override, when: Span) -> list[Held]:
    kept: list[Held] = []
    covered: list[Span] = [] if override.instead_of else [when]
    for one in pieces:
        if not one.span.meets(when) or override.instead_of not in ("", one.person):
            kept.append(one)
            continue
        if override.instead_of:
            covered.append(Span(max(one.span.start, when.start), min(one.span.end, when.end)))
        if one.span.start < when.start:
            kept.append(_part(one, one.span.start, when.start))
        if one.span.end > when.end:
            kept.append(_part(one, when.end, one.span.end))
    if override.person:
        kept += [
            Held(override.line, override.order, override.person, piece, override.override)
            for piece in covered
        ]
    return kept


def _part(one: Held, start: datetime, end: datetime) -> Held:
    return Held(one.line, one.order, one.person, Span(start, end), one.by)


def on_duty(rota: Rota, at: datetime) -> tuple[Duty, ...]:
    """Who is on duty at an instant, by line, then order. Nobody twice in one order of a line."""
    found: dict[tuple[str, int, str], Duty] = {}
    pieces = held(rota, at, at + timedelta(microseconds=1))
    by_line: dict[str, list[Held]] = {}
    for one in pieces:
        if one.span.holds(at):
            by_line.setdefault(one.line, []).append(one)
    for line in rota.lines:
        for duty in _duties(line, by_line.get(line.line, [])):
            found.setdefault((duty.line, duty.order, duty.person), duty)
    return tuple(found.values())


def _duties(line: Line, pieces: Iterable[Held]) -> Iterable[Duty]:
    if not line.planned:
        return [Duty(line=line.line, order=1, person=person) for person in line.people]
    return [
        Duty(
            line=line.line,
            order=one.order,
            person=one.person,
            since=spelled(one.span.start),
            until=spelled(one.span.end),
            by=one.by,
        )
        for one in pieces
    ]


def covering(rota: Rota, site: str, modality: str = "", subspecialty: str = "") -> tuple[Line, ...]:
    """The lines that take an exam of that site and modality, the nearest tier first.

    Without a subspecialty only general lines do; with one, the lines of that subspecialty, also
    those that name no site and so serve all.
    """
    found = [
        line
        for line in rota.lines
        if (site in line.sites or (subspecialty and not line.sites))
        and line.modality in ("", modality)
        and line.subspecialty.casefold() == subspecialty.casefold()
    ]
    return tuple(sorted(found, key=lambda one: (_tier(one), one.line)))


def _tier(line: Line) -> int:
    return TIERS.index(line.tier) if line.tier in TIERS else len(TIERS)
