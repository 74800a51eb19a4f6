"""Incidents, and the end of a room: it closes when none is open, and can be opened again."""

from hub.room import opinions, pursuit, refusals
from hub.room.commands import IncidentClose, IncidentOpen, RoomClose, RoomReopen
from hub.room.events import IncidentClosed, IncidentOpened, RoomClosed, RoomReopened
from hub.room.limits import MOST_OPEN
from hub.room.scene import Answer, Scene
from hub.room.stages import EXITS, Stage

SETTLED = (*EXITS, Stage.ACKNOWLEDGED)
"""Stages that owe nobody a report any more: a room closes from them without a reason."""


def open_incident(command: IncidentOpen, scene: Scene) -> Answer:
    """Declares an incident."""
    if len(scene.room.incidents) >= MOST_OPEN:
        return refusals.too_many_open("incidents", "incidents")
    return (IncidentOpened(category=command.category, text=command.text, since=command.since),)


def close_incident(command: IncidentClose, scene: Scene) -> Answer:
    """Says how an open incident was resolved."""
    if all(one.opened.seq != command.incident_seq for one in scene.room.incidents):
        return refusals.conflict(
            "Cet incident n'est pas ou plus ouvert : choisissez un incident ouvert.",
            "That incident is not open, or no longer: choose an open one.",
        )
    return (IncidentClosed(incident_seq=command.incident_seq, resolution=command.resolution),)


def close(command: RoomClose, scene: Scene) -> Answer:
    """Ends the talk; whatever is left open is said first."""
    if scene.room.incidents:
        return refusals.conflict(
            "Un incident est encore ouvert : dites comment il est résolu, puis closez la salle.",
            "An incident is still open: say how it was resolved, then close the room.",
        )
    if pursuit.unproven(scene.room):
        return refusals.critical_unproven()
    if any(pursuit.is_open(one) for one in scene.room.criticals):
        return refusals.conflict(
            "Un résultat critique attend encore son destinataire : obtenez sa confirmation, ou "
            "closez-le en disant pourquoi.",
            "A critical result still waits for its recipient: get it acknowledged, or close it "
            "and say why.",
        )
    if opinions.unfinished(scene.room):
        return refusals.conflict(
            "Un deuxième avis est encore attendu : concluez-le ou retirez la demande.",
            "A second opinion is still waited for: conclude it or withdraw the question.",
        )
    if scene.room.stage not in SETTLED and not command.reason.strip():
        return refusals.body(
            "reason",
            "Le compte rendu n'est pas encore reçu : dites pourquoi la salle se ferme avant, "
            "ou attendez l'accusé de réception.",
            "The report has not been received yet: say why the room closes before, "
            "or wait for its acknowledgement.",
        )
    return (RoomClosed(reason=command.reason),)


def reopen(command: RoomReopen, scene: Scene) -> Answer:
    """Back to the stage that it was closed from."""
    return (RoomReopened(reason=command.reason),)
