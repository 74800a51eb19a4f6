"""What stays open in a room until a person answers for it: critical results, second opinions,
handovers; and the reviews that come after. Values of the state, no rules."""

from dataclasses import dataclass

from hub.room.exam import ImageRef, Value
from hub.room.kinds import By


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attempt(Value):
    """Somebody tried to tell a critical result."""

    tried: By
    method: str
    outcome: str
    at: str
    name: str = ""
    role: str = ""
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Receipt(Value):
    """The proof that a critical result was received: by whom, when, how, from whom, read back.

    `person` is empty for somebody outside of the hub: then `recorded` is who told them.
    `communicated_by` is a person id.
    """

    recorded: By
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
class Critical(Value):
    """A critical result; `raised.seq` is its name.

    Open until it has a receipt or is closed. `words` have to come back when it is read back.
    `holder` is the person who answers for it reaching somebody, `to` the one it is for. `step`
    counts the steps of escalation, `exhausted` how often the hub said "phone this number"
    (`phone`); `next_at` is when the hub acts next, empty where it has nothing to do.
    """

    raised: By
    category: int
    finding: str
    code: str = ""
    words: tuple[str, ...] = ()
    images: tuple[ImageRef, ...] = ()
    identified_at: str
    limit_at: str
    holder: str
    to: str = ""
    to_name: str = ""
    next_at: str = ""
    step: int = 0
    exhausted: int = 0
    phone: str = ""
    overdue: bool = False
    attempts: tuple[Attempt, ...] = ()
    """The last ones."""
    attempted: int = 0
    receipt: Receipt | None = None
    closed: By | None = None
    close_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opinion(Value):
    """A second opinion; `asked.seq` is its name.

    `state`: asked, accepted, answered, concluded; or declined, withdrawn. Asked of a person (`to`)
    or of a specialty. `holder` is the person who concludes, `adviser` who took it on.
    `concordance`: agree, minor, major.
    """

    asked: By
    question: str
    holder: str
    state: str = "asked"
    to: str = ""
    to_name: str = ""
    specialty: str = ""
    images: tuple[ImageRef, ...] = ()
    adviser: By | None = None
    declined: By | None = None
    decline_reason: str = ""
    answered: By | None = None
    text: str = ""
    answer_images: tuple[ImageRef, ...] = ()
    concluded: By | None = None
    concordance: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Review(Value):
    """What somebody else found of the signed report, later."""

    recorded: By
    version: int
    grade: str
    impact: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Loop(Value):
    """Something that waits for a person, or that they answer for. `kind`:

    `exam` they have it · `patient` they are the requesting physician · `question` they have to
    answer it · `critical` they answer for it reaching somebody · `receipt` they have to receive
    it · `report` they have to acknowledge it · `opinion` they asked it · `advice` they took it on.
    """

    kind: str
    seq: int
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Handover(Value):
    """Everything that `offered.person` answers for in this room, offered to a colleague.

    `offered.seq` is its name. Nothing changes hands until it is accepted; it lapses at `until`.
    """

    offered: By
    to: str
    name: str
    until: str
    loops: tuple[Loop, ...] = ()
    note: str = ""
