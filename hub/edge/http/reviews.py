"""Figures of the reviews of signed reports: counts, and nothing that says whose (domain.md 1.5 F).

No patient, no room, no reader, no reviewer. A group of fewer than `LEAST` reviews is told together
with the other small ones, or not at all: one radiologist may read most of a site's MR.
"""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, principal_of, services_of, word
from hub.room.loop_commands import GRADES
from hub.room.measures import IMPACTS
from hub.room.permissions import READERS
from hub.room.roles import Role
from hub.wire.errors import bad_body
from persistence import rows

LEAST = 5
"""Reviews of a group that is told on its own."""
DAYS = 365
MOST_DAYS = 800
WHO = READERS | {Role.QUALITY}
DAY = re.compile(r"\d{4}-\d\d-\d\d")

Counts = Counter[tuple[str, str]]
"""(grade, impact) -> reviews."""


async def reviews(request: Request) -> Response:
    """`GET /api/v1/reviews?from=&to=`: of exams requested from that day to before the other."""
    principal = await principal_of(request)
    if principal.role not in WHO:
        raise refuse("wrong_role")
    services = services_of(request)
    today = services.clock.now().date()
    since = _day(request, "from") or str(today - timedelta(days=DAYS))
    until = _day(request, "to") or str(today + timedelta(days=1))
    sites = sorted(principal.covers)
    found = await services.journal.query(
        lambda store: rows.measured(store, sites, since, until, having='"review.')
    )
    groups = _groups(found)
    return answer({"from": since, "to": until, "least": LEAST} | figures(groups))


def _day(request: Request, name: str) -> str:
    told = word(request, name, 10)
    if told and not DAY.fullmatch(told):
        raise Problem(bad_body(name, "a day, as 2026-11-21"))
    return told


def _groups(found: list[tuple[str, bytes, bytes]]) -> dict[tuple[str, str], Counts]:
    groups: dict[tuple[str, str], Counts] = {}
    for site, summary, told in found:
        measured = msgspec.json.decode(told)
        modality = str(msgspec.json.decode(summary).get("modality", ""))
        held = groups.setdefault((site, modality), Counter())
        for grade in GRADES:
            for impact, n in zip(IMPACTS, measured.get(f"review.{grade}", ()), strict=False):
                held[grade, impact] += n
    return groups


def figures(groups: dict[tuple[str, str], Counts]) -> dict[str, Any]:
    """What is told of `groups`, by (site, modality)."""
    shown = {key: held for key, held in groups.items() if held.total() >= LEAST}
    small = sum((held for key, held in groups.items() if key not in shown), Counter())
    told = [
        {"site": site, "modality": modality} | _told(held)
        for (site, modality), held in sorted(shown.items())
    ]
    if small.total() >= LEAST:
        told.append({"site": "", "modality": ""} | _told(small))
        shown["", ""] = small
    return {"total": _told(sum(shown.values(), Counter())), "groups": told}


def _told(held: Counts) -> dict[str, Any]:
    return {
        "n": held.total(),
        "grades": {grade: sum(held[grade, one] for one in IMPACTS) for grade in GRADES},
        "impacts": {impact: sum(held[one, impact] for one in GRADES) for impact in IMPACTS},
    }


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [Route("/api/v1/reviews", reviews)]
