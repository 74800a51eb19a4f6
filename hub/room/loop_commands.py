"""What can be asked of critical results, second opinions, reviews and handovers.

Part of the union in `commands.py`.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from hub.room.criticality import HANDOVER_MIN
from hub.room.exam import ImageRef, Value
from hub.room.kinds import Command, Reason, Seq
from hub.room.limits import Items, Line, Number, OneOf, Short, Text

Images = Annotated[tuple[ImageRef, ...], Items(0, 16)]
Someone = Annotated[str, Text(0, 64)]
"""A person id, or nobody in particular."""
Moment = Annotated[str, Text(0, 40)]
"""RFC 3339 with an offset; empty is now."""
Phone = Annotated[str, Text(0, 40)]

METHODS = ("room", "phone", "in_person", "video", "pager", "message", "other")
GRADES = ("agree", "minor", "major")
Method = Annotated[str, OneOf(METHODS)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recipient(Value):
    """Somebody outside of the hub who was told a critical result."""

    name: Annotated[str, Text(2, 200)]
    role: Annotated[str, Text(2, 200)]
    number: Phone = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalRaise(Command):
    """A finding that somebody has to know of at once (1), within hours (2) or days (3).

    `words` are those of the finding that have to come back when it is read back. `to` is whom it
    is for: the requesting physician where nobody is named; `name`, `role`, `site` are stamped by
    the hub's directory, and who is not of the room yet is invited into it.
    """

    kind: ClassVar[str] = "critical.raise"
    category: Annotated[int, Number(1, 3)]
    finding: Annotated[str, Text(3, 1000)]
    code: Short = ""
    words: Annotated[tuple[Annotated[str, Text(1, 60)], ...], Items(0, 6)] = ()
    images: Images = ()
    identified_at: Moment = ""
    to: Someone = ""
    name: Short = ""
    role: Short = ""
    site: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalAttempt(Command):
    """Somebody tried to tell it; whatever came of it, only an acknowledgement ends the calling."""

    kind: ClassVar[str] = "critical.attempt"
    critical: Seq
    method: Method
    outcome: Annotated[
        str, OneOf(("reached", "no_answer", "busy", "left_message", "refused", "wrong_person"))
    ]
    name: Short = ""
    role: Short = ""
    number: Phone = ""
    note: Line = ""
    at: Moment = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalAcknowledge(Command):
    """Received. By the recipient, read back in their own words; or, with `recipient`, recorded by
    the radiologist who told somebody outside of the hub and heard it read back."""

    kind: ClassVar[str] = "critical.acknowledge"
    critical: Seq
    read_back: Annotated[str, Text(0, 2000)] = ""
    action: Line = ""
    method: Method = "room"
    received_at: Moment = ""
    recipient: Recipient | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CriticalClose(Command):
    """The loop is closed. Category 1: after its receipt only; else with a reason where none is."""

    kind: ClassVar[str] = "critical.close"
    critical: Seq
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAsk(Command):
    """Ask a person or a specialty. A person is invited into the room with the question.

    `name`, `role`, `site` are stamped by the hub's directory.
    """

    kind: ClassVar[str] = "opinion.ask"
    question: Annotated[str, Text(3, 2000)]
    to: Someone = ""
    specialty: Short = ""
    images: Images = ()
    name: Short = ""
    role: Short = ""
    site: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAccept(Command):
    kind: ClassVar[str] = "opinion.accept"
    opinion: Seq


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionDecline(Command):
    kind: ClassVar[str] = "opinion.decline"
    opinion: Seq
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionAnswer(Command):
    """The opinion itself; may be given again, better, until it is concluded."""

    kind: ClassVar[str] = "opinion.answer"
    opinion: Seq
    text: Annotated[str, Text(1, 8000)]
    images: Images = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionConclude(Command):
    """How far the opinion agrees with the first reading, said by the one who asked."""

    kind: ClassVar[str] = "opinion.conclude"
    opinion: Seq
    concordance: Annotated[str, OneOf(GRADES)]
    remark: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OpinionWithdraw(Command):
    """The question needs no answer any more."""

    kind: ClassVar[str] = "opinion.withdraw"
    opinion: Seq
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReviewRecord(Command):
    """A signed report read again by somebody else: the grade, and what it meant for the patient."""

    kind: ClassVar[str] = "review.record"
    grade: Annotated[str, OneOf(GRADES)]
    impact: Annotated[str, OneOf(("none", "potential", "actual", "unknown"))] = "unknown"
    text: Annotated[str, Text(0, 4000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverOffer(Command):
    """Offer everything that I answer for in this room to a colleague.

    `name` and `roles` are stamped by the hub's directory.
    """

    kind: ClassVar[str] = "handover.offer"
    to: Annotated[str, Text(1, 64)]
    note: Line = ""
    minutes: Annotated[int, Number(1, 720)] = HANDOVER_MIN
    name: Short = ""
    roles: Annotated[tuple[Short, ...], Items(0, 40)] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverAccept(Command):
    """Take it over. `handover` names the offer where there are several to me."""

    kind: ClassVar[str] = "handover.accept"
    handover: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverDecline(Command):
    kind: ClassVar[str] = "handover.decline"
    reason: Reason
    handover: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandoverWithdraw(Command):
    """Take one's own offer back."""

    kind: ClassVar[str] = "handover.withdraw"
    reason: Line = ""


COMMANDS: tuple[type[Command], ...] = (
    CriticalRaise, CriticalAttempt, CriticalAcknowledge, CriticalClose,
    OpinionAsk, OpinionAccept, OpinionDecline, OpinionAnswer, OpinionConclude, OpinionWithdraw,
    ReviewRecord,
    HandoverOffer, HandoverAccept, HandoverDecline, HandoverWithdraw,
)  # fmt: skip
