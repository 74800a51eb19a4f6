"""What the events from the scanner's end to the acknowledged report change in a room.

Part of the table in `folds.py`.
"""

from collections.abc import Callable
from typing import Any

from hub.room import reading_events as e
from hub.room.events import Recorded
from hub.room.exam import ContrastGiven, bare
from hub.room.kinds import Event
from hub.room.report import DoseBlock, Sealed
from hub.room.room import (
    Arrival,
    Delivered,
    DoseKept,
    Injection,
    Pause,
    Reaction,
    Reported,
    ReportReceipt,
    ReportVersion,
    Room,
    by_of,
)

Changes = dict[str, Any]


def _contrast(room: Room, recorded: Recorded, event: e.ContrastRecorded) -> Changes:
    given = Injection(recorded=by_of(recorded), given=bare(ContrastGiven, event))
    return {"contrast": (*room.contrast, given)}


def _reaction(room: Room, recorded: Recorded, event: e.ReactionReported) -> Changes:
    reaction = Reaction(
        reported=by_of(recorded),
        text=event.text,
        severity=event.severity,
        treatment=event.treatment,
    )
    return {"reactions": (*room.reactions, reaction)}


def _images(room: Room, recorded: Recorded, event: e.ImagesDeclared) -> Changes:
    by = by_of(recorded)
    arrival = Arrival(
        first=room.arrival.first if room.arrival else by,
        last=by,
        series=event.series,
        instances=event.instances,
        complete=event.complete,
        note=event.note,
    )
    return {"arrival": arrival}


def _patient(room: Room, recorded: Recorded, event: e.PatientReleased) -> Changes:
    return {"released": by_of(recorded)}


def _dose(room: Room, recorded: Recorded, event: e.DoseRecorded) -> Changes:
    kept = DoseKept(recorded=by_of(recorded), dose=bare(DoseBlock, event), reason=event.reason)
    return {"dose": kept}


def _started(room: Room, recorded: Recorded, event: e.ReadingStarted) -> Changes:
    return {"reader": by_of(recorded)}


def _stopped(room: Room, recorded: Recorded, event: e.ReadingStopped) -> Changes:
    return {"reader": None}


def _sealed(room: Room, recorded: Recorded, event: Sealed) -> Changes:
    """A preliminary or final report takes the place of the one before; nothing acknowledges it."""
    return {
        "report": Reported(sealed=by_of(recorded), content=bare(Sealed, event)),
        "report_versions": (*room.report_versions, _version(recorded, event)),
        "receipt": None,
    }


def _added(room: Room, recorded: Recorded, event: e.AddendumSigned) -> Changes:
    addendum = Reported(sealed=by_of(recorded), content=bare(Sealed, event))
    return {
        "addenda": (*room.addenda, addendum),
        "report_versions": (*room.report_versions, _version(recorded, event)),
        "receipt": None,
    }


def _version(recorded: Recorded, event: Sealed) -> ReportVersion:
    return ReportVersion(
        version=event.version,
        status=event.status,
        content_hash=event.content_hash,
        sealed=by_of(recorded),
    )


def _delivered(room: Room, recorded: Recorded, event: e.ReportDelivered) -> Changes:
    delivered = Delivered(
        delivered=by_of(recorded),
        version=event.version,
        channel=event.channel,
        to=event.to,
        name=event.name,
        note=event.note,
    )
    return {"deliveries": (*room.deliveries, delivered)}


def _acknowledged(room: Room, recorded: Recorded, event: e.ReportAcknowledged) -> Changes:
    receipt = ReportReceipt(
        acknowledged=by_of(recorded),
        version=event.version,
        content_hash=event.content_hash,
        action=event.action,
    )
    return {"receipt": receipt}


def _paused(room: Room, recorded: Recorded, event: e.ClockPaused) -> Changes:
    pause = Pause(
        paused=by_of(recorded), cause=event.cause, note=event.note, clocks=tuple(event.clocks)
    )
    return {"pause": pause}


def _resumed(room: Room, recorded: Recorded, event: e.ClockResumed) -> Changes:
    return {"pause": None}


def _nothing(room: Room, recorded: Recorded, event: Event) -> Changes:
    return {}


FOLDS: dict[type[Event], Callable[[Room, Recorded, Any], Changes]] = {
    e.ContrastRecorded: _contrast,
    e.ReactionReported: _reaction,
    e.ImagesDeclared: _images,
    e.PatientReleased: _patient,
    e.DoseRecorded: _dose,
    e.ReadingStarted: _started,
    e.ReadingStopped: _stopped,
    e.ReportIssued: _sealed,
    e.ReportSigned: _sealed,
    e.AddendumSigned: _added,
    e.ReportDelivered: _delivered,
    e.ReportAcknowledged: _acknowledged,
    e.ClockPaused: _paused,
    e.ClockResumed: _resumed,
    e.DeadlinePredicted: _nothing,
}
