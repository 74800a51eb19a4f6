"""The rota as it is kept: shifts, overrides, escalation policies, statuses; and who changed what.

Plain functions over a connection, as `persistence.directory`, whose lines and people these hang on.
Times are local words, as people read them; what they mean is the hub's business. Whoever is planned
on a line is put on it, so that they may see its rooms. Each change of the plan leaves a line in
`rota_changes` with what stood before and after.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from persistence.directory import Unknown, bump, line_people, lines, people
from persistence.schema import metadata


def _id(name: str, *, of: str = "", key: bool = False) -> Column[str]:
    if of:
        return Column(name, String(64), ForeignKey(of), nullable=False)
    return Column(name, String(64), primary_key=key, nullable=False)


def _word(name: str, most: int = 64) -> Column[str]:
    return Column(name, String(most), nullable=False, server_default="")


shifts = Table(
    "shifts",
    metadata,
    _id("shift", key=True),
    _id("line", of="lines.line"),
    _id("person", of="people.person"),
    Column("start", String(16), nullable=False),
    Column("end", String(16), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("order", Integer, nullable=False),
    _word("note", 200),
    Index("ix_shifts_end", "end"),
)
overrides = Table(
    "overrides",
    metadata,
    _id("override", key=True),
    Column("made", Integer, nullable=False),
    _id("line", of="lines.line"),
    Column("start", String(16), nullable=False),
    Column("end", String(16), nullable=False),
    Column("timezone", String(64), nullable=False),
    _word("person"),
    _word("instead_of"),
    Column("order", Integer, nullable=False),
    _word("reason", 200),
    _word("swap"),
    Index("ix_overrides_end", "end"),
)
policies = Table(
    "escalation_policies",
    metadata,
    Column("site", String(64), primary_key=True, nullable=False),
    Column("urgency", String(8), primary_key=True, nullable=False),
    Column("purpose", String(16), primary_key=True, nullable=False),
    Column("version", Integer, nullable=False),
    Column("steps", Text, nullable=False),
)
statuses = Table(
    "statuses",
    metadata,
    Column("person", String(64), ForeignKey("people.person"), primary_key=True, nullable=False),
    Column("state", String(16), nullable=False),
    Column("since", String(32), nullable=False),
    _word("until", 32),
    _word("forward"),
    _word("device"),
)
changes = Table(
    "rota_changes",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("by", String(64), nullable=False),
    Column("what", String(32), nullable=False),
    _word("line"),
    Column("before", Text, nullable=False, server_default=""),
    Column("after", Text, nullable=False, server_default=""),
    Index("ix_rota_changes_line", "line", "n"),
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody on a line, in wall-clock time of `timezone`."""

    shift: str
    line: str
    person: str
    start: str
    end: str
    timezone: str
    order: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else, or nobody, on a line for a while."""

    override: str
    line: str
    start: str
    end: str
    timezone: str
    person: str = ""
    instead_of: str = ""
    order: int = 1
    reason: str = ""
    swap: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Escalation of a site, urgency and purpose; empty for every one. `steps` is JSON."""

    site: str
    urgency: str
    purpose: str
    version: int
    steps: str


@dataclass(frozen=True, slots=True)
class Status:
    """What somebody says of themselves. Times are RFC 3339 UTC; `until` empty: until changed."""

    person: str
    state: str
    since: str
    until: str = ""
    forward: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the plan: who, when, what, and JSON of what stood before and after."""

    n: int
    at: str
    by: str
    what: str
    line: str
    before: str
    after: str


def planned(at: Connection, start: str, end: str) -> tuple[list[Shift], list[Override]]:
    """Shifts and overrides that touch the local times from `start` to `end`, in the order they
    were made."""
    of = shifts.c
    found = at.execute(
        select(shifts).where(of.end > start, of.start < end).order_by(of.start, of.line, of.shift)
    )
    held = overrides.c
    others = at.execute(
        select(*(held[name] for name in Override.__slots__))
        .where(held.end > start, held.start < end)
        .order_by(held.made)
    )
    return [Shift(*row) for row in found], [Override(*row) for row in others]


def ever_planned(at: Connection) -> frozenset[str]:
    """The lines for which anything was ever planned."""
    found = at.execute(select(shifts.c.line).union(select(overrides.c.line)))
    return frozenset(found.scalars())


def put_shifts(at: Connection, given: Sequence[Shift], by: str, now: str) -> None:
    """Add shifts, or replace those of the same id. Raises `Unknown`."""
    for one in given:
        before = _held(at, shifts, shifts.c.shift, one.shift)
        _place(at, one.line, one.person)
        at.execute(delete(shifts).where(shifts.c.shift == one.shift))
        at.execute(insert(shifts).values(asdict(one)))
        _note(at, by, now, "shift.put", one.line, before, asdict(one))
    bump(at)


def put_overrides(at: Connection, given: Sequence[Override], by: str, now: str) -> None:
    """Add overrides, or replace those of the same id; the last made wins. Raises `Unknown`."""
    for one in given:
        before = _held(at, overrides, overrides.c.override, one.override)
        for person in (one.person, one.instead_of):
            if person:
                _place(at, one.line, person)
        _known_line(at, one.line)
        made = at.execute(select(func.max(overrides.c.made))).scalar() or 0
        at.execute(delete(overrides).where(overrides.c.override == one.override))
        at.execute(insert(overrides).values(asdict(one) | {"made": made + 1}))
        _note(at, by, now, "override.put", one.line, before, asdict(one))
    bump(at)


def remove(at: Connection, id: str, by: str, now: str) -> None:
    """Take a shift or an override away. Raises `Unknown`."""
    for table, column, what in (
        (shifts, shifts.c.shift, "shift.removed"),
        (overrides, overrides.c.override, "override.removed"),
    ):
        if before := _held(at, table, column, id):
            at.execute(delete(table).where(column == id))
            _note(at, by, now, what, str(before["line"]), before, None)
            bump(at)
            return
    raise Unknown(f"shift or override {id}")


def line_of(at: Connection, id: str) -> str:
    """The line of a shift or override. Raises `Unknown`."""
    held = _held(at, shifts, shifts.c.shift, id) or _held(at, overrides, overrides.c.override, id)
    if held is None:
        raise Unknown(f"shift or override {id}")
    return str(held["line"])


def all_policies(at: Connection) -> list[Policy]:
    """Every policy that a site has of its own."""
    order = (policies.c.site, policies.c.urgency, policies.c.purpose)
    return [Policy(*row) for row in at.execute(select(policies).order_by(*order))]


def put_policy(at: Connection, given: Policy, by: str, now: str) -> int:
    """Add a policy, or replace it; `version` of `given` is not looked at. Gives the new one."""
    of = policies.c
    same = (of.site == given.site, of.urgency == given.urgency, of.purpose == given.purpose)
    before = at.execute(select(policies).where(*same)).mappings().first()
    version = before["version"] + 1 if before else 1
    row = asdict(given) | {"version": version}
    at.execute(delete(policies).where(*same))
    at.execute(insert(policies).values(row))
    _note(at, by, now, "policy.put", "", dict(before) if before else None, row)
    bump(at)
    return int(version)


def all_statuses(at: Connection) -> list[Status]:
    """What people say of themselves."""
    return [Status(*row) for row in at.execute(select(statuses))]


def put_status(at: Connection, given: Status) -> None:
    """Keep what somebody says of themselves. No right changes by it, so no `bump`."""
    row = asdict(given)
    same = statuses.c.person == given.person
    if not at.execute(update(statuses).where(same).values(row)).rowcount:
        at.execute(insert(statuses).values(row))


def history(at: Connection, line: str = "", limit: int = 100) -> list[Change]:
    """The last changes, the newest first; of one line, or of all."""
    wanted = select(changes).order_by(changes.c.n.desc()).limit(limit)
    if line:
        wanted = wanted.where(changes.c.line == line)
    return [Change(*row) for row in at.execute(wanted)]


def note_line(at: Connection, line: str, by: str, now: str, after: dict[str, Any]) -> None:
    """Note that the line itself was changed."""
    _note(at, by, now, "line.put", line, None, after)


def _held(at: Connection, table: Table, column: Column[str], id: str) -> dict[str, Any] | None:
    found = at.execute(select(table).where(column == id)).mappings().first()
    return dict(found) if found else None


def _known_line(at: Connection, line: str) -> None:
    if at.execute(select(lines.c.line).where(lines.c.line == line)).first() is None:
        raise Unknown(f"line {line}")


def _place(at: Connection, line: str, person: str) -> None:
    _known_line(at, line)
    if at.execute(select(people.c.person).where(people.c.person == person)).first() is None:
        raise Unknown(f"person {person}")
    on = (line_people.c.line == line, line_people.c.person == person)
    if at.execute(select(line_people).where(*on)).first() is None:
        at.execute(insert(line_people).values(line=line, person=person))


def _note(
    at: Connection,
    by: str,
    now: str,
    what: str,
    line: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    at.execute(
        insert(changes).values(
            at=now,
            by=by,
            what=what,
            line=line,
            before=json.dumps(before) if before else "",
            after=json.dumps(after) if after else "",
        )
    )
