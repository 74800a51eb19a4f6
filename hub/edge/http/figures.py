"""The page of figures: how punctual the service is, as JSON and CSV."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, principal_of, services_of, word
from hub.figures import GROUPS, Figure, as_csv, figures
from hub.room.roles import Role
from hub.wire.errors import bad_body
from persistence.figures import between

EVERYWHERE = frozenset({Role.ADMIN, Role.QUALITY})
"""Who may see the figures of all sites; a coordinator sees those of the sites that they cover."""
DAYS = 30
MOST_DAYS = 400
MOST_ROOMS = 500_000


async def as_json(request: Request) -> Response:
    """`GET /api/v1/figures?from=&to=&site=&by=`."""
    since, before, by, rows = await _figures(request)
    told = {"from": since.isoformat(), "to": before.isoformat(), "by": list(by), "rows": rows}
    return answer(told)


async def as_csv_file(request: Request) -> Response:
    """`GET /api/v1/figures.csv`: the same rows."""
    since, before, _, rows = await _figures(request)
    name = f"examroom-{since.isoformat()}-{before.isoformat()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(rows), headers=headers, media_type="text/csv; charset=utf-8")


async def _figures(request: Request) -> tuple[date, date, tuple[str, ...], list[Figure]]:
    principal = await principal_of(request)
    sites = _sites(principal, word(request, "site"))
    services = services_of(request)
    today = services.clock.now().date()
    before = _day(request, "to", today + timedelta(days=1))
    since = _day(request, "from", before - timedelta(days=DAYS))
    if not timedelta(0) < before - since <= timedelta(days=MOST_DAYS):
        raise Problem(bad_body("from", f"before `to`, and at most {MOST_DAYS} days"))
    by = _groups(request)
    zones = {id: one.timezone for id, one in (await services.directory.sites()).items()}
    start, end = since.isoformat(), before.isoformat()
    # counted on the reader's thread: a month of a large service is tens of thousands of rooms
    rows = await services.journal.query(
        lambda at: figures(between(at, start, end, sites, MOST_ROOMS), by, zones)
    )
    return since, before, by, rows


def _sites(principal: Principal, site: str) -> list[str] | None:
    if principal.role in EVERYWHERE:
        return [site] if site else None
    if principal.role is not Role.COORDINATOR:
        raise refuse("wrong_role")
    if site and site not in principal.worklist_sites:
        raise refuse("forbidden")
    return [site] if site else sorted(principal.worklist_sites)


def _day(request: Request, name: str, otherwise: date) -> date:
    given = word(request, name, 10)
    try:
        return date.fromisoformat(given) if given else otherwise
    except ValueError:
        raise Problem(bad_body(name, "a day as 2026-11-21")) from None


def _groups(request: Request) -> tuple[str, ...]:
    given = word(request, "by") or "site,urgency"
    by = tuple(dict.fromkeys(part.strip() for part in given.split(",") if part.strip()))
    if unknown := [part for part in by if part not in (*GROUPS, "all")]:
        raise Problem(bad_body("by", f"of {', '.join(GROUPS)} or all, not {len(unknown)} other(s)"))
    return tuple(part for part in by if part in GROUPS)


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/figures", as_json),
        Route("/api/v1/figures.csv", as_csv_file),
    ]
