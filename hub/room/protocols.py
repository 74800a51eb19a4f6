"""Justification, and the protocol: issued, amended, queried, answered, read back."""

from dataclasses import fields
from typing import Any

from hub.room import refusals
from hub.room.changes import differences
from hub.room.commands import (
    JustificationDecide,
    ProtocolAcknowledge,
    ProtocolAmend,
    ProtocolAnswer,
    ProtocolIssue,
    ProtocolQuery,
)
from hub.room.events import (
    Alert,
    JustificationDecided,
    ProtocolAcknowledged,
    ProtocolAmended,
    ProtocolAnswered,
    ProtocolIssued,
    ProtocolQueried,
)
from hub.room.exam import Protocol, bare
from hub.room.limits import MOST_OPEN
from hub.room.protocol import content_hash, read_back_problem
from hub.room.refusals import Refused
from hub.room.roles import Role
from hub.room.safety import not_overridden, spoken
from hub.room.scene import Answer, Scene


def justify(command: JustificationDecide, scene: Scene) -> Answer:
    """Accepts the exam, replaces it by another modality, or refuses it: by the one who has it, or
    by a regulator."""
    owner, by = scene.room.owner, scene.by
    if owner is not None and owner.person != by.person and by.role is not Role.REGULATOR:
        return refusals.already_claimed(owner.name)
    return (
        JustificationDecided(
            decision=command.decision,
            reason=command.reason,
            reason_code=command.reason_code,
            guideline=command.guideline,
            substitute_modality=command.substitute_modality,
        ),
    )


def _weighed(protocol: Protocol, scene: Scene) -> tuple[Alert, ...] | Refused:
    """The alerts that go with `protocol`, or the refusal of the first that is not set aside."""
    room = scene.room
    if problem := _numbered_twice(protocol):
        return problem
    in_force = room.protocol.protocol.version if room.protocol else 0
    if protocol.version != in_force + 1:
        return refusals.version_expected(in_force + 1, room.seq)
    if room.request is None:
        return ()
    alerts = spoken(room.request, protocol, scene.now)
    return not_overridden(alerts, protocol.overrides) or alerts


def _numbered_twice(protocol: Protocol) -> Refused | None:
    """People call a series by its number; `series_done` does too."""
    numbers = [series.n for series in protocol.series]
    for place, n in enumerate(numbers):
        if n in numbers[:place]:
            return refusals.body(
                f"series[{place + 1}].n",
                "Deux séries portent le même numéro : donnez à chacune le sien.",
                "Two series have the same number: give each its own.",
            )
    return None


def issue(command: ProtocolIssue, scene: Scene) -> Answer:
    """The first version."""
    protocol = bare(Protocol, command)
    alerts = _weighed(protocol, scene)
    if isinstance(alerts, Refused):
        return alerts
    return (
        ProtocolIssued(**_fields(protocol), content_hash=content_hash(protocol), alerts=alerts),
    )


def amend(command: ProtocolAmend, scene: Scene) -> Answer:
    """The next version: what was read back and checked is void."""
    protocol = bare(Protocol, command)
    alerts = _weighed(protocol, scene)
    if isinstance(alerts, Refused):
        return alerts
    before = scene.room.protocol.protocol if scene.room.protocol else protocol
    changed = tuple(one for one in differences(Protocol, before, protocol) if one != "version")
    return (
        ProtocolAmended(
            **_fields(protocol),
            content_hash=content_hash(protocol),
            alerts=alerts,
            reason=command.reason,
            changed=changed,
        ),
    )


def _fields(protocol: Protocol) -> dict[str, Any]:
    return {field.name: getattr(protocol, field.name) for field in fields(Protocol)}


def query(command: ProtocolQuery, scene: Scene) -> Answer:
    """A question, or another value proposed, for the radiologist to answer."""
    if sum(one.answered is None for one in scene.room.queries) >= MOST_OPEN:
        return refusals.too_many_open("questions sur le protocole", "queries on the protocol")
    return (ProtocolQueried(reason=command.reason, field=command.field, proposed=command.proposed),)


def answer(command: ProtocolAnswer, scene: Scene) -> Answer:
    """Answers an open query, the latest where none is named."""
    unanswered = [one.asked.seq for one in scene.room.queries if one.answered is None]
    seq = command.query_seq or (unanswered[-1] if unanswered else 0)
    if seq not in unanswered:
        return refusals.conflict(
            "Cette question sur le protocole n'est pas ou plus ouverte : "
            "écrivez un message, ou modifiez le protocole.",
            "That query is not open, or no longer: post a message, or amend the protocol.",
        )
    return (ProtocolAnswered(answer=command.answer, query_seq=seq, accepted=command.accepted),)


def acknowledge(command: ProtocolAcknowledge, scene: Scene) -> Answer:
    """Read back: the version in force, by number and hash, and its critical fields."""
    held = scene.room.protocol
    if (
        held is None
        or command.version != held.protocol.version
        or command.content_hash.strip().lower() != held.content_hash
    ):
        return refusals.stale(scene.room.seq)
    if any(query.answered is None for query in scene.room.queries):
        return refusals.query_open()
    if problem := read_back_problem(held.protocol, command.read_back):
        return problem
    return (
        ProtocolAcknowledged(
            version=command.version,
            content_hash=held.content_hash,
            read_back=command.read_back,
            scanner=command.scanner,
            eta_min=command.eta_min,
        ),
    )
