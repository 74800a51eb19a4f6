"""What a person can ask of a room: one frozen dataclass a command, and their union at the end.

A command is an imperative; its `kind` is the `kind` of a `pub` frame (wire.md section 6). Those
of later parts of the exam stand in modules of their own, and in the union here.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from hub.room.exam import (
    CheckItem,
    ContrastGiven,
    ImageRef,
    Override,
    Person,
    Protocol,
    ReadBack,
    Request,
)
from hub.room.kinds import Command as Command
from hub.room.kinds import Reason, Seq
from hub.room.limits import Items, Line, Number, OneOf, Short, Text
from hub.room.loop_commands import COMMANDS as LOOPS
from hub.room.reading_commands import COMMANDS as READING
from hub.room.ring_commands import COMMANDS as RINGS


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestSubmit(Request, Command):
    """Open the room with a request. The only command that a room begins with."""

    kind: ClassVar[str] = "request.submit"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestAmend(Request, Command):
    """Replace the request by this one, whole; what changed is told to everyone."""

    kind: ClassVar[str] = "request.amend"
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RequestCancel(Command):
    kind: ClassVar[str] = "request.cancel"
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InformationAsk(Command):
    """Ask the requester something before going on."""

    kind: ClassVar[str] = "information.ask"
    question: Annotated[str, Text(1, 2000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InformationAnswer(Command):
    """Answer the open question; `question_seq` names it, the latest open one where absent."""

    kind: ClassVar[str] = "information.answer"
    answer: Annotated[str, Text(1, 4000)]
    question_seq: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseClaim(Command):
    """Take the exam; also how somebody whom it was offered to accepts it."""

    kind: ClassVar[str] = "case.claim"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseRelease(Command):
    kind: ClassVar[str] = "case.release"
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseReassign(Command):
    """Offer the exam to somebody else; it stays with its owner until they claim it.

    `name` is stamped by the hub's directory.
    """

    kind: ClassVar[str] = "case.reassign"
    to: Person
    reason: Reason
    name: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JustificationDecide(Command):
    """The legal act of justification (domain.md 1.1 step 3)."""

    kind: ClassVar[str] = "justification.decide"
    decision: Annotated[str, OneOf(("accept", "substitute", "refuse"))]
    reason: Line = ""
    reason_code: Short = ""
    guideline: Short = ""
    substitute_modality: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolIssue(Protocol, Command):
    kind: ClassVar[str] = "protocol.issue"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAmend(Protocol, Command):
    """Replace the protocol in force; voids its acknowledgement; forbidden while acquiring."""

    kind: ClassVar[str] = "protocol.amend"
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolQuery(Command):
    """Ask about a field of the protocol, or propose another value for it."""

    kind: ClassVar[str] = "protocol.query"
    field: Short = ""
    proposed: Line = ""
    reason: Annotated[str, Text(1, 2000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAnswer(Command):
    """Answer a query; a change itself comes as `protocol.amend`."""

    kind: ClassVar[str] = "protocol.answer"
    answer: Annotated[str, Text(1, 2000)]
    accepted: bool | None = None
    query_seq: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolAcknowledge(Command):
    """Read back: names the version and its hash and repeats the critical fields."""

    kind: ClassVar[str] = "protocol.acknowledge"
    version: Annotated[int, Number(1, 10_000)]
    content_hash: Annotated[str, Text(1, 128)]
    read_back: ReadBack
    scanner: Short = ""
    eta_min: Annotated[int, Number(0, 1440)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChecklistComplete(Command):
    kind: ClassVar[str] = "checklist.complete"
    items: Annotated[tuple[CheckItem, ...], Items(1, 40)]
    overrides: Annotated[tuple[Override, ...], Items(0, 20)] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionStart(Command):
    kind: ClassVar[str] = "acquisition.start"
    scanner: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionEnd(Command):
    """Done at the scanner. `contrast_given` is required where the protocol orders contrast."""

    kind: ClassVar[str] = "acquisition.end"
    contrast_given: Annotated[tuple[ContrastGiven, ...], Items(0, 8)] = ()
    no_contrast_reason: Line = ""
    reaction: Line = ""
    series_done: Annotated[tuple[int, ...], Items(0, 40)] = ()
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcquisitionAbort(Command):
    """Stop the acquisition; opens an incident of itself. `back_to` says what comes next."""

    kind: ClassVar[str] = "acquisition.abort"
    reason: Reason
    back_to: Annotated[str, OneOf(("protocolled", "aborted"))] = "protocolled"
    contrast_given: Annotated[tuple[ContrastGiven, ...], Items(0, 8)] = ()
    reaction: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImageShare(ImageRef, Command):
    kind: ClassVar[str] = "image.share"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MessagePost(Command):
    kind: ClassVar[str] = "message.post"
    text: Annotated[str, Text(1, 8000)]
    lang: Annotated[str, Text(0, 12)] = ""
    in_reply_to: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MessageRetract(Command):
    """Mark one's own message as retracted. The journal keeps it."""

    kind: ClassVar[str] = "message.retract"
    seq: Seq
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class QuickReply(Command):
    """One of the ready words (`words.QUICK_REPLIES`), said in each reader's language."""

    kind: ClassVar[str] = "quick.reply"
    code: Annotated[str, Text(1, 60)]
    detail: Line = ""
    in_reply_to: Seq | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MemberInvite(Command):
    """Bring a person into the room. `name`, `role`, `site` are stamped by the hub's directory."""

    kind: ClassVar[str] = "member.invite"
    person: Person
    role: Short = ""
    name: Short = ""
    site: Short = ""
    question: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MemberRemove(Command):
    kind: ClassVar[str] = "member.remove"
    person: Person
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncidentOpen(Command):
    """A technical or clinical incident: to be kept by law (CSP R6316-4, 5°)."""

    kind: ClassVar[str] = "incident.open"
    category: Annotated[
        str,
        OneOf(("technical", "network", "scanner", "contrast_reaction", "identity", "other")),
    ]
    text: Annotated[str, Text(1, 4000)]
    since: Annotated[str, Text(0, 40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncidentClose(Command):
    kind: ClassVar[str] = "incident.close"
    incident_seq: Seq
    resolution: Annotated[str, Text(1, 4000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RoomClose(Command):
    kind: ClassVar[str] = "room.close"
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RoomReopen(Command):
    kind: ClassVar[str] = "room.reopen"
    reason: Reason


ROOM_COMMANDS: tuple[type[Command], ...] = (
    RequestSubmit, RequestAmend, RequestCancel,
    InformationAsk, InformationAnswer,
    CaseClaim, CaseRelease, CaseReassign,
    JustificationDecide,
    ProtocolIssue, ProtocolAmend, ProtocolQuery, ProtocolAnswer, ProtocolAcknowledge,
    ChecklistComplete,
    AcquisitionStart, AcquisitionEnd, AcquisitionAbort,
    *READING,
    ImageShare,
    MessagePost, MessageRetract, QuickReply,
    MemberInvite, MemberRemove,
    *RINGS,
    *LOOPS,
    IncidentOpen, IncidentClose,
    RoomClose, RoomReopen,
)  # fmt: skip

BY_KIND: dict[str, type[Command]] = {command.kind: command for command in ROOM_COMMANDS}
