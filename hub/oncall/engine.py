"""The calling engine: a ring from its first step to an answer, as pure functions of data and time.

Rules. A ring that is on always has a next moment (`next_at`), so it cannot fall silent: it rings
again, goes on to the next step, and at last says which number to phone and rings on, less often.
It is over at once when anybody answers, and nothing follows. Whoever declined, was taken out or is
away is not rung; do-not-disturb with a forward rings whom it names, never somebody who is away too.
What a move decides stands in its event, times too: after a restart the same journal gives the same
next moment. A hub that was down goes on with the step that is due, begun anew: whom it rings has
their whole time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.oncall.policy import Callee, Plan, PlanStep
from hub.room.exam import Value
from hub.room.times import moment, spelled

SLOWEST_S = 900
"""Between two alerts of a ring that has gone through all its steps, at most."""
ON: tuple[str, ...] = ("ringing", "exhausted")
"""States in which a ring is on."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Rung(Value):
    """Somebody who is rung: since when, at which step, and for whom where it was forwarded."""

    person: str
    name: str = ""
    via: str = ""
    step: int = 0
    since: str = ""
    forwarded_from: str = ""
    declined_at: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Skipped(Value):
    """Somebody whom a step would have tried. `why`: `dnd`, `away`, `loop` (forwards that go in a
    circle), `declined`, `removed`."""

    person: str
    why: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ring(Value):
    """A ring as the journal folds to it. `ring` is the seq of its `ring.started`.

    `state`: `ringing`, `exhausted` (all steps gone through: phone `phone`; it rings on), then
    `answered` or `stopped`. `step` counts from 1. `alert_at` is the next alert, `ends_at` the end
    of the step, empty once there is none. `critical` is the seq of the critical result that it is
    about, 0 for none.
    """

    ring: int
    purpose: str
    started_at: str
    started_by: str = ""
    policy: str = ""
    rota_at: str = ""
    steps: tuple[PlanStep, ...] = ()
    to: str = ""
    subspecialty: str = ""
    question: str = ""
    critical: int = 0
    state: str = "ringing"
    step: int = 0
    people: tuple[Rung, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    alerts: int = 0
    alert_at: str = ""
    ends_at: str = ""
    phone: str = ""
    last_resort: str = ""
    ended_at: str = ""
    ended_by: str = ""
    ended_name: str = ""

    @property
    def on(self) -> bool:
        """Whether it still rings."""
        return self.state in ON

    @property
    def next_at(self) -> str:
        """When it moves next of itself; empty once it is over."""
        if not self.on:
            return ""
        return min((at for at in (self.alert_at, self.ends_at) if at), default="")

    @property
    def ringing(self) -> tuple[str, ...]:
        """The persons whose devices ring now."""
        return tuple(one.person for one in self.people if not one.declined_at) if self.on else ()


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who does not want to be rung, `dnd` or `away`, and who is rung instead."""

    state: str
    forward: str = ""
    forward_name: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What has to be known of people to ring them: who is away, who was taken out of the room."""

    away: Mapping[str, Away] = field(default_factory=dict)
    out: frozenset[str] = frozenset()


NOBODY_AWAY = Around()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The ring goes on to a step: rings `people`, passes over `skipped`. `exhausted`: there is no
    step left."""

    step: int
    people: tuple[Rung, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    alert_at: str = ""
    ends_at: str = ""
    phone: str = ""
    exhausted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """Everybody is rung once more, the `n`th time; `people` could not be rung before."""

    n: int
    people: tuple[Rung, ...] = ()
    alert_at: str = ""


Move = Entered | Alerted


def begin(plan: Plan, now: datetime, around: Around = NOBODY_AWAY) -> Entered:
    """The first step that rings anybody, or the last resort at once."""
    blank = Ring(
        ring=0, purpose="", started_at=spelled(now), steps=plan.steps, last_resort=plan.phone
    )
    return _enter(blank, now, around)


def due(ring: Ring, now: datetime, around: Around = NOBODY_AWAY) -> Move | None:
    """What falls due at `now`: an alert, the next step, or nothing."""
    if not ring.next_at or moment(ring.next_at) > now:
        return None
    if ring.ends_at and moment(ring.ends_at) <= now:
        return _enter(ring, now, around)
    return _alert(ring, now, around)


def declined(
    ring: Ring, person: str, now: datetime, around: Around = NOBODY_AWAY
) -> Entered | None:
    """What follows when `person` declines: the next step, where nobody is left who rings."""
    left = [one for one in ring.ringing if one != person]
    if left or ring.state != "ringing":
        return None
    refusing = tuple(
        replace(one, declined_at=spelled(now)) if one.person == person else one
        for one in ring.people
    )
    return _enter(replace(ring, people=refusing), now, around)


def _enter(ring: Ring, now: datetime, around: Around) -> Entered:
    """The next step in which somebody can be rung, or a number phoned; else the end of them."""
    skipped: list[Skipped] = []
    for number, step in enumerate(ring.steps[ring.step :], ring.step + 1):
        rung, passed = _reached(ring, step, number, now, around)
        skipped += [one for one in passed if one not in skipped]
        if rung or step.phone:
            return Entered(
                step=number,
                people=rung,
                skipped=tuple(skipped),
                alert_at=_after(now, step.realert_s),
                ends_at=_after(now, step.wait_s),
                phone=step.phone or ring.phone,
            )
    return Entered(
        step=len(ring.steps),
        skipped=tuple(skipped),
        alert_at=_after(now, _pause(ring, 0)),
        phone=ring.last_resort or ring.phone,
        exhausted=True,
    )


def _alert(ring: Ring, now: datetime, around: Around) -> Alerted:
    n = ring.alerts + 1
    if ring.state == "exhausted":
        rung: list[Rung] = []
        for number, step in enumerate(ring.steps, 1):
            tried = replace(ring, people=(*ring.people, *rung))
            rung += _reached(tried, step, number, now, around)[0]
        return Alerted(n=n, people=tuple(rung), alert_at=_after(now, _pause(ring, n)))
    return Alerted(
        n=n,
        people=_instead(ring, now, around),
        alert_at=_after(now, ring.steps[ring.step - 1].realert_s),
    )


def _instead(ring: Ring, now: datetime, around: Around) -> tuple[Rung, ...]:
    """Whom to ring beside those who went away while they were rung."""
    callees = tuple(
        Callee(person=one.person, name=one.name, via=one.via)
        for one in ring.people
        if not one.declined_at and one.person in around.away
    )
    step = PlanStep(wait_s=0, realert_s=0, callees=callees)
    return _reached(ring, step, ring.step, now, around)[0]


def _pause(ring: Ring, n: int) -> int:
    """Seconds to the next alert once all steps are through: longer each time."""
    first = ring.steps[-1].realert_s if ring.steps else 60
    return int(min(SLOWEST_S, first * 2 ** min(n, 10)))


def _reached(
    ring: Ring, step: PlanStep, number: int, now: datetime, around: Around
) -> tuple[tuple[Rung, ...], list[Skipped]]:
    """Whom a step rings anew, and whom it passes over."""
    known = {one.person for one in ring.people}
    declining = {one.person for one in ring.people if one.declined_at}
    rung: dict[str, Rung] = {}
    passed: list[Skipped] = []
    for callee in step.callees:
        found = _forwarded(callee, around)
        if isinstance(found, Skipped):
            passed.append(found)
        elif found.person in declining:
            passed.append(Skipped(person=found.person, name=found.name, why="declined"))
        elif found.person not in known:
            one = replace(found, step=number, since=spelled(now))
            rung.setdefault(found.person, one)
    return tuple(rung.values()), passed


def _forwarded(callee: Callee, around: Around) -> Rung | Skipped:
    """Who is rung for `callee`: themselves, or along their forwards the first who is there."""
    person, name = callee.person, callee.name
    seen: set[str] = set()
    while True:
        if person in around.out:
            return Skipped(person=person, name=name, why="removed")
        away = around.away.get(person)
        if away is None:
            forwarded = callee.person if person != callee.person else ""
            return Rung(person=person, name=name, via=callee.via, forwarded_from=forwarded)
        seen.add(person)
        if not away.forward:
            return Skipped(person=callee.person, name=callee.name, why=away.state)
        if away.forward in seen:
            return Skipped(person=callee.person, name=callee.name, why="loop")
        person, name = away.forward, away.forward_name


def _after(now: datetime, seconds: int) -> str:
    return spelled(now + timedelta(seconds=seconds))


# -- the fold --------------------------------------------------------------------------------


def entered(ring: Ring, move: Entered) -> Ring:
    """`ring` in its new step."""
    return replace(
        ring,
        state="exhausted" if move.exhausted else "ringing",
        step=move.step,
        people=(*ring.people, *move.people),
        skipped=move.skipped,
        alert_at=move.alert_at,
        ends_at=move.ends_at,
        phone=move.phone or ring.phone,
        alerts=0,
    )


def alerted(ring: Ring, move: Alerted) -> Ring:
    """`ring` rung once more."""
    return replace(ring, people=(*ring.people, *move.people), alerts=move.n, alert_at=move.alert_at)


def refused(ring: Ring, person: str, at: str, reason: str) -> Ring:
    """`ring` without `person`, who declined."""
    return replace(
        ring,
        people=tuple(
            replace(one, declined_at=at, reason=reason) if one.person == person else one
            for one in ring.people
        ),
    )


def ended(ring: Ring, state: str, at: str, person: str = "", name: str = "") -> Ring:
    """`ring`, over: answered by `person`, or stopped."""
    return replace(
        ring,
        state=state,
        alert_at="",
        ends_at="",
        ended_at=at,
        ended_by=person,
        ended_name=name,
    )
