"""What a policy would do: a ring played to its end where nobody answers, step by step."""

from dataclasses import dataclass
from datetime import datetime

from hub.oncall import engine
from hub.oncall.engine import Alerted, Around, Entered, Ring, Rung, Skipped
from hub.oncall.policy import Plan
from hub.room.exam import Value
from hub.room.times import moment, spelled


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Moment(Value):
    """What happens at `at` (RFC 3339 UTC): `rings` at a step, `alerts`, or `exhausted`."""

    at: str
    what: str
    step: int
    people: tuple[Rung, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    phone: str = ""


def simulate(plan: Plan, start: datetime, around: Around) -> tuple[Moment, ...]:
    """Everything from `start` until all steps are through, given who is away."""
    move = engine.begin(plan, start, around)
    blank = Ring(
        ring=0, purpose="", started_at=spelled(start), steps=plan.steps, last_resort=plan.phone
    )
    ring = engine.entered(blank, move)
    found = [_entered(spelled(start), move)]
    while ring.state == "ringing":
        now = moment(ring.next_at)
        step = engine.due(ring, now, around)
        if isinstance(step, Entered):
            ring = engine.entered(ring, step)
            found.append(_entered(spelled(now), step))
        elif isinstance(step, Alerted):
            ring = engine.alerted(ring, step)
            alert = Moment(at=spelled(now), what="alerts", step=ring.step, people=step.people)
            found.append(alert)
    return tuple(found)


def _entered(at: str, move: Entered) -> Moment:
    return Moment(
        at=at,
        what="exhausted" if move.exhausted else "rings",
        step=move.step,
        people=move.people,
        skipped=move.skipped,
        phone=move.phone,
    )
