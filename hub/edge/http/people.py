"""Colleagues to invite or to hand over to, and the library of protocols to choose from."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.problems import Problem
from hub.edge.reading import answer, number, principal_of, services_of, word
from hub.room.roles import Role
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


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [Route("/api/v1/people", people), Route("/api/v1/library", library)]
