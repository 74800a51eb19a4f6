"""The stages of an exam, in order, and whose move each one waits for (domain.md 4.2).

Rule: everything that says which command leads from which stage to which stands in `permissions.py`;
everything that says who is waited for in a stage, and for how long, stands here. The minutes are
proposals of ours [est]: each site validates its own.
"""

from dataclasses import dataclass
from enum import StrEnum

from hub.room.roles import Role


class Stage(StrEnum):
    """Where an exam stands. One value at a time."""

    REQUESTED = "requested"
    INFO_NEEDED = "info_needed"
    CLAIMED = "claimed"
    JUSTIFIED = "justified"
    PROTOCOLLED = "protocolled"
    PROTOCOL_ACKNOWLEDGED = "protocol_acknowledged"
    READY = "ready"
    ACQUIRING = "acquiring"
    ACQUIRED = "acquired"
    IMAGES_AVAILABLE = "images_available"
    READING = "reading"
    REPORTED_PRELIM = "reported_prelim"
    REPORTED_FINAL = "reported_final"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    REFUSED = "refused"
    SUBSTITUTED = "substituted"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


class Urgency(StrEnum):
    """How soon the answer is needed: P0 vital, P1 within 30 min, P2 within 60 min, P3 today."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


S = Stage

BEFORE_ACQUIRING: tuple[Stage, ...] = (
    S.REQUESTED, S.INFO_NEEDED, S.CLAIMED, S.JUSTIFIED,
    S.PROTOCOLLED, S.PROTOCOL_ACKNOWLEDGED, S.READY,
)  # fmt: skip
AFTER_ACQUIRING: tuple[Stage, ...] = (
    S.ACQUIRED, S.IMAGES_AVAILABLE, S.READING,
    S.REPORTED_PRELIM, S.REPORTED_FINAL, S.ACKNOWLEDGED,
)  # fmt: skip
MAIN_LINE: tuple[Stage, ...] = (*BEFORE_ACQUIRING, S.ACQUIRING, *AFTER_ACQUIRING)
"""From the request to the acknowledged report; `closed` comes after, from here or from an exit."""
EXITS: tuple[Stage, ...] = (S.REFUSED, S.SUBSTITUTED, S.CANCELLED, S.ABORTED)
OPEN: tuple[Stage, ...] = (*MAIN_LINE, *EXITS)
"""Every stage in which people still talk: all but `closed`."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a stage waits for: the act (a command kind), who may do it, and on which clock.

    `person` says whose own move it is, where that is known: `requester`, `owner`, `technologist`
    (the one who acknowledged), `reader` (who reads, else the owner), or empty.
    """

    act: str
    roles: tuple[Role, ...]
    person: str = ""
    clock: str = ""


_READERS = (Role.RADIOLOGIST, Role.REGULATOR)
_ASKERS = (Role.REQUESTER, Role.PROXIMITY_PHYSICIAN)
_CLOSERS = (Role.COORDINATOR, Role.RADIOLOGIST, Role.REQUESTER)

WAITS: dict[Stage, Wait] = {
    S.REQUESTED: Wait("case.claim", _READERS, clock="claim"),
    S.INFO_NEEDED: Wait("information.answer", _ASKERS, "requester", "information"),
    S.CLAIMED: Wait("justification.decide", _READERS, "owner", "protocol"),
    S.JUSTIFIED: Wait("protocol.issue", _READERS, "owner", "protocol"),
    S.PROTOCOLLED: Wait("protocol.acknowledge", (Role.TECHNOLOGIST,), clock="acknowledge"),
    S.PROTOCOL_ACKNOWLEDGED: Wait(
        "checklist.complete", (Role.TECHNOLOGIST,), "technologist", "start"
    ),
    S.READY: Wait("acquisition.start", (Role.TECHNOLOGIST,), "technologist", "start"),
    S.ACQUIRING: Wait("acquisition.end", (Role.TECHNOLOGIST,), "technologist"),
    S.ACQUIRED: Wait("images.declare", (Role.TECHNOLOGIST,), "technologist", "images"),
    S.IMAGES_AVAILABLE: Wait("reading.start", _READERS, "owner", "reading"),
    S.READING: Wait("report.sign", _READERS, "reader", "reading"),
    S.REPORTED_PRELIM: Wait("report.sign", _READERS, "reader", "total"),
    S.REPORTED_FINAL: Wait("report.acknowledge", _ASKERS, "requester", "report"),
    S.ACKNOWLEDGED: Wait("room.close", _CLOSERS),
    S.REFUSED: Wait("room.close", _CLOSERS),
    S.SUBSTITUTED: Wait("room.close", _CLOSERS),
    S.CANCELLED: Wait("room.close", _CLOSERS),
    S.ABORTED: Wait("room.close", _CLOSERS),
}
"""`closed` waits for nobody."""

CRITICAL_WAIT = Wait("critical.acknowledge", _ASKERS)
"""Before all else, while a category 1 result has no receipt: of the person whom it is for."""
CRITICAL_PHONE = Wait("critical.acknowledge", (*_READERS, Role.SUBSPECIALIST))
"""Instead, once nobody answered: whoever answers for it phones and records the receipt."""

QUERY_WAIT = Wait("protocol.answer", _READERS, "owner", "acknowledge")
"""Instead of the stage's own, while a query on the protocol in force has no answer."""
QUERY_STAGES: tuple[Stage, ...] = (S.PROTOCOLLED, S.PROTOCOL_ACKNOWLEDGED, S.READY)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock of domain.md 4.4: the stages it runs in, pauses in, and its minutes by urgency.

    Leaving all of them stops it; entering again starts it anew, or goes on with the same limit
    where `resumes`. No minutes: it measures and promises nothing. `roles` own it: it runs for them.
    `foretold`: the hub says beforehand, once, that its limit will not be kept (`deadlines.py`).
    """

    name: str
    runs_in: tuple[Stage, ...]
    minutes: tuple[int, int, int, int] | None
    roles: tuple[Role, ...] = ()
    pauses_in: tuple[Stage, ...] = ()
    resumes: bool = False
    foretold: bool = False

    def limit(self, urgency: str) -> int | None:
        """Minutes promised for `urgency`, or None."""
        if self.minutes is None or urgency not in _URGENCIES:
            return None
        return self.minutes[_URGENCIES.index(urgency)]


_URGENCIES = tuple(urgency.value for urgency in Urgency)
FAST: tuple[str, ...] = (Urgency.P0.value, Urgency.P1.value)

_AT_SCANNER = (Role.TECHNOLOGIST,)
_ASKED = (S.INFO_NEEDED,)

CLOCKS: tuple[ClockRule, ...] = (
    #                                                      P0  P1  P2   P3
    ClockRule("claim", (S.REQUESTED,),                     (3, 5, 10, 30), _READERS, _ASKED),
    ClockRule("information", (S.INFO_NEEDED,),             (5, 10, 15, 60), _ASKERS),
    ClockRule("protocol", (S.CLAIMED, S.JUSTIFIED),        (5, 10, 15, 60), _READERS, _ASKED),
    ClockRule("acknowledge", (S.PROTOCOLLED,),             (3, 5, 10, 30), _AT_SCANNER),
    ClockRule("start", (S.PROTOCOL_ACKNOWLEDGED, S.READY), (10, 15, 30, 240), _AT_SCANNER),
    ClockRule("acquisition", (S.ACQUIRING,),               None, _AT_SCANNER),
    ClockRule("images", (S.ACQUIRED,),                     (5, 10, 15, 60), _AT_SCANNER),
    ClockRule("reading", (S.IMAGES_AVAILABLE, S.READING),  (15, 20, 30, 120), _READERS,
              foretold=True),
    ClockRule("report", (S.REPORTED_FINAL,),               (10, 15, 30, 240), _ASKERS,
              foretold=True),
    ClockRule(
        "total",
        (*BEFORE_ACQUIRING, S.ACQUIRING, S.ACQUIRED, S.IMAGES_AVAILABLE, S.READING,
         S.REPORTED_PRELIM),
        (30, 30, 60, 480),
        _READERS,
        resumes=True,
        foretold=True,
    ),
)  # fmt: skip
"""`total`, from the request to the signed report, goes on while a question waits: the patient waits
all the while. Somebody who pauses it says why (`clock.pause`)."""

OWNED: dict[str, str] = {
    "information": "requester", "protocol": "owner", "start": "technologist",
    "acquisition": "technologist", "images": "technologist", "reading": "reader",
    "report": "requester", "total": "reader",
}  # fmt: skip
"""Whose clock it is among its roles, in the words of `Wait.person`; else anybody's."""

USUAL: dict[Stage, tuple[int, int]] = {
    S.REQUESTED: (1, 2), S.INFO_NEEDED: (3, 5), S.CLAIMED: (1, 1), S.JUSTIFIED: (1, 2),
    S.PROTOCOLLED: (1, 2), S.PROTOCOL_ACKNOWLEDGED: (1, 3), S.READY: (1, 3),
    S.ACQUIRING: (5, 8), S.ACQUIRED: (1, 2), S.IMAGES_AVAILABLE: (1, 2), S.READING: (9, 15),
    S.REPORTED_PRELIM: (3, 5),
}  # fmt: skip
"""Minutes that an exam usually spends in a stage [est]: a vital or half-hour one, any other.
Reading is at the pace of the largest French service, 16 to 17 min from the first image. A breach
of `total` is predicted from these."""

THE_USUAL_WAY: tuple[Stage, ...] = (
    S.REQUESTED, S.CLAIMED, S.JUSTIFIED, S.PROTOCOLLED, S.PROTOCOL_ACKNOWLEDGED, S.READY,
    S.ACQUIRING, S.ACQUIRED, S.IMAGES_AVAILABLE, S.READING,
)  # fmt: skip
"""The stages that an exam goes through where nothing special happens."""


def usual(stage: Stage, urgency: str) -> int:
    """Minutes that an exam of `urgency` usually spends in `stage`, 0 where nothing is known."""
    fast, others = USUAL.get(stage, (0, 0))
    return fast if urgency in FAST else others


RESTARTS: dict[str, str] = {"protocol.amended": "acknowledge"}
"""Events that start a clock anew though the stage may stay: a new version is a new wait."""
