"""The report beside the room's acts: its draft, what it can be written from (docs/protocol.md)."""

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.decider import PAGE_BYTES
from hub.edge.http.rooms import room_of
from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import (
    answer,
    body_of,
    decoded,
    granted,
    number,
    principal_of,
    raw,
    services_of,
    word,
)
from hub.edge.services import Services
from hub.live import LiveRoom, recorded
from hub.printing import PrintFailed, sheet
from hub.room import refusals
from hub.room.limits import BadBody, check
from hub.room.permissions import WRITERS
from hub.room.prefill import prefilled
from hub.room.report import Communication, Sealed
from hub.room.roles import Role
from hub.room.statements import communications
from hub.room.visibility import REPORT_READERS
from hub.wire import rest
from hub.wire.errors import Err, bad_body, err
from hub.wire.frames import dumps
from persistence.drafts import Kept, Stale
from persistence.entries import Stream

log = structlog.get_logger("hub.edge.reports")

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


async def printed(request: Request) -> Response:
    """`GET /api/v1/rooms/{room}/report.pdf?version=&lang=`: a version as it was sealed."""
    principal = await principal_of(request)
    services = services_of(request)
    live = granted(await services.rooms.enter(principal, room_of(request)))
    lang, versions = language(request), live.kept.report_versions
    wanted = number(request, "version", len(versions), most=10_000)
    if not 1 <= wanted <= len(versions):
        raise refuse("not_found")
    if principal.role not in REPORT_READERS[versions[wanted - 1].status]:
        raise refuse("wrong_role")
    content, addenda = await _sealed(services, live, wanted)
    site = (await services.directory.sites()).get(live.kept.site)
    page = sheet(
        content,
        addenda,
        lang=lang,
        timezone=site.timezone if site else "Europe/Paris",
        site=site.name if site else "",
        newest=len(versions),
        since=_since(live, addenda[-1] if addenda else content),
    )
    try:
        made = await services.press.print(page)
    except PrintFailed as problem:
        log.error("report_not_printed", room=live.id, reason=str(problem))
        raise Problem(err("overloaded", retry_after_ms=2000)) from None
    told = {"version": wanted, "lang": lang}
    services.rooms.note(live.id, principal.actor(rest.DEVICE), "report", told)
    headers = {
        "content-disposition": f'inline; filename="report-v{wanted}-{lang}.pdf"',
        "cache-control": "private, no-store",
        "etag": f'"{versions[wanted - 1].content_hash}-{lang}-{len(versions)}"',
    }
    return Response(made, headers=headers, media_type="application/pdf")


def _since(live: LiveRoom, last: Sealed) -> list[Communication]:
    """Critical results that reached somebody after this version was sealed."""
    return [one for one in communications(live.kept) if one not in last.communications]


async def _sealed(
    services: Services, live: LiveRoom, wanted: int
) -> tuple[Sealed, tuple[Sealed, ...]]:
    """A version out of the journal; an addendum with its report and the addenda before it."""
    versions = live.kept.report_versions[:wanted]
    last = versions[-1]
    if last.status != "addendum":
        return await _at(services, live, last.sealed.seq), ()
    addenda = [one for one in versions if one.status == "addendum"]
    added = [await _at(services, live, one.sealed.seq) for one in addenda]
    base = next(one for one in versions if one.version == added[-1].of_version)
    return await _at(services, live, base.sealed.seq), tuple(added)


async def _at(services: Services, live: LiveRoom, seq: int) -> Sealed:
    found = await services.journal.read(Stream.JOURNAL, live.id, seq - 1, 1, PAGE_BYTES)
    event = recorded(found[0]).event if found else None
    if not isinstance(event, Sealed):
        raise refuse("not_found")  # erased at term
    return event


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
        Route("/api/v1/rooms/{room}/report.pdf", printed),
        Route("/api/v1/report-templates", templates),
    ]
