"""A simulation is the engine itself, played to its end where nobody answers."""

from datetime import timedelta

from hub.oncall.engine import Around, Away
from hub.oncall.simulate import simulate
from tests.oncall.test_engine import NIGHT, plan_of, step


def test_it_tells_every_moment_until_the_number_to_phone() -> None:
    plan = plan_of(step("ana"), step("ben", "cleo", wait_s=30))
    away = Around(away={"ben": Away("dnd")})
    told = [
        (one.at[11:19], one.what, one.step, [held.person for held in one.people], one.phone)
        for one in simulate(plan, NIGHT, away)
    ]
    assert told == [
        ("22:40:00", "rings", 1, ["ana"], ""),
        ("22:40:20", "alerts", 1, [], ""),
        ("22:40:40", "alerts", 1, [], ""),
        ("22:41:00", "rings", 2, ["cleo"], ""),
        ("22:41:20", "alerts", 2, [], ""),
        ("22:41:30", "exhausted", 2, [], "15"),
    ]


def test_it_says_who_is_passed_over() -> None:
    plan = plan_of(step("ana"))
    (only,) = simulate(plan, NIGHT + timedelta(days=1), Around(away={"ana": Away("away")}))
    assert (only.what, only.phone) == ("exhausted", "15")
    assert [(one.person, one.why) for one in only.skipped] == [("ana", "away")]
