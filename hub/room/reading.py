"""From the scanner's end to the signed report: what was given, images sent, who reads, who signs.

One reader at a time. The reading is a lease that anybody who may read can take over at once with a
reason: a reader who is gone never keeps a patient waiting, and who lost it is told by the event.
"""

from hub.room import refusals
from hub.room.commands import Command
from hub.room.events import IncidentOpened
from hub.room.exam import ContrastGiven, bare
from hub.room.reading_commands import (
    ContrastRecord,
    ImagesDeclare,
    PatientRelease,
    ReactionReport,
    ReadingStart,
    ReadingStop,
)
from hub.room.reading_events import (
    ContrastRecorded,
    ImagesDeclared,
    PatientReleased,
    ReactionReported,
    ReadingStarted,
    ReadingStopped,
)
from hub.room.refusals import Refused
from hub.room.roles import Role
from hub.room.scene import Answer, Scene


def record_contrast(command: ContrastRecord, scene: Scene) -> Answer:
    """What was injected (CSP R6316-4, 2°)."""
    given = bare(ContrastGiven, command)
    return (
        ContrastRecorded(
            agent=given.agent,
            lot=given.lot,
            volume_ml=given.volume_ml,
            rate_ml_s=given.rate_ml_s,
            route=given.route,
            at=given.at,
        ),
    )


def report_reaction(command: ReactionReport, scene: Scene) -> Answer:
    """A reaction, and the incident that it is."""
    return (
        ReactionReported(
            text=command.text,
            severity=command.severity,
            treatment=command.treatment,
            at=command.at,
        ),
        IncidentOpened(category="contrast_reaction", text=command.text, since=command.at),
    )


def declare_images(command: ImagesDeclare, scene: Scene) -> Answer:
    """ "Images sent"."""
    return (
        ImagesDeclared(
            study_uid=command.study_uid,
            series=command.series,
            instances=command.instances,
            complete=command.complete,
            note=command.note,
        ),
    )


def release_patient(command: PatientRelease, scene: Scene) -> Answer:
    """The patient may leave: said once, by whom the site's policy says."""
    if scene.room.released is not None:
        return refusals.conflict(
            "Le patient est déjà libéré : il n'y a rien à faire.",
            "The patient has been released already: nothing to do.",
        )
    technologist = scene.by.role is Role.TECHNOLOGIST
    if (command.policy == "radiologist" and technologist) or (
        command.policy == "technologist" and not technologist
    ):
        return refusals.forbidden(
            "Sur ce site, libérer le patient revient "
            f"{'au radiologue' if technologist else 'au manipulateur'} : demandez-le-lui.",
            "At this site releasing the patient is for the "
            f"{'radiologist' if technologist else 'technologist'}: ask them.",
        )
    return (PatientReleased(note=command.note),)


def start(command: ReadingStart, scene: Scene) -> Answer:
    """Take the reading. From another reader, or in an exam of another, with a reason."""
    room, by = scene.room, scene.by
    reader, owner = room.reader, room.owner
    if reader is not None and reader.person == by.person:
        return refusals.conflict(
            "Vous interprétez déjà cet examen : continuez.",
            "You are reading this exam already: go on.",
        )
    holder = reader or owner
    if holder is not None and holder.person != by.person and not command.reason.strip():
        return refusals.being_read(holder.name, reading=reader is not None)
    return (
        ReadingStarted(
            reason=command.reason,
            from_person=reader.person if reader else "",
            from_name=reader.name if reader else "",
        ),
    )


def stop(command: ReadingStop, scene: Scene) -> Answer:
    """Leave the reading to others; a draft stays its author's."""
    if problem := not_the_reader(command, scene):
        return problem
    return (ReadingStopped(reason=command.reason),)


def not_the_reader(command: Command, scene: Scene) -> Refused | None:
    """Why `by` may not do what only the reader does, or None."""
    reader = scene.room.reader
    if reader is not None and reader.person == scene.by.person:
        return None
    return refusals.not_reader(command.kind, reader.name if reader else "")
