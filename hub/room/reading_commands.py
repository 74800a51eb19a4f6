"""What can be asked from the scanner's end to the acknowledged report, and of the clocks.

Part of the union in `commands.py`.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from hub.room.exam import ContrastGiven
from hub.room.kinds import Command
from hub.room.limits import Items, Line, Number, OneOf, Short, Text
from hub.room.report import Dose, ReferenceLevel, Report


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContrastRecord(ContrastGiven, Command):
    """Contrast actually given, told when it is given or as soon as it can be."""

    kind: ClassVar[str] = "contrast.record"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReactionReport(Command):
    """A reaction of the patient; opens an incident of itself."""

    kind: ClassVar[str] = "reaction.report"
    text: Annotated[str, Text(1, 1000)]
    severity: Annotated[str, OneOf(("mild", "moderate", "severe", "unknown"))] = "unknown"
    treatment: Line = ""
    at: Annotated[str, Text(0, 40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImagesDeclare(Command):
    """ "Images sent", said by a person until the hub receives them itself; more may follow."""

    kind: ClassVar[str] = "images.declare"
    study_uid: Annotated[str, Text(0, 64)] = ""
    series: Annotated[int, Number(0, 10_000)] | None = None
    instances: Annotated[int, Number(0, 1_000_000)] | None = None
    complete: bool = True
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PatientRelease(Command):
    """The patient may leave the table. `policy` is stamped by the hub from the site's policy:
    `either`, `radiologist` or `technologist`."""

    kind: ClassVar[str] = "patient.release"
    note: Line = ""
    policy: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseRecord(Dose, Command):
    """The dose of the exam, whole; another one replaces it and says why.

    `levels` are the reference levels in force, stamped by the hub.
    """

    kind: ClassVar[str] = "dose.record"
    reason: Line = ""
    levels: Annotated[tuple[ReferenceLevel, ...], Items(0, 500)] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadingStart(Command):
    """Begin to read: one reader at a time. With a reason it is taken over from another."""

    kind: ClassVar[str] = "reading.start"
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReadingStop(Command):
    """Leave the reading to others."""

    kind: ClassVar[str] = "reading.stop"
    reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportIssue(Report, Command):
    """Make a preliminary report known, labelled as such."""

    kind: ClassVar[str] = "report.issue"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportSign(Report, Command):
    """Sign the final report. What is signed is what is delivered."""

    kind: ClassVar[str] = "report.sign"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AddendumSign(Command):
    """Add to a signed report; the report itself never changes."""

    kind: ClassVar[str] = "addendum.sign"
    text: Annotated[str, Text(1, 8000)]
    reason: Line = ""
    version: Annotated[int, Number(1, 10_000)] | None = None
    lang: Annotated[str, OneOf(("fr", "en"))] = "fr"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportDeliver(Command):
    """Say that the report went to somebody by another way than this room."""

    kind: ClassVar[str] = "report.deliver"
    channel: Annotated[
        str, OneOf(("phone", "print", "fax", "secure_mail", "patient_file", "other"))
    ]
    to: Annotated[str, Text(1, 200)]
    version: Annotated[int, Number(1, 10_000)] | None = None
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportAcknowledge(Command):
    """The requester has received the report and says what follows from it.

    `version` and `content_hash` name what was read: an older one is refused. Absent: the one in
    force.
    """

    kind: ClassVar[str] = "report.acknowledge"
    version: Annotated[int, Number(1, 10_000)] | None = None
    content_hash: Annotated[str, Text(0, 128)] = ""
    action: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClockPause(Command):
    """Say that the exam waits for something that its clocks should not count."""

    kind: ClassVar[str] = "clock.pause"
    cause: Annotated[str, OneOf(("information", "patient", "scanner", "network"))]
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClockResume(Command):
    """What was waited for is there; the exam's next stage says it too."""

    kind: ClassVar[str] = "clock.resume"
    note: Line = ""


COMMANDS: tuple[type[Command], ...] = (
    ContrastRecord, ReactionReport, ImagesDeclare, PatientRelease, DoseRecord,
    ReadingStart, ReadingStop,
    ReportIssue, ReportSign, AddendumSign, ReportDeliver, ReportAcknowledge,
    ClockPause, ClockResume,
)  # fmt: skip
