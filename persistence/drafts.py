"""Drafts of reports: one a room and author, the latest wins, and none overwrites another unseen.

Plain functions over a connection, to be given to `Journal.run` (what writes) or `Journal.query`
(what reads). A draft stands beside the journal: it is nobody's word until it is issued or signed.
"""

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)

from persistence.schema import metadata

report_drafts = Table(
    "report_drafts",
    metadata,
    Column("room", String(64), primary_key=True, nullable=False),
    Column("person", String(64), primary_key=True, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", String(30), nullable=False),
    Column("device", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as kept. `version` counts its saves from 1; `body` is JSON of the hub's own."""

    version: int
    saved_at: str
    device: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was written: the draft is at another version, 0 where there is none."""

    version: int


def find(at: Connection, room: str, person: str) -> Kept | None:
    """The draft of `person` in `room`."""
    row = at.execute(
        select(
            report_drafts.c.version,
            report_drafts.c.saved_at,
            report_drafts.c.device,
            report_drafts.c.body,
        ).where(_of(room, person))
    ).first()
    return None if row is None else Kept(*row)


def put(at: Connection, room: str, person: str, over: int, draft: Kept) -> Kept | Stale:
    """Save `draft` over the version `over` (0: the first), under the next one.

    A save that is repeated because its answer was lost finds itself and is answered as before.
    """
    held = find(at, room, person)
    now = held.version if held else 0
    if held and now == over + 1 and (held.device, held.body) == (draft.device, draft.body):
        return held
    if now != over:
        return Stale(now)
    values = {"version": over + 1, "saved_at": draft.saved_at}
    values |= {"device": draft.device, "body": draft.body}
    if held is None:
        at.execute(insert(report_drafts).values(room=room, person=person, **values))
    else:
        at.execute(update(report_drafts).where(_of(room, person)).values(**values))
    return Kept(over + 1, draft.saved_at, draft.device, draft.body)


def drop(at: Connection, room: str, person: str = "") -> None:
    """Take the draft of `person` away, or where none is named every draft of the room."""
    where = _of(room, person) if person else report_drafts.c.room == room
    at.execute(delete(report_drafts).where(where))


def _of(room: str, person: str) -> ColumnElement[bool]:
    return and_(report_drafts.c.room == room, report_drafts.c.person == person)
