"""Rooms over REST: the worklist, a room's state and events, and acts (wire.md section 2)."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uuid_utils import uuid7

from hub.edge.identity import Principal
from hub.edge.problems import Problem, problem, refuse
from hub.edge.reading import (
    answer,
    body_of,
    decoded,
    flag,
    granted,
    number,
    principal_of,
    raw,
    services_of,
    word,
)
from hub.principal import outside_care
from hub.room.stages import Stage, Urgency
from hub.wire import frames, rest
from hub.wire.errors import Err, bad_body, err

PAGE = 100
"""Rows or events of a page where the client names no number."""
MOST_ROWS = 200
MOST_EVENTS = 500
TECHNICAL = (
    "room", "seq", "site", "stage", "stage_since", "urgency", "modality", "requested_at",
    "limit_at", "clocks", "pause", "alerts", "incidents", "is_open",
)  # fmt: skip
"""What of a row is told outside of care, with what they are asked: no identity, no free text."""


async def worklist(request: Request) -> Response:
    """`GET /api/v1/rooms`."""
    principal = await principal_of(request)
    rows, cursor = await services_of(request).journal.rows(
        sites=sorted(principal.worklist_sites),
        person=principal.person,
        stage=_one_of(request, "stage", [stage.value for stage in Stage]),
        site=word(request, "site"),
        urgency=_one_of(request, "urgency", [urgency.value for urgency in Urgency]),
        mine=flag(request, "mine"),
        open_only=flag(request, "open"),
        after=word(request, "cursor", 400),
        limit=max(1, number(request, "limit", PAGE, most=MOST_ROWS)),
    )
    if outside_care(principal.role):
        shown = [frames.dumps(_technical(row.summary, principal.person)) for row in rows]
    else:
        shown = [row.summary for row in rows]
    return raw(b'{"rooms":[%b],"next":%b}' % (b",".join(shown), frames.dumps(cursor)))


async def open_room(request: Request) -> Response:
    """`POST /api/v1/rooms`: the body of `request.submit`; `cid` makes it safe to repeat."""
    principal = await principal_of(request)
    body = await body_of(request)
    beside = decoded(body, rest.opening)
    cid = _cid(request, beside.cid or "") or str(uuid7())
    room, result = await services_of(request).rooms.open(principal, beside.device, body, cid)
    stored = granted(result)
    made = {"room": room, "seq": stored.seq} | ({"dup": True} if stored.dup else {})
    return answer(made, 201, {"location": f"/api/v1/rooms/{room}"})


async def state(request: Request) -> Response:
    """`GET /api/v1/rooms/{room}`."""
    principal = await principal_of(request)
    services = services_of(request)
    room = room_of(request)
    response = raw(granted(await services.rooms.state_json(principal, room)))
    response.headers["examroom-epoch"] = services.journal.epoch
    return response


async def events(request: Request) -> Response:
    """`GET /api/v1/rooms/{room}/events`: a `page` frame; `POST`: what a `pub` frame does."""
    principal = await principal_of(request)
    if request.method == "POST":
        return await _publish(request, principal)
    rooms, room = services_of(request).rooms, room_of(request)
    after = number(request, "after", 0)
    limit = max(1, number(request, "limit", PAGE, most=MOST_EVENTS))
    live = granted(await rooms.enter(principal, room))
    if after > live.kept.seq:
        raise Problem(err("ahead_of_server", seq=live.kept.seq))
    found = granted(await rooms.events(principal, room, after, limit))
    # seqs have no gap, so the last of the page is known without reading it
    more = bool(found) and after + len(found) < live.kept.seq
    return raw(frames.page(room, found, more=more))


async def _publish(request: Request, principal: Principal) -> Response:
    room = room_of(request)
    act = decoded(await body_of(request), rest.act)
    if act.t != "pub":
        raise refuse("unknown_frame")
    if act.room not in (None, room):
        raise Problem(bad_body("room", "the room of the address"))
    cid = _cid(request, act.cid or "")
    if not cid:
        raise Problem(bad_body("cid", "an id of your own, so that a retry is recognised"))
    result = await services_of(request).rooms.publish(
        principal, act.device, room, act.kind, bytes(act.body), cid, after=act.after
    )
    if isinstance(result, Err):
        return problem(result, re=cid)
    return raw(frames.ok(cid, result.seq, dup=result.dup))


def room_of(request: Request) -> str:
    """The room of the address. Raises `Problem` no_room for what cannot be the name of one."""
    room: str = request.path_params["room"]
    if not 1 <= len(room) <= 64 or not all(
        c.isascii() and (c.isalnum() or c in "-_") for c in room
    ):
        raise refuse("no_room")
    return room


def _cid(request: Request, told: str) -> str:
    """The id of the act: in the body, or as `Idempotency-Key`; not two different ones."""
    header = request.headers.get("idempotency-key", "").strip('"')
    if header:
        decoded(frames.dumps(header), rest.token)
    if told and header and told != header:
        raise Problem(bad_body("cid", "the same as Idempotency-Key"))
    return told or header


def _one_of(request: Request, name: str, allowed: list[str]) -> str:
    given = word(request, name)
    if given and given not in allowed:
        raise Problem(bad_body(name, f"one of {', '.join(allowed)}"))
    return given


def _technical(summary: bytes, person: str) -> dict[str, Any]:
    known = msgspec.json.decode(summary)
    asked = [one for one in known.get("asked", ()) if one["person"] == person]
    mine = [{name: one[name] for name in ("person", "act", "since")} for one in asked]
    return {name: known[name] for name in TECHNICAL if name in known} | {"asked": mine}


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/rooms", worklist_or_open, methods=["GET", "POST"]),
        Route("/api/v1/rooms/{room}", state),
        Route("/api/v1/rooms/{room}/events", events, methods=["GET", "POST"]),
    ]


async def worklist_or_open(request: Request) -> Response:
    """One address, two methods."""
    return await (open_room(request) if request.method == "POST" else worklist(request))
