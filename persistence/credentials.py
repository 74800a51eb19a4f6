"""Login sessions and bearer tokens: what a secret stands for, while it stands.

Only the SHA-256 of a secret is kept: whoever reads the database cannot act with what is in it. A
credential acts for one person in one role at one site, and is dead as soon as that grant is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from persistence.directory import CHUNK, Unknown, bump, grants, line_people, line_sites, people
from persistence.schema import metadata

credentials = Table(
    "credentials",
    metadata,
    Column("id", String(64), primary_key=True, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("bot", Boolean, nullable=False),
    Column("person", String(64), ForeignKey("people.person"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("site", String(64), nullable=False),
    Column("scopes", Text, nullable=False, server_default=""),
    Column("created", String(32), nullable=False),
    Column("expires", String(32), nullable=False, server_default=""),
    Column("ended", String(32), nullable=False, server_default=""),
    Column("label", String(200), nullable=False, server_default=""),
    Index("ix_credentials_person", "person"),
)


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A session (`bot` false) or a bearer token. Times are RFC 3339 UTC; empty: never.

    `secret_hash` is the hex SHA-256 of the secret; `scopes` are words separated by spaces.
    """

    id: str
    secret_hash: str
    bot: bool
    person: str
    role: str
    site: str
    created: str
    scopes: str = ""
    expires: str = ""
    ended: str = ""
    label: str = ""

    def __repr__(self) -> str:
        return f"<Credential {'token' if self.bot else 'session'}>"


@dataclass(frozen=True, slots=True, repr=False)
class Standing:
    """A live credential with what the directory says of its person now."""

    id: str
    bot: bool
    person: str
    name: str
    role: str
    site: str
    scopes: str
    expires: str
    service: bool
    rate_free: bool
    lang: str
    line_sites: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Standing>"


def add(at: Connection, given: Sequence[Credential]) -> None:
    """Keep new credentials. Nothing that stands is changed by it, so no `bump`."""
    rows = [{name: getattr(one, name) for name in Credential.__slots__} for one in given]
    if rows:
        at.execute(insert(credentials), rows)


def end(at: Connection, id: str, now: str) -> None:
    """End one session or token. Raises `Unknown`."""
    ended = at.execute(
        update(credentials)
        .where(credentials.c.id == id, credentials.c.ended == "")
        .values(ended=now)
    )
    if not ended.rowcount:
        raise Unknown(f"credential {id}")
    bump(at)


def end_all(at: Connection, person: str, now: str, *, bots: bool = False) -> int:
    """End every session of a person, and their tokens too with `bots`. How many there were."""
    wanted = update(credentials).where(credentials.c.person == person, credentials.c.ended == "")
    if not bots:
        wanted = wanted.where(credentials.c.bot.is_(False))
    ended = at.execute(wanted.values(ended=now)).rowcount
    bump(at)
    return ended


def of_person(at: Connection, person: str, now: str) -> list[Credential]:
    """The live credentials of a person, oldest first."""
    wanted = (
        select(*(credentials.c[name] for name in Credential.__slots__))
        .where(credentials.c.person == person, _lives(now))
        .order_by(credentials.c.created)
    )
    return [Credential(*row) for row in at.execute(wanted)]


def by_secret(at: Connection, secret_hash: str, now: str) -> Standing | None:
    """What a secret stands for, or None: unknown, ended, expired, shut, or without its grant."""
    return next(iter(_standing(at, credentials.c.secret_hash == secret_hash, now)), None)


def by_ids(at: Connection, ids: Sequence[str], now: str) -> dict[str, Standing]:
    """The credentials among `ids` that still stand, in one piece."""
    found: dict[str, Standing] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found |= {one.id: one for one in _standing(at, credentials.c.id.in_(chunk), now)}
    return found


def _lives(now: str) -> ColumnElement[bool]:
    unlimited = credentials.c.expires == ""
    return and_(credentials.c.ended == "", unlimited | (credentials.c.expires > now))


def _standing(at: Connection, which: ColumnElement[bool], now: str) -> list[Standing]:
    # the join with grants is the check that the person may still play this part there
    wanted = (
        select(
            credentials.c.id,
            credentials.c.bot,
            credentials.c.person,
            people.c.name,
            credentials.c.role,
            credentials.c.site,
            credentials.c.scopes,
            credentials.c.expires,
            people.c.service,
            people.c.rate_free,
            people.c.lang,
        )
        .join(people, people.c.person == credentials.c.person)
        .join(
            grants,
            and_(
                grants.c.person == credentials.c.person,
                grants.c.role == credentials.c.role,
                grants.c.site == credentials.c.site,
            ),
        )
        .where(which, _lives(now), people.c.disabled.is_(False))
    )
    rows = at.execute(wanted).all()
    covered: dict[str, list[str]] = {}
    if rows:
        of_lines = (
            select(line_people.c.person, line_sites.c.site)
            .join(line_sites, line_sites.c.line == line_people.c.line)
            .where(line_people.c.person.in_({row.person for row in rows}))
            .distinct()
        )
        for person, site in at.execute(of_lines.order_by(line_sites.c.site)):
            covered.setdefault(person, []).append(site)
    return [Standing(*row, line_sites=tuple(covered.get(row.person, ()))) for row in rows]
