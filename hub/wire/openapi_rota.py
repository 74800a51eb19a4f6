"""The OpenAPI paths of the rota, of on-call, and of who can be reached."""

from typing import Any

from hub.oncall.policy import PURPOSES
from hub.room.stages import Urgency
from hub.wire import rota
from hub.wire.operations import Operation, json_answer, operation, parameter
from hub.wire.schema import array, record, ref, struct

_WORD = {"type": "string", "maxLength": 64}
_TIME = {"type": "string", "maxLength": 40}
_AT = parameter("at", _TIME, "RFC 3339; absent: now")
_FROM = parameter("from", _TIME, "RFC 3339; absent: now")
_TO = parameter("to", _TIME, "RFC 3339; absent: 14 days on, at most 200")
_SITE = parameter("site", _WORD, "this site only")
_FORMAT = parameter("format", {"enum": ["csv", "ics"]}, "absent: csv")
_DONE = {"204": {"description": "done"}}
_ANY: dict[str, Any] = {"type": "object"}


_STATUS = json_answer(ref("Status"), "what I am")


def _named(name: str) -> Operation:
    return {"name": name, "in": "path", "required": True, "schema": _WORD | {"minLength": 1}}


def _file(text: str) -> Operation:
    media = ("text/csv", "text/calendar")
    return {
        "description": text,
        "content": {one: {"schema": {"type": "string"}} for one in media},
    }


def paths() -> dict[str, Operation]:
    """Every path, with its operations."""
    strings = array({"type": "string"})
    ids = record("The ids, in order", shifts=strings, overrides=strings)
    plan = record(
        "The plan", from_="string", to="string", lines=array(ref("Line")),
        shifts=array(ref("Shift")), overrides=array(ref("Override")), faults=array(_ANY),
        people="object",
    )  # fmt: skip
    plans = record("What to plan") | {
        "properties": {"shifts": array(ref("Shift")), "overrides": array(ref("Override"))}
    }
    simulated = record(
        "What would be rung, and when", site="string", urgency="string", at="string",
        policy="string", phone="string", timezone="string", lines=strings, moments=array(_ANY),
    )  # fmt: skip
    people = record("Who is there, or says anything", people=array(ref("Status")))
    return {
        "/api/v1/me/status": {
            "get": operation("myStatus", "What I say of myself", {"200": _STATUS}),
            "put": operation(
                "putStatus", "Online, reading, busy, not to be disturbed, away", {"200": _STATUS},
                body=struct(rota.StatusPut),
            ),
        },
        "/api/v1/presence": {
            "get": operation(
                "presence", "Who is there, on what device, and who is not to be rung",
                {"200": json_answer(people, "people")},
            )
        },
        "/api/v1/on-call": {
            "get": operation(
                "onCall", "Who is on duty, by line and order",
                {"200": json_answer(ref("OnCall"), "on duty")}, query=[_AT, _SITE],
            )
        },
        "/api/v1/rota": {
            "get": operation(
                "rota", "The plan and its faults: gaps, double bookings, lines nobody planned",
                {"200": json_answer(plan, "the plan")}, query=[_FROM, _TO],
            ),
            "post": operation(
                "plan", "Add shifts and overrides: coordinators and administrators of the site",
                {"201": json_answer(ids, "planned")}, body=plans,
            ),
        },
        "/api/v1/rota/entries/{id}": {
            "parameters": [_named("id")],
            "delete": operation("unplan", "Take a shift or an override away", _DONE),
        },
        "/api/v1/rota/lines/{line}": {
            "parameters": [_named("line")],
            "put": operation(
                "putLine", "What a line takes, and who is on it", _DONE, body=struct(rota.LinePut)
            ),
        },
        "/api/v1/rota/changes": {
            "get": operation(
                "rotaChanges", "Who changed what",
                {"200": json_answer(record("Changes", changes=array(_ANY)), "changes")},
                query=[parameter("line", _WORD, "this line only")],
            )
        },
        "/api/v1/rota/policies": {
            "get": operation(
                "policies", "The escalation policies in force at a site",
                {"200": json_answer(record("Policies", policies=array(ref("Policy"))), "in force")},
                query=[_SITE],
            ),
            "put": operation(
                "putPolicy", "A site's own policy for an urgency and a purpose",
                {"200": json_answer(record("Kept", version="integer"), "kept")},
                body=ref("Policy"),
            ),
        },
        "/api/v1/rota/simulation": {
            "get": operation(
                "simulate", "What a policy would do, step by step, if nobody answered",
                {"200": json_answer(simulated, "what would happen")},
                query=[
                    _AT, _SITE,
                    parameter("urgency", {"enum": [one.value for one in Urgency]}, "absent: P1"),
                    parameter("purpose", {"enum": list(PURPOSES)}, "absent: case"),
                    parameter("modality", {"type": "string", "maxLength": 8}, "CT, MR …"),
                ],
            )
        },
        "/api/v1/rota/export": {
            "get": operation(
                "exportRota", "The plan as a file", {"200": _file("the plan")},
                query=[_FORMAT, _FROM, _TO],
            )
        },
        "/api/v1/rota/import": {
            "post": operation(
                "importRota", "A file into the plan",
                {"201": json_answer(ids, "planned")},
                body={"type": "string"}, media="text/csv",
                query=[
                    _FORMAT,
                    parameter("line", _WORD, "the line of a calendar that names none"),
                    parameter("timezone", _WORD, "IANA name, where the file names none"),
                ],
            )
        },
    }  # fmt: skip
