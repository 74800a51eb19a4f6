"""Every rule with a case in which it speaks and one, close by, in which it does not."""

from typing import Any

import msgspec
import pytest

from hub.room.exam import Protocol, Request
from hub.room.safety import BY_CODE, CHECKLIST, RULES, TOPICS, checks_for, spoken, topic_of
from tests.room import cast
from tests.room.cast import LEA, MARC, NIGHT, OMAR, Body

IODINE: Body = {"agent": "iohexol", "volume_ml": 80, "rate_ml_s": 3}
GADO: Body = {"agent": "gadoterate", "mmol_kg": 0.1}
CT_HEAD: Body = {"modality": "CT", "regions": ["tête"]}
CT_BODY: Body = {"modality": "CT", "regions": ["abdomen-pelvis"]}
CT_IODINE: Body = {**CT_BODY, "contrast": IODINE}
MR: Body = {"modality": "MR", "regions": ["crâne"]}
MR_GADO: Body = {**MR, "contrast": GADO}

WOMAN: Body = {"sex": "F", "dob": "1996-05-02"}


def risk(**answers: Any) -> Body:
    """A request with these answers to the questions asked before contrast or a magnet."""
    return {"contraindications": answers}


def labs(**values: Any) -> Body:
    return {"labs": values}


Situation = tuple[Body, Body]
CASES: dict[str, tuple[Situation, Situation]] = {
    "iodine_egfr_below_30": (
        (labs(egfr=29.9), CT_IODINE), (labs(egfr=30), CT_IODINE)),
    "iodine_egfr_below_45": (
        (labs(egfr=30), CT_IODINE), (labs(egfr=45), CT_IODINE)),
    "gadolinium_egfr_below_30": (
        (labs(egfr=12), MR_GADO), (labs(egfr=12), MR)),
    "renal_function_unknown": (
        ({}, CT_IODINE), (labs(creatinine_umol_l=80), CT_IODINE)),
    "egfr_old": (
        (labs(egfr=80, egfr_date="2026-11-13"), CT_IODINE),
        (labs(egfr=80, egfr_date="2026-11-14"), CT_IODINE)),
    "metformin_egfr_below_30": (
        ({**labs(egfr=20), **risk(metformin="yes")}, CT_IODINE),
        ({**labs(egfr=20), **risk(metformin="unknown")}, CT_IODINE)),
    "metformin_renal_unknown": (
        (risk(metformin="yes"), CT_IODINE),
        ({**labs(egfr=90), **risk(metformin="yes")}, CT_IODINE)),
    "contrast_reaction_severe": (
        (risk(allergy_contrast="severe"), CT_IODINE), (risk(allergy_contrast="severe"), CT_BODY)),
    "contrast_reaction_mild": (
        (risk(allergy_contrast="mild"), MR_GADO), (risk(allergy_contrast="none"), MR_GADO)),
    "contrast_reaction_unknown": (
        ({}, CT_IODINE), (risk(allergy_contrast="none"), CT_IODINE)),
    "hyperthyroid_iodine": (
        (risk(hyperthyroid="yes"), CT_IODINE), (risk(hyperthyroid="yes"), MR_GADO)),
    "breastfeeding_iodine": (
        (risk(breastfeeding="yes"), CT_IODINE), (risk(breastfeeding="no"), CT_IODINE)),
    "breastfeeding_gadolinium": (
        (risk(breastfeeding="yes"), MR_GADO), (risk(breastfeeding="yes"), CT_IODINE)),
    "pregnancy_ionising_trunk": (
        (risk(pregnancy="yes"), CT_BODY), (risk(pregnancy="yes"), CT_HEAD)),
    "pregnancy_ionising_far": (
        (labs(bhcg="positive"), CT_HEAD), (labs(bhcg="positive"), MR)),
    "pregnancy_gadolinium": (
        (risk(pregnancy="yes"), MR_GADO), (risk(pregnancy="no"), MR_GADO)),
    "pregnancy_unknown_ionising": (
        ({"patient": WOMAN}, CT_BODY), ({"patient": {**WOMAN, "dob": "1950-05-02"}}, CT_BODY)),
    "mr_implant_active": (
        (risk(implants="yes", implant_list=["Pacemaker 2011"]), MR),
        (risk(implants="yes", implant_list=["Pacemaker 2011"]), CT_HEAD)),
    "mr_implant_unnamed": (
        (risk(implants="yes"), MR), (risk(implants="yes", implant_list=["prothèse"]), MR)),
    "mr_implant_other": (
        (risk(implants="yes", implant_list=["prothèse de hanche"]), MR),
        (risk(implants="no"), MR)),
    "mr_implant_unknown": (
        ({}, MR), (risk(implants="no"), MR)),
    "mr_claustrophobia": (
        (risk(claustrophobia="yes"), MR), (risk(claustrophobia="yes"), CT_HEAD)),
    "iv_none": (
        ({"iv_access": {"gauge": "none"}}, CT_IODINE),
        ({"iv_access": {"gauge": "20G"}}, CT_IODINE)),
    "iv_too_thin": (
        ({"iv_access": {"gauge": "22G"}}, {**CT_BODY, "contrast": {**IODINE, "rate_ml_s": 4}}),
        ({"iv_access": {"gauge": "22G"}}, CT_IODINE)),
    "weight_unknown": (
        ({}, MR_GADO), ({"patient": {"weight_kg": 64}}, MR_GADO)),
    "identity_suspect": (
        ({"patient": {"identity": "suspect"}}, CT_HEAD), ({}, CT_HEAD)),
}  # fmt: skip


def said(situation: Situation) -> dict[str, str]:
    """Rule -> level, of what speaks in `situation`."""
    request, protocol = situation
    patient = {"birth_name": "TEST-ANNE", **request.get("patient", {})}
    told = msgspec.convert({**cast.REQUEST, **request, "patient": patient}, Request)
    held = msgspec.convert({"version": 1, "series": [cast.SERIES], **protocol}, Protocol)
    return {alert.rule: alert.level for alert in spoken(told, held, NIGHT)}


def test_every_rule_is_tried() -> None:
    assert set(CASES) == set(BY_CODE)
    assert len(BY_CODE) == len(RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_speaks_where_it_should_and_is_silent_close_by(code: str) -> None:
    speaks, silent = CASES[code]
    assert said(speaks).get(code) == BY_CODE[code].level
    assert code not in said(silent)


@pytest.mark.parametrize("protocol", [CT_HEAD, CT_IODINE, MR, MR_GADO])
def test_nothing_said_needs_no_override(protocol: Body) -> None:
    unknown = risk(
        allergy_contrast="unknown", metformin="unknown", pregnancy="unknown",
        breastfeeding="unknown", hyperthyroid="unknown", implants="unknown",
    )  # fmt: skip
    assert "override" not in said(({}, protocol)).values()
    assert "override" not in said((unknown, protocol)).values()


@pytest.mark.parametrize(
    ("regions", "level"),
    [
        (["Crâne"], "pregnancy_ionising_far"),
        (["head", "neck"], "pregnancy_ionising_far"),
        (["poignet droit"], "pregnancy_ionising_far"),
        (["tête", "thorax"], "pregnancy_ionising_trunk"),
        (["whole body"], "pregnancy_ionising_trunk"),
        (["?"], "pregnancy_ionising_trunk"),
    ],
)
def test_what_counts_as_far_from_the_uterus(regions: list[str], level: str) -> None:
    situation = (risk(pregnancy="yes"), {"modality": "CT", "regions": regions})
    assert level in said(situation)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.code))
def test_a_rule_names_its_words_its_source_and_says_that_it_is_to_be_validated(rule: Any) -> None:
    assert rule.level in ("warn", "override")
    assert rule.topic in TOPICS
    assert rule.fr.endswith(".")
    assert rule.en.endswith(".")
    assert "to be validated by the site" in rule.source
    assert rule.when


def test_the_first_rule_that_stands_refuses_and_an_override_with_a_reason_lets_through() -> None:
    case = cast.justified(contraindications={"allergy_contrast": "severe"}, labs={"egfr": 20})
    protocol = {**cast.CTA, "version": 1}
    first = case.refused(OMAR, "protocol.issue", protocol)
    assert first.slug == "unsafe"
    assert "iodine_egfr_below_30" in first.detail
    renal = {"rule": "iodine_egfr_below_30", "reason": "AVC, pas d'alternative"}
    second = case.refused(OMAR, "protocol.issue", {**protocol, "overrides": [renal]})
    assert "contrast_reaction_severe" in second.detail
    allergy = {"rule": "contrast_reaction_severe", "reason": "prémédication faite"}
    case.do(OMAR, "protocol.issue", {**protocol, "overrides": [renal, allergy]})
    assert case.room.protocol
    assert [one.rule for one in case.room.protocol.alerts if one.level == "override"] == [
        "iodine_egfr_below_30", "contrast_reaction_severe",
    ]  # fmt: skip
    assert case.room.protocol.protocol.overrides[0].reason == "AVC, pas d'alternative"


def test_facts_that_come_late_stop_the_start() -> None:
    case = cast.acknowledged(cast.CTA)
    case.do(LEA, "request.amend", {**cast.REQUEST, **labs(egfr=18)})
    overrides = [{"rule": "iodine_egfr_below_30", "reason": "vital"}]
    case.do(MARC, "checklist.complete", {**cast.CHECKED, "overrides": overrides})
    assert case.room.checklist
    case.do(MARC, "acquisition.start")
    late = cast.ready(cast.CTA)
    patient = {"birth_name": "TEST-MARTIN"}
    dangerous = msgspec.convert({**cast.REQUEST, **labs(egfr=18), "patient": patient}, Request)
    late.room = cast.with_fields(late.room, request=dangerous)
    refusal = late.refused(MARC, "acquisition.start")
    assert refusal.slug == "unsafe"


def test_a_refusal_tells_the_topic_and_not_the_patient() -> None:
    case = cast.justified(labs={"egfr": 17.5})
    refusal = case.refused(OMAR, "protocol.issue", {**cast.CTA, "version": 1})
    assert "17" not in refusal.detail
    assert TOPICS["renal"][0] in refusal.detail_fr
    assert topic_of("check.house_rule")[0]


def test_the_checklist_asks_what_the_protocol_makes_needed() -> None:
    def asked(request: Body, protocol: Body) -> set[str]:
        patient = {"birth_name": "TEST-ANNE", **request.get("patient", {})}
        told = msgspec.convert({**cast.REQUEST, **request, "patient": patient}, Request)
        held = msgspec.convert({"version": 1, "series": [cast.SERIES], **protocol}, Protocol)
        return {check.code for check in checks_for(told, held, NIGHT)}

    man = {"patient": {"sex": "M"}}
    assert asked(man, CT_HEAD) == {"identity", "region"}
    assert asked({"patient": WOMAN}, CT_HEAD) == {"identity", "region", "pregnancy"}
    assert asked(man, CT_IODINE) == {
        "identity", "region", "allergy", "renal", "metformin", "iv_access",
    }  # fmt: skip
    assert "implants" in asked(man, MR)
    assert "metformin" not in asked(man, MR_GADO)
    assert "metformin" in asked(man, {**CT_HEAD, "checks_required": ["metformin"]})
    assert len({check.code for check in CHECKLIST}) == len(CHECKLIST)
