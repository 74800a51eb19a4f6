"""What an operator and a stranger may see: alive, ready, figures, documents, configuration."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hub import __version__
from hub.edge.http.sessions import set_cookie
from hub.edge.identity import Denied, Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, principal_of, raw, services_of
from hub.edge.security import is_loopback, peer
from hub.edge.services import DemoCast, Services
from hub.room.roles import Role
from hub.wire import asyncapi, openapi
from hub.wire.errors import Err

FIGURES = frozenset({Role.ADMIN, Role.SUPPORT, Role.SERVICE})
"""Who may read `/metrics` from another machine."""
ONLY_DEMO = Err(
    "forbidden",
    "La connexion en un clic n'existe qu'en démonstration et sur cette machine.",
    "One-click login exists in the demonstration only, and on this machine only.",
)


async def healthz(_: Request) -> Response:
    """The process answers."""
    return answer({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Whether new clients should be sent here (W-19, W-20, W-21)."""
    services = services_of(request)
    if services.rooms.draining:
        return answer({"status": "draining"}, 503, {"retry-after": "2"})
    if not services.journal.available():
        return answer({"status": "storage_unavailable"}, 503, {"retry-after": "1"})
    degraded = services.degraded()
    return answer({"status": "ready"} | ({"degraded": degraded} if degraded else {}))


async def metrics(request: Request) -> Response:
    """`GET /metrics`: open on this machine, elsewhere for a token of an operator."""
    services = services_of(request)
    if not is_loopback(peer(request.scope, services.settings)):
        principal = await principal_of(request)
        if principal.role not in FIGURES:
            raise refuse("wrong_role")
    return Response(
        services.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8"
    )


async def openapi_json(_: Request) -> Response:
    """The calls of this hub, from the types it validates with."""
    return raw(openapi.document_json())


async def asyncapi_json(_: Request) -> Response:
    """The frames of the socket, from the same types."""
    return raw(asyncapi.document_json())


async def config(request: Request) -> Response:
    """`GET /api/v1/config`: what the client must know before anyone logs in."""
    services = services_of(request)
    shown: dict[str, object] = {
        "version": __version__,
        "demo": services.demo is not None,
        "phone": services.settings.phone,
        "cast": [],
    }
    if services.demo is not None and _near(request, services):
        shown["cast"] = await _cast(services, services.demo)
    return answer(shown)


async def demo_page(request: Request) -> Response:
    """`GET /demo/login/{person}`: the link that `make demo` prints; leads to the worklist."""
    services = services_of(request)
    value, _ = await _demo_login(request, services)
    response = RedirectResponse("/", 303)
    set_cookie(response, request, services, value)
    return response


async def _demo_login(request: Request, services: Services) -> tuple[str, Principal]:
    person: str = request.path_params["person"]
    if services.demo is None or not _near(request, services):
        raise Problem(ONLY_DEMO)
    if person not in services.demo.people:
        raise refuse("not_found")
    try:
        return await services.identity.log_in_as(person, label="demo")
    except Denied as denied:
        raise Problem(denied.refusal) from None


def _near(request: Request, services: Services) -> bool:
    """Peer, address listened on and name asked for are this machine. The name, because a foreign
    page may point its own at 127.0.0.1 (DNS rebinding) or hide the link in a picture."""
    client = request.scope.get("client")
    return (
        is_loopback(services.settings.host)
        and client is not None
        and is_loopback(str(client[0]))
        and is_loopback(request.headers.get("host", ""))
        and not request.headers.get("x-forwarded-for")
        and request.headers.get("sec-fetch-dest", "document") in ("document", "empty")
    )


async def _cast(services: Services, demo: DemoCast) -> list[dict[str, str]]:
    found = await services.directory.people(demo.people)
    sites = await services.directory.sites()
    return [
        {
            "person": id,
            "name": found[id].name,
            "role": found[id].grants[0].role,
            "site_name": sites[found[id].grants[0].site].name,
            "link": f"/demo/login/{id}",
        }
        for id in demo.people
        if id in found and found[id].grants
    ]


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/openapi.json", openapi_json),
        Route("/asyncapi.json", asyncapi_json),
        Route("/api/v1/config", config),
        Route("/demo/login/{person}", demo_page),
    ]
