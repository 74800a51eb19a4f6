"""Refusals over HTTP: `application/problem+json` (RFC 9457) with the slug as `code`.

`detail` holds both sentences, French first; `fr` and `en` hold one each. A problem tells what to
do next and never repeats what was sent.
"""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.wire.errors import FAULTS, Err, err
from hub.wire.frames import dumps
from persistence.entries import StoreUnavailable

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that is refused."""

    def __init__(self, refusal: Err) -> None:
        super().__init__(refusal.slug)
        self.refusal = refusal


def refuse(slug: str, *, retry_after_ms: int | None = None) -> Problem:
    """The refusal `slug` in its default words, to be raised."""
    return Problem(err(slug, retry_after_ms=retry_after_ms))


def problem(refusal: Err, *, re: str = "", headers: dict[str, str] | None = None) -> Response:
    """The answer to what was refused: the members of an `err` frame, in the dress of HTTP."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": refusal.slug.replace("_", " "),
        "status": refusal.status,
        "code": refusal.slug,
        "slug": refusal.slug,
        "detail": refusal.detail,
        "fr": refusal.fr,
        "en": refusal.en,
        "retry": refusal.retry,
    }
    if re:
        body["re"] = re
    sent = dict(headers or {})
    if refusal.retry_after_ms is not None:
        body["retry_after_ms"] = refusal.retry_after_ms
        # RFC 9110 10.2.3: whole seconds, rounded up so that nobody comes too early
        sent["retry-after"] = str(-(-refusal.retry_after_ms // 1000))
    if refusal.seq is not None:
        body["seq"] = refusal.seq
    if refusal.status == 401:
        sent.setdefault("www-authenticate", 'Bearer realm="examroom"')
    return Response(dumps(body), refusal.status, sent, MEDIA_TYPE)


def internal() -> Response:
    """The answer to a bug of ours."""
    fr = "Erreur interne : réessayez ; si cela persiste, téléphonez et prévenez le support."
    en = "Internal error: try again; if it persists, phone and tell the support."
    body = {
        "type": "about:blank",
        "title": "internal error",
        "status": 500,
        "code": "internal",
        "slug": "internal",
        "detail": f"{fr} / {en}",
        "fr": fr,
        "en": en,
        "retry": True,
    }
    return Response(dumps(body), 500, None, MEDIA_TYPE)


async def on_problem(_: Request, raised: Exception) -> Response:
    """For `Problem`."""
    if not isinstance(raised, Problem):
        raise raised
    return problem(raised.refusal)


async def on_store(_: Request, __: Exception) -> Response:
    """For `StoreUnavailable` (W-19)."""
    return problem(err("storage_unavailable", retry_after_ms=1000))


async def on_http(request: Request, raised: Exception) -> Response:
    """For what Starlette refuses by itself: no route, or no such method there."""
    if not isinstance(raised, HTTPException):
        raise raised
    headers = dict(raised.headers or {})
    if raised.status_code == 405 and request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    slug = {404: "not_found", 405: "method_not_allowed", 413: "too_big"}.get(raised.status_code)
    return problem(err(slug or "bad_body"), headers=headers)


HANDLERS: dict[Any, Any] = {
    Problem: on_problem,
    StoreUnavailable: on_store,
    HTTPException: on_http,
}
"""Exception -> what answers it. Whatever is not here is a bug: `Guard` logs and answers it."""

SLUGS = frozenset(FAULTS) | {"internal"}
"""Every `code` that a problem can have."""
