"""Figures of punctuality: response times, acknowledgements in time, breaches; no patient in them.

They are made of what the clocks of each room told (`room/measures.py`), which stands beside the
room's row and was stored with the event that changed it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

import msgspec

from hub.room.times import moment
from persistence.figures import Measured

GROUPS = ("site", "urgency", "hour")
"""What rows can be told apart by, beside their clock."""

_told = msgspec.json.Decoder(dict[str, tuple[int, int, int, bool | int]])


@dataclass(frozen=True, slots=True)
class Figure:
    """A row: one clock of the rooms of a group. Times in whole seconds, pauses not counted.

    `rooms` had this clock, `done` have run it to its end, `promised` of all had a limit; `in_time`
    are those that were done within it, `breached` those whose limit went by. `hour` is the local
    hour at which the request came, -1 where rows are not told apart by it.
    """

    clock: str
    site: str
    urgency: str
    hour: int
    rooms: int
    done: int
    promised: int
    in_time: int
    breached: int
    median_s: int | None
    p90_s: int | None
    longest_s: int | None
    paused_s: int


FIELDS = tuple(Figure.__dataclass_fields__)


class _Gathered:
    """The runs of one clock in one group."""

    def __init__(self) -> None:
        self.spent: list[int] = []
        self.rooms = self.promised = self.in_time = self.breached = self.paused = 0

    def add(self, spent: int, paused: int, limit: int, breached: bool) -> None:
        """One room's run: milliseconds, -1 while it runs."""
        self.rooms += 1
        self.promised += limit > 0
        self.breached += breached
        self.paused += paused
        if spent >= 0:
            self.spent.append(spent)
            self.in_time += limit > 0 and not breached and spent <= limit


def figures(
    rooms: Iterable[Measured], by: Sequence[str], timezones: Mapping[str, str]
) -> list[Figure]:
    """The rows of `rooms`, told apart by `by` (of `GROUPS`), by group then clock."""
    held: dict[tuple[str, str, int, str], _Gathered] = {}
    order: dict[str, int] = {}
    for room in rooms:
        where = room.site if "site" in by else ""
        urgency = room.urgency if "urgency" in by else ""
        hour = _hour(room, timezones) if "hour" in by else -1
        for clock, (spent, paused, limit, breached) in _clocks(room.told).items():
            order.setdefault(clock, len(order))
            gathered = held.setdefault((where, urgency, hour, clock), _Gathered())
            gathered.add(spent, paused, limit, bool(breached))
    keys = sorted(held, key=lambda key: (*key[:3], order[key[3]]))
    return [_row(key, held[key]) for key in keys]


def _clocks(told: bytes) -> dict[str, tuple[int, int, int, bool | int]]:
    held = _told.decode(told) if told else {}
    # what reviews found stands beside the clocks, and has figures of its own
    return {name: run for name, run in held.items() if not name.startswith("review.")}


def _hour(room: Measured, timezones: Mapping[str, str]) -> int:
    zone = ZoneInfo(timezones.get(room.site) or "Europe/Paris")
    return moment(room.requested_at).astimezone(zone).hour


def _row(key: tuple[str, str, int, str], held: _Gathered) -> Figure:
    site, urgency, hour, clock = key
    spent = sorted(held.spent)
    return Figure(
        clock=clock,
        site=site,
        urgency=urgency,
        hour=hour,
        rooms=held.rooms,
        done=len(spent),
        promised=held.promised,
        in_time=held.in_time,
        breached=held.breached,
        median_s=_rank(spent, 50),
        p90_s=_rank(spent, 90),
        longest_s=_rank(spent, 100),
        paused_s=round(held.paused / 1000),
    )


def _rank(spent: Sequence[int], percent: int) -> int | None:
    """The value that `percent` of all do not exceed (nearest rank), in seconds."""
    if not spent:
        return None
    return round(spent[max(0, -(-len(spent) * percent // 100) - 1)] / 1000)


def as_csv(rows: Iterable[Figure]) -> str:
    """The rows as RFC 4180, with a head; a cell that a spreadsheet would run is told as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    for row in rows:
        writer.writerow([_cell(one) for one in asdict(row).values()])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
