"""Colleagues to invite or to hand over to, who of them is there, and the library of protocols."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.problems import Problem, refuse
from hub.edge.reading import (
    answer,
    body_of,
    decoded,
    granted,
    number,
    principal_of,
    services_of,
    word,
)
from hub.principal import outside_care
from hub.room.roles import Role
from hub.wire import rota
from hub.wire.errors import bad_body

PAGE = 50


async def people(request: Request) -> Response:
    """`GET /api/v1/people?q=&role=`: one entry for each part that somebody may play."""
    await principal_of(request)
    services = services_of(request)
    role = word(request, "role")
    if role and role not in {known.value for known in Role}:
        raise Problem(bad_body("role", "a role"))
    limit = max(1, number(request, "limit", PAGE, most=200))
    found = await services.directory.search(word(request, "q", 100).strip(), role, limit)
    sites = await services.directory.sites()
    return answer(
        {
            "people": [
                {
                    "person": one.person,
                    "name": one.name,
                    "role": part.role,
                    "site": part.site,
                    "site_name": sites[part.site].name if part.site in sites else part.site,
                }
                for one in found
                if not one.service
                for part in one.grants
                if role in ("", part.role)
            ]
        }
    )


async def library(request: Request) -> Response:
    """`GET /api/v1/library?modality=&site=`: templates of protocols, as examples to adapt."""
    principal = await principal_of(request)
    site = word(request, "site") or principal.site
    templates = services_of(request).library.templates(word(request, "modality", 8), site)
    return answer({"templates": templates})


async def status(request: Request) -> Response:
    """`GET /api/v1/me/status`: what I say of myself; `PUT`: say it."""
    principal = await principal_of(request)
    services = services_of(request)
    if request.method == "PUT":
        given = decoded(await body_of(request), rota.status)
        granted(
            await services.rooms.statuses.declare(
                principal.person, given.state, given.until, given.forward, given.device
            )
        )
    return answer(services.presence.told_of(principal.person, principal.name))


async def presence(request: Request) -> Response:
    """`GET /api/v1/presence`: who is there, on what device, and who does not want to be rung."""
    principal = await principal_of(request)
    if outside_care(principal.role):
        raise refuse("wrong_role")
    services = services_of(request)
    told = services.presence.told({})
    known = await services.directory.people([one["person"] for one in told])
    for one in told:
        one["name"] = known[one["person"]].name if one["person"] in known else ""
    return answer({"people": told})


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/me/status", status, methods=["GET", "PUT"]),
        Route("/api/v1/presence", presence),
        Route("/api/v1/people", people),
        Route("/api/v1/library", library),
    ]
