"""A rota as CSV (RFC 4180): one row a shift or override, as a spreadsheet opens it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.oncall.rota import BadRota, Override, Shift, span

COLUMNS = (
    "kind", "id", "line", "order", "person", "start", "end", "timezone", "instead_of", "swap",
    "note",
)  # fmt: skip
NEEDED = ("line", "start", "end")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file plans; an id is empty where the file gives none."""

    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Override, ...] = ()


class _Rows:
    """What `csv.writer` writes into: rows as text, without a file."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        """Take a row."""
        self.written.append(text)


def to_csv(shifts: Iterable[Shift], overrides: Iterable[Override] = ()) -> str:
    """The rows, with a header. A cell that a spreadsheet would run as a formula is quoted."""
    rows = _Rows()
    writer = csv.writer(rows)
    writer.writerow(COLUMNS)
    for shift in shifts:
        who = (shift.shift, shift.line, shift.order, shift.person)
        when = (shift.start, shift.end, shift.timezone)
        writer.writerow(("shift", *who, *when, "", "", _calm(shift.note)))
    for one in overrides:
        who = (one.override, one.line, one.order, one.person)
        when = (one.start, one.end, one.timezone)
        writer.writerow(("override", *who, *when, one.instead_of, one.swap, _calm(one.reason)))
    return "".join(rows.written)


def from_csv(text: str, timezone: str = "Europe/Paris") -> Planned:
    """What a sheet plans. `kind` is a shift where it is left out, `order` 1, the zone `timezone`.
    Separated by `,` or `;`. Raises `BadRota` naming the row."""
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if first.count(";") > first.count(",") else ",")
    names = [name.strip().casefold() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in names]:
        raise BadRota("header", f"no column {', '.join(missing)}")
    shifts: list[Shift] = []
    overrides: list[Override] = []
    for n, row in enumerate(_rows(reader), 2):
        try:
            if row.get("kind", "") in ("", "shift"):
                shifts.append(_shift(row, timezone))
            elif row["kind"] == "override":
                overrides.append(_override(row, timezone))
            else:
                raise BadRota("kind", "shift or override")
        except BadRota as bad:
            raise BadRota(f"row {n}, {bad.field}", bad.problem) from None
    return Planned(tuple(shifts), tuple(overrides))


def _rows(reader: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    for row in reader:
        said = {
            str(name).strip().casefold(): value.strip()
            for name, value in row.items()
            if isinstance(value, str)
        }
        if any(said.values()):
            yield said


def _shift(row: dict[str, str], timezone: str) -> Shift:
    if not row.get("person"):
        raise BadRota("person", "a shift is somebody's")
    shift = Shift(
        shift=row.get("id", ""),
        line=_needed(row, "line"),
        person=row["person"],
        start=_needed(row, "start"),
        end=_needed(row, "end"),
        timezone=row.get("timezone", "") or timezone,
        order=_order(row),
        note=_stirred(row.get("note", "")),
    )
    span(shift)
    return shift


def _override(row: dict[str, str], timezone: str) -> Override:
    override = Override(
        override=row.get("id", ""),
        line=_needed(row, "line"),
        start=_needed(row, "start"),
        end=_needed(row, "end"),
        timezone=row.get("timezone", "") or timezone,
        person=row.get("person", ""),
        instead_of=row.get("instead_of", ""),
        order=_order(row),
        reason=_stirred(row.get("note", "")),
        swap=row.get("swap", ""),
    )
    span(override)
    return override


def _needed(row: dict[str, str], name: str) -> str:
    if not row.get(name):
        raise BadRota(name, "is missing")
    return row[name]


def _order(row: dict[str, str]) -> int:
    said = row.get("order", "") or "1"
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:4]) <= 9):
        raise BadRota("order", "a number from 1 to 9")
    return int(said)


def _calm(text: str) -> str:
    """`text` in one line, that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = " ".join(text.split())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "'") else text


def _stirred(text: str) -> str:
    """`_calm` undone."""
    return text[1:] if text[:1] == "'" else text
