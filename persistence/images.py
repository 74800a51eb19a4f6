"""The index of images: which instances the hub's folder holds, and which room a study belongs to.

Plain functions over a connection, to be given to `Journal.run` (what writes) or `Journal.query`
(what reads). An instance is known by study, series and SOP together: a file that borrows the UID
of another study's instance gains no sight of it. No patient's name or number is kept here.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    exists,
    func,
    insert,
    select,
    update,
)

from persistence.schema import metadata


def _uid(name: str) -> Column[str]:
    return Column(name, String(64), primary_key=True, nullable=False)


def _text(name: str, most: int) -> Column[str]:
    return Column(name, String(most), nullable=False, server_default="")


image_studies = Table(
    "image_studies",
    metadata,
    _uid("study"),
    _text("study_date", 10),
    _text("study_time", 16),
    _text("description", 64),
    _text("accession", 64),
    _text("added_at", 30),
    Index("ix_image_studies_accession", "accession"),
)
image_series = Table(
    "image_series",
    metadata,
    _uid("study"),
    _uid("series"),
    _text("modality", 16),
    Column("number", Integer),
    _text("description", 64),
    _text("body_part", 16),
)
image_instances = Table(
    "image_instances",
    metadata,
    _uid("study"),
    _uid("series"),
    _uid("sop"),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    _text("sop_class", 64),
    _text("syntax", 64),
    Column("rows", Integer, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("number", Integer),
    Column("position", Float),
    _text("added_at", 30),
)
image_rooms = Table(
    "image_rooms",
    metadata,
    _uid("study"),
    Column("room", String(64), nullable=False),
    _text("origin", 16),
    _text("attached_at", 30),
    Index("ix_image_rooms_room", "room"),
)


@dataclass(frozen=True, slots=True)
class Study:
    """A study as indexed."""

    study: str
    study_date: str
    study_time: str
    description: str
    accession: str


@dataclass(frozen=True, slots=True)
class Series:
    """A series as indexed."""

    study: str
    series: str
    modality: str
    number: int | None
    description: str
    body_part: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance as indexed. `rows`, `columns` and `frames` are 0 where it holds no pixels;
    `position` is in millimetres along the normal of the slice."""

    study: str
    series: str
    sop: str
    sha256: str
    size: int
    sop_class: str
    syntax: str
    rows: int
    columns: int
    frames: int
    number: int | None
    position: float | None


class Added(StrEnum):
    """What became of an instance that was to be indexed."""

    NEW = "new"
    SAME = "same"
    """Known before, with the same bytes."""
    OTHER = "other"
    """Known before with other bytes: nothing was changed."""


class Attached(StrEnum):
    """What became of a study that was to be attached to a room."""

    NEW = "new"
    SAME = "same"
    ELSEWHERE = "elsewhere"
    """It belongs to another room: nothing was changed."""


def add(conn: Connection, study: Study, series: Series, instance: Instance, at: str) -> Added:
    """Index an instance, with its series and study where they are new."""
    known = find(conn, instance.study, instance.series, instance.sop)
    if known is not None:
        return Added.SAME if known.sha256 == instance.sha256 else Added.OTHER
    if not _has(conn, select(image_studies).where(image_studies.c.study == study.study)):
        conn.execute(insert(image_studies).values(**asdict(study), added_at=at))
    where = and_(image_series.c.study == series.study, image_series.c.series == series.series)
    if not _has(conn, select(image_series).where(where)):
        conn.execute(insert(image_series).values(**asdict(series)))
    conn.execute(insert(image_instances).values(**asdict(instance), added_at=at))
    return Added.NEW


def _has(conn: Connection, query: Select[tuple[object, ...]]) -> bool:
    return bool(conn.execute(select(exists(query.subquery().select()))).scalar())


def find(conn: Connection, study: str, series: str, sop: str) -> Instance | None:
    """One instance."""
    found = instances(conn, study, series, sop)
    return found[0] if found else None


def instances(conn: Connection, study: str, series: str = "", sop: str = "") -> list[Instance]:
    """The instances of a study, or of one series of it, in the order in which they are read: by
    series, then position along the slice normal, then instance number. `sop` narrows to one."""
    table, order = image_instances.c, image_series.c
    wanted = [getattr(table, name) for name in Instance.__dataclass_fields__]
    same_series = and_(table.study == order.study, table.series == order.series)
    query = (
        select(*wanted)
        .select_from(image_instances.join(image_series, same_series))
        .where(table.study == study)
    )
    if series:
        query = query.where(table.series == series)
    if sop:
        query = query.where(table.sop == sop)
    query = query.order_by(
        func.coalesce(order.number, 1 << 31),
        table.series,
        func.coalesce(table.position, 1e9),
        func.coalesce(table.number, 1 << 31),
        table.sop,
    )
    return [Instance(*row) for row in conn.execute(query)]


def studies_of(conn: Connection, room: str) -> list[Study]:
    """The studies attached to `room` of which something is there."""
    wanted = [getattr(image_studies.c, name) for name in Study.__dataclass_fields__]
    query = (
        select(*wanted)
        .select_from(image_studies.join(image_rooms, image_rooms.c.study == image_studies.c.study))
        .where(image_rooms.c.room == room)
        .order_by(image_studies.c.study_date, image_studies.c.study_time, image_studies.c.study)
    )
    return [Study(*row) for row in conn.execute(query)]


def series_of(conn: Connection, study: str) -> list[Series]:
    """The series of a study, by number."""
    wanted = [getattr(image_series.c, name) for name in Series.__dataclass_fields__]
    query = (
        select(*wanted)
        .where(image_series.c.study == study)
        .order_by(func.coalesce(image_series.c.number, 1 << 31), image_series.c.series)
    )
    return [Series(*row) for row in conn.execute(query)]


def room_of(conn: Connection, study: str) -> str:
    """The room that a study is attached to, empty where there is none."""
    query = select(image_rooms.c.room).where(image_rooms.c.study == study)
    return conn.execute(query).scalar() or ""


def attach(conn: Connection, study: str, room: str, *, by_operator: bool, at: str) -> Attached:
    """Attach a study to a room, for good. A share may name a study before its files are there; an
    operator who brings the first of them is believed more than that share."""
    query = select(image_rooms.c.room, image_rooms.c.origin).where(image_rooms.c.study == study)
    found = conn.execute(query).first()
    origin = "operator" if by_operator else "share"
    if found is None:
        row = {"study": study, "room": room, "origin": origin, "attached_at": at}
        conn.execute(insert(image_rooms).values(**row))
        return Attached.NEW
    if found.room == room:
        return Attached.SAME
    arrived = _has(conn, select(image_studies).where(image_studies.c.study == study))
    if arrived or not by_operator or found.origin == "operator":
        return Attached.ELSEWHERE
    changed = {"room": room, "origin": origin, "attached_at": at}
    conn.execute(update(image_rooms).where(image_rooms.c.study == study).values(**changed))
    return Attached.NEW
