"""How people are reached: their devices' push subscriptions, and their mail and phone.

Plain functions over a connection, to be given to `Journal.run` (what writes) or `Journal.query`
(what reads). A subscription stands and falls with the session that made it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from persistence import credentials
from persistence.credentials import Standing
from persistence.directory import CHUNK, people
from persistence.entries import Draft, Stream
from persistence.schema import metadata

MOST_DEVICES = 10
"""Subscriptions of one person; the oldest goes where there would be more."""

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", String(64), primary_key=True, nullable=False),
    Column("person", String(64), ForeignKey("people.person"), nullable=False),
    Column("session", String(64), ForeignKey("credentials.id"), nullable=False),
    Column("endpoint", Text, nullable=False, unique=True),
    Column("p256dh", String(128), nullable=False),
    Column("auth", String(64), nullable=False),
    Column("lang", String(12), nullable=False, server_default="fr"),
    Column("label", String(80), nullable=False, server_default=""),
    Column("created", String(32), nullable=False),
    Index("ix_push_subscriptions_person", "person"),
    Index("ix_push_subscriptions_session", "session"),
)
contacts = Table(
    "contacts",
    metadata,
    Column("person", String(64), ForeignKey("people.person"), primary_key=True, nullable=False),
    Column("email", String(200), nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
)


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """A browser that may be woken (RFC 8030). `label` is what its owner calls the device."""

    id: str
    person: str
    session: str
    endpoint: str
    p256dh: str
    auth: str
    lang: str
    label: str
    created: str

    def __repr__(self) -> str:
        return "<Subscription>"


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Where a person is reached besides: empty where nothing is known."""

    email: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "<Contact>"


def subscribe(at: Connection, given: Subscription) -> str:
    """Keep a subscription, in the place of what was known of its endpoint: whoever is logged in
    on a device is who is reached there. Gives the id it is kept under."""
    kept = push_subscriptions.c
    same = at.execute(select(kept.id, kept.person).where(kept.endpoint == given.endpoint)).first()
    id = same.id if same and same.person == given.person else given.id
    at.execute(delete(push_subscriptions).where(kept.endpoint == given.endpoint))
    older = at.execute(
        select(kept.id).where(kept.person == given.person).order_by(kept.created, kept.id)
    ).scalars()
    too_many = list(older)[: -(MOST_DEVICES - 1)]
    at.execute(delete(push_subscriptions).where(kept.id.in_(too_many)))
    row = {name: getattr(given, name) for name in Subscription.__slots__} | {"id": id}
    at.execute(insert(push_subscriptions).values(row))
    return str(id)


def unsubscribe(at: Connection, id: str, person: str = "") -> bool:
    """Forget a subscription, of `person` where one is named. Whether there was one."""
    wanted = delete(push_subscriptions).where(push_subscriptions.c.id == id)
    if person:
        wanted = wanted.where(push_subscriptions.c.person == person)
    return bool(at.execute(wanted).rowcount)


def sweep(at: Connection, now: str) -> int:
    """Forget subscriptions whose session does not stand any more. How many there were."""
    held = set(at.execute(select(push_subscriptions.c.session)).scalars())
    dead = held - credentials.by_ids(at, sorted(held), now).keys()
    gone = 0
    for chunk in _chunks(sorted(dead)):
        wanted = delete(push_subscriptions).where(push_subscriptions.c.session.in_(chunk))
        gone += at.execute(wanted).rowcount
    return gone


def of_person(at: Connection, person: str, now: str) -> list[Subscription]:
    """The subscriptions of a person whose sessions stand, oldest first."""
    return [one for one, _ in _alive(at, [person], now)]


def of_people(at: Connection, ids: Sequence[str], now: str) -> list[tuple[Subscription, Standing]]:
    """The same of several people, each with what its session stands for."""
    return list(_alive(at, ids, now))


def everywhere(at: Connection, now: str) -> list[tuple[Subscription, Standing]]:
    """Every subscription whose session stands."""
    return list(_alive(at, None, now))


def _alive(
    at: Connection, ids: Sequence[str] | None, now: str
) -> Iterator[tuple[Subscription, Standing]]:
    columns = [push_subscriptions.c[name] for name in Subscription.__slots__]
    wanted = select(*columns).order_by(push_subscriptions.c.created, push_subscriptions.c.id)
    if ids is None:
        rows = list(at.execute(wanted))
    else:
        rows = [
            row
            for chunk in _chunks(ids)
            for row in at.execute(wanted.where(push_subscriptions.c.person.in_(chunk)))
        ]
    found = [Subscription(*row) for row in rows]
    standing = credentials.by_ids(at, sorted({one.session for one in found}), now)
    for one in found:
        if one.session in standing:
            yield one, standing[one.session]


def set_contact(at: Connection, person: str, contact: Contact) -> None:
    """Replace what is known of how to reach a person."""
    row = {"email": contact.email, "phone": contact.phone}
    changed = at.execute(update(contacts).where(contacts.c.person == person).values(row))
    if not changed.rowcount:
        at.execute(insert(contacts).values(row | {"person": person}))


def contact_of(at: Connection, person: str) -> Contact:
    """What is known of how to reach a person."""
    wanted = select(contacts.c.email, contacts.c.phone).where(contacts.c.person == person)
    row = at.execute(wanted).first()
    return Contact(row.email, row.phone) if row else Contact()


def contacts_of(at: Connection, ids: Sequence[str]) -> dict[str, tuple[Contact, str]]:
    """(Contact, language) of those people who are not shut out and of whom something is known."""
    found: dict[str, tuple[Contact, str]] = {}
    wanted = (
        select(contacts.c.person, contacts.c.email, contacts.c.phone, people.c.lang)
        .join(people, people.c.person == contacts.c.person)
        .where(people.c.disabled.is_(False))
    )
    for chunk in _chunks(ids):
        for person, email, phone, lang in at.execute(wanted.where(contacts.c.person.in_(chunk))):
            found[person] = (Contact(email, phone), lang)
    return found


_AT = "SELECT at FROM entries WHERE n >= ? ORDER BY n LIMIT 1"
_LATE = (
    "SELECT e.stream, r.room, e.seq, e.at, e.id, e.actor, e.kind, e.cid, e.body FROM entries e "
    "JOIN rooms r ON r.key = e.room WHERE e.n > ? AND e.body IS NOT NULL AND "
    "((e.stream = 1 AND e.kind IN ({marks})) OR (e.stream = 2 AND instr(e.body, ?) > 0)) "
    "ORDER BY e.n"
)


def late(at: Connection, since: str, kinds: Sequence[str], mark: bytes) -> list[Draft]:
    """Entries stored since about `since` (RFC 3339), in order of arrival: those of the journal of
    `kinds`, and the batches of the trace whose body holds `mark`.

    Entries arrive in the order of their time, but for the seconds by which a batch is late: the
    first one of the time is found by halving, without an index, a little early.
    """
    low, high = 0, int(at.exec_driver_sql("SELECT coalesce(max(n), 0) FROM entries").scalar() or 0)
    while low < high:
        middle = (low + high) // 2
        found = at.exec_driver_sql(_AT, (middle + 1,)).scalar()
        if found is None or found >= since:
            high = middle
        else:
            low = middle + 1
    sql = _LATE.format(marks=",".join("?" for _ in kinds))
    rows = at.exec_driver_sql(sql, (low, *kinds, mark))
    return [Draft(Stream(row[0]), *row[1:]) for row in rows]


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
