"""What happened from the scanner's end to the acknowledged report, and to the clocks.

Part of the union in `events.py`.
"""

from dataclasses import dataclass
from typing import ClassVar

from hub.room.exam import ContrastGiven
from hub.room.kinds import Event
from hub.room.report import DoseBlock, Sealed


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContrastRecorded(ContrastGiven, Event):
    kind: ClassVar[str] = "contrast.recorded"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReactionReported(Event):
    kind: ClassVar[str] = "reaction.reported"
    text: str
    severity: str = "unknown"
    treatment: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImagesDeclared(Event):
    kind: ClassVar[str] = "images.declared"
    study_uid: str = ""
    series: int | None = None
    instances: int | None = None
    complete: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PatientReleased(Event):
    kind: ClassVar[str] = "patient.released"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseRecorded(DoseBlock, Event):
    kind: ClassVar[str] = "dose.recorded"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadingStarted(Event):
    """`from_person` is set where the reading was taken over from that person, who is told so."""

    kind: ClassVar[str] = "reading.started"
    reason: str = ""
    from_person: str = ""
    from_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadingStopped(Event):
    kind: ClassVar[str] = "reading.stopped"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportIssued(Sealed, Event):
    """A preliminary report."""

    kind: ClassVar[str] = "report.issued"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportSigned(Sealed, Event):
    """The final report."""

    kind: ClassVar[str] = "report.signed"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AddendumSigned(Sealed, Event):
    kind: ClassVar[str] = "addendum.signed"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportDelivered(Event):
    """A version reached somebody: in this room (`channel` "room", stored with the signature), or
    by another way that a person told of. `to` is a person's id or, outside the room, words."""

    kind: ClassVar[str] = "report.delivered"
    version: int
    content_hash: str
    channel: str
    to: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportAcknowledged(Event):
    kind: ClassVar[str] = "report.acknowledged"
    version: int
    content_hash: str
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClockPaused(Event):
    """`clocks` are those that ran and now stand still."""

    kind: ClassVar[str] = "clock.paused"
    cause: str
    clocks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClockResumed(Event):
    kind: ClassVar[str] = "clock.resumed"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeadlinePredicted(Event):
    """At the usual pace the limit of a clock will not be kept. Stored once a clock, by the hub.

    `expected_at` is when its move is expected, RFC 3339 UTC.
    """

    kind: ClassVar[str] = "deadline.predicted"
    clock: str
    limit_at: str
    expected_at: str


EVENTS: tuple[type[Event], ...] = (
    ContrastRecorded, ReactionReported, ImagesDeclared, PatientReleased, DoseRecorded,
    ReadingStarted, ReadingStopped,
    ReportIssued, ReportSigned, AddendumSigned, ReportDelivered, ReportAcknowledged,
    ClockPaused, ClockResumed,
)  # fmt: skip
