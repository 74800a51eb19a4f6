"""The directory: people with their parts at sites, the sites, and the lines that cover them.

Plain functions over a connection, to be given to `Journal.run` (what writes) or `Journal.query`
(what reads). Whatever may take a right away, or give one, bumps `revision`, so that a hub finds
out with one cheap read whether any open socket has to be looked at again (W-22). Roles are words
here, without meaning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from persistence.schema import metadata

CHUNK = 400
"""Names in one IN list: below SQLite's old limit of 999 variables."""


def _id(name: str, *, key: bool = False, of: str = "") -> Column[str]:
    if of:
        return Column(name, String(64), ForeignKey(of), primary_key=key, nullable=False)
    return Column(name, String(64), primary_key=key, nullable=False)


directory_state = Table(
    "directory_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
)
sites = Table(
    "sites",
    metadata,
    _id("site", key=True),
    Column("name", String(200), nullable=False),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("timezone", String(64), nullable=False, server_default="Europe/Paris"),
    Column("policy", Text, nullable=False, server_default="{}"),
)
people = Table(
    "people",
    metadata,
    _id("person", key=True),
    Column("login", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password_hash", String(255), nullable=False, server_default=""),
    Column("disabled", Boolean, nullable=False, server_default="0"),
    Column("service", Boolean, nullable=False, server_default="0"),
    Column("rate_free", Boolean, nullable=False, server_default="0"),
    Column("lang", String(12), nullable=False, server_default="fr"),
)
grants = Table(
    "grants",
    metadata,
    _id("person", key=True, of="people.person"),
    Column("role", String(40), primary_key=True, nullable=False),
    _id("site", key=True, of="sites.site"),
)
lines = Table(
    "lines",
    metadata,
    _id("line", key=True),
    Column("name", String(200), nullable=False),
    Column("tier", String(16), nullable=False, server_default="local"),
    Column("region", String(200), nullable=False, server_default=""),
    Column("subspecialty", String(200), nullable=False, server_default=""),
    Column("modality", String(8), nullable=False, server_default=""),
    Column("timezone", String(64), nullable=False, server_default="Europe/Paris"),
)
line_sites = Table(
    "line_sites",
    metadata,
    _id("line", key=True, of="lines.line"),
    _id("site", key=True, of="sites.site"),
)
line_people = Table(
    "line_people",
    metadata,
    _id("line", key=True, of="lines.line"),
    Column(
        "person",
        String(64),
        ForeignKey("people.person"),
        primary_key=True,
        nullable=False,
        index=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place with scanners. `policy` is JSON of the hub's own."""

    site: str
    name: str
    phone: str = ""
    timezone: str = "Europe/Paris"
    policy: str = "{}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A part that a person may play at a site."""

    role: str
    site: str


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """An account. `password_hash` is empty where nobody can log in with a password.

    `service` is a machine; `rate_free` is free of rate limits (load tests only).
    """

    person: str
    login: str
    name: str
    password_hash: str = ""
    disabled: bool = False
    service: bool = False
    rate_free: bool = False
    lang: str = "fr"
    grants: tuple[Grant, ...] = ()

    def __repr__(self) -> str:
        return "<Person>"


@dataclass(frozen=True, slots=True)
class Line:
    """An on-call line: who is on it, which sites it covers, and what it takes: everything, where
    `subspecialty` and `modality` are empty. `tier` and the others are words of the hub's own."""

    line: str
    name: str
    sites: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tier: str = "local"
    region: str = ""
    subspecialty: str = ""
    modality: str = ""
    timezone: str = "Europe/Paris"


class Unknown(LookupError):
    """No person, site, line or credential of this id."""


def revision(at: Connection) -> int:
    """A number that differs from the one before once any right may have changed."""
    return at.execute(select(directory_state.c.revision)).scalar_one_or_none() or 0


def bump(at: Connection) -> int:
    """Say that rights may have changed."""
    changed = at.execute(
        update(directory_state)
        .where(directory_state.c.id == 1)
        .values(revision=directory_state.c.revision + 1)
    )
    if not changed.rowcount:
        at.execute(insert(directory_state).values(id=1, revision=1))
    return revision(at)


def put_sites(at: Connection, given: Iterable[Site]) -> None:
    """Add sites, or replace what is known of them."""
    for site in given:
        row = {
            "name": site.name,
            "phone": site.phone,
            "timezone": site.timezone,
            "policy": site.policy,
        }
        if not at.execute(update(sites).where(sites.c.site == site.site).values(row)).rowcount:
            at.execute(insert(sites).values(row | {"site": site.site}))
    bump(at)


def all_sites(at: Connection) -> list[Site]:
    """Every site, by name."""
    return [Site(*row) for row in at.execute(select(sites).order_by(sites.c.name))]


def put_line(at: Connection, line: str, name: str, **more: str) -> None:
    """Add an on-call line, or rename it; `more` are other fields of `Line`, kept where left out."""
    row = {"name": name} | more
    if not at.execute(update(lines).where(lines.c.line == line).values(row)).rowcount:
        at.execute(insert(lines).values(row | {"line": line}))
    bump(at)


def assign(
    at: Connection, line: str, *, add_sites: Sequence[str] = (), add_people: Sequence[str] = ()
) -> None:
    """Put sites under a line and people on it. Raises `Unknown`."""
    _known(at, lines.c.line, [line])
    _known(at, sites.c.site, add_sites)
    _known(at, people.c.person, add_people)
    unassign(at, line, sites_off=add_sites, people_off=add_people)
    if add_sites:
        at.execute(insert(line_sites), [{"line": line, "site": site} for site in add_sites])
    if add_people:
        at.execute(insert(line_people), [{"line": line, "person": one} for one in add_people])
    bump(at)


def unassign(
    at: Connection, line: str, *, sites_off: Sequence[str] = (), people_off: Sequence[str] = ()
) -> None:
    """Take sites and people off a line."""
    at.execute(
        delete(line_sites).where(line_sites.c.line == line, line_sites.c.site.in_(sites_off))
    )
    at.execute(
        delete(line_people).where(line_people.c.line == line, line_people.c.person.in_(people_off))
    )
    bump(at)


def all_lines(at: Connection) -> list[Line]:
    """Every line with its sites and people."""
    of_sites = at.execute(select(line_sites).order_by(line_sites.c.site)).all()
    of_people = at.execute(select(line_people).order_by(line_people.c.person)).all()
    return [
        Line(
            row.line,
            row.name,
            tuple(site for held, site in of_sites if held == row.line),
            tuple(person for held, person in of_people if held == row.line),
            row.tier,
            row.region,
            row.subspecialty,
            row.modality,
            row.timezone,
        )
        for row in at.execute(select(lines).order_by(lines.c.name))
    ]


def put_people(at: Connection, given: Sequence[Person]) -> None:
    """Add people with their grants, or replace what is known of them and their grants, whole."""
    ids = [person.person for person in given]
    known = set(_among(at, people.c.person, ids))
    for chunk in _chunks(ids):
        at.execute(delete(grants).where(grants.c.person.in_(chunk)))
    fresh = [_row(person) for person in given if person.person not in known]
    if fresh:
        at.execute(insert(people), fresh)
    for person in given:
        if person.person in known:
            at.execute(update(people).where(people.c.person == person.person).values(_row(person)))
    rows = [
        {"person": person.person, "role": grant.role, "site": grant.site}
        for person in given
        for grant in person.grants
    ]
    if rows:
        at.execute(insert(grants), rows)
    bump(at)


def find(at: Connection, ids: Sequence[str]) -> dict[str, Person]:
    """The people of these ids; those nobody has are left out."""
    found: dict[str, Person] = {}
    for chunk in _chunks(ids):
        rows = at.execute(select(people).where(people.c.person.in_(chunk))).all()
        found |= {person.person: person for person in _with_grants(at, rows)}
    return found


def by_login(at: Connection, login: str) -> Person | None:
    """The person who logs in under this name."""
    rows = at.execute(select(people).where(people.c.login == login)).all()
    return next(iter(_with_grants(at, rows)), None)


def search(
    at: Connection, *, text: str = "", role: str = "", disabled: bool = False, limit: int = 50
) -> list[Person]:
    """People whose name or login holds `text` and who may play `role`, by name."""
    wanted = select(people).order_by(people.c.name, people.c.person).limit(limit)
    if not disabled:
        wanted = wanted.where(people.c.disabled.is_(False))
    if text:
        wanted = wanted.where(
            or_(
                people.c.name.icontains(text, autoescape=True),
                people.c.login.icontains(text, autoescape=True),
            )
        )
    if role:
        wanted = wanted.where(
            select(grants.c.person)
            .where(and_(grants.c.person == people.c.person, grants.c.role == role))
            .exists()
        )
    return _with_grants(at, at.execute(wanted).all())


def grant(at: Connection, person: str, role: str, site: str) -> None:
    """Let a person play a part at a site. Raises `Unknown`."""
    _known(at, people.c.person, [person])
    _known(at, sites.c.site, [site])
    ungrant(at, person, role, site)
    at.execute(insert(grants).values(person=person, role=role, site=site))
    bump(at)


def ungrant(at: Connection, person: str, role: str, site: str) -> bool:
    """Take a part away. Sessions that act in it end."""
    gone = at.execute(
        delete(grants).where(
            grants.c.person == person, grants.c.role == role, grants.c.site == site
        )
    ).rowcount
    bump(at)
    return bool(gone)


def set_disabled(at: Connection, person: str, disabled: bool) -> None:
    """Shut an account, or open it again. Raises `Unknown`."""
    _known(at, people.c.person, [person])
    at.execute(update(people).where(people.c.person == person).values(disabled=disabled))
    bump(at)


def set_password(at: Connection, person: str, password_hash: str) -> None:
    """Replace the hash. Raises `Unknown`. Sessions go on: ending them is `end_all`."""
    _known(at, people.c.person, [person])
    at.execute(update(people).where(people.c.person == person).values(password_hash=password_hash))


_FIELDS = tuple(column.name for column in people.columns)


def _row(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in _FIELDS}


def _with_grants(at: Connection, rows: Sequence[Row[Any]]) -> list[Person]:
    held: dict[str, list[Grant]] = {}
    for chunk in _chunks([row.person for row in rows]):
        wanted = select(grants).where(grants.c.person.in_(chunk))
        for person, role, site in at.execute(wanted.order_by(grants.c.role, grants.c.site)):
            held.setdefault(person, []).append(Grant(role, site))
    return [Person(**dict(row._mapping), grants=tuple(held.get(row.person, ()))) for row in rows]


def _known(at: Connection, column: Column[str], ids: Sequence[str]) -> None:
    missing = set(ids) - set(_among(at, column, ids))
    if missing:
        raise Unknown(f"{column.name} {', '.join(sorted(missing))}")


def _among(at: Connection, column: Column[str], ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for chunk in _chunks(ids):
        found += at.execute(select(column).where(column.in_(chunk))).scalars()
    return found


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
