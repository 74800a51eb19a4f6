"""A room as Server-Sent Events: the fallback where a proxy breaks WebSocket, by the same cursor.

Each `evt` frame is one event whose `id` is its seq, so that a browser's own reconnection
(`Last-Event-ID`) goes on where it was. A comment keeps the line alive; the last thing sent is a
`bye` frame, unless the client went first.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from hub.edge.http.rooms import room_of
from hub.edge.identity import Principal
from hub.edge.problems import Problem
from hub.edge.reading import granted, number, principal_of, services_of
from hub.edge.services import Services
from hub.principal import outside_care
from hub.wire import frames
from hub.wire.errors import Close, bad_body, err
from persistence.entries import StoreUnavailable

HEADERS = {
    # nginx would gather the stream in a buffer
    "x-accel-buffering": "no",
    "cache-control": "no-store, no-transform",
}


async def stream(request: Request) -> Response:
    """`GET /api/v1/rooms/{room}/stream?after=`. Without `after`: the state, then what follows."""
    principal = await principal_of(request)
    services, room = services_of(request), room_of(request)
    live = granted(await services.rooms.enter(principal, room))
    after = _cursor(request)
    first = b""
    if after is None:
        after, held = await services.rooms.state_of(live, hidden=outside_care(principal.role))
        joined = frames.joined("sse", room, services.journal.epoch, after, held)
        first = _event(after, joined)
    elif after > live.kept.seq:
        raise Problem(err("ahead_of_server", seq=live.kept.seq))
    request.scope["examroom.stream"] = True
    if request.method == "HEAD":
        return Response(headers=HEADERS, media_type="text/event-stream")
    lines = _lines(services, principal, room, after, first)
    return StreamingResponse(lines, headers=HEADERS, media_type="text/event-stream")


def _cursor(request: Request) -> int | None:
    # a reconnecting browser repeats the old address and says in a header how far it came
    last = request.headers.get("last-event-id", "")
    if last:
        if not (last.isascii() and last.isdecimal()) or len(last) > 16:
            raise Problem(bad_body("Last-Event-ID", "a seq"))
        return int(last)
    return number(request, "after", 0) if "after" in request.query_params else None


async def _lines(
    services: Services, principal: Principal, room: str, after: int, first: bytes
) -> AsyncIterator[bytes]:
    # a stream that starts says so at once: proxies and browsers wait for a first byte
    yield b"retry: 1000\n\n" + first
    now = principal
    frames_of_room = services.rooms.stream(lambda: now, room, after)
    beat = services.settings.heartbeat_ms / 1000
    quiet = 0.0
    patience = min(services.settings.revocation_s, beat)
    coming = asyncio.ensure_future(anext(frames_of_room, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=patience)
            checked = await services.identity.check(principal)
            if checked is None or checked.role != principal.role:
                yield _bye(Close.REVOKED)
                return
            now = checked
            if services.rooms.draining:
                yield _bye(Close.DRAINING)
                return
            if not done:
                quiet += patience
                if quiet >= beat:
                    quiet = 0.0
                    yield b": hb\n\n"
                continue
            try:
                item = coming.result()
            except StoreUnavailable:
                yield _bye(Close.STORAGE)
                return
            if item is None:
                yield _bye(Close.FORBIDDEN)
                return
            seq, frame = item
            if frame:
                quiet = 0.0
                yield _event(seq, frame)
            coming = asyncio.ensure_future(anext(frames_of_room, None))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        if isinstance(frames_of_room, AsyncGenerator):
            await frames_of_room.aclose()


def _event(seq: int, frame: bytes) -> bytes:
    # JSON has no raw line end inside, so one `data` line holds it
    return b"id: %d\ndata: %b\n\n" % (seq, frame)


def _bye(close: Close) -> bytes:
    return b"data: %b\n\n" % frames.bye(close)


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [Route("/api/v1/rooms/{room}/stream", stream)]
