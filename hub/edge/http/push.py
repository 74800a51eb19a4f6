"""The devices on which a person is alerted: each person's own, for as long as their session."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uuid_utils import uuid7

from hub.clock import rfc3339
from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, body_of, decoded, principal_of, services_of
from hub.edge.services import Services
from hub.notify.addresses import device, spoken
from hub.wire import rest
from hub.wire.errors import bad_body, err
from persistence import reaching
from persistence.reaching import Subscription


async def key(request: Request) -> Response:
    """`GET /api/v1/push/key`: what a browser subscribes with."""
    await principal_of(request)
    return answer({"key": services_of(request).reaching.push.public_key})


async def subscriptions(request: Request) -> Response:
    """`GET`: my devices; `POST`: this device, anew or again."""
    principal = await principal_of(request)
    services = services_of(request)
    if request.method == "POST":
        return await _subscribe(request, services, principal)
    held = await _mine(services, principal)
    return answer({"subscriptions": [_told(one, principal) for one in held]})


async def _subscribe(request: Request, services: Services, principal: Principal) -> Response:
    asked = decoded(await body_of(request), rest.subscribing)
    keys = asked.keys
    if not services.reaching.push.takes(asked.endpoint, keys.p256dh, keys.auth):
        raise Problem(
            bad_body("endpoint", "a push service that this hub may ask, with the keys of a device")
        )
    given = Subscription(
        id=f"d_{uuid7()}",
        person=principal.person,
        session=principal.session_id,
        endpoint=asked.endpoint,
        p256dh=keys.p256dh,
        auth=keys.auth,
        lang=spoken(asked.lang),
        label=" ".join(asked.label.split()),
        created=rfc3339(services.clock.now()),
    )
    id = await services.directory.change(lambda at: reaching.subscribe(at, given))
    return answer({"id": id}, 201)


async def subscription(request: Request) -> Response:
    """`DELETE /api/v1/push/subscriptions/{id}`: this device is left in peace from now on."""
    principal = await principal_of(request)
    id: str = request.path_params["id"]
    gone = await services_of(request).directory.change(
        lambda at: reaching.unsubscribe(at, id, principal.person)
    )
    if not gone:
        raise refuse("not_found")
    return Response(status_code=204)


async def trial(request: Request) -> Response:
    """`POST /api/v1/push/subscriptions/{id}/test`: a trial, and how it went (`Result`)."""
    principal = await principal_of(request)
    services = services_of(request)
    id: str = request.path_params["id"]
    found = next((one for one in await _mine(services, principal) if one.id == id), None)
    if found is None:
        raise refuse("not_found")
    now = services.clock.monotonic()
    if wait := services.reaching.trials.take(principal.person, "push.test", now):
        raise Problem(err("rate_limited", retry_after_ms=wait))
    outcome = await services.reaching.dispatch.test(device(found), principal.site)
    return answer({"outcome": outcome.result.value})


async def _mine(services: Services, principal: Principal) -> list[Subscription]:
    now = rfc3339(services.clock.now())
    return await services.journal.query(lambda at: reaching.of_person(at, principal.person, now))


def _told(one: Subscription, principal: Principal) -> dict[str, object]:
    """Without the endpoint: whoever holds it could call the device."""
    return {
        "id": one.id,
        "label": one.label,
        "lang": one.lang,
        "created": one.created,
        "current": one.session == principal.session_id,
    }


def routes() -> list[BaseRoute]:
    """What stands here."""
    root = "/api/v1/push"
    return [
        Route(f"{root}/key", key),
        Route(f"{root}/subscriptions", subscriptions, methods=["GET", "POST"]),
        Route(f"{root}/subscriptions/{{id}}", subscription, methods=["DELETE"]),
        Route(f"{root}/subscriptions/{{id}}/test", trial, methods=["POST"]),
    ]
