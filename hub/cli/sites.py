"""`examroom site` and `examroom line`: places, and the on-call lines that cover them."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.directory import Data, Database, on_store, out, person_of, table
from hub.cli.serve import stop_with

if TYPE_CHECKING:
    from persistence.directory import Line

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def register(app: typer.Typer) -> None:
    """Add `examroom site` and `examroom line`."""
    site = typer.Typer(no_args_is_help=True, help="Sites: places with scanners, or with readers.")
    site.command("add")(add_site)
    site.command("list")(list_sites)
    site.command("policy")(set_policy)
    app.add_typer(site, name="site")
    line = typer.Typer(no_args_is_help=True, help="On-call lines: who covers which sites.")
    line.command("add")(add_line)
    line.command("list")(list_lines)
    line.command("assign")(assign)
    app.add_typer(line, name="line")


def add_site(
    site: Annotated[str, typer.Argument(help="id")],
    name: Annotated[str, typer.Argument(help="as people read it")],
    phone: Annotated[str, typer.Option(help="shown when nothing can be transmitted")] = "",
    timezone: Annotated[str, typer.Option(help="IANA name")] = "Europe/Paris",
    database: Database = "",
    data: Data = None,
) -> None:
    """Add a site, or replace what is known of it."""
    from zoneinfo import ZoneInfo

    from persistence import directory

    _check_id(site)
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise stop_with(f"no time zone {timezone}") from None

    def job(at: Any) -> None:
        known = {one.site: one for one in directory.all_sites(at)}
        policy = known[site].policy if site in known else "{}"
        directory.put_sites(at, [directory.Site(site, name, phone, timezone, policy)])

    on_store(job, database, data)
    out.print("added")


class Release(StrEnum):
    """Who releases the patient."""

    EITHER = "either"
    RADIOLOGIST = "radiologist"
    TECHNOLOGIST = "technologist"


def set_policy(
    site: Annotated[str, typer.Argument(help="id")],
    release: Annotated[
        Release | None, typer.Option(help="who says that the patient may leave the table")
    ] = None,
    wall_names: Annotated[
        bool | None, typer.Option(help="whether the wall board names patients")
    ] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """What a site decides for itself; shown as it is where nothing is given."""
    from dataclasses import replace

    from hub.policy import policy_of, written
    from persistence import directory

    def job(at: Any) -> str:
        held = {one.site: one for one in directory.all_sites(at)}.get(site)
        if held is None:
            raise directory.Unknown(f"site {site}")
        changed = {
            "release": release.value if release else None,
            "wall_names": wall_names,
        }
        text = written(held.policy, {key: one for key, one in changed.items() if one is not None})
        if text != held.policy:
            directory.put_sites(at, [replace(held, policy=text)])
        return text

    policy = policy_of(on_store(job, database, data))
    out.print(f"release: {policy.release}, wall names: {'yes' if policy.wall_names else 'no'}")


def list_sites(database: Database = "", data: Data = None) -> None:
    """Every site."""
    from persistence import directory

    found = on_store(directory.all_sites, database, data)
    table(
        ("site", "name", "phone", "time zone"),
        [(one.site, one.name, one.phone, one.timezone) for one in found],
    )


def add_line(
    line: Annotated[str, typer.Argument(help="id")],
    name: Annotated[str, typer.Argument(help="as people read it")],
    tier: Annotated[str | None, typer.Option(help="local, group, region or company")] = None,
    region: Annotated[str | None, typer.Option(help="as people read it")] = None,
    subspecialty: Annotated[str | None, typer.Option(help="of a line for opinions")] = None,
    modality: Annotated[str | None, typer.Option(help="CT, MR …; left out: all")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name")] = None,
    database: Database = "",
    data: Data = None,
) -> None:
    """Add an on-call line, or rename it; what is left out stays as it is."""
    from hub.oncall.rota import TIERS, BadRota, zone
    from persistence import directory

    _check_id(line)
    if tier not in (None, *TIERS):
        raise stop_with(f"a tier is one of {', '.join(TIERS)}")
    try:
        zone(timezone or "UTC")
    except BadRota as bad:
        raise stop_with(f"{timezone}: {bad.problem}") from None
    given = {
        "tier": tier, "region": region, "subspecialty": subspecialty, "modality": modality,
        "timezone": timezone,
    }  # fmt: skip
    more = {name: value for name, value in given.items() if value is not None}
    on_store(lambda at: directory.put_line(at, line, name, **more), database, data)
    out.print("added")


def list_lines(database: Database = "", data: Data = None) -> None:
    """Every line with its sites and people."""
    from persistence import directory

    found: list[Line] = on_store(directory.all_lines, database, data)
    table(
        ("line", "name", "tier", "subspecialty", "modality", "sites", "people"),
        [
            (
                one.line,
                one.name,
                one.tier,
                one.subspecialty,
                one.modality,
                " ".join(one.sites),
                " ".join(one.people),
            )
            for one in found
        ],
    )


def assign(
    line: Annotated[str, typer.Argument(help="id of the line")],
    site: Annotated[list[str] | None, typer.Option(help="a site that it covers")] = None,
    person: Annotated[list[str] | None, typer.Option(help="somebody who is on it")] = None,
    off: Annotated[bool, typer.Option("--off", help="take them off instead")] = False,
    database: Database = "",
    data: Data = None,
) -> None:
    """Put sites under a line and people on it."""
    from persistence import directory

    def job(at: Any) -> None:
        people = [person_of(at, who).person for who in person or ()]
        if off:
            directory.unassign(at, line, sites_off=site or (), people_off=people)
        else:
            directory.assign(at, line, add_sites=site or (), add_people=people)

    on_store(job, database, data)
    out.print("done")


def _check_id(given: str) -> None:
    if not _ID.fullmatch(given):
        raise stop_with("an id has 1 to 64 characters of A–Z a–z 0–9 . _ -")
