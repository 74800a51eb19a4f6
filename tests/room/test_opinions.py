"""Second opinions and reviews: asked, taken on, answered, weighed; who may, and who may not."""

import pytest

from hub.room.access import may_enter
from hub.room.events import MemberInvited
from hub.room.loop_events import OpinionAsked
from hub.room.reviews import is_signed
from hub.room.roles import Role
from hub.room.stages import Stage
from tests.room import cast
from tests.room.cast import CLAIRE, INES, LEA, OMAR, RENE, SOLENE, Body, Case, actor

ASK: Body = {"to": "ines", "name": "Dr ines", "question": "TEST-anévrisme ?"}
QUENTIN = actor(Role.QUALITY, "quentin")


def asked(**changed: str) -> tuple[Case, int]:
    """Omar has asked Inès, or as `changed` says; and the seq of the question."""
    case = cast.reading()
    case.do(OMAR, "opinion.ask", {**ASK, **changed})
    return case, case.room.opinions[-1].asked.seq


def test_access_begins_with_the_question() -> None:
    case = cast.reading()
    assert not may_enter(case.room, actor=INES, covers=frozenset())
    case.do(OMAR, "opinion.ask", ASK)
    question, invited = (entry.event for entry in case.journal[-2:])
    assert isinstance(question, OpinionAsked)
    assert isinstance(invited, MemberInvited)
    assert (invited.person, invited.question) == ("ines", ASK["question"])
    assert may_enter(case.room, actor=INES, covers=frozenset())


def test_somebody_taken_out_comes_back_with_a_question() -> None:
    case, seq = asked()
    case.do(OMAR, "opinion.withdraw", {"opinion": seq, "reason": "vu"})
    case.do(OMAR, "member.remove", {"person": "ines"})
    assert not may_enter(case.room, actor=INES, covers=frozenset())
    case.do(OMAR, "opinion.ask", ASK)
    assert may_enter(case.room, actor=INES, covers=frozenset())


def test_from_the_question_to_the_concordance() -> None:
    case, seq = asked()
    case.do(INES, "opinion.accept", {"opinion": seq})
    assert case.room.opinions[0].adviser
    shown = [{"study_uid": "2.25.1"}]
    case.do(INES, "opinion.answer", {"opinion": seq, "text": "non", "images": shown})
    case.do(INES, "opinion.answer", {"opinion": seq, "text": "oui", "images": shown})
    case.do(OMAR, "opinion.conclude", {"opinion": seq, "concordance": "major", "remark": "revu"})
    one = case.room.opinions[0]
    assert (one.state, one.text, one.concordance, one.remark) == (
        "concluded", "oui", "major", "revu",
    )  # fmt: skip
    assert (one.asked.person, one.adviser.person if one.adviser else "") == ("omar", "ines")
    for kind, by in (("accept", INES), ("answer", INES), ("conclude", OMAR), ("withdraw", OMAR)):
        body: Body = {"opinion": seq, "text": "x", "reason": "x", "concordance": "agree"}
        assert case.refused(by, f"opinion.{kind}", body).slug == "wrong_stage"


def test_only_the_one_asked_answers_and_only_the_asker_concludes() -> None:
    case, seq = asked()
    for by in (OMAR, CLAIRE):
        for kind in ("accept", "answer", "decline"):
            body: Body = {"opinion": seq, "text": "x", "reason": "x"}
            assert case.refused(by, f"opinion.{kind}", body).slug == "forbidden"
    case.do(INES, "opinion.answer", {"opinion": seq, "text": "oui"})
    done: Body = {"opinion": seq, "concordance": "agree"}
    assert case.refused(INES, "opinion.conclude", done).slug == "forbidden"
    assert case.refused(RENE, "opinion.conclude", done).slug == "forbidden"
    assert case.refused(LEA, "opinion.conclude", done).slug == "wrong_role"


def test_who_has_the_exam_concludes_for_an_asker_who_is_gone() -> None:
    case = cast.reading()
    case.do(CLAIRE, "opinion.ask", ASK)
    seq = case.room.opinions[0].asked.seq
    case.do(INES, "opinion.answer", {"opinion": seq, "text": "oui"})
    case.do(OMAR, "opinion.conclude", {"opinion": seq, "concordance": "agree"})


def test_a_question_to_a_specialty_is_for_the_first_who_takes_it() -> None:
    case, seq = asked(to="", specialty="neuro")
    assert not may_enter(case.room, actor=INES, covers=frozenset())
    case.do(CLAIRE, "opinion.decline", {"opinion": seq, "reason": "au bloc"})
    assert case.room.opinions[0].state == "asked"
    case.do(RENE, "opinion.accept", {"opinion": seq})
    assert case.refused(CLAIRE, "opinion.answer", {"opinion": seq, "text": "x"}).slug == "forbidden"
    case.do(RENE, "opinion.answer", {"opinion": seq, "text": "oui"})


def test_a_person_who_declines_ends_the_question() -> None:
    case, seq = asked()
    case.do(INES, "opinion.decline", {"opinion": seq, "reason": "hors de mon champ"})
    one = case.room.opinions[0]
    assert (one.state, one.decline_reason) == ("declined", "hors de mon champ")
    assert case.refused(INES, "opinion.answer", {"opinion": seq, "text": "x"}).slug == "wrong_stage"


@pytest.mark.parametrize(
    "body",
    [{"question": "TEST ?"}, {**ASK, "to": "omar"}, {**ASK, "to": "q", "role": "auditor"}],
)
def test_a_question_names_whom_it_is_for(body: Body) -> None:
    assert cast.reading().refused(OMAR, "opinion.ask", body).slug == "bad_body"


def test_a_room_waits_for_its_opinions() -> None:
    case, seq = asked()
    case.do(OMAR, "report.sign", cast.WRITTEN)
    case.do(LEA, "report.acknowledge")
    assert case.refused(SOLENE, "room.close").slug == "wrong_stage"
    case.do(OMAR, "opinion.withdraw", {"opinion": seq, "reason": "sans objet"})
    assert case.do(SOLENE, "room.close").stage is Stage.CLOSED
    assert case.refused(OMAR, "opinion.accept", {"opinion": 1}).slug == "wrong_stage"


def test_what_is_over_goes_from_the_state_and_what_is_open_never() -> None:
    case, first = asked()
    for n in range(40):
        case.do(OMAR, "opinion.ask", {"specialty": f"s{n}", "question": "TEST ?"})
        seq = case.room.seq
        case.do(OMAR, "opinion.withdraw", {"opinion": seq, "reason": "x"})
    seqs = [one.asked.seq for one in case.room.opinions]
    assert len(seqs) == 32
    assert first in seqs


# -- reviews -------------------------------------------------------------------------------------

REVIEW: Body = {"grade": "major", "impact": "potential", "text": "TEST-fracture omise"}


def signed() -> Case:
    """A room that is closed, its report signed by Omar."""
    case = cast.received()
    case.do(SOLENE, "room.close")
    return case


def test_a_report_is_reviewed_the_next_day_in_a_closed_room() -> None:
    case = signed()
    people = dict(case.room.members)
    case.wait(hours=14)
    for by in (CLAIRE, QUENTIN, INES):
        case.do(by, "review.record", REVIEW)
    assert [one.grade for one in case.room.reviews] == ["major"] * 3
    assert case.room.reviews[0].version == 1
    assert case.room.stage is Stage.CLOSED
    assert case.room.members == people, "who reviews is not of the room"


def test_nobody_reviews_their_own_report_or_addendum() -> None:
    case = signed()
    assert case.refused(OMAR, "review.record", REVIEW).slug == "forbidden"
    case = cast.received()
    case.do(CLAIRE, "addendum.sign", {"text": "TEST-avenant"})
    assert case.refused(CLAIRE, "review.record", REVIEW).slug == "forbidden"
    case.do(RENE, "review.record", REVIEW)
    assert case.room.reviews[0].version == 2


@pytest.mark.parametrize(
    "body",
    [{"grade": "agree", "impact": "actual"}, {"grade": "major", "impact": "none"}],
)
def test_a_review_makes_sense(body: Body) -> None:
    assert signed().refused(CLAIRE, "review.record", body).slug == "bad_body"


def test_a_review_that_agrees_has_no_impact() -> None:
    case = signed()
    case.do(CLAIRE, "review.record", {"grade": "agree"})
    assert case.room.reviews[0].impact == "none"


def test_without_a_signed_report_there_is_nothing_to_review() -> None:
    case = cast.closed()
    assert not is_signed(case.room)
    assert case.refused(CLAIRE, "review.record", REVIEW).slug == "wrong_stage"


def test_quality_comes_in_once_a_report_is_signed() -> None:
    covers = frozenset({cast.SITE})
    assert not may_enter(cast.reading().room, actor=QUENTIN, covers=covers)
    assert may_enter(signed().room, actor=QUENTIN, covers=covers)
    assert not may_enter(signed().room, actor=QUENTIN, covers=frozenset({"autre"}))
