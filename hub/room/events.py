"""What happened in a room: one frozen dataclass an event, and their union at the end.

An event is a past participle; its `kind` is the `kind` of an `evt` frame. Events are facts: they
are stored, chained and folded, never refused. A field added later needs a default, so that every
journal ever written still folds.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from hub.room.exam import (
    CheckItem,
    ContrastGiven,
    ImageRef,
    Override,
    Protocol,
    Request,
    Value,
)
from hub.room.kinds import Event as Event
from hub.room.loop_events import EVENTS as LOOPS
from hub.room.reading_events import EVENTS as READING
from hub.room.reading_events import DeadlinePredicted
from hub.room.ring_events import EVENTS as RINGS
from hub.room.roles import Actor


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Alert(Value):
    """A safety rule that spoke: `level` is `warn` or `override`; words stand in `safety.py`."""

    rule: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestSubmitted(Request, Event):
    """`unknown` lists the fields that were asked and not known, or not said."""

    kind: ClassVar[str] = "request.submitted"
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestAmended(Request, Event):
    """`changed` lists the dotted fields that differ from the request before.

    `alerts` is what the safety rules say of the protocol in force, with the request as amended.
    `recheck`: facts that the completed checklist rests on have changed, so it is void.
    """

    kind: ClassVar[str] = "request.amended"
    reason: str = ""
    unknown: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    recheck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestCancelled(Event):
    kind: ClassVar[str] = "request.cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InformationAsked(Event):
    kind: ClassVar[str] = "information.asked"
    question: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InformationAnswered(Event):
    kind: ClassVar[str] = "information.answered"
    answer: str
    question_seq: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseClaimed(Event):
    """`from_person` is set where the exam was taken over from its owner."""

    kind: ClassVar[str] = "case.claimed"
    from_person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseReleased(Event):
    """`lapsed`: the hub took it back from an owner who had vanished (`leases.py`)."""

    kind: ClassVar[str] = "case.released"
    reason: str
    lapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseReassigned(Event):
    kind: ClassVar[str] = "case.reassigned"
    to: str
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JustificationDecided(Event):
    kind: ClassVar[str] = "justification.decided"
    decision: str
    reason: str = ""
    reason_code: str = ""
    guideline: str = ""
    substitute_modality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolIssued(Protocol, Event):
    """`content_hash` is what an acknowledgement must name (`protocol.content_hash`)."""

    kind: ClassVar[str] = "protocol.issued"
    content_hash: str
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAmended(Protocol, Event):
    kind: ClassVar[str] = "protocol.amended"
    content_hash: str
    alerts: tuple[Alert, ...] = ()
    reason: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolQueried(Event):
    kind: ClassVar[str] = "protocol.queried"
    reason: str
    field: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAnswered(Event):
    kind: ClassVar[str] = "protocol.answered"
    answer: str
    query_seq: int
    accepted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAcknowledged(Event):
    kind: ClassVar[str] = "protocol.acknowledged"
    version: int
    content_hash: str
    read_back: dict[str, object]
    scanner: str = ""
    eta_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChecklistCompleted(Event):
    kind: ClassVar[str] = "checklist.completed"
    items: tuple[CheckItem, ...]
    overrides: tuple[Override, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionStarted(Event):
    kind: ClassVar[str] = "acquisition.started"
    scanner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionEnded(Event):
    kind: ClassVar[str] = "acquisition.ended"
    contrast_given: tuple[ContrastGiven, ...] = ()
    no_contrast_reason: str = ""
    reaction: str = ""
    series_done: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionAborted(Event):
    kind: ClassVar[str] = "acquisition.aborted"
    reason: str
    back_to: str = "protocolled"
    contrast_given: tuple[ContrastGiven, ...] = ()
    reaction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImageShared(ImageRef, Event):
    kind: ClassVar[str] = "image.shared"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MessagePosted(Event):
    kind: ClassVar[str] = "message.posted"
    text: str
    lang: str = ""
    in_reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MessageRetracted(Event):
    kind: ClassVar[str] = "message.retracted"
    seq: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class QuickReplied(Event):
    kind: ClassVar[str] = "quick.replied"
    code: str
    detail: str = ""
    in_reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MemberInvited(Event):
    kind: ClassVar[str] = "member.invited"
    person: str
    role: str
    name: str = ""
    site: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MemberRemoved(Event):
    kind: ClassVar[str] = "member.removed"
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncidentOpened(Event):
    kind: ClassVar[str] = "incident.opened"
    category: str
    text: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncidentClosed(Event):
    kind: ClassVar[str] = "incident.closed"
    incident_seq: int
    resolution: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RoomClosed(Event):
    kind: ClassVar[str] = "room.closed"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RoomReopened(Event):
    kind: ClassVar[str] = "room.reopened"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeadlinePassed(Event):
    """The limit of a clock went by and the move was not made. Stored once a clock, by the hub."""

    kind: ClassVar[str] = "deadline.passed"
    clock: str
    limit_at: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Withheld(Event):
    """An event that this reader's role may not see: only its place in the count (W-11)."""

    kind: ClassVar[str] = "withheld"


ROOM_EVENTS: tuple[type[Event], ...] = (
    RequestSubmitted, RequestAmended, RequestCancelled,
    InformationAsked, InformationAnswered,
    CaseClaimed, CaseReleased, CaseReassigned,
    JustificationDecided,
    ProtocolIssued, ProtocolAmended, ProtocolQueried, ProtocolAnswered, ProtocolAcknowledged,
    ChecklistCompleted,
    AcquisitionStarted, AcquisitionEnded, AcquisitionAborted,
    *READING,
    ImageShared,
    MessagePosted, MessageRetracted, QuickReplied,
    MemberInvited, MemberRemoved,
    *RINGS,
    *LOOPS,
    IncidentOpened, IncidentClosed,
    RoomClosed, RoomReopened,
    DeadlinePredicted, DeadlinePassed, Withheld,
)  # fmt: skip

BY_KIND: dict[str, type[Event]] = {event.kind: event for event in ROOM_EVENTS}


class Recorded(NamedTuple):
    """An event with its place: `seq` from 1 in its room, `at` RFC 3339 UTC with milliseconds."""

    seq: int
    at: str
    by: Actor
    event: Event
