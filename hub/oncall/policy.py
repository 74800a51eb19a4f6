"""Escalation as data: who is tried in which order, how long, and what is told at last.

A policy is chosen by site, urgency and purpose, the most particular first. `plan` makes of it, of
the rota and of the people a plan in which every name stands; the plan is kept with the room, so
that anybody can say later who should have been called (domain.md 1.4, 20).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from hub.oncall.rota import TIERS, Duty, Line, Rota, covering, on_duty
from hub.room.exam import Value
from hub.room.limits import Items, Number, OneOf, Short, Text
from hub.room.times import spelled

PURPOSES: tuple[str, ...] = ("case", "ask", "critical")
"""`case`: take this exam. `ask`: a question from inside a room. `critical`: a critical result."""
KINDS: tuple[str, ...] = (
    "tier", "line", "subspecialty", "person", "asked", "requester", "coordinator", "phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Target(Value):
    """Whom a step tries.

    `tier`: the general lines of that tier which cover the exam; `line`: one line by its id;
    `subspecialty`: the lines of one; `person`: one person; `asked`: whom the ring itself names;
    `requester`: who asked for the exam; `coordinator`: the coordinators of the lines of the site;
    `phone`: no alarm, a number to call. `order` 1 is who is on call first, 0 everybody on duty.
    """

    kind: Annotated[str, OneOf(KINDS)]
    value: Short = ""
    order: Annotated[int, Number(0, 9)] = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step(Value):
    """Rings its targets, again every `realert_s` seconds, and gives them `wait_s` seconds."""

    targets: Annotated[tuple[Target, ...], Items(1, 12)]
    wait_s: Annotated[int, Number(5, 3600)]
    realert_s: Annotated[int, Number(5, 900)] = 30


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Policy(Value):
    """Steps in order. An empty `site` or `urgency` means every one; `version` counts its edits."""

    steps: Annotated[tuple[Step, ...], Items(1, 12)]
    site: Annotated[str, Text(0, 64)] = ""
    urgency: Annotated[str, OneOf(("", "P0", "P1", "P2", "P3"))] = ""
    purpose: Annotated[str, OneOf(PURPOSES)] = "case"
    version: int = 0

    @property
    def name(self) -> str:
        """How a journal names it: `case/ch-demo/P0@3`, `*` for every one, version 0 is ours."""
        return f"{self.purpose}/{self.site or '*'}/{self.urgency or '*'}@{self.version}"


def _tiered(first_s: int, next_s: int, realert_s: int) -> tuple[Step, ...]:
    def step(wait_s: int, *targets: Target) -> Step:
        return Step(targets=targets, wait_s=wait_s, realert_s=realert_s)

    local, group, region, company = (Target(kind="tier", value=tier, order=1) for tier in TIERS)
    return (
        step(first_s, local),
        step(next_s, Target(kind="tier", value="local"), group),
        step(next_s, Target(kind="tier", value="group"), region),
        step(next_s, Target(kind="tier", value="region"), company),
        step(next_s, Target(kind="tier", value="company"), Target(kind="coordinator")),
    )


def _asking(wait_s: int, realert_s: int) -> tuple[Step, ...]:
    return (
        Step(targets=(Target(kind="asked", order=1),), wait_s=wait_s, realert_s=realert_s),
        Step(targets=(Target(kind="asked"),), wait_s=wait_s, realert_s=realert_s),
        Step(targets=(Target(kind="coordinator"),), wait_s=wait_s, realert_s=realert_s),
    )


DEFAULTS: tuple[Policy, ...] = (
    Policy(urgency="P0", steps=_tiered(45, 45, 15)),
    Policy(urgency="P1", steps=_tiered(90, 60, 20)),
    Policy(urgency="P2", steps=_tiered(180, 120, 45)),
    Policy(urgency="P3", steps=_tiered(600, 300, 120)),
    Policy(purpose="ask", urgency="P0", steps=_asking(45, 15)),
    Policy(purpose="ask", steps=_asking(90, 30)),
    Policy(purpose="critical", steps=(
        Step(targets=(Target(kind="asked"),), wait_s=60, realert_s=20),
        Step(targets=(Target(kind="requester"),), wait_s=60, realert_s=20),
        Step(targets=(Target(kind="coordinator"),), wait_s=90, realert_s=30),
    )),
)  # fmt: skip
"""Where a site has none of its own. Seconds are proposals of ours [est]: each site validates its
own. The steps before the last respect the minutes of the clock `claim`."""


def choose(policies: Iterable[Policy], purpose: str, site: str, urgency: str) -> Policy:
    """The policy in force: of the site before of all, of the urgency before of any, ours last."""

    def fit(one: Policy) -> tuple[bool, bool, bool]:
        return (one.version > 0, bool(one.site), bool(one.urgency))

    own = [
        one
        for one in (*policies, *DEFAULTS)
        if one.purpose == purpose and one.site in ("", site) and one.urgency in ("", urgency)
    ]
    return max(own, key=fit)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Callee(Value):
    """Somebody whom a step tries, and by which line, `person` or `coordinator`."""

    person: str
    name: str = ""
    via: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PlanStep(Value):
    """A step with its names. `phone` is a number to show as soon as the step begins."""

    wait_s: int
    realert_s: int
    callees: tuple[Callee, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan(Value):
    """What will be tried, made at `rota_at` from the rota in force; `phone` is the last resort.

    Each step's names are those on duty when the step is due to begin.
    """

    policy: str
    rota_at: str
    steps: tuple[PlanStep, ...]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as far as calling goes: a name and the roles they may play, as words."""

    person: str
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom and what a ring is about. `takers` are the roles that can answer it; empty: any.

    `sender` is never rung: who asks knows already.
    """

    purpose: str
    site: str
    urgency: str
    modality: str = ""
    to: str = ""
    subspecialty: str = ""
    requester: str = ""
    sender: str = ""
    takers: frozenset[str] = frozenset()


def plan(
    asked: Asked,
    policy: Policy,
    rota: Rota,
    people: Mapping[str, Somebody],
    *,
    at: datetime,
    phone: str = "",
) -> Plan:
    """The plan for what is asked at `at`. `people` are the accounts that are open: a name of the
    rota that is not among them is passed over. A coordinator is rung whatever the takers are: to
    chase, where not to take."""
    steps: list[PlanStep] = []
    begins = at
    for step in policy.steps:
        duties = on_duty(rota, begins)
        found: dict[str, Callee] = {}
        numbers: list[str] = []
        for target in step.targets:
            if target.kind == "phone":
                numbers.append(target.value or phone)
            for callee in _callees(target, asked, rota, duties, people):
                if callee.person != asked.sender:
                    found.setdefault(callee.person, callee)
        steps.append(
            PlanStep(
                wait_s=step.wait_s,
                realert_s=step.realert_s,
                callees=tuple(found.values()),
                phone=next((one for one in numbers if one), ""),
            )
        )
        if found or numbers:
            begins += timedelta(seconds=step.wait_s)
    return Plan(policy=policy.name, rota_at=spelled(at), steps=tuple(steps), phone=phone)


def _callees(
    target: Target,
    asked: Asked,
    rota: Rota,
    duties: tuple[Duty, ...],
    people: Mapping[str, Somebody],
) -> Iterable[Callee]:
    match target.kind:
        case "person" | "requester":
            person = target.value if target.kind == "person" else asked.requester
            return _named(person, "person", people)
        case "asked" if asked.to:
            return _named(asked.to, "person", people)
        case "coordinator":
            lines = covering(rota, asked.site, asked.modality)
            return _on(lines, duties, people, 0, frozenset({"coordinator"}), every=True)
        case "tier":
            lines = tuple(
                line
                for line in covering(rota, asked.site, asked.modality)
                if line.tier == target.value
            )
        case "line":
            lines = tuple(line for line in rota.lines if line.line == target.value)
        case "subspecialty" | "asked":
            wanted = target.value if target.kind == "subspecialty" else asked.subspecialty
            lines = covering(rota, asked.site, asked.modality, wanted) if wanted else ()
        case _:
            return ()
    return _on(lines, duties, people, target.order, asked.takers)


def _named(person: str, via: str, people: Mapping[str, Somebody]) -> Iterable[Callee]:
    known = people.get(person)
    return () if known is None else (Callee(person=person, name=known.name, via=via),)


def _on(
    lines: tuple[Line, ...],
    duties: tuple[Duty, ...],
    people: Mapping[str, Somebody],
    order: int,
    takers: frozenset[str],
    *,
    every: bool = False,
) -> Iterable[Callee]:
    """The people of `lines` who are on duty; with `every`, all of their people."""
    for line in lines:
        if every:
            on = [Duty(line=line.line, order=1, person=one) for one in line.people]
        else:
            on = [duty for duty in duties if duty.line == line.line]
        for duty in on:
            known = people.get(duty.person)
            fits = known is not None and (not takers or bool(known.roles & takers))
            if known is not None and fits and order in (0, duty.order):
                yield Callee(person=duty.person, name=known.name, via=line.line, order=duty.order)
