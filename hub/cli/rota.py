"""`examroom rota`: who is on call, the plan as a file, its faults, and what a policy would do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.directory import Data, Database, on_store, out, table
from hub.cli.serve import stop_with

if TYPE_CHECKING:
    from hub.oncall.sheet import Planned as Sheet

At = Annotated[str, typer.Option(help="RFC 3339; default: now")]
Days = Annotated[int, typer.Option(min=1, max=200, help="how far ahead")]
BY = "cli"
"""Who changed the plan, where the command line did."""


def register(app: typer.Typer) -> None:
    """Add `examroom rota`."""
    rota = typer.Typer(no_args_is_help=True, help="The on-call rota: who is rung, and when.")
    rota.command("show")(show)
    rota.command("gaps")(gaps)
    rota.command("import")(import_)
    rota.command("export")(export)
    rota.command("simulate")(simulate)
    rota.command("policy")(policy)
    rota.command("changes")(changes)
    app.add_typer(rota, name="rota")


def _moment(given: str) -> datetime:
    if not given:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise stop_with(f"{given} is no time: give one as 2026-11-21T23:40:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def show(at: At = "", database: Database = "", data: Data = None) -> None:
    """Who is on duty, by line and order."""
    from hub.oncall.rota import on_duty
    from hub.rotas import planned

    moment = _moment(at)
    found = on_store(lambda one: planned(one, moment), database, data)
    lines = {line.line: line for line in found.rota.lines}
    table(
        ("line", "tier", "order", "person", "name", "since", "until"),
        [
            (
                duty.line,
                lines[duty.line].tier,
                str(duty.order),
                duty.person,
                found.people[duty.person].name if duty.person in found.people else "(shut)",
                duty.since,
                duty.until,
            )
            for duty in on_duty(found.rota, moment)
        ],
    )


def gaps(at: At = "", days: Days = 14, database: Database = "", data: Data = None) -> None:
    """Gaps, double bookings and lines that nobody planned; exit 1 where nobody would be rung."""
    from hub.oncall.faults import faults
    from hub.rotas import planned

    start = _moment(at)
    end = start + timedelta(days=days)
    found = on_store(lambda one: planned(one, start, end), database, data)
    wrong = faults(found.rota, start, end)
    table(
        ("kind", "line", "from", "to", "person", "other line"),
        [(one.kind, one.line, one.start, one.end, one.person, one.other_line) for one in wrong],
    )
    if any(one.kind in ("gap", "empty") for one in wrong):
        raise typer.Exit(1)


def export(
    file: Annotated[Path, typer.Argument(help="ends in .csv or .ics")],
    at: At = "",
    days: Days = 60,
    database: Database = "",
    data: Data = None,
) -> None:
    """Write the plan to a file, as CSV or iCalendar."""
    from hub.calendars import to_ics
    from hub.oncall.sheet import to_csv
    from hub.rotas import planned

    start = _moment(at)
    found = on_store(lambda one: planned(one, start, start + timedelta(days=days)), database, data)
    if file.suffix.casefold() == ".ics":
        names = {one.person: one.name for one in found.people.values()}
        rota = found.rota
        file.write_bytes(to_ics(rota.shifts, rota.overrides, names, now=datetime.now(UTC)))
    else:
        file.write_text(to_csv(found.rota.shifts, found.rota.overrides), encoding="utf-8")
    out.print(f"{len(found.rota.shifts)} shifts, {len(found.rota.overrides)} overrides")


def import_(
    file: Annotated[Path, typer.Argument(help="ends in .csv or .ics", exists=True, dir_okay=False)],
    line: Annotated[str, typer.Option(help="the line of a calendar that names none")] = "",
    timezone: Annotated[str, typer.Option(help="where the file names none")] = "Europe/Paris",
    database: Database = "",
    data: Data = None,
) -> None:
    """Plan what a file says: all of it, or nothing. Rows with an id replace what had that id."""
    from dataclasses import replace
    from uuid import uuid4

    from hub.calendars import from_ics
    from hub.clock import rfc3339
    from hub.oncall.rota import BadRota
    from hub.oncall.sheet import from_csv
    from hub.rotas import override_rows, shift_rows, with_ids
    from persistence import rota as kept

    try:
        given: Sheet = (
            from_ics(file.read_bytes(), line=line, timezone=timezone)
            if file.suffix.casefold() == ".ics"
            else from_csv(file.read_text(encoding="utf-8-sig"), timezone)
        )
    except (BadRota, UnicodeDecodeError) as bad:
        raise stop_with(bad) from None
    shifts = [replace(one, shift=one.shift or str(uuid4())) for one in given.shifts]
    others = [replace(one, override=one.override or str(uuid4())) for one in given.overrides]
    minted = replace(given, shifts=tuple(shifts), overrides=tuple(others))
    now = rfc3339(datetime.now(UTC))

    def job(at: Any) -> None:
        named = with_ids(at, minted)
        kept.put_shifts(at, shift_rows(named.shifts), BY, now)
        kept.put_overrides(at, override_rows(named.overrides), BY, now)

    on_store(job, database, data)
    out.print(f"{len(shifts)} shifts, {len(others)} overrides")


def simulate(
    site: Annotated[str, typer.Option(help="the site that asks")],
    urgency: Annotated[str, typer.Option(help="P0, P1, P2 or P3")] = "P1",
    at: At = "",
    modality: Annotated[str, typer.Option(help="CT, MR …")] = "",
    database: Database = "",
    data: Data = None,
) -> None:
    """What would be rung, step by step, if nobody answered. Statuses are those of now."""
    from hub.oncall.policy import Asked, choose, plan
    from hub.oncall.rota import wall_clock
    from hub.oncall.simulate import simulate as played
    from hub.room.permissions import READERS
    from hub.rotas import planned
    from persistence import directory

    moment = _moment(at)
    takers = frozenset(role.value for role in READERS)
    asked = Asked(purpose="case", site=site, urgency=urgency, modality=modality, takers=takers)

    def job(one: Any) -> Any:
        from hub.statuses import around
        from persistence import rota as kept

        zones = {held.site: held.timezone for held in directory.all_sites(one)}
        found = planned(one, moment)
        return found, zones, around(kept.all_statuses(one), found.people, datetime.now(UTC))

    found, zones, away = on_store(job, database, data)
    if site not in zones:
        raise stop_with(f"there is no site {site}")
    made = plan(
        asked,
        choose(found.policies, "case", site, urgency),
        found.rota,
        found.people,
        at=moment,
        phone=found.phones.get(site, ""),
    )
    out.print(f"{made.policy}, on the clock of {zones[site]}")
    rows: list[tuple[str, ...]] = []
    for one in played(made, moment, away):
        people = ", ".join(held.name or held.person for held in one.people)
        passed = ", ".join(f"{held.name or held.person} ({held.why})" for held in one.skipped)
        clock = datetime.fromisoformat(one.at)
        local = wall_clock(clock, zones[site])[11:] + clock.strftime(":%S")
        rows.append((local, one.what, str(one.step), people, passed, one.phone))
    table(("time", "what", "step", "people", "passed over", "phone"), rows)


def policy(
    file: Annotated[Path, typer.Argument(help="JSON of one policy", exists=True, dir_okay=False)],
    database: Database = "",
    data: Data = None,
) -> None:
    """Keep an escalation policy (docs/calling.md says how it is written)."""
    import msgspec

    from hub.clock import rfc3339
    from hub.room.limits import BadBody, check
    from hub.rotas import policy_row
    from hub.wire import rota as bodies
    from persistence import rota as kept

    try:
        given = bodies.policy.decode(file.read_bytes())
        check(given)
    except (msgspec.MsgspecError, BadBody) as bad:
        raise stop_with(bad) from None
    now = rfc3339(datetime.now(UTC))
    row = policy_row(given)
    version = on_store(lambda at: kept.put_policy(at, row, BY, now), database, data)
    out.print(f"version {version}")


def changes(
    line: Annotated[str, typer.Option(help="of this line only")] = "",
    database: Database = "",
    data: Data = None,
) -> None:
    """Who changed what, the newest first."""
    from persistence import rota as kept

    found = on_store(lambda at: kept.history(at, line), database, data)
    table(("at", "by", "what", "line"), [(one.at, one.by, one.what, one.line) for one in found])
