"""The bodies of the rota's REST calls, and their shapes for the documents."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from hub.oncall.policy import KINDS, PURPOSES, Policy
from hub.oncall.rota import TIERS, Override, Shift
from hub.room.stages import Urgency
from hub.wire.schema import Schema, array, optional, record

Word = Annotated[str, Meta(max_length=64)]
Label = Annotated[str, Meta(max_length=200)]
MOST = 2000
"""Shifts or overrides in one call."""


class LinePut(Struct):
    """What an on-call line takes; `people` and `sites` are the whole of them."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    sites: Annotated[list[Word], Meta(max_length=500)] = []
    people: Annotated[list[Word], Meta(max_length=2000)] = []
    tier: Word = "local"
    region: Label = ""
    subspecialty: Label = ""
    modality: Annotated[str, Meta(max_length=8)] = ""
    timezone: Word = "Europe/Paris"


class Plans(Struct):
    """Shifts and overrides to add, or to replace under their ids."""

    shifts: Annotated[list[Shift], Meta(max_length=MOST)] = []
    overrides: Annotated[list[Override], Meta(max_length=MOST)] = []


class StatusPut(Struct):
    """What I am: `until` (RFC 3339) is required for `dnd`; `forward` is who is rung instead."""

    state: Annotated[str, Meta(max_length=16)]
    until: Annotated[str, Meta(max_length=40)] = ""
    forward: Word = ""
    device: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,40}$")] = ""


line = msgspec.json.Decoder(LinePut)
plans = msgspec.json.Decoder(Plans)
policy = msgspec.json.Decoder(Policy)
status = msgspec.json.Decoder(StatusPut)


def _text(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, "string")


def shapes() -> dict[str, Schema]:
    """Components: what the rota's calls take and answer."""
    shift = record("A shift, in wall-clock time", **_text("line", "person", "start", "end"))
    override = record("Somebody else, or nobody, for a while", **_text("line", "start", "end"))
    target = record("Whom a step tries", kind={"enum": list(KINDS)})
    step = record("A step", targets=array(optional(target, value="string", order="integer")),
                  wait_s="integer")  # fmt: skip
    strings = {"type": "array", "items": {"type": "string"}}
    return {
        "Shift": optional(
            shift, shift="string", timezone="string", order="integer", note="string"
        ),
        "Override": optional(
            override, order="integer",
            **_text("override", "timezone", "person", "instead_of", "reason", "swap"),
        ),
        "Policy": optional(
            record("An escalation policy", steps=array(optional(step, realert_s="integer"))),
            site="string", urgency={"enum": ["", *(one.value for one in Urgency)]},
            purpose={"enum": list(PURPOSES)}, version="integer", name="string",
        ),
        "Line": record(
            "An on-call line", sites=strings, people=strings, tier={"enum": list(TIERS)},
            planned="boolean",
            **_text("line", "name", "region", "subspecialty", "modality", "timezone"),
        ),
        "OnCall": record(
            "Who is on duty at `at`, by line and order; the nearest tier first", at="string",
            lines=array({"type": "object"}),
        ),
        "Status": record(
            "What somebody is, as far as calling them goes",
            person="string", name="string", state={"enum": list(STATES)}, since="string",
            until="string", forward="string", devices=strings,
        ),
    }  # fmt: skip


DECLARED: tuple[str, ...] = ("online", "reading", "busy", "dnd", "away")
"""What somebody may say of themselves."""
STATES: tuple[str, ...] = (*DECLARED, "unreachable")
