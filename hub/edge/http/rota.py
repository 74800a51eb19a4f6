"""The rota over REST: who is on call, the plan, its faults, policies, and what they would do."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.calendars import from_ics, to_ics
from hub.clock import rfc3339
from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, body_of, decoded, principal_of, services_of, word
from hub.oncall.faults import faults
from hub.oncall.policy import PURPOSES, Asked, choose
from hub.oncall.rota import (
    TIERS,
    BadRota,
    Line,
    Override,
    Shift,
    covering,
    on_duty,
    span,
    wall_clock,
    zone,
)
from hub.oncall.sheet import Planned as Sheet
from hub.oncall.sheet import from_csv, to_csv
from hub.oncall.simulate import simulate
from hub.room.limits import BadBody, check
from hub.room.permissions import READERS
from hub.room.roles import Role
from hub.room.stages import Urgency
from hub.rotas import Planned, override_rows, policy_row, shift_rows, with_ids
from hub.wire import rota as bodies
from hub.wire.errors import Err, bad_body
from persistence import directory
from persistence import rota as kept
from persistence.directory import Unknown

T = TypeVar("T")
LINE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
PLANNERS = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Who may change the plan of the lines of their sites."""
SHEET = 1024 * 1024
"""Bytes of a file that is imported."""
AHEAD = timedelta(days=14)
MOST_AHEAD = timedelta(days=200)
NOT_YOURS = Err(
    "forbidden",
    "Ce tableau de garde n'est pas celui de vos sites : demandez à leur coordinateur.",
    "That rota is not of your sites: ask their coordinator.",
)


def _moment(request: Request, name: str, otherwise: datetime) -> datetime:
    """An instant of the query; one without an offset is UTC."""
    given = word(request, name, 40).replace(" ", "+")
    if not given:
        return otherwise
    try:
        at = datetime.fromisoformat(given)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(bad_body(name, "a time, RFC 3339")) from None


def _window(request: Request) -> tuple[datetime, datetime]:
    start = _moment(request, "from", services_of(request).clock.now())
    if not 1900 < start.year < 9000:
        raise Problem(bad_body("from", "a time of this age"))
    end = _moment(request, "to", start + AHEAD)
    if not start < end <= start + MOST_AHEAD:
        raise Problem(bad_body("to", "after `from`, and at most 200 days"))
    return start, end


async def _planned(request: Request, at: datetime, until: datetime | None = None) -> Planned:
    if not 1900 < at.year < 9000:
        raise Problem(bad_body("at", "a time of this age"))
    return await services_of(request).switchboard.planned(at, until)


async def on_call(request: Request) -> Response:
    """`GET /api/v1/on-call?at=&site=`: who is on duty, by line and order (wire.md section 2)."""
    await principal_of(request)
    at = _moment(request, "at", services_of(request).clock.now())
    site = word(request, "site")
    found = await _planned(request, at)
    duties = on_duty(found.rota, at)
    lines = [one for one in found.rota.lines if site in ("", *one.sites)]
    lines.sort(key=lambda one: (TIERS.index(one.tier) if one.tier in TIERS else 9, one.line))
    told = [
        _line(line)
        | {
            "on_duty": [
                asdict(duty) | {"name": _name(found, duty.person)}
                for duty in duties
                if duty.line == line.line
            ]
        }
        for line in lines
    ]
    return answer({"at": rfc3339(at), "lines": told})


def _line(line: Line) -> dict[str, Any]:
    return asdict(line) | {"sites": list(line.sites), "people": list(line.people)}


def _name(found: Planned, person: str) -> str:
    known = found.people.get(person)
    return known.name if known else person


async def rota(request: Request) -> Response:
    """`GET /api/v1/rota?from=&to=`: the plan, and its faults. `POST`: add to it."""
    principal = await principal_of(request)
    if request.method == "POST":
        plans = decoded(await body_of(request, SHEET), bodies.plans)
        return await _put(request, principal, Sheet(tuple(plans.shifts), tuple(plans.overrides)))
    start, end = _window(request)
    found = await _planned(request, start, end)
    return answer(
        {
            "from": rfc3339(start),
            "to": rfc3339(end),
            "lines": [_line(one) for one in found.rota.lines],
            "shifts": [asdict(one) for one in found.rota.shifts],
            "overrides": [asdict(one) for one in found.rota.overrides],
            "faults": [asdict(one) for one in faults(found.rota, start, end)],
            "people": {one.person: one.name for one in found.people.values()},
        }
    )


async def _put(request: Request, principal: Principal, given: Sheet) -> Response:
    """Keep what is given, all of it or nothing. Whoever may not plan one of the lines, none."""
    services = services_of(request)
    shifts = [_minted(one) for one in given.shifts]
    overrides = [_minted(one) for one in given.overrides]
    lines = {line for _, line in _ids(shifts, overrides)}
    await _may_plan(request, principal, lines)
    by, now = principal.person, rfc3339(services.clock.now())

    def job(at: Any) -> None:
        for id, line in _ids(shifts, overrides):
            _same_line(at, id, line)
        named = with_ids(at, Sheet(tuple(shifts), tuple(overrides)))
        kept.put_shifts(at, shift_rows(named.shifts), by, now)
        kept.put_overrides(at, override_rows(named.overrides), by, now)

    await _change(request, job)
    ids = {
        "shifts": [one.shift for one in shifts],
        "overrides": [one.override for one in overrides],
    }
    return answer(ids, 201)


P = TypeVar("P", Shift, Override)


def _minted(one: P) -> P:
    """`one` with an id, where it keeps its bounds. Raises `Problem`."""
    try:
        check(one)
        span(one)
    except (BadBody, BadRota) as bad:
        raise Problem(bad_body(bad.field, bad.problem)) from None
    if isinstance(one, Shift):
        return replace(one, shift=one.shift or str(uuid4()))
    return replace(one, override=one.override or str(uuid4()))


def _ids(shifts: Iterable[Shift], overrides: Iterable[Override]) -> list[tuple[str, str]]:
    return [
        *((one.shift, one.line) for one in shifts),
        *((one.override, one.line) for one in overrides),
    ]


def _same_line(at: Any, id: str, line: str) -> None:
    """What is replaced must be of the same line: nobody moves away what is not theirs."""
    try:
        if kept.line_of(at, id) != line:
            raise Problem(bad_body("line", "the line of what is replaced"))
    except Unknown:
        return  # a new one


async def _may_plan(request: Request, principal: Principal, lines: Iterable[str]) -> None:
    """Coordinators and administrators, for the lines of the sites they cover."""
    if principal.role not in PLANNERS:
        raise refuse("wrong_role")
    known = {one.line: one for one in await services_of(request).directory.lines()}
    for name in lines:
        if name not in known:
            raise Problem(bad_body("line", "a line of the directory"))
        # whoever stands on a line sees the rooms of all its sites: none may be a stranger's
        if not set(known[name].sites) <= principal.covers:
            raise Problem(NOT_YOURS)


async def _change(request: Request, job: Callable[[Any], T]) -> T:
    try:
        return await services_of(request).directory.change(job)
    except Unknown as missing:
        raise Problem(bad_body("person", f"known: there is no {missing.args[0]}")) from None


async def entry(request: Request) -> Response:
    """`DELETE /api/v1/rota/entries/{id}`: take a shift or an override away."""
    principal = await principal_of(request)
    services, id = services_of(request), str(request.path_params["id"])
    try:
        line = await services.journal.query(lambda at: kept.line_of(at, id))
    except Unknown:
        raise refuse("not_found") from None
    await _may_plan(request, principal, [line])
    now = rfc3339(services.clock.now())
    await _change(request, lambda at: kept.remove(at, id, principal.person, now))
    return Response(status_code=204)


async def put_line(request: Request) -> Response:
    """`PUT /api/v1/rota/lines/{line}`: what a line takes, and who is on it."""
    principal = await principal_of(request)
    services, id = services_of(request), str(request.path_params["line"])
    given = decoded(await body_of(request), bodies.line)
    if not (
        id.isascii() and 1 <= len(id) <= 64 and id.replace("-", "a").replace("_", "a").isalnum()
    ):
        raise Problem(bad_body("line", "letters, digits, - and _"))
    if given.tier not in TIERS:
        raise Problem(bad_body("tier", f"one of {', '.join(TIERS)}"))
    try:
        zone(given.timezone)
    except BadRota as bad:
        raise Problem(bad_body(bad.field, bad.problem)) from None
    known = {one.line: one for one in await services.directory.lines()}
    if id in known:
        await _may_plan(request, principal, [id])
    if principal.role not in PLANNERS:
        raise refuse("wrong_role")
    if not given.sites or not set(given.sites) <= principal.covers:
        raise Problem(NOT_YOURS)
    now = rfc3339(services.clock.now())
    more = {
        "tier": given.tier, "region": given.region, "subspecialty": given.subspecialty,
        "modality": given.modality, "timezone": given.timezone,
    }  # fmt: skip

    def job(at: Any) -> None:
        directory.put_line(at, id, given.name, **more)
        if held := known.get(id):
            directory.unassign(at, id, sites_off=held.sites, people_off=held.people)
        directory.assign(at, id, add_sites=given.sites, add_people=given.people)
        after = {"name": given.name, "sites": given.sites, "people": given.people} | more
        kept.note_line(at, id, principal.person, now, after)

    await _change(request, job)
    return Response(status_code=204)


async def changes(request: Request) -> Response:
    """`GET /api/v1/rota/changes?line=`: who changed what, the newest first."""
    principal = await principal_of(request)
    if principal.role not in PLANNERS:
        raise refuse("wrong_role")
    line = word(request, "line")
    found = await services_of(request).journal.query(lambda at: kept.history(at, line))
    return answer({"changes": [asdict(one) for one in found]})


async def policies(request: Request) -> Response:
    """`GET /api/v1/rota/policies?site=`: those in force there. `PUT`: a site's own."""
    principal = await principal_of(request)
    services = services_of(request)
    if request.method == "PUT":
        return await _put_policy(request, principal)
    found = await services.switchboard.planned(services.clock.now())
    site = word(request, "site") or principal.site
    told = [
        choose(found.policies, purpose, site, urgency.value)
        for purpose in PURPOSES
        for urgency in Urgency
    ]
    return answer({"policies": [asdict(one) | {"name": one.name} for one in dict.fromkeys(told)]})


async def _put_policy(request: Request, principal: Principal) -> Response:
    given = decoded(await body_of(request), bodies.policy)
    try:
        check(given)
    except BadBody as bad:
        raise Problem(bad_body(bad.field, bad.problem)) from None
    if principal.role not in PLANNERS:
        raise refuse("wrong_role")
    if given.site not in principal.covers:
        raise Problem(NOT_YOURS)
    now = rfc3339(services_of(request).clock.now())
    row = policy_row(given)
    version = await _change(request, lambda at: kept.put_policy(at, row, principal.person, now))
    return answer({"version": version})


async def simulation(request: Request) -> Response:
    """`GET /api/v1/rota/simulation?site=&urgency=&at=&modality=`: what would be rung, and when."""
    principal = await principal_of(request)
    services = services_of(request)
    now = services.clock.now()
    at = _moment(request, "at", now)
    site = word(request, "site") or principal.site
    urgency = word(request, "urgency") or Urgency.P1.value
    purpose = word(request, "purpose") or PURPOSES[0]
    if purpose not in PURPOSES:
        raise Problem(bad_body("purpose", f"one of {', '.join(PURPOSES)}"))
    if urgency not in {one.value for one in Urgency}:
        raise Problem(bad_body("urgency", "P0, P1, P2 or P3"))
    found = await _planned(request, at)
    asked = Asked(
        purpose=purpose,
        site=site,
        urgency=urgency,
        modality=word(request, "modality", 8),
        takers=frozenset(role.value for role in READERS),
    )
    plan = await services.switchboard.made(asked, found, at)
    moments = simulate(plan, at, services.switchboard.around())
    zoned = (await services.directory.sites()).get(site)
    local = zoned.timezone if zoned else "Europe/Paris"
    return answer(
        {
            "site": site, "urgency": urgency, "at": rfc3339(at), "policy": plan.policy,
            "phone": plan.phone, "timezone": local,
            "lines": [one.line for one in covering(found.rota, site, asked.modality)],
            "moments": [
                asdict(one) | {"local": wall_clock(datetime.fromisoformat(one.at), local)}
                for one in moments
            ],
        }
    )  # fmt: skip


async def export(request: Request) -> Response:
    """`GET /api/v1/rota/export?format=csv|ics&from=&to=`: the plan as a file."""
    await principal_of(request)
    start, end = _window(request)
    found = await _planned(request, start, end)
    if word(request, "format") == "ics":
        names = {one.person: one.name for one in found.people.values()}
        now = services_of(request).clock.now()
        data = to_ics(found.rota.shifts, found.rota.overrides, names, now=now)
        return Response(data, media_type="text/calendar; charset=utf-8")
    return Response(
        to_csv(found.rota.shifts, found.rota.overrides), media_type="text/csv; charset=utf-8"
    )


async def import_(request: Request) -> Response:
    """`POST /api/v1/rota/import?format=csv|ics&line=&timezone=`: a file into the plan."""
    principal = await principal_of(request)
    data = await body_of(request, SHEET)
    zoned = word(request, "timezone") or "Europe/Paris"
    try:
        if word(request, "format") == "ics":
            given = from_ics(data, line=word(request, "line"), timezone=zoned)
        else:
            given = from_csv(data.decode(), zoned)
    except BadRota as bad:
        raise Problem(bad_body(bad.field, bad.problem)) from None
    except UnicodeDecodeError:
        raise Problem(bad_body("body", "UTF-8")) from None
    if len(given.shifts) + len(given.overrides) > bodies.MOST:
        raise refuse("too_big")
    return await _put(request, principal, given)


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/on-call", on_call),
        Route("/api/v1/rota", rota, methods=["GET", "POST"]),
        Route("/api/v1/rota/entries/{id}", entry, methods=["DELETE"]),
        Route("/api/v1/rota/lines/{line}", put_line, methods=["PUT"]),
        Route("/api/v1/rota/changes", changes),
        Route("/api/v1/rota/policies", policies, methods=["GET", "PUT"]),
        Route("/api/v1/rota/simulation", simulation),
        Route("/api/v1/rota/export", export),
        Route("/api/v1/rota/import", import_, methods=["POST"]),
    ]
