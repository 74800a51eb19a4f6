"""Who may do what in which stage, and which stage follows: one table, `ROWS`.

Rule: everything that decides whether a role may give a command in a stage stands here, and so does
every transition. `decide` refuses by it, `evolve` moves by it, the docs and the web client draw it.
What depends on more than role and stage (whose message, whose exam, which version) is in the small
modules that `decide` calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.room.roles import CARE, Role
from hub.room.stages import AFTER_ACQUIRING, BEFORE_ACQUIRING, EXITS, MAIN_LINE, OPEN, Stage

S = Stage

Moves = Mapping[Stage, Mapping[str, Stage]]
"""Stage -> answer -> next stage. Where nothing is to be chosen, the only answer is empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """A command, the event it leads to, the roles that may give it, and where it leads."""

    command: str
    event: str
    roles: frozenset[Role]
    moves: Moves


def _stay(*stages: Stage) -> dict[Stage, Mapping[str, Stage]]:
    return {stage: {"": stage} for stage in stages}


def _go(to: Stage, *stages: Stage) -> dict[Stage, Mapping[str, Stage]]:
    return {stage: {"": to} for stage in stages}


ASKERS = frozenset({Role.REQUESTER, Role.PROXIMITY_PHYSICIAN})
READERS = frozenset({Role.RADIOLOGIST, Role.REGULATOR})
AT_SCANNER = frozenset({Role.TECHNOLOGIST})
SCANNER = AT_SCANNER | {Role.SERVICE}
ENDERS = CARE - {Role.SUBSPECIALIST}
WITNESSES = CARE | {Role.PHYSICIST, Role.SERVICE}

TELLERS = READERS | {Role.SUBSPECIALIST}
"""Who finds a critical result, tells it, and asks for or gives a second opinion."""
WRITERS = READERS
"""Who may read the images and write the report."""

_CLOSABLE = (*AFTER_ACQUIRING, *EXITS)
_PRESCRIBED = (S.PROTOCOLLED, S.PROTOCOL_ACKNOWLEDGED, S.READY)

ROWS: tuple[Row, ...] = (
    Row("request.submit", "request.submitted", ASKERS, {}),
    Row(
        "request.amend", "request.amended", ASKERS,
        {**_stay(*BEFORE_ACQUIRING), S.READY: {"": S.READY, "recheck": S.PROTOCOL_ACKNOWLEDGED}},
    ),
    Row("request.cancel", "request.cancelled", ASKERS | READERS,
        _go(S.CANCELLED, *BEFORE_ACQUIRING)),
    Row("information.ask", "information.asked", READERS,
        _go(S.INFO_NEEDED, S.REQUESTED, S.CLAIMED, S.INFO_NEEDED)),
    Row(
        "information.answer", "information.answered", ASKERS,
        {S.INFO_NEEDED: {"unclaimed": S.REQUESTED, "claimed": S.CLAIMED, "more": S.INFO_NEEDED}},
    ),
    Row("case.claim", "case.claimed", READERS,
        {**_stay(*MAIN_LINE), S.REQUESTED: {"": S.CLAIMED}}),
    Row("case.release", "case.released", READERS,
        {**_go(S.REQUESTED, S.CLAIMED, S.JUSTIFIED), **_stay(S.INFO_NEEDED)}),
    Row("case.reassign", "case.reassigned", READERS | {Role.COORDINATOR},
        _stay(*(stage for stage in MAIN_LINE if stage is not S.REQUESTED))),
    Row(
        "justification.decide", "justification.decided", READERS,
        {S.CLAIMED: {"accept": S.JUSTIFIED, "substitute": S.SUBSTITUTED, "refuse": S.REFUSED}},
    ),
    Row("protocol.issue", "protocol.issued", READERS, _go(S.PROTOCOLLED, S.JUSTIFIED)),
    Row("protocol.amend", "protocol.amended", READERS, _go(S.PROTOCOLLED, *_PRESCRIBED)),
    Row("protocol.query", "protocol.queried", AT_SCANNER, _stay(*_PRESCRIBED)),
    Row("protocol.answer", "protocol.answered", READERS, _stay(*_PRESCRIBED, S.ACQUIRING)),
    Row("protocol.acknowledge", "protocol.acknowledged", AT_SCANNER,
        _go(S.PROTOCOL_ACKNOWLEDGED, S.PROTOCOLLED)),
    Row("checklist.complete", "checklist.completed", AT_SCANNER | {Role.PROXIMITY_PHYSICIAN},
        _go(S.READY, S.PROTOCOL_ACKNOWLEDGED, S.READY)),
    Row("acquisition.start", "acquisition.started", SCANNER, _go(S.ACQUIRING, S.READY)),
    Row("acquisition.end", "acquisition.ended", SCANNER, _go(S.ACQUIRED, S.ACQUIRING)),
    Row(
        "acquisition.abort", "acquisition.aborted", SCANNER | {Role.PROXIMITY_PHYSICIAN},
        {S.ACQUIRING: {"protocolled": S.PROTOCOLLED, "aborted": S.ABORTED}},
    ),
    Row("contrast.record", "contrast.recorded", AT_SCANNER | {Role.PROXIMITY_PHYSICIAN},
        _stay(S.ACQUIRING, *AFTER_ACQUIRING, S.ABORTED)),
    Row("reaction.report", "reaction.reported", CARE - {Role.SUBSPECIALIST, Role.COORDINATOR},
        _stay(S.ACQUIRING, *AFTER_ACQUIRING, S.ABORTED)),
    Row("images.declare", "images.declared", SCANNER,
        {**_go(S.IMAGES_AVAILABLE, S.ACQUIRED),
         **_stay(S.IMAGES_AVAILABLE, S.READING, S.REPORTED_PRELIM)}),
    Row("patient.release", "patient.released", READERS | AT_SCANNER,
        _stay(S.ACQUIRED, S.IMAGES_AVAILABLE, S.READING, S.REPORTED_PRELIM)),
    Row("dose.record", "dose.recorded", SCANNER | READERS,
        _stay(S.ACQUIRED, S.IMAGES_AVAILABLE, S.READING, S.REPORTED_PRELIM, S.ABORTED)),
    Row("reading.start", "reading.started", WRITERS,
        {**_go(S.READING, S.IMAGES_AVAILABLE), **_stay(S.READING, S.REPORTED_PRELIM)}),
    Row("reading.stop", "reading.stopped", WRITERS,
        {**_go(S.IMAGES_AVAILABLE, S.READING), **_stay(S.REPORTED_PRELIM)}),
    Row("report.issue", "report.issued", WRITERS,
        _go(S.REPORTED_PRELIM, S.READING, S.REPORTED_PRELIM)),
    Row("report.sign", "report.signed", WRITERS,
        _go(S.REPORTED_FINAL, S.READING, S.REPORTED_PRELIM)),
    Row("addendum.sign", "addendum.signed", WRITERS,
        _go(S.REPORTED_FINAL, S.REPORTED_FINAL, S.ACKNOWLEDGED)),
    Row("report.deliver", "report.delivered", WRITERS | {Role.COORDINATOR},
        _stay(S.REPORTED_PRELIM, S.REPORTED_FINAL, S.ACKNOWLEDGED)),
    Row("report.acknowledge", "report.acknowledged", ASKERS,
        _go(S.ACKNOWLEDGED, S.REPORTED_FINAL)),
    Row("clock.pause", "clock.paused", ENDERS, _stay(*MAIN_LINE)),
    Row("clock.resume", "clock.resumed", ENDERS, _stay(*MAIN_LINE)),
    Row("image.share", "image.shared", CARE, _stay(*OPEN)),
    Row("message.post", "message.posted", CARE, _stay(*OPEN)),
    Row("message.retract", "message.retracted", CARE, _stay(*OPEN)),
    Row("quick.reply", "quick.replied", CARE, _stay(*OPEN)),
    Row("member.invite", "member.invited", CARE, _stay(*OPEN)),
    Row("member.remove", "member.removed", ENDERS - AT_SCANNER, _stay(*OPEN)),
    Row("case.decline", "case.declined", READERS | {Role.COORDINATOR},
        _stay(S.REQUESTED, S.INFO_NEEDED)),
    Row("ring.start", "ring.started", CARE, _stay(*MAIN_LINE)),
    Row("ring.answer", "ring.answered", CARE, _stay(*OPEN)),
    Row("ring.decline", "ring.declined", CARE, _stay(*OPEN)),
    Row("ring.stop", "ring.stopped", CARE, _stay(*OPEN)),
    Row("critical.raise", "critical.raised", TELLERS, _stay(*OPEN)),
    Row("critical.attempt", "critical.attempted", CARE - ASKERS, _stay(*OPEN)),
    Row("critical.acknowledge", "critical.acknowledged", CARE, _stay(*OPEN)),
    Row("critical.close", "critical.closed", TELLERS, _stay(*OPEN)),
    Row("opinion.ask", "opinion.asked", TELLERS, _stay(*MAIN_LINE)),
    Row("opinion.accept", "opinion.accepted", TELLERS, _stay(*OPEN)),
    Row("opinion.decline", "opinion.declined", TELLERS, _stay(*OPEN)),
    Row("opinion.answer", "opinion.answered", TELLERS, _stay(*OPEN)),
    Row("opinion.conclude", "opinion.concluded", TELLERS, _stay(*OPEN)),
    Row("opinion.withdraw", "opinion.withdrawn", TELLERS, _stay(*OPEN)),
    Row("review.record", "review.recorded", TELLERS | {Role.QUALITY},
        _stay(S.REPORTED_FINAL, S.ACKNOWLEDGED, S.CLOSED)),
    Row("handover.offer", "handover.offered", ASKERS | TELLERS, _stay(*OPEN)),
    Row("handover.accept", "handover.accepted", ASKERS | TELLERS, _stay(*OPEN)),
    Row("handover.decline", "handover.declined", ASKERS | TELLERS, _stay(*OPEN)),
    Row("handover.withdraw", "handover.withdrawn", ASKERS | TELLERS, _stay(*OPEN)),
    Row("incident.open", "incident.opened", WITNESSES, _stay(*OPEN)),
    Row("incident.close", "incident.closed", CARE, _stay(*OPEN)),
    Row("room.close", "room.closed", ENDERS, _go(S.CLOSED, *_CLOSABLE)),
    Row("room.reopen", "room.reopened", ENDERS,
        {S.CLOSED: {stage.value: stage for stage in _CLOSABLE}}),
)  # fmt: skip
"""`request.submit` has no stage to start from: it opens the room, in `requested`."""

OPENING: Stage = S.REQUESTED

TABLE: dict[str, dict[Role, Moves]] = {
    row.command: {role: row.moves for role in Role if role in row.roles} for row in ROWS
}
"""Command kind -> role -> stage -> answer -> next stage: `ROWS`, to look up in."""

MOVES: dict[str, Moves] = {row.event: row.moves for row in ROWS}
"""Event kind -> stage -> answer -> next stage."""

EVENT_OF: dict[str, str] = {row.command: row.event for row in ROWS}


def allowed(kind: str, role: Role, stage: Stage) -> bool:
    """Whether `role` may give the command `kind` in `stage`, as far as the table goes."""
    return stage in TABLE.get(kind, {}).get(role, {})


def acts(role: Role, stage: Stage) -> tuple[str, ...]:
    """The commands that `role` may give in `stage`, in the order of the table."""
    return tuple(row.command for row in ROWS if role in row.roles and stage in row.moves)


def next_stage(event_kind: str, stage: Stage, answer: str) -> Stage:
    """The stage after an event; the same one where the table has nothing to say."""
    return MOVES.get(event_kind, {}).get(stage, {}).get(answer, stage)


_REPORTS = frozenset({"report.issued", "report.signed", "addendum.signed"})
_PRESCRIPTION = frozenset({"protocol.issued", "protocol.amended", "request.amended"})

CONFLICTS: dict[str, frozenset[str]] = {
    "request.amend": frozenset({"request.amended"}),
    "justification.decide": frozenset({"justification.decided", "request.amended"}),
    "protocol.issue": _PRESCRIPTION,
    "protocol.amend": _PRESCRIPTION,
    "protocol.acknowledge": frozenset({"protocol.issued", "protocol.amended"}),
    "checklist.complete": frozenset({"checklist.completed"}) | _PRESCRIPTION,
    "acquisition.start": frozenset({"acquisition.started"}) | _PRESCRIPTION,
    "acquisition.end": frozenset({"acquisition.ended", "acquisition.aborted"}),
    "acquisition.abort": frozenset({"acquisition.ended", "acquisition.aborted"}),
    "dose.record": frozenset({"dose.recorded"}),
    "reading.start": frozenset({"reading.started"}),
    "report.issue": _REPORTS | {"reading.started"},
    "report.sign": _REPORTS | {"reading.started"},
    "addendum.sign": _REPORTS,
    "report.acknowledge": _REPORTS,
}
"""Command kind -> kinds of event that must not have come in between unseen (W-16)."""

CONFLICTING: frozenset[str] = frozenset().union(*CONFLICTS.values())


def conflicts(command_kind: str) -> frozenset[str]:
    """Kinds of event after which a command given with an older `after` is stale (W-16)."""
    return CONFLICTS.get(command_kind, frozenset())
