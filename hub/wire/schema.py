"""JSON Schema of the wire, out of the very types that the hub validates with.

msgspec describes the shapes; the bounds written beside each field (`hub.room.limits`) are merged
in, so that what the documents allow is what `check` allows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import msgspec

from hub.room.commands import BY_KIND as COMMANDS
from hub.room.events import BY_KIND as EVENTS
from hub.room.limits import Items, Mark, Number, OneOf, Text, marks_of
from hub.room.report import Draft
from hub.room.room import Room
from hub.wire.errors import FAULTS, PICTURES

REF = "#/components/schemas/{name}"
Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": REF.format(name=name)}


def bodies() -> dict[str, Schema]:
    """Components of every command, every event and the state of a room, with their bounds."""
    roots = [*COMMANDS.values(), *EVENTS.values(), Room, Draft]
    _, components = msgspec.json.schema_components(
        roots, ref_template=REF, schema_hook=lambda _: {"description": "any JSON"}
    )
    for cls in _reachable(roots):
        _bound(components[cls.__name__], cls)
    return components


def struct(cls: type[msgspec.Struct]) -> Schema:
    """A msgspec `Struct` of the wire. Fields of raw JSON are open."""
    config = cls.__struct_config__
    properties: dict[str, Schema] = {}
    required: list[str] = []
    if isinstance(config.tag, str) and config.tag_field:
        properties[config.tag_field] = {"const": config.tag}
        required.append(config.tag_field)
    for field in msgspec.structs.fields(cls):
        if field.type is msgspec.Raw:
            properties[field.encode_name] = {"description": "JSON"}
        else:
            (shape,), _ = msgspec.json.schema_components([field.type])
            properties[field.encode_name] = shape
        if field.required:
            required.append(field.encode_name)
    described = {"description": _first_line(cls)} if cls.__doc__ else {}
    return described | {"type": "object", "properties": properties, "required": required}


def record(description: str, **properties: Schema | str) -> Schema:
    """An object of which every member is always there; a member named by its type alone."""
    shapes = {
        name.rstrip("_"): {"type": shape} if isinstance(shape, str) else shape
        for name, shape in properties.items()
    }
    return {
        "description": description,
        "type": "object",
        "properties": shapes,
        "required": list(shapes),
    }


def optional(schema: Schema, **properties: Schema | str) -> Schema:
    """`schema` with members that may be absent."""
    shapes = {
        name: {"type": shape} if isinstance(shape, str) else shape
        for name, shape in properties.items()
    }
    return schema | {"properties": schema["properties"] | shapes}


def array(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def problem() -> Schema:
    """`application/problem+json` (RFC 9457)."""
    members = record(
        "A refusal (RFC 9457). `code` is the slug, `detail` both sentences, French first.",
        type="string",
        title="string",
        status="integer",
        code={"type": "string", "enum": [*FAULTS, *PICTURES, "internal"]},
        slug="string",
        detail="string",
        fr="string",
        en="string",
        retry="boolean",
    )
    return optional(members, reason="string", retry_after_ms="integer", seq="integer", re="string")


def _first_line(cls: type) -> str:
    return (cls.__doc__ or "").strip().split("\n", 1)[0]


def _reachable(roots: Iterable[type]) -> list[type]:
    found: dict[type, None] = {}
    waiting = list(roots)
    while waiting:
        cls = waiting.pop()
        if cls in found:
            continue
        found[cls] = None
        for hint in get_type_hints(cls).values():
            waiting += [part for part in _parts(hint) if is_dataclass(part)]
    return list(found)


def _parts(hint: Any) -> Iterator[type]:
    inner = get_args(hint)
    if inner:
        for part in inner:
            yield from _parts(part)
    elif isinstance(hint, type):
        yield hint


def _bound(schema: Schema, cls: type) -> None:
    for name, own, inner in marks_of(cls):
        shape = schema["properties"][name]
        for target in _not_null(shape):
            for mark in own:
                target.update(_words(mark, target))
            if inner:
                within = target["items" if "items" in target else "additionalProperties"]
                for mark in inner:
                    within.update(_words(mark, within))
            if target.get("type") == "object" and "$ref" not in target:
                target["propertyNames"] = {"maxLength": 200}


def _not_null(shape: Schema) -> list[Schema]:
    held = shape.get("anyOf", [shape])
    return [one for one in held if one.get("type") != "null"]


def _words(mark: Mark, target: Schema) -> Schema:
    match mark:
        case Text(least, most):
            # the lower bound is counted after trimming: something else than blanks must be there
            return {"maxLength": most} | ({"minLength": least, "pattern": r"\S"} if least else {})
        case Number(least, most):
            return {"minimum": least, "maximum": most}
        case OneOf(allowed):
            return {"enum": list(allowed)}
        case Items(least, most):
            kind = "Properties" if target.get("type") == "object" else "Items"
            return {f"min{kind}": least, f"max{kind}": most}
