"""The report beside the room's acts: its draft, what it can be written from (docs/protocol.md)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.edge.http.rooms import room_of
from hub.edge.identity import Principal
from hub.edge.problems import Problem
from hub.edge.reading import (
    answer,
    body_of,
    decoded,
    granted,
    principal_of,
    raw,
    services_of,
    word,
)
from hub.live import LiveRoom
from hub.room import refusals
from hub.room.limits import BadBody, check
from hub.room.permissions import WRITERS
from hub.room.prefill import prefilled
from hub.room.roles import Role
from hub.wire import rest
from hub.wire.errors import Err, bad_body, err
from hub.wire.frames import dumps
from persistence.drafts import Kept, Stale

LANGUAGES = ("fr", "en")
NO_DRAFT = b'{"version":0,"saved_at":"","device":"","draft":null}'


async def draft(request: Request) -> Response:
    """`/api/v1/rooms/{room}/draft`: the draft of whoever asks, and of nobody else."""
    principal, live = await _writer(request)
    if request.method == "PUT":
        return await _save(request, principal, live)
    drafts = services_of(request).drafts
    if request.method == "DELETE":
        await drafts.drop(live.id, principal.person)
        return Response(status_code=204)
    kept = await drafts.find(live.id, principal.person)
    return raw(NO_DRAFT if kept is None else _shown(kept))


async def _writer(request: Request) -> tuple[Principal, LiveRoom]:
    principal = await principal_of(request)
    rooms = services_of(request).rooms
    live = granted(await rooms.enter(principal, room_of(request)))
    if principal.role not in WRITERS:
        writers = [role for role in Role if role in WRITERS]
        refused = refusals.wrong_role("report.sign", writers)
        raise Problem(Err(refused.slug, refused.detail_fr, refused.detail_en))
    return principal, live


async def _save(request: Request, principal: Principal, live: LiveRoom) -> Response:
    services = services_of(request)
    asked = decoded(await body_of(request), rest.draft)
    try:
        check(asked.draft)
    except BadBody as problem:
        raise Problem(bad_body(f"draft.{problem.field}", problem.problem)) from None
    if not principal.rate_free:
        now = services.clock.monotonic()
        if wait := services.rooms.limiter.take(principal.person, "draft", now):
            raise Problem(err("rate_limited", retry_after_ms=wait))
    by = principal.actor(asked.device)
    body = msgspec.json.encode(asked.draft)
    saved = await services.drafts.save(live.id, by, asked.version, body)
    if isinstance(saved, Stale):
        raise Problem(err("stale_after", seq=saved.version))
    return answer({"version": saved.version, "saved_at": saved.saved_at})


def _shown(kept: Kept) -> bytes:
    head = {"version": kept.version, "saved_at": kept.saved_at, "device": kept.device}
    return dumps(head | {"draft": msgspec.Raw(kept.body)})


async def prefill(request: Request) -> Response:
    """`GET /api/v1/rooms/{room}/report/prefill?lang=`: what the room knows already, as sections."""
    _, live = await _writer(request)
    return answer({"sections": prefilled(live.kept, language(request))})


async def templates(request: Request) -> Response:
    """`GET /api/v1/report-templates?modality=`: examples, the free one always."""
    await principal_of(request)
    wanted = word(request, "modality", 8)
    found = services_of(request).report_templates
    shown = [one for one in found if not wanted or one["modality"] in ("", wanted)]
    return answer({"templates": shown})


def language(request: Request) -> str:
    """The language asked for, French where none is."""
    asked = word(request, "lang", 8) or "fr"
    if asked not in LANGUAGES:
        raise Problem(bad_body("lang", f"one of {', '.join(LANGUAGES)}"))
    return asked


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/rooms/{room}/draft", draft, methods=["GET", "PUT", "DELETE"]),
        Route("/api/v1/rooms/{room}/report/prefill", prefill),
        Route("/api/v1/report-templates", templates),
    ]
