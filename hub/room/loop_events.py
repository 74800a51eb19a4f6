"""What happened with critical results, second opinions, reviews and handovers.

Part of the union in `events.py`. `critical`, `opinion` and `handover` are the seq of the event that
raised, asked or offered it.
"""

from dataclasses import dataclass
from typing import ClassVar

from hub.room.exam import ImageRef
from hub.room.kinds import Event
from hub.room.loops import Loop


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalRaised(Event):
    """`limit_at`: received by then. `next_at`: when the hub goes on calling."""

    kind: ClassVar[str] = "critical.raised"
    category: int
    finding: str
    identified_at: str
    limit_at: str
    next_at: str
    to: str = ""
    name: str = ""
    code: str = ""
    words: tuple[str, ...] = ()
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalAttempted(Event):
    kind: ClassVar[str] = "critical.attempted"
    critical: int
    method: str
    outcome: str
    at: str
    name: str = ""
    role: str = ""
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalEscalated(Event):
    """Nobody has received it yet: `roles` of the site are to be called too (`step` from 1).

    Stored by the hub. Whoever rings people follows this event; `category` says how loud.
    """

    kind: ClassVar[str] = "critical.escalated"
    critical: int
    category: int
    step: int
    due_at: str
    next_at: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalExhausted(Event):
    """Nobody answered: phone `phone`, or the number of the site where it is empty. Repeated (`n`
    from 1) until it is received. Stored by the hub."""

    kind: ClassVar[str] = "critical.exhausted"
    critical: int
    category: int
    n: int
    due_at: str
    next_at: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalOverdue(Event):
    """Its limit went by. Stored by the hub, once; the calling goes on."""

    kind: ClassVar[str] = "critical.overdue"
    critical: int
    category: int
    limit_at: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalAcknowledged(Event):
    """The proof of receipt. `person` is empty for somebody outside of the hub."""

    kind: ClassVar[str] = "critical.acknowledged"
    critical: int
    name: str
    role: str
    method: str
    received_at: str
    communicated_by: str
    communicator: str
    read_back: str = ""
    action: str = ""
    person: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalClosed(Event):
    kind: ClassVar[str] = "critical.closed"
    critical: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAsked(Event):
    kind: ClassVar[str] = "opinion.asked"
    question: str
    to: str = ""
    name: str = ""
    specialty: str = ""
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAccepted(Event):
    kind: ClassVar[str] = "opinion.accepted"
    opinion: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionDeclined(Event):
    kind: ClassVar[str] = "opinion.declined"
    opinion: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAnswered(Event):
    kind: ClassVar[str] = "opinion.answered"
    opinion: int
    text: str
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionConcluded(Event):
    kind: ClassVar[str] = "opinion.concluded"
    opinion: int
    concordance: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionWithdrawn(Event):
    kind: ClassVar[str] = "opinion.withdrawn"
    opinion: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReviewRecorded(Event):
    """`site` and `modality` stand here so that figures need nothing else of the room."""

    kind: ClassVar[str] = "review.recorded"
    grade: str
    impact: str
    version: int
    text: str = ""
    site: str = ""
    modality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverOffered(Event):
    """`loops` is what the giver answers for at this moment; it lapses at `until`."""

    kind: ClassVar[str] = "handover.offered"
    to: str
    until: str
    loops: tuple[Loop, ...]
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverAccepted(Event):
    """`loops` is what changed hands: what was open when it was accepted."""

    kind: ClassVar[str] = "handover.accepted"
    handover: int
    from_person: str
    loops: tuple[Loop, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverDeclined(Event):
    kind: ClassVar[str] = "handover.declined"
    handover: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverWithdrawn(Event):
    kind: ClassVar[str] = "handover.withdrawn"
    handover: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverLapsed(Event):
    """Nobody answered in time: everything stays with the giver. Stored by the hub."""

    kind: ClassVar[str] = "handover.lapsed"
    handover: int
    to: str = ""


EVENTS: tuple[type[Event], ...] = (
    CriticalRaised, CriticalAttempted, CriticalEscalated, CriticalExhausted, CriticalOverdue,
    CriticalAcknowledged, CriticalClosed,
    OpinionAsked, OpinionAccepted, OpinionDeclined, OpinionAnswered, OpinionConcluded,
    OpinionWithdrawn,
    ReviewRecorded,
    HandoverOffered, HandoverAccepted, HandoverDeclined, HandoverWithdrawn, HandoverLapsed,
)  # fmt: skip
