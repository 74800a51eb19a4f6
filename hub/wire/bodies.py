"""Bodies of commands and events, between JSON and the dataclasses of the domain.

A command's body is decoded and its bounds checked in one go. An event's body is encoded once, with
what is empty left out; these bytes are stored, hashed and sent (house law 6).
"""

from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import msgspec

from hub.room import commands, events
from hub.room.commands import Command
from hub.room.events import Event, MessagePosted
from hub.room.limits import BadBody, check
from hub.room.room import Room

_COMMANDS = {kind: msgspec.json.Decoder(cls) for kind, cls in commands.BY_KIND.items()}
_EVENTS = {kind: msgspec.json.Decoder(cls) for kind, cls in events.BY_KIND.items()}
_ROOM = msgspec.json.Decoder(Room)
_encode = msgspec.json.Encoder().encode
_EMPTY: tuple[Any, ...] = (None, "", (), [], {})


class UnknownKind(ValueError):
    """No command or event has this kind."""


def decode_command(kind: str, body: bytes | msgspec.Raw) -> Command:
    """The command of a `pub`. Raises `UnknownKind`, or `BadBody` naming the field."""
    decoder = _COMMANDS.get(kind)
    if decoder is None:
        raise UnknownKind(kind)
    try:
        command = decoder.decode(body)
    except msgspec.ValidationError as problem:
        raise _located(problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadBody("body", "not a JSON object") from None
    check(command)
    return command


def _located(problem: msgspec.ValidationError) -> BadBody:
    text, _, path = str(problem).partition(" - at `$")
    field = path.rstrip("`").lstrip(".") or "body"
    # msgspec quotes the offending value for enums only; nothing of ours is an enum in a body
    return BadBody(field, text)


def encode_command(command: Command) -> bytes:
    """Canonical bytes of what was asked: the same for every spelling of the same JSON."""
    return _encode(command)


def encode_event(event: Event) -> bytes:
    """The body of an `evt`, as stored, hashed and sent."""
    if type(event) is MessagePosted:  # the one kind that comes by the thousand
        body: dict[str, Any] = {"text": event.text}
        if event.lang:
            body["lang"] = event.lang
        if event.in_reply_to is not None:
            body["in_reply_to"] = event.in_reply_to
        return _encode(body)
    return _encode(told(event))


def decode_event(kind: str, body: bytes) -> Event:
    """The event of a stored body. Raises `UnknownKind` for a kind this version does not know."""
    decoder = _EVENTS.get(kind)
    if decoder is None:
        raise UnknownKind(kind)
    return decoder.decode(body)


def encode_room(room: Room) -> bytes:
    """`joined.state`."""
    return _encode(room)


def decode_room(state: bytes) -> Room:
    """A state saved by `encode_room`."""
    return _ROOM.decode(state)


def told(value: Any) -> Any:
    """`value` as JSON has it: a dataclass without the fields that are empty by default.

    What has no default is always told, even empty, so that every body decodes again; a default
    that says something (`sex: "U"`) is told too, so that no reader has to know it.
    """
    if is_dataclass(value):
        body = {}
        for name, usual in _plan(type(value)):
            held = getattr(value, name)
            said = told(held)
            if held != usual or said not in _EMPTY:
                body[name] = said
        return body
    if isinstance(value, list | tuple):
        return [told(held) for held in value]
    return value


_PLANS: dict[type, tuple[tuple[str, Any], ...]] = {}
"""Fields of each class with their defaults; `MISSING` equals nothing that a body can hold."""


def _plan(cls: type) -> tuple[tuple[str, Any], ...]:
    plan = _PLANS.get(cls)
    if plan is None:
        plan = _PLANS[cls] = tuple(
            (f.name, f.default if f.default_factory is MISSING else f.default_factory())
            for f in fields(cls)
        )
    return plan
