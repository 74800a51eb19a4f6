"""What the room does not accept, with its slug; nothing changes when it refuses.

`Case.refused` itself asserts that the room stays byte for byte the same.
"""

import pytest

from hub.room import refusals
from hub.room.refusals import Refused
from hub.room.roles import Role
from hub.room.stages import Stage
from tests.room import cast
from tests.room.cast import (
    BASTIEN,
    CLAIRE,
    CTA,
    INES,
    LEA,
    MARC,
    OMAR,
    PLAIN,
    RENE,
    REQUEST,
    SOLENE,
    Body,
    Case,
)


def test_a_claim_that_came_second_is_told_who_won() -> None:
    case = cast.claimed()
    refusal = case.refused(CLAIRE, "case.claim")
    assert refusal.slug == "already_claimed"
    assert "Dr omar" in refusal.detail_fr
    assert "Dr omar" in refusal.detail_en


def test_a_second_claim_of_ones_own() -> None:
    assert cast.claimed().refused(OMAR, "case.claim").slug == "already_claimed"


@pytest.mark.parametrize("kind", ["case.release", "case.reassign"])
def test_only_the_owner_gives_the_exam_away(kind: str) -> None:
    body = {"reason": "relève", "to": "ines"}
    refusal = cast.claimed().refused(CLAIRE, kind, body)
    assert refusal.slug == "forbidden"
    assert "Dr omar" in refusal.detail


def test_nobody_gives_away_what_nobody_has() -> None:
    case = cast.requested()
    case.do(OMAR, "information.ask", {"question": "Poids ?"})
    assert case.refused(OMAR, "case.release", {"reason": "x"}).slug == "wrong_stage"
    assert case.refused(SOLENE, "case.reassign", {"to": "omar", "reason": "x"}).slug == (
        "wrong_stage"
    )


def test_an_offer_to_its_owner_or_to_somebody_removed() -> None:
    case = cast.claimed()
    case.do(LEA, "member.remove", {"person": "claire"})
    assert case.refused(OMAR, "case.reassign", {"to": "omar", "reason": "x"}).slug == "bad_body"
    assert case.refused(OMAR, "case.reassign", {"to": "claire", "reason": "x"}).slug == "forbidden"


@pytest.mark.parametrize("version", [1, 3, 9])
def test_an_amendment_under_another_number_is_stale(version: int) -> None:
    case = cast.protocolled()
    refusal = case.refused(OMAR, "protocol.amend", {**PLAIN, "version": version})
    assert (refusal.slug, refusal.seq) == ("stale_after", case.room.seq)
    assert "2" in refusal.detail_fr


def test_a_first_version_that_is_not_the_first() -> None:
    refusal = cast.justified().refused(OMAR, "protocol.issue", {**PLAIN, "version": 2})
    assert refusal.slug == "stale_after"


def test_no_amendment_while_acquiring_and_the_words_say_what_to_do() -> None:
    refusal = cast.acquiring().refused(OMAR, "protocol.amend", {**PLAIN, "version": 2})
    assert refusal.slug == "wrong_stage"
    assert "Appelez le manipulateur" in refusal.detail_fr


def test_an_acknowledgement_of_a_version_that_was_replaced() -> None:
    case = cast.protocolled()
    old = case.read_back()
    case.do(OMAR, "protocol.amend", {**CTA, "version": 2})
    refusal = case.refused(MARC, "protocol.acknowledge", old)
    assert (refusal.slug, refusal.seq) == ("stale_after", case.room.seq)


def test_the_right_version_with_another_hash() -> None:
    case = cast.protocolled()
    wrong = case.read_back(content_hash="0" * 64)
    assert case.refused(MARC, "protocol.acknowledge", wrong).slug == "stale_after"


@pytest.mark.parametrize(
    ("read_back", "slug", "field"),
    [
        ({"regions": ["head"], "phases": ["arterial", "non-contrast"]}, "unsafe", "regions"),
        ({"phases": ["arterial", "non-contrast"]}, "bad_body", "regions"),
        ({"regions": "head, neck", "phases": ["arterial"]}, "unsafe", "regions"),
        ({"regions": ["head", "neck"]}, "bad_body", "phases"),
        ({"regions": ["head", "neck"], "phases": []}, "bad_body", "phases"),
        ({"regions": ["head", "neck"], "phases": [7]}, "bad_body", "phases"),
        ({"regions": ["head", "neck"], "phases": ["arterial"]}, "unsafe", "phases"),
    ],
)
def test_regions_and_phases_read_wrongly(read_back: Body, slug: str, field: str) -> None:
    case = cast.protocolled(CTA)
    ack = case.read_back(read_back=read_back)
    refusal = case.refused(MARC, "protocol.acknowledge", ack)
    assert refusal.slug == slug
    assert field in refusal.detail_en


@pytest.mark.parametrize(
    ("contrast", "slug", "field"),
    [
        ({"contrast": {"volume_ml": 61, "rate_ml_s": 3}}, "unsafe", "volume_ml"),
        ({"contrast": {"volume_ml": "60,5", "rate_ml_s": 3}}, "unsafe", "volume_ml"),
        ({"contrast": {"volume_ml": "soixante", "rate_ml_s": 3}}, "unsafe", "volume_ml"),
        ({"contrast": {"volume_ml": [60], "rate_ml_s": 3}}, "unsafe", "volume_ml"),
        ({"contrast": {"volume_ml": True, "rate_ml_s": 3}}, "unsafe", "volume_ml"),
        ({"contrast": {"volume_ml": 60, "rate_ml_s": 4}}, "unsafe", "rate_ml_s"),
        ({"contrast": {"volume_ml": 60, "rate_ml_s": 3, "agent": "gado"}}, "unsafe", "agent"),
        ({"contrast": {"volume_ml": 60}}, "bad_body", "rate_ml_s"),
        ({"contrast": {}}, "bad_body", "volume_ml"),
        ({"contrast": "60 mL"}, "bad_body", "volume_ml"),
        ({}, "bad_body", "volume_ml"),
    ],
)
def test_contrast_read_wrongly(contrast: Body, slug: str, field: str) -> None:
    case = cast.protocolled(CTA)
    said = {"regions": ["head", "neck"], "phases": ["arterial", "non-contrast"], **contrast}
    refusal = case.refused(MARC, "protocol.acknowledge", case.read_back(read_back=said))
    assert refusal.slug == slug
    assert field in refusal.detail_en


def test_contrast_read_back_where_none_is_ordered() -> None:
    case = cast.protocolled()
    said = {"regions": ["head"], "phases": ["non-contrast"], "contrast": {"volume_ml": 60}}
    refusal = case.refused(MARC, "protocol.acknowledge", case.read_back(read_back=said))
    assert refusal.slug == "unsafe"


def test_a_question_or_query_that_is_not_open() -> None:
    case = cast.info_needed()
    answer = {"answer": "80", "question_seq": 1}
    assert case.refused(LEA, "information.answer", answer).slug == "wrong_stage"
    case = cast.protocolled()
    assert case.refused(OMAR, "protocol.answer", {"answer": "oui"}).slug == "wrong_stage"


def test_contrast_ordered_and_nothing_said_of_it_at_the_end() -> None:
    case = cast.acquiring(CTA)
    assert case.refused(MARC, "acquisition.end").slug == "bad_body"
    assert case.refused(MARC, "acquisition.end", {"no_contrast_reason": "  "}).slug == "bad_body"


def test_an_open_query_stops_the_acknowledgement_until_it_is_answered_or_amended() -> None:
    case = cast.protocolled(CTA)
    case.do(MARC, "protocol.query", {"reason": "20G"})
    refusal = case.refused(MARC, "protocol.acknowledge", case.read_back())
    assert refusal.slug == "wrong_stage"
    assert "répond" in refusal.detail_fr
    assert "answer" in refusal.detail_en
    amended = {**CTA, "version": 2, "instructions": "20G"}
    assert case.refused(MARC, "protocol.acknowledge", case.read_back(version=2)).slug == (
        "stale_after"
    )
    case.do(OMAR, "protocol.amend", amended)
    case.do(MARC, "protocol.query", {"reason": "encore ?"})
    case.do(OMAR, "protocol.answer", {"answer": "oui"})
    case.do(MARC, "protocol.acknowledge", case.read_back())


def test_a_query_that_came_later_stops_no_act_at_the_scanner() -> None:
    case = cast.acknowledged()
    case.do(MARC, "protocol.query", {"reason": "kV ?"})
    case.do(MARC, "checklist.complete", cast.CHECKED)
    case.do(MARC, "acquisition.start")
    assert case.room.queries[0].answered is None


def test_only_the_owner_decides_or_a_regulator() -> None:
    accept = {"decision": "accept"}
    case = cast.claimed()
    refusal = case.refused(CLAIRE, "justification.decide", accept)
    assert refusal.slug == "already_claimed"
    assert "Dr omar" in refusal.detail_fr
    assert "Dr omar" in refusal.detail_en
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "relève"})
    assert case.refused(CLAIRE, "justification.decide", accept).slug == "already_claimed"
    case.do(CLAIRE, "case.claim")
    assert case.refused(OMAR, "justification.decide", accept).slug == "already_claimed"
    case.do(RENE, "justification.decide", accept)
    case.do(OMAR, "protocol.issue", {**PLAIN, "version": 1})
    case.do(RENE, "protocol.amend", {**PLAIN, "version": 2, "instructions": "doucement"})


def test_two_series_under_one_number() -> None:
    twice = [{"n": 1, "name": "a", "phase": "p"}, {"n": 2, "name": "b", "phase": "p"},
             {"n": 1, "name": "c", "phase": "p"}]  # fmt: skip
    refusal = cast.justified().refused(
        OMAR, "protocol.issue", {**PLAIN, "version": 1, "series": twice}
    )
    assert refusal.slug == "bad_body"
    assert "series[3].n" in refusal.detail_fr
    refusal = cast.protocolled().refused(
        OMAR, "protocol.amend", {**PLAIN, "version": 2, "series": twice}
    )
    assert (refusal.slug, "series[3].n" in refusal.detail_en) == ("bad_body", True)


def test_a_message_of_somebody_else_a_thing_that_is_none_and_one_retracted() -> None:
    case = cast.requested()
    case.do(LEA, "message.post", {"text": "bonsoir"})
    message = case.room.seq
    assert case.refused(OMAR, "message.retract", {"seq": message}).slug == "forbidden"
    assert case.refused(LEA, "message.retract", {"seq": 1}).slug == "bad_body"
    assert case.refused(LEA, "message.retract", {"seq": 99}).slug == "bad_body"
    case.do(LEA, "message.retract", {"seq": message})
    assert case.refused(LEA, "message.retract", {"seq": message}).slug == "wrong_stage"


@pytest.mark.parametrize("kind", ["message.post", "quick.reply"])
def test_a_reply_to_what_was_not_said(kind: str) -> None:
    case = cast.requested()
    body = {"text": "oui", "code": "understood", "in_reply_to": 2}
    assert case.refused(LEA, kind, body).slug == "bad_body"


def test_a_quick_reply_that_is_not_in_the_list() -> None:
    assert cast.requested().refused(LEA, "quick.reply", {"code": "lol"}).slug == "bad_body"


@pytest.mark.parametrize("role", ["admin", "support", "auditor", "quality", "king"])
def test_roles_that_are_not_invited(role: str) -> None:
    body = {"person": "x", "role": role}
    assert cast.requested().refused(LEA, "member.invite", body).slug == "bad_body"


def test_the_hub_itself_is_not_invited() -> None:
    assert cast.requested().refused(LEA, "member.invite", {"person": "system"}).slug == "bad_body"


def test_the_owner_and_the_last_requester_stay() -> None:
    case = cast.claimed()
    assert case.refused(LEA, "member.remove", {"person": "omar"}).slug == "forbidden"
    assert case.refused(LEA, "member.remove", {"person": "lea"}).slug == "forbidden"
    assert case.refused(OMAR, "member.remove", {"person": "lea"}).slug == "forbidden"
    case.do(LEA, "member.invite", {"person": "bastien", "role": "proximity_physician"})
    case.do(LEA, "member.remove", {"person": "lea"})
    assert "lea" not in case.room.members
    assert case.refused(BASTIEN, "member.remove", {"person": "lea"}).slug == "wrong_stage"


def test_a_room_with_an_open_incident_does_not_close() -> None:
    case = cast.acquired()
    case.do(MARC, "incident.open", {"category": "scanner", "text": "panne"})
    refusal = case.refused(OMAR, "room.close")
    assert refusal.slug == "wrong_stage"
    assert "incident" in refusal.detail_fr
    stray = {"incident_seq": 1, "resolution": "x"}
    assert case.refused(MARC, "incident.close", stray).slug == "wrong_stage"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message.post", {"text": "encore"}),
        ("quick.reply", {"code": "understood"}),
        ("image.share", {"study_uid": "1.2"}),
        ("incident.open", {"category": "other", "text": "x"}),
        ("member.invite", {"person": "ines"}),
    ],
)
def test_a_closed_room_says_to_reopen(kind: str, body: Body) -> None:
    refusal = cast.closed().refused(OMAR, kind, body)
    assert refusal.slug == "wrong_stage"
    assert "rouvrez" in refusal.detail_fr
    assert "reopen" in refusal.detail_en


def test_a_second_request_in_a_room() -> None:
    assert cast.requested().refused(LEA, "request.submit", REQUEST).slug == "wrong_stage"


def test_a_specialist_does_not_prescribe() -> None:
    case = cast.justified()
    refusal = case.refused(INES, "protocol.issue", {**PLAIN, "version": 1})
    assert refusal.slug == "wrong_role"
    assert "téléradiologue de garde" in refusal.detail_fr


def _every_refusal() -> list[Refused]:
    return [
        refusals.no_room(),
        refusals.wrong_role("case.claim", [Role.RADIOLOGIST]),
        refusals.wrong_stage("case.claim", Stage.CLOSED, [Stage.REQUESTED]),
        refusals.wrong_stage("case.claim", Stage.REFUSED, [Stage.REQUESTED]),
        refusals.already_open(),
        refusals.no_amend_while_acquiring(),
        refusals.already_claimed("Dr Omar"),
        refusals.yours_already(),
        refusals.not_owner("case.release", "Dr Omar"),
        refusals.nobody_owns("case.release"),
        refusals.stale(4),
        refusals.version_expected(2, 4),
        refusals.unsafe("grossesse", "pregnancy", "pregnancy_gadolinium"),
        refusals.unchecked([("region", ("Région vérifiée", "Region checked"))]),
        refusals.query_open(),
        refusals.read_back_differs("regions", ("régions", "regions")),
        refusals.body("to", "Choisissez.", "Choose."),
        refusals.forbidden("Demandez.", "Ask."),
        refusals.conflict("Rien à faire.", "Nothing to do."),
    ]


WIRE_SLUGS = {
    "bad_body", "forbidden", "wrong_role", "no_room", "wrong_stage", "already_claimed",
    "stale_after", "unsafe",
}  # fmt: skip


@pytest.mark.parametrize("refusal", _every_refusal(), ids=lambda one: str(one.slug))
def test_every_refusal_is_a_sentence_in_both_languages(refusal: Refused) -> None:
    assert refusal.slug in WIRE_SLUGS
    assert refusal.detail == f"{refusal.detail_fr} / {refusal.detail_en}"
    for sentence in (refusal.detail_fr, refusal.detail_en):
        assert sentence.rstrip(")").endswith((".", "to"))
        assert sentence[0].isupper() or sentence[0] in "«“"


def test_an_empty_case_has_no_room() -> None:
    assert Case().refused(LEA, "message.post", {"text": "allô ?"}).slug == "no_room"
