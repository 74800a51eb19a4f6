"""The content hash: the same for the same prescription, another for any other."""

import json
from dataclasses import fields
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.room.commands import ProtocolAmend, ProtocolIssue
from hub.room.events import ProtocolIssued
from hub.room.exam import Protocol
from hub.room.protocol import content_hash, critical_fields, read_back_problem
from hub.wire.bodies import decode_command, encode_event

BODY: dict[str, Any] = {
    "version": 1,
    "modality": "CT",
    "regions": ["tête", "cou"],
    "series": [
        {"n": 1, "name": "sans", "phase": "non-contrast", "kv": 120},
        {"n": 2, "name": "artériel", "phase": "arterial", "delay_s": 20.5},
    ],
    "contrast": {"agent": "iohexol", "volume_ml": 60, "rate_ml_s": 3.5},
}

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
amounts = st.integers(0, 400) | st.floats(0, 400, allow_nan=False)
contrasts = st.fixed_dictionaries(
    {"agent": words},
    optional={"volume_ml": amounts, "rate_ml_s": st.floats(0, 20), "saline_flush_ml": amounts},
)
series = st.lists(
    st.fixed_dictionaries(
        {"n": st.integers(1, 99), "name": words, "phase": words},
        optional={"kv": st.integers(40, 200), "kernel": st.lists(words, max_size=3)},
    ),
    min_size=1,
    max_size=4,
)
bodies = st.fixed_dictionaries(
    {
        "version": st.integers(1, 9),
        "modality": st.sampled_from(["CT", "MR"]),
        "regions": st.lists(words, min_size=1, max_size=3),
        "series": series,
    },
    optional={"contrast": contrasts, "instructions": words, "coverage": words},
)


def issued(body: dict[str, Any]) -> ProtocolIssue:
    """`body` as the wire brings it."""
    command = decode_command("protocol.issue", msgspec.json.encode(body))
    assert isinstance(command, ProtocolIssue)
    return command


def test_the_hash_is_of_the_canonical_json_that_is_written_down() -> None:
    canonical = (
        '{"contrast":{"agent":"iohexol","rate_ml_s":3.5,"route":"iv","volume_ml":60},'
        '"modality":"CT","regions":["tête","cou"],"series":'
        '[{"kv":120,"n":1,"name":"sans","phase":"non-contrast"},'
        '{"delay_s":20.5,"n":2,"name":"artériel","phase":"arterial"}],"version":1}'
    )
    assert content_hash(issued(BODY)) == sha256(canonical.encode()).hexdigest()


@given(bodies)
def test_another_can_compute_it_from_the_event(body: dict[str, Any]) -> None:
    command = issued(body)
    values = {field.name: getattr(command, field.name) for field in fields(Protocol)}
    event = ProtocolIssued(**values, content_hash=content_hash(command))
    sent = json.loads(encode_event(event))
    held = {key: value for key, value in sent.items() if key not in ("content_hash", "alerts")}
    text = json.dumps(_whole(held), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert sent["content_hash"] == sha256(text.encode()).hexdigest()


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_whole(held) for held in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@given(bodies)
def test_the_same_prescription_has_the_same_hash(body: dict[str, Any]) -> None:
    backwards = dict(reversed(body.items()))
    command = decode_command("protocol.amend", msgspec.json.encode({**backwards, "reason": "x"}))
    assert isinstance(command, ProtocolAmend)
    assert content_hash(issued(body)) == content_hash(command)
    assert content_hash(issued({**body, "laterality": "", "overrides": []})) == content_hash(
        command
    )


@given(bodies, bodies)
def test_two_prescriptions_with_one_hash_are_equal(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    first, second = issued(one), issued(two)
    assert (content_hash(first) == content_hash(second)) == (first == second)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"modality": "MR"},
        {"regions": ["cou", "tête"]},
        {"series": BODY["series"][:1]},
        {"contrast": {**BODY["contrast"], "volume_ml": 61}},
        {"contrast": {**BODY["contrast"], "route": "oral"}},
        {"laterality": "droite"},
        {"overrides": [{"rule": "iodine_egfr_below_30", "reason": "vital"}]},
    ],
)
def test_any_change_is_another_hash(change: dict[str, Any]) -> None:
    assert content_hash(issued(BODY)) != content_hash(issued({**BODY, **change}))


@given(bodies)
def test_reading_back_the_critical_fields_is_a_read_back(body: dict[str, Any]) -> None:
    command = issued(body)
    critical = critical_fields(command)
    assert set(critical) == {"regions", "phases"} | ({"contrast"} & set(body))
    assert read_back_problem(command, critical) is None
    over_the_wire = json.loads(json.dumps(critical))
    assert read_back_problem(command, over_the_wire) is None


@given(
    st.dictionaries(
        st.sampled_from(["regions", "phases", "contrast", "volume_ml", "agent", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | words,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_no_read_back_however_odd_breaks_it(read_back: dict[str, Any]) -> None:
    problem = read_back_problem(issued(BODY), read_back)
    assert problem is not None
    assert problem.slug in ("bad_body", "unsafe")


def test_a_protocol_without_contrast_has_none_to_read_back() -> None:
    body = {key: value for key, value in BODY.items() if key != "contrast"}
    assert critical_fields(issued(body)) == {
        "regions": ["tête", "cou"], "phases": ["non-contrast", "arterial"],
    }  # fmt: skip
