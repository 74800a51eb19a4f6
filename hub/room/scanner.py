"""At the scanner: the checklist, and the acquisition from start to end or abort."""

from hub.room import refusals
from hub.room.commands import (
    AcquisitionAbort,
    AcquisitionEnd,
    AcquisitionStart,
    ChecklistComplete,
)
from hub.room.events import (
    AcquisitionAborted,
    AcquisitionEnded,
    AcquisitionStarted,
    Alert,
    ChecklistCompleted,
    IncidentOpened,
)
from hub.room.exam import Override
from hub.room.safety import (
    check_alerts,
    not_overridden,
    required_checks,
    spoken,
    strange_item,
    unanswered,
    wrong_patient,
)
from hub.room.scene import Answer, Scene


def _prescribed(scene: Scene) -> tuple[tuple[Alert, ...], tuple[Override, ...]]:
    """What the rules say of the protocol in force now, and what the prescriber set aside."""
    room = scene.room
    if room.request is None or room.protocol is None:
        return (), ()
    protocol = room.protocol.protocol
    return spoken(room.request, protocol, scene.now), protocol.overrides


def check(command: ChecklistComplete, scene: Scene) -> Answer:
    """The checks by a person at the patient's side: every item that applies has its answer; one
    that failed or is left out needs an override."""
    alerts, overrides = _prescribed(scene)
    overrides = (*overrides, *command.overrides)
    room = scene.room
    if room.request is not None and room.protocol is not None:
        protocol = room.protocol.protocol
        if problem := strange_item(command.items, protocol):
            return problem
        if wrong_patient(command.items):
            return refusals.identity_fails()
        required = required_checks(room.request, protocol, scene.now)
        if problem := unanswered(command.items, required, overrides):
            return problem
        alerts = (*alerts, *check_alerts(command.items, required))
    if problem := not_overridden(alerts, overrides):
        return problem
    return (ChecklistCompleted(items=command.items, overrides=command.overrides, alerts=alerts),)


def start(command: AcquisitionStart, scene: Scene) -> Answer:
    """The last barrier: what the request says now is weighed once more."""
    alerts, overrides = _prescribed(scene)
    checked = scene.room.checklist
    if checked is not None:
        overrides = (*overrides, *checked.answers.overrides)
    if problem := not_overridden(alerts, overrides):
        return problem
    return (AcquisitionStarted(scanner=command.scanner),)


def end(command: AcquisitionEnd, scene: Scene) -> Answer:
    """Done; where contrast was ordered, says what was given or why none (CSP R6316-4, 2°)."""
    held = scene.room.protocol
    ordered = held is not None and held.protocol.contrast is not None
    told = command.contrast_given or scene.room.contrast or command.no_contrast_reason.strip()
    if ordered and not told:
        return refusals.body(
            "contrast_given",
            "Le protocole prescrit un produit de contraste : dites ce qui a été injecté, "
            "ou pourquoi rien ne l'a été.",
            "The protocol orders contrast: say what was given, or why none was.",
        )
    return (
        AcquisitionEnded(
            contrast_given=command.contrast_given,
            no_contrast_reason=command.no_contrast_reason,
            reaction=command.reaction,
            series_done=command.series_done,
            note=command.note,
        ),
    )


def abort(command: AcquisitionAbort, scene: Scene) -> Answer:
    """Stops the acquisition, and opens the incident that the law wants kept (R6316-4, 5°)."""
    reaction = command.reaction.strip()
    text = f"{command.reason} — {reaction}" if reaction else command.reason
    return (
        AcquisitionAborted(
            reason=command.reason,
            back_to=command.back_to,
            contrast_given=command.contrast_given,
            reaction=command.reaction,
        ),
        IncidentOpened(category="contrast_reaction" if reaction else "other", text=text),
    )
