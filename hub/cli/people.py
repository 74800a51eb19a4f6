"""`examroom user`: who may log in, as what, where; works while the hub runs.

An open socket follows within five seconds (W-22). Passwords are typed, read from standard input or
made up and shown once; they are never taken from the command line, where others could read them.
"""

import secrets
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.directory import Data, Database, on_store, out, person_of, table
from hub.cli.serve import stop_with
from hub.clock import SystemClock, rfc3339
from hub.room.roles import Role

if TYPE_CHECKING:
    from persistence.credentials import Credential
    from persistence.directory import Person

Who = Annotated[str, typer.Argument(help="login or person id")]
RoleWord = Annotated[Role, typer.Option(help="the part they play")]
SiteId = Annotated[str, typer.Option(help="id of the site")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")]
Generate = Annotated[bool, typer.Option("--generate", help="make up a password, show it once")]


def register(app: typer.Typer) -> None:
    """Add `examroom user`."""
    user = typer.Typer(no_args_is_help=True, help="People and machines that may log in.")
    commands: dict[str, Callable[..., None]] = {
        "add": add,
        "list": list_people,
        "show": show,
        "disable": disable,
        "enable": enable,
        "password": password,
        "grant": grant,
        "ungrant": ungrant,
        "token": token,
        "revoke": revoke,
        "contact": contact,
    }
    for name, command in commands.items():
        user.command(name)(command)
    app.add_typer(user, name="user")
    bearer = typer.Typer(no_args_is_help=True, help="Bearer tokens of bots: short for `user`.")
    bearer.command("make")(token)
    bearer.command("revoke")(revoke)
    app.add_typer(bearer, name="token")


def add(
    login: Annotated[str, typer.Argument(help="name to log in with")],
    name: Annotated[str, typer.Option(help="as others see it")],
    role: RoleWord,
    site: SiteId,
    service: Annotated[bool, typer.Option("--service", help="a machine: no password")] = False,
    lang: Annotated[str, typer.Option(help="fr or en")] = "fr",
    password_stdin: Stdin = False,
    generate: Generate = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """Add somebody with one part; more parts by `user grant`."""
    from uuid_utils import uuid7

    from hub.edge.identity.directory import normal_login
    from persistence import directory

    if not login.strip() or not name.strip():
        raise stop_with("login and name may not be empty")
    hashed = "" if service else _hash(_new_password(password_stdin, generate))
    person = directory.Person(
        person=f"p-{uuid7()}",
        login=normal_login(login),
        name=name.strip(),
        password_hash=hashed,
        service=service,
        lang=lang,
        grants=(directory.Grant(role.value, site),),
    )

    def job(at: Any) -> None:
        if directory.by_login(at, person.login):
            raise directory.Unknown(f"nothing free: the login {person.login} is taken")
        if site not in {one.site for one in directory.all_sites(at)}:
            raise directory.Unknown(f"site {site}; add it with `examroom site add`")
        directory.put_people(at, [person])

    on_store(job, database, data)
    out.print(f"added {person.person}", markup=False)


def list_people(
    text: Annotated[str, typer.Argument(help="part of a name or login")] = "",
    role: Annotated[Role | None, typer.Option(help="who may play this part")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """Everybody, by name."""
    from persistence import directory

    found = on_store(
        lambda at: directory.search(
            at, text=text, role=role.value if role else "", disabled=True, limit=10_000
        ),
        database,
        data,
    )
    table(("person", "login", "name", "parts", "state"), [_row(one) for one in found])


def show(who: Who, database: Database = "", data: Data = None) -> None:
    """One account: its parts, live sessions and tokens."""
    from persistence import credentials

    now = rfc3339(SystemClock().now())

    def job(at: Any) -> "tuple[Person, list[Credential]]":
        person = person_of(at, who)
        return person, credentials.of_person(at, person.person, now)

    person, held = on_store(job, database, data)
    table(("person", "login", "name", "parts", "state"), [_row(person)])
    table(
        ("id", "sort", "part", "since", "until", "label"),
        [
            (
                one.id,
                "token" if one.bot else "session",
                f"{one.role}@{one.site}",
                one.created,
                one.expires or "for ever",
                one.label,
            )
            for one in held
        ],
    )


def disable(who: Who, database: Database = "", data: Data = None) -> None:
    """Shut an account: its sessions and tokens stop at once."""
    from persistence import directory

    on_store(lambda at: directory.set_disabled(at, person_of(at, who).person, True), database, data)
    out.print("disabled")


def enable(who: Who, database: Database = "", data: Data = None) -> None:
    """Open an account again."""
    from persistence import directory

    on_store(
        lambda at: directory.set_disabled(at, person_of(at, who).person, False), database, data
    )
    out.print("enabled")


def password(
    who: Who,
    password_stdin: Stdin = False,
    generate: Generate = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """Give a new password; every session of theirs ends."""
    from persistence import credentials, directory

    hashed = _hash(_new_password(password_stdin, generate))
    now = rfc3339(SystemClock().now())

    def job(at: Any) -> int:
        person = person_of(at, who)
        directory.set_password(at, person.person, hashed)
        return credentials.end_all(at, person.person, now)

    out.print(f"changed; {on_store(job, database, data)} session(s) ended")


def grant(
    who: Who, role: RoleWord, site: SiteId, database: Database = "", data: Data = None
) -> None:
    """Let somebody play a part at a site."""
    from persistence import directory

    on_store(
        lambda at: directory.grant(at, person_of(at, who).person, role.value, site), database, data
    )
    out.print("granted")


def ungrant(
    who: Who, role: RoleWord, site: SiteId, database: Database = "", data: Data = None
) -> None:
    """Take a part away; sessions that act in it end."""
    from persistence import directory

    def job(at: Any) -> None:
        if not directory.ungrant(at, person_of(at, who).person, role.value, site):
            raise directory.Unknown(f"part {role.value} at {site}")

    on_store(job, database, data)
    out.print("taken away")


def token(
    who: Who,
    role: Annotated[Role | None, typer.Option(help="default: their first part")] = None,
    site: Annotated[str, typer.Option(help="default: of their first part")] = "",
    days: Annotated[float | None, typer.Option(help="life; default for ever", min=0.01)] = None,
    label: Annotated[str, typer.Option(help="what it is for")] = "",
    read_only: Annotated[bool, typer.Option("--read-only", help="may change nothing")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """Make a bearer token for a bot and show it, once."""
    from hub.edge.identity import secret
    from persistence import credentials
    from persistence.directory import Unknown

    def job(at: Any) -> tuple[str, str]:
        person = person_of(at, who)
        part = next(
            (one for one in person.grants if role in (None, one.role) and site in ("", one.site)),
            None,
        )
        if part is None:
            raise Unknown("part: grant it first")
        value, kept = secret.token(
            person.person,
            part.role,
            part.site,
            now=SystemClock().now(),
            days=days,
            label=label,
            scopes="read" if read_only else "",
        )
        credentials.add(at, [kept])
        return value, kept.id

    value, id = on_store(job, database, data)
    out.print(value, markup=False)
    typer.echo(f"kept as {id}; not shown again", err=True)


def revoke(
    id: Annotated[str, typer.Argument(help="id of a session or token, from `user show`")],
    database: Database = "",
    data: Data = None,
) -> None:
    """End one session or token."""
    from persistence import credentials

    now = rfc3339(SystemClock().now())
    on_store(lambda at: credentials.end(at, id, now), database, data)
    out.print("revoked")


def contact(
    who: Who,
    email: Annotated[str | None, typer.Option(help="mail address; empty: none")] = None,
    phone: Annotated[str | None, typer.Option(help="for SMS, as +33…; empty: none")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """How somebody is reached besides their devices; shows it where nothing is given."""
    from hub.notify.notice import MAIL, PHONE
    from persistence import reaching

    if email and not MAIL.fullmatch(email):
        raise stop_with("--email: that is no mail address")
    if phone and not PHONE.fullmatch(phone):
        raise stop_with("--phone: give it in the international form, +33600000000")

    def job(at: Any) -> reaching.Contact:
        person = person_of(at, who).person
        held = reaching.contact_of(at, person)
        now = reaching.Contact(
            held.email if email is None else email, held.phone if phone is None else phone
        )
        if now != held:
            reaching.set_contact(at, person, now)
        return now

    known = on_store(job, database, data)
    table(("channel", "address"), [("email", known.email), ("sms", known.phone)])


def _new_password(from_stdin: bool, generate: bool) -> str:
    from hub.edge.identity.passwords import LEAST, MOST

    if generate:
        made = secrets.token_urlsafe(12)
        out.print(f"password: {made}", markup=False)
        return made
    if from_stdin or not sys.stdin.isatty():  # a prompt would warn that it cannot hide the typing
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not LEAST <= len(given) <= MOST:
        raise stop_with(f"a password has {LEAST} to {MOST} characters")
    return given


def _hash(given: str) -> str:
    from hub.edge.identity import Passwords

    passwords = Passwords()
    try:
        return passwords.hash(given)
    finally:
        passwords.close()


def _row(person: "Person") -> tuple[str, ...]:
    parts = " ".join(f"{one.role}@{one.site}" for one in person.grants)
    states = [
        word
        for word, holds in (
            ("disabled", person.disabled),
            ("service", person.service),
            ("rate-free", person.rate_free),
        )
        if holds
    ]
    return person.person, person.login, person.name, parts, " ".join(states) or "active"
