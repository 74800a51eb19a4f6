"""Rings in a room: begun with the request, heard by those rung, over with the first answer."""

import msgspec
import pytest

from hub.oncall.engine import Around, Away
from hub.room import ring_events as e
from hub.room.access import may_enter
from hub.room.deadlines import due, next_deadline
from hub.room.refusals import Refused
from hub.room.rings import just_ended, rung
from hub.room.roles import SYSTEM, Actor, Role
from hub.room.stages import Stage
from hub.room.summary import summary
from hub.room.times import moment
from hub.room.visibility import withheld
from hub.wire.bodies import decode_room, encode_room
from tests.room import cast
from tests.room.cast import (
    BASTIEN,
    CLAIRE,
    INES,
    LEA,
    MARC,
    OMAR,
    RENE,
    REQUEST,
    SOLENE,
    Case,
    actor,
    plan_of,
    ringing,
    trying,
)

FAR = frozenset({"elsewhere"})


def kinds(case: Case, after: int = 0) -> list[str]:
    """What was stored after a seq."""
    return [entry.event.kind for entry in case.journal[after:]]


def asking(**more: str) -> Case:
    """Omar has the exam and calls Inès."""
    case = cast.claimed()
    case.plan = plan_of(trying(INES), trying(SOLENE))
    case.do(OMAR, "ring.start", {"to": "ines", "question": "TEST-QUESTION ?", **more})
    return case


def test_a_request_rings_and_keeps_the_rota_and_policy_in_force() -> None:
    case = ringing()
    assert kinds(case) == ["request.submitted", "ring.started"]
    started = case.journal[1].event
    assert isinstance(started, e.RingStarted)
    assert (started.policy, started.rota_at) == ("case/*/P1@0", "2026-11-21T23:40:00.000Z")
    assert [[one.person for one in step.callees] for step in started.steps] == [
        ["omar"],
        ["claire"],
    ]
    assert rung(case.room) == ("omar",)
    assert case.room.rings[0].ring == 2
    assert case.room.stage is Stage.REQUESTED


def test_it_escalates_alerts_and_is_exhausted_in_time_whatever_happens() -> None:
    case = ringing()
    seen = []
    for _ in range(8):
        at = next_deadline(case.room)
        assert at is not None
        case.now = at
        seen += [one.kind for one in case.wait(seconds=0)]
        case.now = at
    assert [kind for kind in seen if kind.startswith("ring.")][:7] == [
        "ring.alerted", "ring.alerted", "ring.escalated", "ring.alerted", "ring.alerted",
        "ring.exhausted", "ring.alerted",
    ]  # fmt: skip
    assert case.room.rings[0].phone == "15"
    assert rung(case.room) == ("omar", "claire")
    assert all(entry.by is SYSTEM for entry in case.journal[2:])
    assert set(case.room.members) == {"lea"}, "being rung makes nobody a person of the room"


@pytest.mark.parametrize("by", [OMAR, CLAIRE, RENE])
def test_the_first_claim_ends_it_whoever_was_rung(by: Actor) -> None:
    case = ringing()
    case.do(by, "case.claim")
    ring = case.room.rings[0]
    assert (ring.state, ring.ended_by, ring.ended_at) == ("answered", by.person, case.room.at)
    assert rung(case.room) == ()
    assert "omar" in just_ended(case.room)
    case.wait(hours=5)
    assert not [kind for kind in kinds(case, 3) if kind.startswith("ring.")]
    case.do(LEA, "message.post", {"text": "merci"})
    assert just_ended(case.room) == frozenset()


@pytest.mark.parametrize(
    ("by", "kind", "body"),
    [
        (LEA, "request.cancel", {"reason": "transfert"}),
        (OMAR, "request.cancel", {"reason": "doublon"}),
    ],
)
def test_it_ends_with_the_request(by: Actor, kind: str, body: cast.Body) -> None:
    case = ringing()
    case.do(by, kind, body)
    assert case.room.rings[0].state == "stopped"
    case.wait(hours=1)
    assert rung(case.room) == ()


def test_a_question_to_the_requester_is_no_answer() -> None:
    case = ringing()
    case.do(RENE, "information.ask", {"question": "Créatinine ?"})
    assert rung(case.room) == ("omar",)
    case.wait(seconds=61)
    assert rung(case.room) == ("omar", "claire")


def test_who_declines_is_left_alone_and_stays_outside() -> None:
    case = ringing(plan_of(trying(OMAR, CLAIRE), trying(RENE)))
    case.do(OMAR, "case.decline", {"reason": "deux P0 en cours"})
    assert rung(case.room) == ("claire",)
    assert "omar" not in case.room.members
    case.do(CLAIRE, "case.decline", {"reason": "au bloc"})
    assert kinds(case, 2) == ["case.declined", "case.declined", "ring.escalated"]
    assert rung(case.room) == ("rene",)
    assert case.room.rings[0].people[0].reason == "deux P0 en cours"
    assert case.refused(OMAR, "case.decline", {"reason": "encore"}).slug == "forbidden"
    case.do(OMAR, "case.claim")
    assert case.room.rings[0].state == "answered"


def test_nobody_at_all_is_told_at_once_with_the_number() -> None:
    case = Case(plan=plan_of(trying(OMAR)), around=Around(away={"omar": Away("dnd")}))
    case.do(LEA, "request.submit", REQUEST)
    assert kinds(case) == ["request.submitted", "ring.started", "ring.exhausted"]
    ring = case.room.rings[0]
    assert (ring.state, ring.phone) == ("exhausted", "15")
    assert [(one.person, one.why) for one in ring.skipped] == [("omar", "dnd")]
    case.around = Around()
    case.wait(seconds=25)
    assert rung(case.room) == ("omar",), "back meanwhile"


def test_a_released_exam_rings_again() -> None:
    case = ringing()
    case.do(OMAR, "case.claim")
    case.do(OMAR, "case.release", {"reason": "fin de garde"})
    assert kinds(case, 3) == ["case.released", "ring.started"]
    assert [ring.state for ring in case.room.rings] == ["answered", "ringing"]
    assert case.room.rings[1].ring == case.room.seq


def test_more_urgent_begins_anew_and_less_urgent_goes_on() -> None:
    case = ringing()
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P3"})
    assert [ring.state for ring in case.room.rings] == ["ringing"]
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P0"})
    assert [ring.state for ring in case.room.rings] == ["stopped", "ringing"]
    case.do(OMAR, "case.claim")
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P0", "nihss": 3})
    assert [ring.state for ring in case.room.rings] == ["stopped", "answered"]


def test_a_room_of_a_hub_without_a_rota_rings_nobody_and_folds() -> None:
    case = cast.requested()
    assert kinds(case) == ["request.submitted"]
    assert case.room.rings == ()
    refusal = case.refused(LEA, "ring.start", {"to": "ines", "question": "?"})
    assert refusal.slug == "wrong_stage"
    assert "téléphonez" in refusal.detail_fr


def test_whoever_is_rung_sees_the_room_until_it_is_over() -> None:
    case = asking()
    assert may_enter(case.room, actor=INES, covers=FAR)
    assert not may_enter(case.room, actor=SOLENE, covers=FAR)
    case.do(INES, "ring.answer", {"ring": case.room.seq})
    assert may_enter(case.room, actor=INES, covers=FAR)
    assert case.room.members["ines"].how == "rung"
    case = asking()
    case.do(INES, "ring.decline", {"ring": case.room.seq, "reason": "au bloc"})
    assert not may_enter(case.room, actor=INES, covers=FAR)
    assert rung(case.room) == ("solene",)
    assert "ines" not in case.room.members


def test_one_answer_wins_and_the_other_is_told_who() -> None:
    case = cast.claimed()
    case.plan = plan_of(trying(INES, SOLENE))
    case.do(OMAR, "ring.start", {"subspecialty": "neuro", "question": "avis ?"})
    ring = case.room.seq
    case.do(INES, "ring.answer", {"ring": ring})
    for kind in ("ring.answer", "ring.decline"):
        body = {"ring": ring, "reason": "x"}
        refusal = case.refused(SOLENE, kind, body)
        assert (refusal.slug, "Dr ines" in refusal.detail_fr) == ("already_claimed", True)
    assert [one.state for one in case.room.rings] == ["answered"]


def test_a_ring_is_stopped_by_who_began_it_only() -> None:
    case = asking()
    ring = case.room.seq
    assert case.refused(LEA, "ring.stop", {"ring": ring}).slug == "forbidden"
    case.do(OMAR, "ring.stop", {"ring": ring, "reason": "vu"})
    assert case.room.rings[0].state == "stopped"
    assert case.refused(INES, "ring.answer", {"ring": ring}).slug == "wrong_stage"
    case = ringing()
    assert case.refused(LEA, "ring.stop", {"ring": 2}).slug == "forbidden"


@pytest.mark.parametrize(
    "body", [{"question": "?"}, {"question": "?", "to": "ines", "subspecialty": "neuro"}]
)
def test_a_ring_names_one_or_the_other(body: cast.Body) -> None:
    case = cast.claimed()
    case.plan = plan_of(trying(INES))
    assert case.refused(OMAR, "ring.start", body).slug == "bad_body"


def test_the_same_call_does_not_ring_twice_at_once() -> None:
    case = asking()
    refusal = case.refused(LEA, "ring.start", {"to": "ines", "question": "encore ?"})
    assert refusal.slug == "wrong_stage"
    case.do(LEA, "ring.start", {"subspecialty": "neuro", "question": "avis ?"})
    assert sum(ring.on for ring in case.room.rings) == 2


def test_the_exams_own_ring_is_answered_by_claiming() -> None:
    case = ringing()
    assert case.refused(OMAR, "ring.answer", {"ring": 2}).slug == "bad_body"
    case.do(OMAR, "ring.decline", {"ring": 2, "reason": "au bloc"})
    assert kinds(case, 2) == ["case.declined", "ring.escalated"]


@pytest.mark.parametrize("who", [MARC, BASTIEN])
def test_who_is_not_rung_answers_nothing(who: Actor) -> None:
    case = asking()
    assert case.refused(who, "ring.answer", {"ring": case.room.seq}).slug == "forbidden"


def test_who_is_taken_out_is_rung_no_more() -> None:
    case = ringing(plan_of(trying(OMAR, CLAIRE), trying(OMAR, RENE)))
    case.do(LEA, "member.remove", {"person": "omar"})
    assert rung(case.room) == ("claire",)
    case.wait(seconds=60)
    assert rung(case.room) == ("claire", "rene")


def test_a_question_rings_on_after_the_claim_and_ends_with_the_exam() -> None:
    case = asking()
    case.wait(seconds=60)
    assert rung(case.room) == ("ines", "solene")
    case.do(LEA, "request.cancel", {"reason": "transfert"})
    assert rung(case.room) == ()


def test_the_last_rings_are_kept_and_none_that_is_on_goes() -> None:
    case = cast.claimed()
    case.plan = plan_of(trying(INES))
    case.do(OMAR, "ring.start", {"to": "ines", "question": "?"})
    first = case.room.seq
    for n in range(12):
        case.do(OMAR, "ring.start", {"subspecialty": f"s{n}", "question": "?"})
        case.do(OMAR, "ring.stop", {"ring": case.room.seq})
    assert len(case.room.rings) == 9
    assert case.room.rings[0].ring == first


def test_the_row_says_who_rings_and_the_number() -> None:
    case = ringing()
    told = summary(case.room)["rings"]
    assert told == [
        {
            "ring": 2, "purpose": "case", "state": "ringing", "step": 1, "alerts": 0,
            "since": case.room.rings[0].started_at, "people": ["omar"], "phone": "",
            "until": case.room.rings[0].ends_at,
        }
    ]  # fmt: skip
    assert msgspec.json.encode(told)
    case.do(OMAR, "case.claim")
    assert summary(case.room)["rings"] == []


def test_rings_are_for_care_only_and_come_back_from_a_saved_state() -> None:
    case = asking()
    assert withheld("ring.started", Role.PHYSICIST)
    assert decode_room(encode_room(case.room)) == case.room


def test_two_hubs_that_look_at_once_find_the_same() -> None:
    case = ringing()
    at = moment(case.room.rings[0].next_at)
    assert due(case.room, at) == due(case.room, at)
    assert not isinstance(case.ask(actor(Role.RADIOLOGIST), "case.claim"), Refused)
