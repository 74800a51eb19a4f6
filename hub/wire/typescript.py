"""The wire in TypeScript: interfaces and defaults walked out of the server's own types.

`python -m hub.wire.typescript` writes them into the web client, `--check` says whether the file
there is what would be written. A class is written twice where it needs to be: `Name` as it stands
in a room's state (every field there), `NameBody` as it travels in a body (what is empty left out).
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import EnumType, StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hub.room import commands, events
from hub.room.exam import ContrastGiven, ImageRef, Protocol, Request
from hub.room.limits import Items, Number, OneOf, Text
from hub.room.report import DoseBlock, Sealed
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.stages import Stage, Urgency

OUT = Path(__file__).parents[2] / "clients" / "web" / "src" / "generated" / "wire.ts"
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}
_HEAD = "// Written by `python -m hub.wire.typescript` from the types of the server. Do not edit.\n"


def _alternatives(hint: Any) -> list[Any]:
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        return list(get_args(hint))
    return [hint]


def _ts(hint: Any, body: bool) -> str:
    """The TypeScript type of a Python hint."""
    return " | ".join(dict.fromkeys(_one(part, body) for part in _alternatives(hint)))


def _one(hint: Any, body: bool) -> str:
    if get_origin(hint) is Annotated:
        base, *marks = get_args(hint)
        for mark in marks:
            if isinstance(mark, OneOf):
                return " | ".join(json.dumps(word) for word in mark.allowed)
        return _ts(base, body)
    if get_origin(hint) in (tuple, list):
        inner = _ts(get_args(hint)[0], body)
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if get_origin(hint) is dict:
        return f"Record<string, {_ts(get_args(hint)[1], body)}>"
    if isinstance(hint, EnumType):
        return hint.__name__
    if isinstance(hint, type) and is_dataclass(hint):
        return f"{hint.__name__}Body" if body else hint.__name__
    return _PLAIN.get(hint, "unknown")


def _optional(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _interface(cls: type[Any], body: bool) -> Iterator[str]:
    hints = get_type_hints(cls, include_extras=True)
    yield f"export interface {cls.__name__}{'Body' if body else ''} {{"
    for field in fields(cls):
        mark = "?" if body and _optional(field) else ""
        yield f"  {field.name}{mark}: {_ts(hints[field.name], body)};"
    yield "}"


def _classes_in(hint: Any) -> Iterator[type[Any]]:
    for part in _alternatives(hint):
        if get_origin(part) is Annotated:
            yield from _classes_in(get_args(part)[0])
        elif get_origin(part) in (tuple, list, dict):
            for inner in get_args(part):
                yield from _classes_in(inner)
        elif isinstance(part, type) and is_dataclass(part):
            yield part


def _reach(roots: Iterable[type[Any]]) -> list[type[Any]]:
    """`roots` and every dataclass that they hold, what is held first."""
    found: dict[type[Any], None] = {}

    def visit(cls: type[Any]) -> None:
        if cls in found:
            return
        for hint in get_type_hints(cls, include_extras=True).values():
            for inner in _classes_in(hint):
                visit(inner)
        found[cls] = None

    for root in roots:
        visit(root)
    return list(found)


def _default(field: Field[Any], hint: Any) -> Any:
    """What stands in a state where a body says nothing: JSON, or `{"$": class}` for an object."""
    if field.default is not MISSING:
        return list(field.default) if isinstance(field.default, tuple) else field.default
    held = next(_classes_in(hint), None)
    if field.default_factory is not MISSING:
        made = field.default_factory()
        return {"$": held.__name__} if held is not None and is_dataclass(made) else made
    kinds = [get_origin(part) or part for part in _alternatives(_bare(hint))]
    if tuple in kinds:
        return []
    return {} if dict in kinds else "" if str in kinds else None


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _shape(cls: type[Any]) -> dict[str, Any]:
    """field -> default, or [default, class held] where a dataclass stands in it."""
    hints = get_type_hints(cls, include_extras=True)
    shape: dict[str, Any] = {}
    for field in fields(cls):
        hint = hints[field.name]
        held = next(_classes_in(hint), None)
        default = _default(field, hint)
        shape[field.name] = {"is": default} | ({"of": held.__name__} if held else {})
    return shape


def _bound(mark: Any) -> list[float] | None:
    if isinstance(mark, Text | Items | Number):
        return [mark.least, mark.most]
    return None


def _limits(cls: type[Any]) -> dict[str, list[float]]:
    """field -> [least, most], of its length, its number of entries or its value."""
    found: dict[str, list[float]] = {}
    for name, hint in get_type_hints(cls, include_extras=True).items():
        for part in _alternatives(hint):
            if get_origin(part) is Annotated:
                for mark in get_args(part)[1:]:
                    if bound := _bound(mark):
                        found[name] = bound
    return found


def _words(name: str, enum: type[StrEnum]) -> str:
    return f"export type {name} = {' | '.join(json.dumps(word.value) for word in enum)};"


def _map(name: str, table: dict[str, type[Any]]) -> Iterator[str]:
    yield f"export interface {name} {{"
    for kind, cls in table.items():
        yield f"  {json.dumps(kind)}: {cls.__name__}Body;"
    yield "}"


def render() -> str:
    """The whole file."""
    lines = [_HEAD, _words("Role", Role), _words("Stage", Stage), _words("Urgency", Urgency), ""]
    for cls in _reach([Room]):
        lines += [*_interface(cls, body=False), ""]
    values = (Request, Protocol, ImageRef, ContrastGiven, DoseBlock, Sealed)
    for cls in _reach([*commands.ROOM_COMMANDS, *events.ROOM_EVENTS, *values]):
        lines += [*_interface(cls, body=True), ""]
    lines += [*_map("CommandBodies", commands.BY_KIND), ""]
    lines += [*_map("EventBodies", events.BY_KIND), ""]
    lines += ["export type CommandKind = keyof CommandBodies;"]
    lines += ["export type EventKind = keyof EventBodies;", ""]
    folded = _reach([*events.ROOM_EVENTS, *values])
    shapes = {cls.__name__: _shape(cls) for cls in folded}
    # a room is only ever made empty: nothing in it is restored from a body
    shapes["Room"] = {name: {"is": held["is"]} for name, held in _shape(Room).items()}
    kinds = {kind: cls.__name__ for kind, cls in events.BY_KIND.items()}
    lines += ["/** What stands in a field where a body says nothing: the pruning undone. */"]
    lines += ["export type Shape = Record<string, { is: unknown; of?: string }>;"]
    lines += [f"export const SHAPES: Record<string, Shape> = {_json(shapes)};"]
    lines += [f"export const EVENT_CLASS: Record<string, string> = {_json(kinds)};", ""]
    bounds = {cls.__name__: _limits(cls) for cls in _reach(commands.ROOM_COMMANDS)}
    bounds = {name: held for name, held in bounds.items() if held}
    lines += ["/** Least and most: length of a text, entries of a list, or value of a number. */"]
    lines += [f"export const LIMITS = {_json(bounds)} as const;", ""]
    return "\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main(argv: list[str] | None = None) -> int:
    """Write the file, or with `--check` answer 1 where it has drifted."""
    parser = argparse.ArgumentParser(prog="python -m hub.wire.typescript")
    parser.add_argument("--check", action="store_true", help="change nothing, fail on drift")
    asked = parser.parse_args(argv)
    text = render()
    if asked.check:
        if OUT.exists() and OUT.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(f"{OUT.name} is not what the server's types say: run `npm run types`\n")
        return 1
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
