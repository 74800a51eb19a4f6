"""Incidents, and the end of a room: it closes when none is open, and can be opened again."""

from hub.room import refusals
from hub.room.commands import IncidentClose, IncidentOpen, RoomClose, RoomReopen
from hub.room.events import IncidentClosed, IncidentOpened, RoomClosed, RoomReopened
from hub.room.limits import MOST_OPEN
from hub.room.scene import Answer, Scene


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
    return (RoomClosed(reason=command.reason),)


def reopen(command: RoomReopen, scene: Scene) -> Answer:
    """Back to the stage that it was closed from."""
    return (RoomReopened(reason=command.reason),)
