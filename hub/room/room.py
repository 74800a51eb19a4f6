"""The state of one exam room: a fold of its events, immutable, and without its messages small.

`Room` is what `joined.state` holds, as JSON with these very names; the web client folds the same
shape (tests/transcripts). Messages are not in it: they are read from the journal by seq.
"""

from dataclasses import dataclass, field

from hub.oncall.engine import Ring
from hub.room.events import AcquisitionEnded, Alert, ChecklistCompleted, Recorded
from hub.room.exam import ContrastGiven, ImageRef, Protocol, Request, Value
from hub.room.kinds import By as By
from hub.room.loops import Critical, Handover, Opinion, Review
from hub.room.report import DoseBlock, Sealed
from hub.room.stages import Stage


def by_of(recorded: Recorded) -> By:
    """Who stands behind an entry."""
    by = recorded.by
    return By(seq=recorded.seq, at=recorded.at, person=by.person, name=by.name, role=by.role.value)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Member(Value):
    """A person of the room. `how`: requested, claimed, invited, rung, acted."""

    name: str
    role: str
    site: str
    how: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked(Value):
    """What is asked of one person by name, beside the next move: `act` is a command kind.

    `member.invite`: to come in and answer; `case.claim`: to take over the exam that is offered.
    """

    asked: By
    act: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question(Value):
    """A question to the requester, open while `answered` is None."""

    asked: By
    question: str
    answer: str = ""
    answered: By | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Query(Value):
    """A query of the technologist on the protocol, open while `answered` is None."""

    asked: By
    version: int
    reason: str
    field: str = ""
    proposed: str = ""
    answer: str = ""
    accepted: bool | None = None
    answered: By | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Justification(Value):
    """The decision in force."""

    decided: By
    decision: str
    reason: str = ""
    reason_code: str = ""
    guideline: str = ""
    substitute_modality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InForce(Value):
    """A version of the protocol with its hash, who prescribed it and what the rules said."""

    issued: By
    content_hash: str
    protocol: Protocol
    alerts: tuple[Alert, ...] = ()
    changed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Acknowledgement(Value):
    """The read-back of the version in force."""

    given: By
    version: int
    content_hash: str
    read_back: dict[str, object]
    scanner: str = ""
    eta_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Checked(Value):
    """The checklist as it was completed."""

    completed: By
    answers: ChecklistCompleted


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Acquisition(Value):
    """What happened at the scanner for the version in force."""

    started: By | None = None
    scanner: str = ""
    ended: By | None = None
    outcome: AcquisitionEnded | None = None
    aborted: By | None = None
    abort_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shared(Value):
    """A picture shown to the room."""

    shared: By
    image: ImageRef


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Incident(Value):
    """An incident that is still open."""

    opened: By
    category: str
    text: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Clock(Value):
    """A running, paused or stopped clock (domain.md 4.4).

    `limit_at` is empty where nothing is promised. It is `started_at` + the minutes of the urgency
    + `paused_ms`, the time spent in pauses that are over.
    """

    started_at: str
    limit_at: str = ""
    stopped_at: str = ""
    paused_at: str = ""
    paused_ms: int = 0
    predicted: bool = False
    breached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Injection(Value):
    """Contrast that was given."""

    recorded: By
    given: ContrastGiven


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reaction(Value):
    """A reaction of the patient; its incident is among the open ones until it is closed."""

    reported: By
    text: str
    severity: str = ""
    treatment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrival(Value):
    """Images that a person says were sent: first and last time, and the last count told."""

    first: By
    last: By
    series: int | None = None
    instances: int | None = None
    complete: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseKept(Value):
    """The dose in force."""

    recorded: By
    dose: DoseBlock
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reported(Value):
    """A version of the report that is in force."""

    sealed: By
    content: Sealed


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportVersion(Value):
    """A version of the report, by its name alone; its text is in the journal at `sealed.seq`."""

    version: int
    status: str
    content_hash: str
    sealed: By


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Delivered(Value):
    """A version reached somebody, and how."""

    delivered: By
    version: int
    channel: str
    to: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportReceipt(Value):
    """The requester has it."""

    acknowledged: By
    version: int
    content_hash: str
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pause(Value):
    """What the exam waits for that its clocks do not count, and which clocks stand still."""

    paused: By
    cause: str
    note: str = ""
    clocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NextMove(Value):
    """Whose move it is: the act waited for (a command kind), who may do it, since when, until."""

    act: str
    roles: tuple[str, ...]
    since: str
    person: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Closed(Value):
    """How the room was closed, and the stage that a reopening goes back to."""

    closed: By
    from_stage: Stage
    reason: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Room(Value):
    """The fold of events 1..seq. `seq` 0 is the room that nobody has opened yet.

    Without slots on purpose: `evolve` copies it through its `__dict__`, ten times cheaper than
    `dataclasses.replace`, once for every event of every room.
    """

    id: str
    seq: int = 0
    at: str = ""
    """Time of the last event."""
    stage: Stage = Stage.REQUESTED
    stage_since: str = ""
    site: str = ""
    request: Request | None = None
    request_version: int = 0
    requested: By | None = None
    unknown: tuple[str, ...] = ()
    """Fields of the request that were not known, or not said."""
    owner: By | None = None
    """The radiologist who has the exam."""
    offered_to: str = ""
    """Person whom the owner offered the exam to and who has not taken it yet."""
    asked: dict[str, Asked] = field(default_factory=dict)
    """By person, what they were asked by name and have not answered by any act of theirs."""
    questions: tuple[Question, ...] = ()
    """Those open, and of those answered the last, 32 in all."""
    justification: Justification | None = None
    protocol: InForce | None = None
    protocol_before: InForce | None = None
    """The version before, to show what changed."""
    queries: tuple[Query, ...] = ()
    """Queries on the version in force: those open, and of those answered the last, 32 in all."""
    acknowledgement: Acknowledgement | None = None
    checklist: Checked | None = None
    acquisition: Acquisition | None = None
    images: tuple[Shared, ...] = ()
    """The last pictures shared, at most 32."""
    images_shared: int = 0
    contrast: tuple[Injection, ...] = ()
    """What was given, in the order told."""
    reactions: tuple[Reaction, ...] = ()
    arrival: Arrival | None = None
    """Images that were declared as sent for this acquisition."""
    released: By | None = None
    """Who said that the patient may leave the table."""
    dose: DoseKept | None = None
    reader: By | None = None
    """Who reads; nobody else signs."""
    report: Reported | None = None
    """The report in force, preliminary or final."""
    addenda: tuple[Reported, ...] = ()
    report_versions: tuple[ReportVersion, ...] = ()
    """Every version, preliminary, final and addenda, in order."""
    deliveries: tuple[Delivered, ...] = ()
    receipt: ReportReceipt | None = None
    """The acknowledgement of the version in force."""
    pause: Pause | None = None
    criticals: tuple[Critical, ...] = ()
    """Critical results in the order raised; of those that are over, the last ones."""
    opinions: tuple[Opinion, ...] = ()
    """Second opinions in the order asked; of those that are over, the last ones."""
    reviews: tuple[Review, ...] = ()
    """Reviews of the signed report, after the fact."""
    handovers: tuple[Handover, ...] = ()
    """Handovers that are offered and not answered yet."""
    attending: By | None = None
    """The physician who took over from the one who asked, at the end of a shift."""
    members: dict[str, Member] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    """Persons taken out of the room: they stay out until invited again."""
    incidents: tuple[Incident, ...] = ()
    """Open incidents."""
    incidents_closed: int = 0
    messages: int = 0
    retracted: tuple[int, ...] = ()
    """Seqs of the messages retracted last, at most 64; of the others the journal tells."""
    clocks: dict[str, Clock] = field(default_factory=dict)
    next_move: NextMove | None = None
    rings: tuple[Ring, ...] = ()
    """Rings, oldest first: all that are on, and the last that are over."""
    last: dict[str, int] = field(default_factory=dict)
    """Seq of the last event of each kind that a command can conflict with (W-16)."""
    closed: Closed | None = None
