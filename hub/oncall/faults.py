"""What is wrong with a rota before it hurts: gaps, double bookings, lines that nobody planned."""

from dataclasses import dataclass
from datetime import datetime

from hub.oncall.rota import Held, Line, Rota, Span, held
from hub.room.exam import Value
from hub.room.times import spelled


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fault(Value):
    """`kind` is `gap` (nobody is called first), `double` (one person in two places), `standing`
    (no shift was ever planned: everybody of the line is rung) or `empty` (nobody at all).

    `start` and `end` are instants, RFC 3339 UTC.
    """

    kind: str
    line: str
    start: str
    end: str
    person: str = ""
    other_line: str = ""


def faults(rota: Rota, start: datetime, end: datetime) -> tuple[Fault, ...]:
    """What is wrong from `start` to `end`, by time, then line."""
    pieces = held(rota, start, end)
    window = Span(start, end)
    found: list[Fault] = []
    for line in rota.lines:
        if line.planned:
            firsts = [one for one in pieces if one.line == line.line and one.order == 1]
            found += [_gap(line, one) for one in _uncovered(window, firsts)]
        else:
            kind = "standing" if line.people else "empty"
            found.append(_fault(kind, line.line, window))
    found += _doubles(pieces, window)
    return tuple(sorted(found, key=lambda one: (one.start, one.line, one.kind, one.person)))


def _fault(kind: str, line: str, when: Span, person: str = "", other: str = "") -> Fault:
    return Fault(
        kind=kind,
        line=line,
        start=spelled(when.start),
        end=spelled(when.end),
        person=person,
        other_line=other,
    )


def _gap(line: Line, when: Span) -> Fault:
    return _fault("gap", line.line, when)


def _uncovered(window: Span, pieces: list[Held]) -> list[Span]:
    reached = window.start
    found: list[Span] = []
    for one in sorted(pieces, key=lambda piece: piece.span.start):
        if one.span.start > reached:
            found.append(Span(reached, one.span.start))
        reached = max(reached, one.span.end)
    if reached < window.end:
        found.append(Span(reached, window.end))
    return found


def _doubles(pieces: tuple[Held, ...], window: Span) -> list[Fault]:
    by_person: dict[str, list[Held]] = {}
    for one in pieces:
        by_person.setdefault(one.person, []).append(one)
    found: list[Fault] = []
    for person, own in by_person.items():
        own.sort(key=lambda piece: piece.span.start)
        for n, one in enumerate(own):
            for other in own[n + 1 :]:
                if other.span.start >= one.span.end:
                    break
                both = Span(
                    max(other.span.start, window.start),
                    min(one.span.end, other.span.end, window.end),
                )
                found.append(_fault("double", one.line, both, person, other.line))
    return found
