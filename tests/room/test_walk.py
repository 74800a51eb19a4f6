"""What the room does when it accepts: the walk, and what each act leaves behind."""

import pytest

from hub.room import events as e
from hub.room.refusals import Refused
from hub.room.roles import Actor, Role
from hub.room.stages import BEFORE_ACQUIRING, Stage
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
    actor,
)

OVERRIDE = [{"rule": "contrast_reaction_severe", "reason": "vital, corticoïdes faits"}]


def test_the_least_that_a_client_sends_walks_from_request_to_close() -> None:
    case = cast.requested()
    walk = [
        (OMAR, "case.claim", {}),
        (OMAR, "justification.decide", {"decision": "accept"}),
        (OMAR, "protocol.issue", {**PLAIN, "version": 1}),
        (MARC, "protocol.acknowledge", None),
        (MARC, "checklist.complete", cast.CHECKED),
        (MARC, "acquisition.start", {}),
        (MARC, "acquisition.end", {}),
        (LEA, "room.close", {"reason": "lu ailleurs"}),
    ]
    stages = [case.stage()]
    for by, kind, body in walk:
        case.do(by, kind, case.read_back() if body is None else body)
        stages.append(case.stage())
    assert [stage.value for stage in stages] == [
        "requested", "claimed", "justified", "protocolled", "protocol_acknowledged", "ready",
        "acquiring", "acquired", "closed",
    ]  # fmt: skip
    assert case.room.next_move is None
    assert set(case.room.members) == {"lea", "omar", "marc"}


def test_a_request_says_what_is_not_known() -> None:
    case = cast.requested(
        labs={"egfr": 80}, contraindications={"metformin": "unknown", "pregnancy": "na"}
    )
    assert "labs.egfr" not in case.room.unknown
    assert "contraindications.pregnancy" not in case.room.unknown
    assert {"contraindications.metformin", "contraindications.implants"} <= set(case.room.unknown)
    assert {"patient.sex", "patient.dob", "iv_access"} <= set(case.room.unknown)


def test_the_site_is_the_sessions_and_an_unqualified_ins_is_not_kept() -> None:
    patient = {"birth_name": "TEST-MARTIN", "ins": "0" * 15}
    case = cast.requested(site="elsewhere", patient=patient)
    assert case.room.site == cast.SITE
    assert case.room.request
    assert case.room.request.site == cast.SITE
    assert case.room.request.patient.ins == ""
    case = cast.requested(patient={**patient, "identity": "qualified"})
    assert case.room.request
    assert case.room.request.patient.ins == "0" * 15


def test_an_amended_request_tells_what_changed() -> None:
    case = cast.claimed()
    changed = {**REQUEST, "nihss": 12, "labs": {"egfr": 40}, "region": ["head", "neck"]}
    case.do(LEA, "request.amend", {**changed, "reason": "labo reçu"})
    event = case.journal[-1].event
    assert isinstance(event, e.RequestAmended)
    assert event.changed == ("labs.egfr", "nihss", "region")
    assert case.room.request_version == 2
    assert case.stage() is Stage.CLAIMED


def test_new_facts_void_the_checks_and_the_rules_speak_again() -> None:
    case = cast.ready(CTA)
    severe = {**REQUEST, "contraindications": {"allergy_contrast": "severe"}}
    case.do(LEA, "request.amend", severe)
    assert case.stage() is Stage.PROTOCOL_ACKNOWLEDGED
    assert case.room.checklist is None
    assert case.room.protocol
    assert "contrast_reaction_severe" in {alert.rule for alert in case.room.protocol.alerts}
    assert case.refused(MARC, "checklist.complete", cast.CHECKED).slug == "unsafe"
    case.do(MARC, "checklist.complete", {**cast.CHECKED, "overrides": OVERRIDE})
    assert case.do(MARC, "acquisition.start").stage is Stage.ACQUIRING


def test_words_that_no_check_rests_on_leave_it() -> None:
    case = cast.ready()
    case.do(LEA, "request.amend", {**REQUEST, "history": "TEST-HTA"})
    assert case.stage() is Stage.READY
    assert case.room.checklist is not None


@pytest.mark.parametrize("stage", BEFORE_ACQUIRING)
def test_cancelled_from_anywhere_before_acquiring(stage: Stage) -> None:
    case = cast.standing_in(stage)
    assert case.do(LEA, "request.cancel", {"reason": "transfert"}).stage is Stage.CANCELLED
    assert all(clock.stopped_at for clock in case.room.clocks.values())


def test_questions_go_back_to_where_they_came_from() -> None:
    case = cast.requested()
    case.do(RENE, "information.ask", {"question": "Poids ?"})
    assert case.room.next_move
    assert case.room.next_move.person == "lea"
    case.do(LEA, "information.answer", {"answer": "64 kg"})
    assert case.stage() is Stage.REQUESTED
    case.do(OMAR, "case.claim")
    case.do(OMAR, "information.ask", {"question": "Créatinine ?"})
    case.do(OMAR, "information.ask", {"question": "Allergie ?"})
    case.do(LEA, "information.answer", {"answer": "non"})
    assert case.stage() is Stage.INFO_NEEDED, "one question is still open"
    case.do(BASTIEN, "information.answer", {"answer": "80", "question_seq": 5})
    assert case.stage() is Stage.CLAIMED
    answers = [(one.question, one.answer) for one in case.room.questions]
    assert answers == [("Poids ?", "64 kg"), ("Créatinine ?", "80"), ("Allergie ?", "non")]


def test_a_claim_while_a_question_is_open_leads_on_after_the_answer() -> None:
    case = cast.requested()
    case.do(RENE, "information.ask", {"question": "Poids ?"})
    case.do(OMAR, "case.claim")
    assert case.stage() is Stage.INFO_NEEDED
    case.do(LEA, "information.answer", {"answer": "64 kg"})
    assert case.stage() is Stage.CLAIMED


def test_old_answered_questions_make_room_and_an_open_one_never_goes() -> None:
    case = cast.claimed()
    case.do(OMAR, "information.ask", {"question": "la première"})
    for n in range(40):
        case.do(OMAR, "information.ask", {"question": f"{n} ?"})
        case.do(LEA, "information.answer", {"answer": f"{n}"})
    assert len(case.room.questions) == 32
    assert case.room.questions[0].question == "la première"
    assert case.room.questions[-1].answer == "39"


def test_an_offer_stays_an_offer_until_it_is_claimed() -> None:
    case = cast.claimed()
    case.do(SOLENE, "case.reassign", {"to": "claire", "reason": "relève"})
    assert case.room.owner
    assert case.room.owner.person == "omar"
    case.do(CLAIRE, "case.claim")
    assert case.room.owner.person == "claire"
    assert case.room.offered_to == ""
    event = case.journal[-1].event
    assert isinstance(event, e.CaseClaimed)
    assert event.from_person == "omar"
    assert case.refused(OMAR, "case.claim").slug == "already_claimed"


@pytest.mark.parametrize("by", [OMAR, RENE])
def test_a_released_exam_is_requested_again(by: Actor) -> None:
    case = cast.justified()
    case.do(by, "case.release", {"reason": "fin de garde"})
    assert case.stage() is Stage.REQUESTED
    assert case.room.owner is None
    assert case.room.justification is None
    case.do(CLAIRE, "case.claim")
    assert case.stage() is Stage.CLAIMED


def test_an_amended_protocol_voids_what_was_read_and_checked() -> None:
    case = cast.ready(CTA)
    case.do(MARC, "protocol.query", {"reason": "20G"})
    slower = {**CTA, "contrast": {**CTA["contrast"], "rate_ml_s": 2.5}}
    case.do(OMAR, "protocol.amend", {**slower, "version": 2, "reason": "20G"})
    room = case.room
    assert room.stage is Stage.PROTOCOLLED
    assert room.acknowledgement is None
    assert room.checklist is None
    assert room.queries == ()
    assert room.next_move
    assert room.next_move.act == "protocol.acknowledge"
    assert room.protocol
    assert room.protocol.changed == ("contrast.rate_ml_s",)
    assert room.protocol_before
    assert room.protocol_before.protocol.version == 1
    case.do(MARC, "protocol.acknowledge", case.read_back())
    assert case.room.acknowledgement
    assert case.room.acknowledgement.version == 2


@pytest.mark.parametrize(
    "contrast",
    [
        {"contrast": {"volume_ml": 60, "rate_ml_s": 3, "agent": "IOHEXOL"}},
        {"contrast": {"volume_ml": "60", "rate_ml_s": " 3,0 "}},
        {"contrast_volume_ml": 60, "contrast_rate_ml_s": 3.0},
        {"volume_ml": "60.0", "rate_ml_s": 3},
    ],
)
def test_a_read_back_in_other_words(contrast: cast.Body) -> None:
    case = cast.protocolled(CTA)
    said = {"regions": [" neck", "HEAD"], "phases": ["Arterial", "non-contrast"], **contrast}
    ack = case.read_back(read_back=said, content_hash=case.hash.upper())
    assert case.do(MARC, "protocol.acknowledge", ack).stage is Stage.PROTOCOL_ACKNOWLEDGED


def test_a_query_turns_the_move_to_the_radiologist_until_it_is_answered() -> None:
    case = cast.protocolled(CTA)
    assert case.room.next_move
    assert case.room.next_move.act == "protocol.acknowledge"
    case.do(MARC, "protocol.query", {"reason": "20G", "field": "contrast.rate_ml_s"})
    assert case.room.next_move.act == "protocol.answer"
    assert case.room.next_move.person == "omar"
    case.do(OMAR, "protocol.answer", {"answer": "3 mL/s", "accepted": False})
    assert case.room.next_move.act == "protocol.acknowledge"
    assert case.room.queries[0].accepted is False
    assert case.room.queries[0].version == 1


def test_contrast_that_was_not_given_needs_its_reason_and_is_kept() -> None:
    case = cast.acquiring(CTA)
    case.do(MARC, "acquisition.end", {"no_contrast_reason": "hématome vu sur la série 1"})
    assert case.room.acquisition
    assert case.room.acquisition.outcome
    assert case.room.acquisition.outcome.no_contrast_reason.startswith("hématome")


@pytest.mark.parametrize(
    ("reaction", "category"), [("", "other"), ("urticaire", "contrast_reaction")]
)
def test_an_abort_opens_an_incident_of_itself(reaction: str, category: str) -> None:
    case = cast.acquiring(CTA)
    case.do(MARC, "acquisition.abort", {"reason": "agité", "reaction": reaction})
    assert [entry.event.kind for entry in case.journal[-2:]] == [
        "acquisition.aborted", "incident.opened",
    ]  # fmt: skip
    assert case.room.incidents[0].category == category
    assert case.stage() is Stage.PROTOCOLLED
    assert case.room.acknowledgement is None
    assert case.room.checklist is None
    case.do(MARC, "protocol.acknowledge", case.read_back())
    case.do(MARC, "checklist.complete", cast.CHECKED)
    case.do(MARC, "acquisition.start")
    assert case.room.acquisition
    assert case.room.acquisition.aborted is None


def test_checks_that_failed_with_an_override_and_unknown_ones_warn() -> None:
    case = cast.acknowledged({**PLAIN, "checks_required": ["allergy"]})
    said = cast.checked(region="not_ok", renal="unknown", allergy="", metformin="", implants="")
    overrides = [
        {"rule": "check.region", "reason": "corrigé au pupitre"},
        {"rule": "allergy", "reason": "inconnu"},
    ]
    case.do(MARC, "checklist.complete", {**said, "overrides": overrides})
    assert case.room.checklist
    levels = {alert.rule: alert.level for alert in case.room.checklist.answers.alerts}
    checks = {rule: level for rule, level in levels.items() if rule.startswith("check.")}
    assert checks == {
        "check.region": "override", "check.allergy": "override", "check.renal": "warn",
    }  # fmt: skip


def test_whoever_acts_is_a_member_and_whoever_is_removed_stays_out() -> None:
    case = cast.claimed()
    case.do(OMAR, "member.invite", {"person": "ines", "name": "Dr Inès", "question": "avis ?"})
    assert case.room.members["ines"].how == "invited"
    assert case.room.members["ines"].role == "subspecialist"
    case.do(INES, "message.post", {"text": "je regarde"})
    case.do(LEA, "member.remove", {"person": "ines"})
    assert "ines" in case.room.removed
    case.do(OMAR, "member.invite", {"person": "ines"})
    assert not case.room.removed
    assert "ines" in case.room.members
    assert {who: held.how for who, held in case.room.members.items()} == {
        "lea": "requested", "omar": "claimed", "ines": "invited",
    }  # fmt: skip


def test_whoever_takes_themselves_out_is_out() -> None:
    case = cast.claimed()
    case.do(BASTIEN, "message.post", {"text": "mauvaise salle"})
    case.do(BASTIEN, "member.remove", {"person": "bastien"})
    assert "bastien" in case.room.removed
    assert "bastien" not in case.room.members


def test_an_offer_to_somebody_removed_falls() -> None:
    case = cast.claimed()
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "relève"})
    case.do(LEA, "member.remove", {"person": "claire"})
    assert case.room.offered_to == ""


def test_images_are_counted_and_the_last_are_kept() -> None:
    case = cast.requested()
    for n in range(40):
        case.do(LEA, "image.share", {"study_uid": f"1.2.{n}"})
    assert case.room.images_shared == 40
    assert [one.image.study_uid for one in case.room.images] == [f"1.2.{n}" for n in range(8, 40)]


def test_messages_count_and_a_retraction_deletes_nothing() -> None:
    case = cast.requested()
    case.do(LEA, "message.post", {"text": "bonsoir"})
    case.do(LEA, "message.retract", {"seq": 2, "reason": "erreur"})
    assert case.room.messages == 1
    assert case.room.retracted == (2,)
    assert isinstance(case.journal[1].event, e.MessagePosted)


def test_an_incident_closed_lets_the_room_close() -> None:
    case = cast.acquired()
    case.do(actor(Role.PHYSICIST), "incident.open", {"category": "scanner", "text": "dose"})
    opened = case.room.seq
    case.do(OMAR, "incident.close", {"incident_seq": opened, "resolution": "vérifié"})
    assert case.room.incidents == ()
    assert case.room.incidents_closed == 1
    case.do(OMAR, "room.close", {"reason": "fini"})
    assert case.room.closed
    assert case.room.closed.from_stage is Stage.ACQUIRED


def test_what_is_empty_comes_back_from_the_journal_as_it_was() -> None:
    case = cast.justified()
    case.do(OMAR, "protocol.issue", {**PLAIN, "version": 1, "limits": {}})
    said: cast.Body = {
        "regions": ["head"],
        "phases": ["non-contrast"],
        "note": None,
        "more": {"x": []},
    }
    case.do(MARC, "protocol.acknowledge", case.read_back(read_back=said))
    assert case.room.acknowledgement
    assert case.room.acknowledgement.read_back == said


def test_empty_limits_are_no_other_protocol() -> None:
    case = cast.justified()
    case.do(OMAR, "protocol.issue", {**PLAIN, "version": 1, "limits": {}})
    assert case.hash == cast.protocolled().hash


def test_asking_decides_nothing_by_itself() -> None:
    case = cast.requested()
    assert not isinstance(case.ask(OMAR, "case.claim"), Refused)
    assert case.room.owner is None
