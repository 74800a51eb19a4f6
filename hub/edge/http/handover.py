"""The end of a shift over REST: what is mine and open, offered and accepted one by one or all.

Each room decides for itself (`hub/room/handovers.py`); what one refuses is told for that room, and
holds up no other.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uuid_utils import uuid7

from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.reading import answer, body_of, decoded, principal_of, services_of
from hub.edge.services import Services
from hub.live import LiveRoom, Ok
from hub.principal import outside_care
from hub.room.handovers import offered_by, offered_to, open_loops
from hub.room.loops import Handover
from hub.wire import rest
from hub.wire.errors import Err, bad_body
from hub.wire.frames import dumps
from persistence.entries import Row

PAGE = 200
MOST_ROOMS = 400
ACTS = ("offer", "accept", "decline", "withdraw")


async def mine(request: Request) -> Response:
    """`GET /api/v1/handover`: rooms with what I answer for, what is offered to me and by me."""
    principal = await _in_care(request)
    services = services_of(request)
    listed: dict[str, list[dict[str, Any]]] = {"mine": [], "to_me": [], "by_me": []}
    for row, live in await _my_rooms(services, principal):
        head = {"room": live.id, "row": msgspec.Raw(row.summary)}
        room, person = live.kept, principal.person
        if loops := open_loops(room, person):
            listed["mine"].append(head | {"loops": [asdict(one) for one in loops]})
        listed["to_me"] += [head | _told(one) for one in offered_to(room, person)]
        listed["by_me"] += [head | _told(one) for one in offered_by(room, person)]
    return answer(listed)


def _told(one: Handover) -> dict[str, Any]:
    return {
        "handover": one.offered.seq,
        "from": {"person": one.offered.person, "name": one.offered.name},
        "to": {"person": one.to, "name": one.name},
        "offered_at": one.offered.at,
        "until": one.until,
        "note": one.note,
        "loops": [asdict(loop) for loop in one.loops],
    }


async def _in_care(request: Request) -> Principal:
    principal = await principal_of(request)
    if outside_care(principal.role):
        raise refuse("wrong_role")
    return principal


async def _my_rooms(services: Services, principal: Principal) -> list[tuple[Row, LiveRoom]]:
    rows: list[Row] = []
    cursor = ""
    while len(rows) < MOST_ROOMS:
        page, cursor = await services.journal.rows(
            sites=(), person=principal.person, mine=True, open_only=True, after=cursor, limit=PAGE
        )
        rows += page
        if not cursor:
            break
    found: list[tuple[Row, LiveRoom]] = []
    for row in rows:
        live = await services.rooms.enter(principal, row.room)
        if not isinstance(live, Err):
            found.append((row, live))
    return found


async def act(request: Request) -> Response:
    """`POST /api/v1/handover/{act}`: in the rooms named, or in all that it can be done in."""
    principal = await _in_care(request)
    services = services_of(request)
    name: str = request.path_params["act"]
    if name not in ACTS:
        raise refuse("not_found")
    asked = decoded(await body_of(request), rest.relief)
    body = _body(name, asked)
    found = asked.rooms
    if found is None:
        held = await _my_rooms(services, principal)
        found = [live.id for _, live in held if _concerns(name, live, principal.person)]
    cid = asked.cid or str(uuid7())
    results = await asyncio.gather(
        *(_one(services, principal, asked.device, room, f"handover.{name}", body, cid)
          for room in dict.fromkeys(found))
    )  # fmt: skip
    done = sum(one["ok"] for one in results)
    return answer({"results": results, "done": done, "failed": len(results) - done})


def _body(name: str, asked: rest.Relief) -> bytes:
    if name == "offer" and not asked.to:
        raise Problem(bad_body("to", "a person"))
    if name == "decline" and not asked.reason.strip():
        raise Problem(bad_body("reason", "a reason"))
    if name == "offer":
        return dumps({"to": asked.to, "note": asked.note, "minutes": asked.minutes})
    return dumps({"reason": asked.reason} if name != "accept" else {})


def _concerns(name: str, live: LiveRoom, person: str) -> bool:
    room = live.kept
    if name == "offer":
        return bool(open_loops(room, person)) and not offered_by(room, person)
    held: Iterable[Handover] = (
        offered_by(room, person) if name == "withdraw" else offered_to(room, person)
    )
    return any(held)


async def _one(
    services: Services,
    principal: Principal,
    device: str,
    room: str,
    kind: str,
    body: bytes,
    cid: str,
) -> dict[str, Any]:
    result = await services.rooms.publish(principal, device, room, kind, body, cid)
    if isinstance(result, Ok):
        return {"room": room, "ok": True, "seq": result.seq}
    told = {"room": room, "ok": False, "status": result.status, "code": result.slug}
    told |= {"fr": result.fr, "en": result.en, "retry": result.retry}
    if result.retry_after_ms is not None:
        told["retry_after_ms"] = result.retry_after_ms
    return told


def routes() -> list[BaseRoute]:
    """What stands here."""
    return [
        Route("/api/v1/handover", mine),
        Route("/api/v1/handover/{act}", act, methods=["POST"]),
    ]
