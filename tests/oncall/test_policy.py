"""Policies are data: the most particular is chosen, and its targets become names."""

from datetime import timedelta

import pytest

from hub.oncall.policy import (
    DEFAULTS,
    PURPOSES,
    Asked,
    Plan,
    Policy,
    Somebody,
    Step,
    Target,
    choose,
    plan,
)
from hub.oncall.rota import TIERS, Rota
from hub.room.limits import check
from hub.room.stages import Urgency
from tests.oncall.test_rota import at, line, shift

NIGHT = at("2026-11-21T22:40:00")
READERS = frozenset({"radiologist", "regulator"})
PEOPLE = {
    name: Somebody(name, f"Dr {name}", frozenset({role}))
    for name, role in (
        ("near", "radiologist"), ("second", "radiologist"), ("far", "radiologist"),
        ("late", "radiologist"), ("neuro", "subspecialist"), ("lea", "requester"),
        ("solene", "coordinator"),
    )
}  # fmt: skip
ROTA = Rota(
    lines=(
        line("nuit", people=("near", "second", "solene")),
        line("pool", tier="company", planned=False, people=("far", "solene", "gone")),
        line("neuro", subspecialty="neuro", planned=False, sites=(), people=("neuro",)),
    ),
    shifts=(
        shift("near", "2026-11-21T20:00", "2026-11-21T23:41"),
        shift("late", "2026-11-21T23:41", "2026-11-22T08:00"),
        shift("second", "2026-11-21T20:00", "2026-11-22T08:00", order=2),
    ),
)
CASE = Asked(purpose="case", site="ch", urgency="P0", modality="CT", takers=READERS)
ASK = Asked(purpose="ask", site="ch", urgency="P1", to="neuro", requester="lea")


def made(asked: Asked, *targets: Target, **more: str) -> list[list[str]]:
    """The names of each step of a plan with one target a step."""
    steps = tuple(Step(targets=(one,), wait_s=60) for one in targets)
    found = plan(asked, Policy(steps=steps), ROTA, PEOPLE, at=NIGHT, **more)
    return [[one.person for one in step.callees] for step in found.steps]


def test_targets_become_the_names_on_duty() -> None:
    assert made(
        CASE,
        Target(kind="tier", value="local", order=1),
        Target(kind="tier", value="local"),
        Target(kind="line", value="pool"),
        Target(kind="coordinator"),
        Target(kind="person", value="lea"),
        Target(kind="person", value="nobody"),
    ) == [["near"], ["late", "second"], ["far"], ["solene"], ["lea"], []]


def test_a_step_rings_who_is_on_duty_when_it_begins() -> None:
    first = Target(kind="tier", value="local", order=1)
    assert made(CASE, first, first) == [["near"], ["late"]], "the shift changes after a minute"


def test_a_question_rings_whom_it_names_or_a_subspecialty() -> None:
    asked = Target(kind="asked")
    assert made(ASK, asked, Target(kind="requester")) == [["neuro"], ["lea"]]
    neuro = Asked(purpose="ask", site="ch", urgency="P1", subspecialty="Neuro", sender="lea")
    assert made(neuro, asked, Target(kind="subspecialty", value="neuro")) == [["neuro"], ["neuro"]]
    assert made(neuro, Target(kind="person", value="lea")) == [[]], "who asks is not rung"


def test_a_plan_says_policy_time_and_last_resort() -> None:
    steps = (Step(targets=(Target(kind="phone"),), wait_s=60),)
    found = plan(CASE, Policy(steps=steps), ROTA, PEOPLE, at=NIGHT, phone="15")
    assert isinstance(found, Plan)
    assert (found.policy, found.phone, found.steps[0].phone) == ("case/*/*@0", "15", "15")
    assert found.rota_at == "2026-11-21T22:40:00.000Z"


def test_the_most_particular_policy_is_in_force() -> None:
    def own(site: str = "", urgency: str = "", purpose: str = "case") -> Policy:
        steps = (Step(targets=(Target(kind="coordinator"),), wait_s=60),)
        return Policy(steps=steps, site=site, urgency=urgency, purpose=purpose, version=1)

    every = [own(), own(urgency="P0"), own("ch"), own("ch", "P0"), own("ch", "P0", "ask")]
    assert choose(every, "case", "ch", "P0").name == "case/ch/P0@1"
    assert choose(every, "case", "ch", "P1").name == "case/ch/*@1"
    assert choose(every, "case", "other", "P0").name == "case/*/P0@1"
    assert choose(every, "case", "other", "P3").name == "case/*/*@1"
    assert choose(every, "ask", "ch", "P0").name == "ask/ch/P0@1"
    assert choose([], "ask", "ch", "P2").name == "ask/*/*@0"


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("urgency", list(Urgency))
def test_there_is_always_a_policy_and_it_keeps_its_bounds(purpose: str, urgency: str) -> None:
    check(choose([], purpose, "anywhere", urgency))


def test_ours_keep_to_subsidiarity_and_are_never_slower_for_the_more_urgent() -> None:
    cases = [one for one in DEFAULTS if one.purpose == "case"]
    for policy in cases:
        first = [step.targets[-1].value for step in policy.steps[: len(TIERS)]]
        assert first == list(TIERS)
    waits = [timedelta(seconds=sum(step.wait_s for step in one.steps)) for one in cases]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(minutes=4)
