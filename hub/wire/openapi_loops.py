"""The part of the OpenAPI document about handovers and the figures of reviews."""

from hub.room.loops import Loop
from hub.wire import rest
from hub.wire.operations import Operation, json_answer, operation, parameter
from hub.wire.schema import Schema, array, optional, record, ref, struct

_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}


def loops() -> dict[str, Operation]:
    """Paths and their operations."""
    person = record("Somebody", person="string", name="string")
    held = array(ref(Loop.__name__))
    mine = record("A room with what I answer for", room="string", row=ref("Row"), loops=held)
    offer = record(
        "A handover that waits for its answer", room="string", row=ref("Row"), handover="integer",
        to=person, offered_at="string", until="string", note="string", loops=held,
    )  # fmt: skip
    offer["properties"]["from"] = person
    offer["required"].append("from")
    result = optional(
        record("What a room said", room="string", ok="boolean"),
        seq="integer", status="integer", code="string", fr="string", en="string",
        retry="boolean", retry_after_ms="integer",
    )  # fmt: skip
    listed = record("Handovers", mine=array(mine), to_me=array(offer), by_me=array(offer))
    done = record("Room by room", results=array(result), done="integer", failed="integer")
    act = {
        "name": "act",
        "in": "path",
        "required": True,
        "schema": {"enum": ["offer", "accept", "decline", "withdraw"]},
    }
    return {
        "/api/v1/handover": {
            "get": operation(
                "handovers",
                "What is mine and open, offered to me and by me",
                {"200": json_answer(listed, "lists")},
            )
        },
        "/api/v1/handover/{act}": {
            "parameters": [act],
            "post": operation(
                "handOver",
                "Offer, accept, decline or withdraw, in some rooms or in all",
                {"200": json_answer(done, "done, or refused, room by room")},
                body=struct(rest.Relief),
            ),
        },
        "/api/v1/reviews": {
            "get": operation(
                "reviewFigures",
                "Reviews of signed reports, counted; small groups are told together or not at all",
                {"200": json_answer(_figures(), "counts")},
                query=[
                    parameter("from", _DAY, "requested from this day; absent: a year ago"),
                    parameter("to", _DAY, "requested before this day; absent: tomorrow"),
                ],
            )
        },
    }


def _figures() -> Schema:
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    told = record("Counts", n="integer", grades=counts, impacts=counts)
    group = record(
        "Counts of a group; an empty site: the small ones together",
        site="string", modality="string", n="integer", grades=counts, impacts=counts,
    )  # fmt: skip
    figures = record("Counts", to="string", least="integer", total=told, groups=array(group))
    figures["properties"]["from"] = {"type": "string"}
    figures["required"].append("from")
    return figures
