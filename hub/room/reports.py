"""The report: preliminary, signed, added to, delivered, acknowledged.

Each version is sealed whole, with its patient, exam, dose and signer, under a hash over all of it;
a delivery and an acknowledgement name that hash, so what is signed is what is delivered.
"""

import json
from dataclasses import asdict, fields, replace
from hashlib import sha256
from typing import Any

from hub.room import refusals
from hub.room.changes import differences
from hub.room.dose import owed
from hub.room.exam import bare
from hub.room.protocol import canonical
from hub.room.pursuit import unproven
from hub.room.reading import not_the_reader
from hub.room.reading_commands import (
    AddendumSign,
    ReportAcknowledge,
    ReportDeliver,
    ReportIssue,
    ReportSign,
)
from hub.room.reading_events import (
    AddendumSigned,
    ReportAcknowledged,
    ReportDelivered,
    ReportIssued,
    ReportSigned,
)
from hub.room.refusals import Refused
from hub.room.report import Examined, Report, Sealed, Sections
from hub.room.room import Reported, Room
from hub.room.scene import Answer, Scene
from hub.room.statements import communications
from hub.room.times import spelled


def sealed_hash(content: Sealed) -> str:
    """SHA-256, in hex, over the canonical JSON of everything in `content` but the hash itself.

    Canonical as for a protocol (`protocol.content_hash`).
    """
    held = asdict(bare(Sealed, content))
    held.pop("content_hash")
    text = json.dumps(
        canonical(held), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def in_force(room: Room) -> Reported | None:
    """The newest version: the last addendum, or the report."""
    return room.addenda[-1] if room.addenda else room.report


def issue(command: ReportIssue, scene: Scene) -> Answer:
    """A preliminary report, labelled as such."""
    content = _written(command, scene, "preliminary")
    return content if isinstance(content, Refused) else (ReportIssued(**_fields(content)),)


def sign(command: ReportSign, scene: Scene) -> Answer:
    """The final report, and its delivery to the requester in the same breath."""
    content = _written(command, scene, "final")
    if isinstance(content, Refused):
        return content
    return (ReportSigned(**_fields(content)), *_delivered(scene.room, content))


def _written(command: ReportIssue | ReportSign, scene: Scene, status: str) -> Sealed | Refused:
    room = scene.room
    if problem := not_the_reader(command, scene) or _numbered(command.version, room):
        return problem
    report = bare(Report, command)
    if not report.sections.conclusion.strip():
        return refusals.body(
            "sections.conclusion",
            "Un compte rendu a une conclusion : écrivez-la, même brève.",
            "A report has a conclusion: write one, however short.",
        )
    told = report.sections.dose.strip() or report.no_dose_reason.strip()
    if status == "final" and owed(room) and not told:
        return refusals.body(
            "no_dose_reason",
            "La dose manque au compte rendu : saisissez-la, ou dites pourquoi elle est inconnue.",
            "The dose is missing from the report: record it, or say why it is not known.",
        )
    before = room.report
    changed = differences(Sections, before.content.sections, report.sections) if before else ()
    return _seal(
        Sealed(
            version=len(room.report_versions) + 1,
            status=status,
            lang=report.lang,
            template=report.template,
            sections=report.sections,
            no_dose_reason=report.no_dose_reason,
            of_version=before.content.version if before else 0,
            of_hash=before.content.content_hash if before else "",
            changed=changed,
        ),
        scene,
    )


def append(command: AddendumSign, scene: Scene) -> Answer:
    """Adds to the signed report; it has to be acknowledged again."""
    room = scene.room
    if room.report is None:
        return refusals.conflict(
            "Il n'y a pas encore de compte rendu signé dans cette salle : signez-le d'abord.",
            "There is no signed report in this room yet: sign it first.",
        )
    if problem := _numbered(command.version, room):
        return problem
    base = room.report.content
    content = _seal(
        Sealed(
            version=len(room.report_versions) + 1,
            status="addendum",
            lang=command.lang,
            addendum=command.text,
            reason=command.reason,
            of_version=base.version,
            of_hash=base.content_hash,
        ),
        scene,
    )
    return (AddendumSigned(**_fields(content)), *_delivered(room, content))


def _numbered(version: int | None, room: Room) -> Refused | None:
    expected = len(room.report_versions) + 1
    if version in (None, expected):
        return None
    return refusals.report_version_expected(expected, room.seq)


def _seal(content: Sealed, scene: Scene) -> Sealed:
    room, by = scene.room, scene.by
    given = [one.given for one in room.contrast]
    if room.acquisition and room.acquisition.outcome:
        given += [one for one in room.acquisition.outcome.contrast_given if one not in given]
    whole = replace(
        content,
        signer=by.person,
        signer_name=by.name,
        signer_role=by.role.value,
        signed_at=spelled(scene.now),
        patient=room.request.patient if room.request else None,
        exam=examined(room),
        contrast_given=tuple(given),
        dose=room.dose.dose if room.dose else None,
        communications=communications(room),
    )
    return replace(whole, content_hash=sealed_hash(whole))


def examined(room: Room) -> Examined:
    """What was examined, as the room tells it now."""
    request, protocol = room.request, room.protocol.protocol if room.protocol else None
    done = room.acquisition
    wanted = request.modality_wanted if request else ""
    return Examined(
        modality=protocol.modality if protocol else wanted,
        regions=protocol.regions if protocol else request.region if request else (),
        site=room.site,
        question=request.clinical_question if request else "",
        requested_at=room.requested.at if room.requested else "",
        requester=room.requested.name if room.requested else "",
        acquired_at=done.started.at if done and done.started else "",
        technologist=done.started.name if done and done.started else "",
        device=done.scanner if done else "",
    )


def _fields(content: Sealed) -> dict[str, Any]:
    return {field.name: getattr(content, field.name) for field in fields(Sealed)}


def _delivered(room: Room, content: Sealed) -> tuple[ReportDelivered, ...]:
    asked = room.attending or room.requested
    if asked is None:
        return ()
    return (
        ReportDelivered(
            version=content.version,
            content_hash=content.content_hash,
            channel="room",
            to=asked.person,
            name=asked.name,
        ),
    )


def deliver(command: ReportDeliver, scene: Scene) -> Answer:
    """Another way that a version went, told by a person."""
    room = scene.room
    newest = in_force(room)
    wanted = command.version or (newest.content.version if newest else 0)
    held = next((one for one in room.report_versions if one.version == wanted), None)
    if held is None:
        return refusals.body(
            "version",
            "Cette version du compte rendu n'existe pas : choisissez-en une de la liste.",
            "There is no such version of the report: choose one of the list.",
        )
    return (
        ReportDelivered(
            version=held.version,
            content_hash=held.content_hash,
            channel=command.channel,
            to=command.to,
            note=command.note,
        ),
    )


def acknowledge(command: ReportAcknowledge, scene: Scene) -> Answer:
    """Received: the version in force, by number and hash where they are named."""
    room = scene.room
    newest = in_force(room)
    if newest is None:
        return refusals.no_report()
    if unproven(room):
        return refusals.critical_unproven()
    content = newest.content
    named = command.content_hash.strip().lower()
    if command.version not in (None, content.version) or named not in ("", content.content_hash):
        return refusals.report_stale(room.seq)
    return (
        ReportAcknowledged(
            version=content.version, content_hash=content.content_hash, action=command.action
        ),
    )
