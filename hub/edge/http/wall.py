"""The wall board: what a coordinator needs of all open exams at a glance (domain.md 4.4)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.clock import rfc3339
from hub.edge.identity import Principal
from hub.edge.problems import refuse
from hub.edge.reading import answer, principal_of, services_of, word
from hub.edge.services import Services
from hub.policy import policy_of
from persistence.entries import Row

PAGE = 200
MOST_PAGES = 10
PLAIN = (
    "room", "site", "urgency", "modality", "stage", "stage_since", "requested_at", "limit_at",
    "owner", "next_move", "clocks", "pause", "rings", "critical", "incidents",
)  # fmt: skip
"""What of a row stands on every wall: no identity of a patient, no free text."""
NAMED = ("patient_label", "region")
"""What is added where the policy of the site says `wall_names`."""


async def wall(request: Request) -> Response:
    """`GET /api/v1/wall?site=`: open exams of my sites, the nearest limit first."""
    principal = await principal_of(request)
    services = services_of(request)
    site = word(request, "site")
    sites = _sites(principal, site)
    named = {
        one.site for one in (await services.directory.sites()).values()
        if policy_of(one.policy).wall_names
    }  # fmt: skip
    rows = await _open_rows(services, sites)
    shown = sorted((_shown(row, named) for row in rows), key=_order)
    return answer(
        {
            "at": rfc3339(services.clock.now()),
            "sites": sites,
            "names": bool(named & set(sites)),
            "counts": _counts(shown),
            "rooms": shown,
        }
    )


def _sites(principal: Principal, site: str) -> list[str]:
    if not principal.worklist_sites:
        raise refuse("wrong_role")
    if site and site not in principal.worklist_sites:
        raise refuse("forbidden")
    return [site] if site else sorted(principal.worklist_sites)


async def _open_rows(services: Services, sites: list[str]) -> list[Row]:
    found: list[Row] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        rows, cursor = await services.journal.rows(
            sites=sites, person="", open_only=True, after=cursor, limit=PAGE
        )
        found += rows
        if not cursor:
            break
    return found


def _shown(row: Row, named: set[str]) -> dict[str, Any]:
    held = msgspec.json.decode(row.summary)
    fields = (*PLAIN, *NAMED) if row.site in named else PLAIN
    return {name: held[name] for name in fields if name in held}


def _order(shown: dict[str, Any]) -> tuple[bool, str, str]:
    move = shown["next_move"] or {}
    limit = move.get("until") or shown["limit_at"]
    return (not limit, limit, shown["urgency"])


def _counts(shown: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rooms = list(shown)

    def having(what: str) -> int:
        return sum(any(one[what] for one in room.get("clocks", ())) for room in rooms)

    return {
        "open": len(rooms),
        "breached": having("breached"),
        "predicted": having("predicted"),
        "paused": sum(bool(room.get("pause")) for room in rooms),
        "stages": dict(Counter(room["stage"] for room in rooms)),
    }


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [Route("/api/v1/wall", wall)]
