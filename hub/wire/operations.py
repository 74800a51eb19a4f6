"""Pieces of the OpenAPI document: an operation, its answers and its parameters."""

from typing import Any

from hub.wire.schema import Schema

Operation = dict[str, Any]


def json_answer(schema: Schema, text: str) -> Operation:
    """An answer of JSON."""
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def text_answer(media: str, text: str) -> Operation:
    """An answer of another kind."""
    return {"description": text, "content": {media: {"schema": {"type": "string"}}}}


def operation(
    name: str,
    summary: str,
    answers: dict[str, Operation],
    *,
    query: list[Operation] | None = None,
    body: Schema | None = None,
    media: str = "application/json",
    public: bool = False,
) -> Operation:
    """An operation; what it refuses is a problem like any other."""
    described: Operation = {
        "operationId": name,
        "summary": summary,
        "responses": answers | {"default": {"$ref": "#/components/responses/Problem"}},
    }
    if query:
        described["parameters"] = query
    if body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {media: {"schema": body}},
        }
    if public:
        described["security"] = []
    return described


def parameter(name: str, schema: Schema, text: str) -> Operation:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, "description": text}


ROOM = {
    "name": "room",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
}


def limit(most: int) -> Operation:
    """How many at most."""
    return parameter("limit", {"type": "integer", "minimum": 0, "maximum": most}, "at most so many")
