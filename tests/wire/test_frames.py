"""Frames without a socket: the alphabet of ids, and what is said of a broken frame."""

import json
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

import pytest

from hub.room import events
from hub.room.exam import Patient
from hub.wire import frames
from hub.wire.bodies import decode_event, encode_event


def test_w5_ids_minted_by_clients_have_one_alphabet() -> None:
    for good in ("a", "A-z_9", "x" * 40):
        frames.decode(json.dumps({"t": "join", "re": good, "room": "r"}).encode())
    for bad in ("", "é", "a b", "a.b", "x" * 41, "a\n", "\na", "a\u2028"):
        with pytest.raises(frames.BadFrame):
            frames.decode(json.dumps({"t": "join", "re": bad, "room": "r"}).encode())


@pytest.mark.parametrize("kind", sorted(events.BY_KIND))
def test_an_event_with_nothing_but_empty_fields_decodes_again(kind: str) -> None:
    cls = events.BY_KIND[kind]
    hints = get_type_hints(cls)
    empty: dict[str, Any] = {}
    for field in fields(cls):
        if field.default is MISSING and field.default_factory is MISSING:
            empty[field.name] = EMPTY[str(getattr(hints[field.name], "__name__", ""))]
    event = cls(**empty)
    assert decode_event(kind, encode_event(event)) == event


EMPTY: dict[str, Any] = {
    "str": "",
    "int": 0,
    "tuple": (),
    "dict": {},
    "Patient": Patient(birth_name=""),
}
