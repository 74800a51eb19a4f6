"""The OpenAPI 3.1 document: every call, its parameters, bodies and answers."""

from functools import cache
from typing import Any

from hub import __version__
from hub.room.commands import BY_KIND as COMMANDS
from hub.room.roles import Role
from hub.room.stages import Stage, Urgency
from hub.wire import openapi_rota, rest
from hub.wire.frames import dumps
from hub.wire.openapi_loops import loops
from hub.wire.openapi_push import devices
from hub.wire.openapi_reports import reports
from hub.wire.operations import (
    ROOM,
    Operation,
    json_answer,
    limit,
    operation,
    parameter,
    text_answer,
)
from hub.wire.schema import Schema, array, bodies, optional, problem, record, ref, struct
from hub.wire.shapes import shapes

_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53}
_WORD: Schema = {"type": "string", "maxLength": 64}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
    "description": "the same as `cid`",
}


def _acts() -> Schema:
    """The body of `POST …/events`: one shape a kind."""
    frame = struct(rest.Act)
    kinds = [
        frame
        | {
            "title": kind,
            "properties": frame["properties"]
            | {"kind": {"const": kind}, "body": ref(command.__name__), "t": {"const": "pub"}},
            "required": ["kind", "cid"],
        }
        for kind, command in COMMANDS.items()
    ]
    return {"anyOf": kinds}


def _sessions() -> dict[str, Operation]:
    me = json_answer(ref("Me"), "who this session acts as")
    ticket = json_answer(
        record("A ticket for one `hello`", ticket="string", expires_in="integer"), "a ticket"
    )
    gone = {"204": {"description": "logged out"}}
    return {
        "/api/v1/sessions": {
            "post": operation(
                "logIn",
                "Log in; sets the cookie",
                {"200": me},
                body=struct(rest.Login),
                public=True,
            ),
            "delete": operation("logOut", "Log out", gone, public=True),
        },
        "/api/v1/sessions/current": {
            "get": operation("whoAmI", "Who I am", {"200": me}),
            "delete": operation("logOutCurrent", "Log out", gone, public=True),
        },
        "/api/v1/tickets": {
            "post": operation("takeTicket", "A single-use ticket, 30 s", {"200": ticket})
        },
    }


def _rooms() -> dict[str, Operation]:
    opened = optional(record("The room", room="string", seq="integer"), dup="boolean")
    return {
        "/api/v1/rooms": {
            "get": operation(
                "worklist",
                "The worklist, by urgency, then time of request",
                {"200": json_answer(ref("Worklist"), "a page")},
                query=[
                    parameter("stage", {"enum": [stage.value for stage in Stage]}, "this stage"),
                    parameter("site", _WORD, "this site only"),
                    parameter("urgency", {"enum": [one.value for one in Urgency]}, "this urgency"),
                    parameter("mine", {"type": "boolean"}, "rooms that I am in"),
                    parameter("open", {"type": "boolean"}, "open rooms only"),
                    parameter("cursor", {"type": "string", "maxLength": 400}, "`next` of a page"),
                    limit(200),
                ],
            ),
            "post": operation(
                "openRoom",
                "Open a room with a request",
                {"201": json_answer(opened, "opened")},
                body={"allOf": [ref("RequestSubmit"), struct(rest.Opening)]},
                query=[_IDEMPOTENCY],
            ),
        },
        "/api/v1/rooms/{room}": {
            "parameters": [ROOM],
            "get": operation("room", "State of a room", {"200": json_answer(ref("Room"), "state")}),
        },
        "/api/v1/rooms/{room}/events": {
            "parameters": [ROOM],
            "get": operation(
                "events",
                "Events after a seq, as a `page` frame",
                {"200": json_answer(ref("page"), "a page")},
                query=[parameter("after", _COUNT, "the last seq that is known"), limit(500)],
            ),
            "post": operation(
                "publish",
                "Act, as by a `pub` frame",
                {"200": json_answer(ref("ok"), "stored")},
                body=_acts(),
                query=[_IDEMPOTENCY],
            ),
        },
        "/api/v1/rooms/{room}/stream": {
            "parameters": [ROOM],
            "get": operation(
                "stream",
                "The room as Server-Sent Events; `id` is the seq",
                {"200": text_answer("text/event-stream", "`evt`, `hb` comments, at last `bye`")},
                query=[parameter("after", _COUNT, "absent: the state first, as a `joined` frame")],
            ),
        },
    }


def _named(name: str, schema: Schema) -> Operation:
    return {"name": name, "in": "path", "required": True, "schema": schema}


_UID: Schema = {"type": "string", "pattern": r"^[0-9.]{1,64}$"}


def _pictures() -> dict[str, Operation]:
    """The DICOMweb side of a room: lists, and pictures of a study, series, instance or frame."""
    root = "/api/v1/rooms/{room}/dicomweb/studies"
    held = {"schema": array({"type": "object"})}
    found = {"description": "DICOM JSON model", "content": {"application/dicom+json": held}}
    jpeg = text_answer("image/jpeg", "a picture, not for primary diagnosis")
    same = {"description": "the picture that `If-None-Match` names is still the one"}
    look = [
        parameter("window", _WORD, "centre, width, and the VOI LUT function"),
        parameter("viewport", _WORD, "width, height, and the region shown: x, y, width, height"),
        parameter("arrows", {"type": "string", "maxLength": 4000}, "`x,y[,fromx,fromy[,mark]];…`"),
        parameter("invert", {"enum": ["0", "1"]}, "black on white"),
    ]
    places = {
        "": [],
        "/{study}": ["study"],
        "/{study}/series/{series}": ["study", "series"],
        "/{study}/series/{series}/instances/{sop}": ["study", "series", "sop"],
        "/{study}/series/{series}/instances/{sop}/frames/{frame}": [
            "study", "series", "sop", "frame",
        ],
    }  # fmt: skip
    wanted = [
        ("", "", "studies", "Studies of the room"),
        ("/{study}", "/series", "series", "Series of a study"),
        ("/{study}", "/instances", "studyInstances", "Instances of a study"),
        ("/{study}", "/metadata", "studyMetadata", "What the index knows of a study"),
        ("/{study}/series/{series}", "/instances", "instances", "Instances of a series"),
        ("/{study}/series/{series}", "/metadata", "metadata", "What the index knows of a series"),
    ]
    paths = {
        f"{root}{place}{leaf}": {
            "parameters": [ROOM, *(_named(one, _UID) for one in places[place])],
            "get": operation(name, summary, {"200": found}),
        }
        for place, leaf, name, summary in wanted
    }
    for place, names in places.items():
        if names:
            schemas = {"frame": {"type": "string", "pattern": "^[0-9]{1,6}$"}}
            paths[f"{root}{place}/rendered"] = {
                "parameters": [ROOM, *(_named(one, schemas.get(one, _UID)) for one in names)],
                "get": operation(
                    f"rendered{names[-1].title()}",
                    f"A picture of a {names[-1]}: `no_image` 404 and `bad_image` 422 are of HTTP",
                    {"200": jpeg, "304": same},
                    query=look,
                ),
            }
    return paths


def _others() -> dict[str, Operation]:
    roles = {"enum": [role.value for role in Role]}
    document = json_answer({"type": "object"}, "a document")
    up = json_answer(optional(record("State", status="string"), degraded=array({})), "up")
    return {
        "/api/v1/people": {
            "get": operation(
                "people",
                "Colleagues, by name",
                {"200": json_answer(ref("People"), "people")},
                query=[
                    parameter("q", {"type": "string", "maxLength": 100}, "part of a name"),
                    parameter("role", roles, "who may play this role"),
                    limit(200),
                ],
            )
        },
        "/api/v1/library": {
            "get": operation(
                "library",
                "Protocol templates",
                {"200": json_answer(record("Templates", templates=array({})), "templates")},
                query=[
                    parameter("modality", {"type": "string", "maxLength": 8}, "CT, MR …"),
                    parameter("site", _WORD, "absent: my site"),
                ],
            )
        },
        "/api/v1/config": {
            "get": operation(
                "config",
                "What a client must know before login",
                {"200": json_answer(ref("Config"), "configuration")},
                public=True,
            )
        },
        "/healthz": {"get": operation("alive", "Alive", {"200": up}, public=True)},
        "/readyz": {"get": operation("ready", "Ready", {"200": up, "503": up}, public=True)},
        "/metrics": {
            "get": operation(
                "metrics", "Prometheus", {"200": text_answer("text/plain", "figures")}, public=True
            )
        },
        "/openapi.json": {
            "get": operation("openapi", "This document", {"200": document}, public=True)
        },
        "/asyncapi.json": {
            "get": operation("asyncapi", "The socket", {"200": document}, public=True)
        },
    }


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "examroom",
            "version": __version__,
            "description": "One live room per emergency imaging exam. Every act is stored before "
            "anyone sees it. Errors are application/problem+json; `code` is the slug.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"cookie": []}, {"bearer": []}],
        "paths": _sessions()
        | _rooms()
        | reports()
        | loops()
        | devices()
        | openapi_rota.paths()
        | _pictures()
        | _others(),
        "components": {
            "schemas": bodies() | shapes(),
            "responses": {
                "Problem": {
                    "description": "refused",
                    "content": {"application/problem+json": {"schema": problem()}},
                }
            },
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "examroom"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


@cache
def document_json() -> bytes:
    """The same, as bytes."""
    return dumps(document())
