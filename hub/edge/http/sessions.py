"""Logging in and out, who I am, and tickets for the socket."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.clock import rfc3339
from hub.edge.identity import Denied, Principal
from hub.edge.identity.tickets import LIFE_S
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, body_of, cookie_name, decoded, principal_of, services_of
from hub.edge.security import is_secure, peer
from hub.edge.services import Services
from hub.wire import rest


async def log_in(request: Request) -> Response:
    """`POST /api/v1/sessions`."""
    services = services_of(request)
    asked = decoded(await body_of(request), rest.login)
    try:
        value, principal = await services.identity.log_in(
            asked.login,
            asked.password,
            address=peer(request.scope, services.settings),
            role=asked.role,
            site=asked.site,
            label=request.headers.get("user-agent", ""),
        )
    except Denied as denied:
        services.metrics.login(denied.refusal.slug)
        raise Problem(denied.refusal) from None
    services.metrics.login("ok")
    response = answer(await me(services, principal))
    set_cookie(response, request, services, value)
    return response


async def log_out(request: Request) -> Response:
    """`DELETE /api/v1/sessions`: the session of the cookie; a token is revoked elsewhere."""
    services = services_of(request)
    name = cookie_name(is_secure(request.scope, services.settings))
    value = request.cookies.get(name, "")
    principal = await services.identity.authenticate(value) if value else None
    if principal is not None and principal.session_id.startswith("s_"):
        await services.identity.log_out(principal)
    response = Response(status_code=204)
    response.delete_cookie(
        name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="strict"
    )
    return response


async def current(request: Request) -> Response:
    """`GET /api/v1/sessions/current`."""
    return answer(await me(services_of(request), await principal_of(request)))


async def sessions(request: Request) -> Response:
    """One address, two methods: Starlette answers 405 with every method in `Allow` so."""
    return await (log_in(request) if request.method == "POST" else log_out(request))


async def session(request: Request) -> Response:
    """The same for the session itself."""
    return await (log_out(request) if request.method == "DELETE" else current(request))


async def ticket(request: Request) -> Response:
    """`POST /api/v1/tickets`."""
    principal = await principal_of(request)
    value = services_of(request).identity.issue(principal)
    if value is None:
        raise refuse("rate_limited", retry_after_ms=LIFE_S * 1000)
    return answer({"ticket": value, "expires_in": LIFE_S})


def set_cookie(response: Response, request: Request, services: Services, value: str) -> None:
    """The session cookie, for as long as the session lives."""
    secure = is_secure(request.scope, services.settings)
    response.set_cookie(
        cookie_name(secure),
        value,
        max_age=int(services.settings.session_hours * 3600),
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


async def me(services: Services, principal: Principal) -> dict[str, object]:
    """Who this is, what they may become, and the sites that their rooms may be of."""
    person = await services.directory.person(principal.person)
    sites = await services.directory.sites()
    site = sites.get(principal.site)
    return {
        "person": {
            "id": principal.person,
            "name": principal.name,
            "role": principal.role.value,
            "site": principal.site,
            "site_name": site.name if site else principal.site,
            "timezone": site.timezone if site else "Europe/Paris",
            "lang": principal.lang,
        },
        "roles": [
            {
                "role": part.role,
                "site": part.site,
                "site_name": sites[part.site].name if part.site in sites else part.site,
            }
            for part in (person.grants if person else ())
        ],
        "sites": {
            one.site: {"name": one.name, "timezone": one.timezone, "phone": one.phone}
            for one in sites.values()
        },
        "expires_at": principal.expires or None,
        "server_time": rfc3339(services.clock.now()),
        "phone": services.settings.phone or (site.phone if site else ""),
        "demo": services.demo is not None,
    }


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/sessions", sessions, methods=["POST", "DELETE"]),
        Route("/api/v1/sessions/current", session, methods=["GET", "DELETE"]),
        Route("/api/v1/tickets", ticket, methods=["POST"]),
    ]
