"""A checklist answers every item that applies, and no other; what is left out is said in words."""

import re

import pytest

from hub.room.safety import BY_CHECK
from tests.room import cast
from tests.room.cast import CTA, MARC, PLAIN, Body


def test_a_check_that_failed_or_is_missing_needs_an_override() -> None:
    case = cast.acknowledged({**PLAIN, "checks_required": ["identity", "allergy"]})
    refusal = case.refused(MARC, "checklist.complete", cast.checked(region="not_ok"))
    assert refusal.slug == "unsafe"
    assert "check.region" in refusal.detail
    refusal = case.refused(MARC, "checklist.complete", cast.checked(allergy=""))
    assert refusal.slug == "unsafe"
    assert "check.allergy" in refusal.detail


def test_a_wrong_patient_is_overridden_by_nobody() -> None:
    case = cast.acknowledged(PLAIN)
    aside = {"overrides": [{"rule": "check.identity", "reason": "urgence vitale"}]}
    for answers in (cast.checked(identity="not_ok"), cast.checked(identity="")):
        refusal = case.refused(MARC, "checklist.complete", {**answers, **aside})
        assert refusal.slug == "unsafe"
    # nobody can say who an unconscious patient is: that is known, told, and goes on
    case.do(MARC, "checklist.complete", cast.checked(identity="unknown"))
    assert case.room.checklist
    assert "check.identity" in {alert.rule for alert in case.room.checklist.answers.alerts}


def test_a_checklist_of_one_item_is_told_all_that_is_missing_in_both_languages() -> None:
    case = cast.acknowledged(CTA)
    one = {"items": [{"code": "identity", "answer": "ok"}]}
    refusal = case.refused(MARC, "checklist.complete", one)
    assert refusal.slug == "unsafe"
    missing = ("region", "pregnancy", "allergy", "renal", "metformin", "iv_access")
    for code in missing:
        check = BY_CHECK[code]
        assert f"« {check.fr} » (règle check.{code})" in refusal.detail_fr
        assert f"“{check.en}” (rule check.{code})" in refusal.detail_en
    assert "check.identity" not in refusal.detail
    assert "check.implants" not in refusal.detail
    aside = [{"rule": f"check.{code}", "reason": "arrêt cardiaque"} for code in missing]
    some = case.refused(MARC, "checklist.complete", {**one, "overrides": aside[1:]})
    assert "check.region" in some.detail
    assert "check.renal" not in some.detail
    case.do(MARC, "checklist.complete", {**one, "overrides": aside})
    assert case.room.checklist
    assert {alert.rule for alert in case.room.checklist.answers.alerts} >= {
        f"check.{code}" for code in missing
    }


@pytest.mark.parametrize(
    ("protocol", "needed"),
    [
        ({}, {"identity", "region", "pregnancy"}),
        ({"modality": "MR"}, {"identity", "region", "pregnancy", "implants"}),
        ({"checks_required": ["house"]}, {"identity", "region", "pregnancy", "house"}),
    ],
)
def test_no_item_that_applies_may_be_left_out(protocol: Body, needed: set[str]) -> None:
    case = cast.acknowledged({**PLAIN, **protocol})
    for left_out in needed:
        items = [{"code": code, "answer": "ok"} for code in needed - {left_out}]
        refusal = case.refused(MARC, "checklist.complete", {"items": items})
        assert refusal.slug == "unsafe"
        assert re.findall(r"rule check\.(\w+)", refusal.detail_en) == [left_out]
    items = [{"code": code, "answer": "na"} for code in needed]
    case.do(MARC, "checklist.complete", {"items": items})


def test_pregnancy_is_not_asked_where_it_cannot_be() -> None:
    case = cast.acknowledged(patient={"birth_name": "TEST-PAUL", "sex": "M"})
    items = [{"code": code, "answer": "ok"} for code in ("identity", "region")]
    case.do(MARC, "checklist.complete", {"items": items})


@pytest.mark.parametrize("second", ["banana", "Identity", "check.region", "identity"])
def test_an_item_that_is_not_of_this_checklist_or_comes_twice(second: str) -> None:
    case = cast.acknowledged()
    items = [{"code": code, "answer": "ok"} for code in ("identity", second)]
    overrides = [{"rule": f"check.{code}", "reason": "vital"} for code in cast.CHECKS]
    refusal = case.refused(MARC, "checklist.complete", {"items": items, "overrides": overrides})
    assert refusal.slug == "bad_body"
    assert "items[2].code" in refusal.detail_fr
    assert "items[2].code" in refusal.detail_en
    assert "banana" not in refusal.detail
