"""The worklist's rows, written beside the event that changed them and read a page at a time."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, exists, false, func, or_, select, tuple_

from persistence.entries import Row
from persistence.schema import rooms, row_people, worklist

KEPT = 50_000
"""Rooms whose columns are remembered, so that a message writes one small row and no index."""

PUT = (
    "INSERT INTO worklist (room, seq, site, stage, urgency, requested_at, due_at, owner, is_open, "
    "summary, measured) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (room) DO UPDATE SET "
    "seq = excluded.seq, site = excluded.site, stage = excluded.stage, "
    "urgency = excluded.urgency, requested_at = excluded.requested_at, due_at = excluded.due_at, "
    "owner = excluded.owner, is_open = excluded.is_open, summary = excluded.summary, "
    "measured = excluded.measured"
)
TOUCH = "UPDATE worklist SET seq = ?, summary = ?, measured = ? WHERE room = ?"
JOIN = (
    "INSERT INTO row_people (person, removed, room) VALUES (?, ?, ?) "
    "ON CONFLICT (person, room) DO UPDATE SET removed = excluded.removed"
)
LEAVE = "DELETE FROM row_people WHERE person = ? AND room = ?"
PEOPLE = "SELECT person, removed FROM row_people WHERE room = ?"

Columns = tuple[str | bool, ...]


class Rows:
    """Writes rows inside the writer's transaction; thrown away with its connection."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver = driver
        # What was last written of each room: its columns and its people.
        self._written: dict[int, tuple[Columns, frozenset[tuple[str, int]]]] = {}

    def forget(self) -> None:
        """Another process may have written."""
        self._written.clear()

    def put(self, key: int, row: Row) -> None:
        """Write the row of the room with `key`."""
        columns: Columns = (row.site, row.stage, row.urgency, row.requested_at)
        columns = (*columns, row.due_at, row.owner, row.is_open)
        people = frozenset([(who, 0) for who in row.people] + [(who, 1) for who in row.removed])
        before = self._written.get(key)
        if before and before[0] == columns:
            self._driver.execute(TOUCH, (row.seq, row.summary, row.measured, key))
        else:
            self._driver.execute(PUT, (key, row.seq, *columns, row.summary, row.measured))
        were = before[1] if before else {*self._driver.execute(PEOPLE, (key,))}
        if were != people:
            self._driver.executemany(LEAVE, [(person, key) for person, _ in were - people])
            self._driver.executemany(JOIN, [(*one, key) for one in people - were])
        if len(self._written) > KEPT:
            self._written.clear()
        self._written[key] = (columns, people)


def page(
    connection: Connection,
    *,
    sites: Sequence[str],
    person: str,
    stage: str,
    site: str,
    urgency: str,
    mine: bool,
    open_only: bool,
    after: str,
    limit: int,
) -> tuple[list[Row], str]:
    """A page of the worklist, and the cursor of the next (`ports.Journal.rows`)."""
    known = exists().where(row_people.c.room == worklist.c.room, row_people.c.person == person)
    is_in, is_out = known.where(row_people.c.removed == 0), known.where(row_people.c.removed == 1)
    query = select(rooms.c.room.label("name"), worklist).join(rooms, rooms.c.key == worklist.c.room)
    if mine:
        query = query.where(is_in)
    else:
        query = query.where(or_(worklist.c.site.in_(list(sites)), is_in), ~is_out)
    for column, wanted in (
        (worklist.c.stage, stage),
        (worklist.c.site, site),
        (worklist.c.urgency, urgency),
    ):
        if wanted:
            query = query.where(column == wanted)
    if open_only:
        query = query.where(worklist.c.is_open == 1)
    found = connection.execute(_paged(query, after, limit)).mappings().all()
    people = _people(connection, [one["room"] for one in found])
    rows = [_row(one, people.get(one["room"], ())) for one in found]
    if len(rows) < limit or not found:
        return rows, ""
    last = found[-1]
    return rows, json.dumps([last["urgency"], last["requested_at"], last["room"]])


def measured(
    connection: Connection, sites: Sequence[str], since: str, until: str, *, having: str = ""
) -> list[tuple[str, bytes, bytes]]:
    """(site, summary, measured) of the rooms of `sites` that were asked for from `since` to before
    `until`, as far as what was measured holds the text `having`."""
    query = select(worklist.c.site, worklist.c.summary, worklist.c.measured).where(
        worklist.c.site.in_(list(sites)),
        worklist.c.requested_at >= since,
        worklist.c.requested_at < until,
        func.instr(worklist.c.measured, having) > 0,
    )
    return [(site, summary, told) for site, summary, told in connection.execute(query)]


def _paged(query: Select[Any], after: str, limit: int) -> Select[Any]:
    order = (worklist.c.urgency, worklist.c.requested_at, worklist.c.room)
    if after:
        try:
            urgency, requested_at, room = json.loads(after)
            cursor = (str(urgency), str(requested_at), int(room))
        except (ValueError, TypeError):
            return query.where(false())  # a cursor that we never gave has no next page
        query = query.where(tuple_(*order) > tuple_(*cursor))
    return query.order_by(*order).limit(limit)


def _people(connection: Connection, keys: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(row_people.c.room, row_people.c.person).where(
        row_people.c.room.in_(keys), row_people.c.removed == 0
    )
    for room, person in connection.execute(query.order_by(row_people.c.person)):
        found[room] = (*found.get(room, ()), person)
    return found


def _row(one: Any, people: tuple[str, ...]) -> Row:
    return Row(
        room=one["name"],
        seq=one["seq"],
        site=one["site"],
        stage=one["stage"],
        urgency=one["urgency"],
        requested_at=one["requested_at"],
        due_at=one["due_at"],
        owner=one["owner"],
        is_open=bool(one["is_open"]),
        summary=one["summary"],
        people=people,
    )


def due(connection: Connection, before: str, limit: int = 500) -> list[str]:
    """Open rooms whose limit is set and not after `before`, the oldest limit first."""
    query = (
        select(rooms.c.room)
        .join(worklist, worklist.c.room == rooms.c.key)
        .where(worklist.c.is_open == 1, worklist.c.due_at > "", worklist.c.due_at <= before)
        .order_by(worklist.c.due_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def owned(connection: Connection, stages: Sequence[str]) -> list[tuple[str, str]]:
    """`ports.Journal.owned`."""
    query = (
        select(rooms.c.room, worklist.c.owner)
        .join(worklist, worklist.c.room == rooms.c.key)
        .where(worklist.c.is_open == 1, worklist.c.owner != "", worklist.c.stage.in_(stages))
    )
    return [(room, owner) for room, owner in connection.execute(query)]
