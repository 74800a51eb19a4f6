"""What happened when people were called: rung, gone on, declined, answered, never answered.

Part of the union in `events.py`. What may follow when stands in `hub.oncall.engine`.
"""

from dataclasses import dataclass
from typing import ClassVar

from hub.oncall.engine import Rung, Skipped
from hub.oncall.policy import PlanStep
from hub.room.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseDeclined(Event):
    """Whoever gave it does not take the exam that they were rung for by ring `ring`."""

    kind: ClassVar[str] = "case.declined"
    ring: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingStarted(Event):
    """People are rung, now and by `steps` later. Its own seq is the id of the ring.

    `policy`, `rota_at` and `steps` keep the policy and the rota in force: who should have been
    called. `people` are rung at once, at `step`; `skipped` were passed over, and why. Times are
    RFC 3339: `alert_at` the next alert, `ends_at` the end of the step. `last_resort` is the number
    to phone when all steps are through. `critical` is the seq of the critical result that it is
    about, 0 for none.
    """

    kind: ClassVar[str] = "ring.started"
    purpose: str
    policy: str
    rota_at: str
    steps: tuple[PlanStep, ...]
    to: str = ""
    subspecialty: str = ""
    question: str = ""
    critical: int = 0
    step: int = 0
    people: tuple[Rung, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    alert_at: str = ""
    ends_at: str = ""
    phone: str = ""
    last_resort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingEscalated(Event):
    """Nobody answered in time, or all declined: `people` are rung too. Stored by the hub."""

    kind: ClassVar[str] = "ring.escalated"
    ring: int
    step: int
    people: tuple[Rung, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    alert_at: str = ""
    ends_at: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingAlerted(Event):
    """Everybody who is rung is alerted once more, the `n`th time in this step, and `people` who
    could not be rung before. Stored by the hub."""

    kind: ClassVar[str] = "ring.alerted"
    ring: int
    n: int
    people: tuple[Rung, ...] = ()
    alert_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingExhausted(Event):
    """All steps are through and nobody answered: phone `phone`. It rings on, less often. Stored by
    the hub."""

    kind: ClassVar[str] = "ring.exhausted"
    ring: int
    step: int
    skipped: tuple[Skipped, ...] = ()
    alert_at: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingDeclined(Event):
    kind: ClassVar[str] = "ring.declined"
    ring: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingAnswered(Event):
    """Answered; whoever was rung beside is rung no more. A ring for the exam itself ends with
    `case.claimed`."""

    kind: ClassVar[str] = "ring.answered"
    ring: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingStopped(Event):
    kind: ClassVar[str] = "ring.stopped"
    ring: int
    reason: str = ""


EVENTS: tuple[type[Event], ...] = (
    CaseDeclined,
    RingStarted, RingAnswered, RingDeclined, RingStopped,
    RingEscalated, RingAlerted, RingExhausted,
)  # fmt: skip
