"""Bounds stand beside the fields, and every body of a command keeps its own."""

from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import msgspec
import pytest

from hub.room import exam
from hub.room.commands import BY_KIND, Command, MessagePost
from hub.room.limits import BadBody, Items, Number, OneOf, Text, check, marks_of
from hub.wire.bodies import UnknownKind, decode_command
from tests.room.cast import CTA, REQUEST, Body


def decode(kind: str, body: Body) -> Command:
    """`body` as the wire would bring it."""
    return decode_command(kind, msgspec.json.encode(body))


@pytest.mark.parametrize(
    ("mark", "good", "bad"),
    [
        (Text(1, 3), "abc", "abcd"),
        (Text(1, 3), "a", "  "),
        (Text(0, 3), "", "abcd"),
        (Number(1, 5), 5, 5.1),
        (Number(1, 5), 1, 0),
        (Number(0, 5), 0, float("inf")),
        (Items(1, 2), ("a",), ()),
        (Items(1, 2), {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}),
        (OneOf(("yes", "no")), "yes", "perhaps"),
    ],
)
def test_a_mark_says_what_is_wrong_and_only_that(mark: Any, good: Any, bad: Any) -> None:
    assert mark.problem(good) is None
    assert mark.problem(bad)
    assert mark.problem(None) is None


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("message.post", {"text": "x" * 8001}, "text"),
        ("message.post", {"text": " \n "}, "text"),
        ("message.post", {}, "body"),
        ("message.post", {"text": 7}, "text"),
        ("message.post", {"text": "x", "in_reply_to": 0}, "in_reply_to"),
        ("request.submit", {**REQUEST, "urgency": "P4"}, "urgency"),
        ("request.submit", {**REQUEST, "region": []}, "region"),
        ("request.submit", {**REQUEST, "region": ["x" * 201]}, "region[1]"),
        ("request.submit", {**REQUEST, "patient": {"birth_name": ""}}, "patient.birth_name"),
        ("request.submit", {**REQUEST, "labs": {"egfr": -1}}, "labs.egfr"),
        (
            "request.submit",
            {**REQUEST, "contraindications": {"pregnancy": "perhaps"}},
            "contraindications.pregnancy",
        ),
        ("protocol.issue", {**CTA, "version": 0}, "version"),
        (
            "protocol.issue",
            {**CTA, "version": 1, "series": [{"n": 1, "name": "a", "phase": "b", "kv": 900}]},
            "series[1].kv",
        ),
        ("protocol.issue", {**CTA, "version": 1, "contrast": {"agent": ""}}, "contrast.agent"),
        (
            "protocol.acknowledge",
            {"version": 1, "content_hash": "0", "read_back": {}},
            "read_back",
        ),
        (
            "protocol.acknowledge",
            {"version": 1, "content_hash": "0", "read_back": {"x" * 201: 1}},
            "read_back",
        ),
        ("checklist.complete", {"items": [{"code": "a", "answer": "fine"}]}, "items[1].answer"),
    ],
)
def test_a_body_out_of_bounds_names_its_field_and_never_its_value(
    kind: str, body: Body, field: str
) -> None:
    with pytest.raises(BadBody) as problem:
        decode(kind, body)
    assert problem.value.field.startswith(field)
    assert "TEST-" not in str(problem.value)


def test_a_kind_that_is_none() -> None:
    with pytest.raises(UnknownKind):
        decode("room.explode", {})


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_text_of_every_command_is_bounded(kind: str) -> None:
    unbounded = []
    for name, own, inner in marks_of(BY_KIND[kind]):
        field = next(one for one in fields(BY_KIND[kind]) if one.name == name)
        if "str" in str(field.type) and not own and not inner:
            unbounded.append(name)
    assert unbounded == []


def test_what_is_required_is_never_empty() -> None:
    values = [one for one in vars(exam).values() if is_dataclass(one) and isinstance(one, type)]
    loose = []
    for cls in [*BY_KIND.values(), *values]:
        for name, own, _ in marks_of(cls):
            field = next(one for one in fields(cls) if one.name == name)
            required = field.default is MISSING and field.default_factory is MISSING
            if required and any(isinstance(mark, Text) and mark.least == 0 for mark in own):
                loose.append(f"{cls.__name__}.{name}")
    assert loose == []


def test_the_longest_message_passes() -> None:
    command = decode("message.post", {"text": "x" * 8000, "unknown_field": True})
    assert isinstance(command, MessagePost)
    check(command)
