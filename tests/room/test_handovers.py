"""The end of a shift: everything of somebody's, offered; nothing moves before it is accepted."""

import pytest

from hub.room.access import may_enter
from hub.room.handovers import open_loops
from hub.room.loop_events import HandoverAccepted, HandoverLapsed, HandoverOffered
from hub.room.roles import Role
from hub.room.stages import Stage
from tests.room import cast
from tests.room.cast import BASTIEN, CLAIRE, INES, LEA, MARC, OMAR, SOLENE, Body, Case, actor

TO_CLAIRE: Body = {"to": "claire", "name": "Dr claire"}
NADIA = actor(Role.REQUESTER, "nadia")


def loops(case: Case, person: str) -> list[str]:
    """Kinds of what `person` answers for."""
    return [one.kind for one in open_loops(case.room, person)]


def busy() -> Case:
    """Omar reads; a result waits for Léa, an opinion for Inès."""
    case = cast.reading()
    case.do(OMAR, "critical.raise", {"category": 2, "finding": "TEST-embolie"})
    case.do(OMAR, "opinion.ask", {"to": "ines", "name": "Dr ines", "question": "TEST ?"})
    return case


def test_what_somebody_answers_for() -> None:
    case = busy()
    assert loops(case, "omar") == ["exam", "critical", "opinion"]
    assert loops(case, "lea") == ["patient", "receipt"]
    assert loops(case, "ines") == []
    case.do(INES, "opinion.accept", {"opinion": case.room.opinions[0].asked.seq})
    assert loops(case, "ines") == ["advice"]
    assert loops(cast.info_needed(), "lea") == ["patient", "question"]
    assert loops(cast.reported_final(), "lea") == ["patient", "report"]
    assert loops(cast.closed(), "omar") == []
    assert loops(Case(), "omar") == []
    assert open_loops(cast.claimed().room, "omar")[0].until


def test_nothing_changes_hands_before_it_is_accepted() -> None:
    case = busy()
    before = case.room
    case.do(OMAR, "handover.offer", {**TO_CLAIRE, "note": "fin de garde"})
    after = case.room
    assert (after.owner, after.criticals, after.opinions) == (
        before.owner, before.criticals, before.opinions,
    )  # fmt: skip
    assert after.offered_to == "claire"
    assert loops(case, "claire") == []
    assert [one.kind for one in after.handovers[0].loops] == ["exam", "critical", "opinion"]


def test_accepted_it_is_all_theirs_and_the_journal_says_what() -> None:
    case = busy()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    case.do(CLAIRE, "handover.accept")
    assert loops(case, "omar") == []
    assert loops(case, "claire") == ["exam", "critical", "opinion"]
    accepted, claimed = (entry.event for entry in case.journal[-2:])
    assert isinstance(accepted, HandoverAccepted)
    assert (accepted.from_person, claimed.kind) == ("omar", "case.claimed")
    assert [one.kind for one in accepted.loops] == ["exam", "critical", "opinion"]
    assert case.room.handovers == ()
    assert case.room.offered_to == ""
    case.do(CLAIRE, "reading.start", {"reason": "relève"})
    case.do(CLAIRE, "report.sign", cast.WRITTEN)


def test_claiming_the_exam_that_is_handed_over_accepts_the_whole() -> None:
    case = busy()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    case.do(CLAIRE, "case.claim")
    assert loops(case, "claire") == ["exam", "critical", "opinion"]
    assert case.room.handovers == ()


def test_an_exam_offered_alone_brings_nothing_else() -> None:
    case = busy()
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "relève"})
    case.do(CLAIRE, "case.claim")
    assert loops(case, "claire") == ["exam"]
    assert loops(case, "omar") == ["critical", "opinion"]


def test_the_requesting_physician_hands_the_patient_over() -> None:
    case = busy()
    case.do(LEA, "handover.offer", {"to": "nadia", "name": "Dr nadia"})
    assert may_enter(case.room, actor=NADIA, covers=frozenset())
    case.do(NADIA, "handover.accept")
    assert loops(case, "nadia") == ["patient", "receipt"]
    assert case.room.criticals[0].to_name == "Dr nadia"
    case.do(OMAR, "report.sign", cast.WRITTEN)
    assert case.room.deliveries[-1].to == "nadia"
    assert case.room.next_move
    assert case.room.next_move.person == "nadia"
    assert case.room.requested
    assert case.room.requested.person == "lea", "who asked stays who asked"


@pytest.mark.parametrize("end", ["decline", "withdraw", "lapse"])
def test_declined_withdrawn_or_lapsed_everything_stays(end: str) -> None:
    case = busy()
    case.do(OMAR, "handover.offer", {**TO_CLAIRE, "minutes": 5})
    if end == "decline":
        case.do(CLAIRE, "handover.decline", {"reason": "deux P0"})
        assert "claire" not in case.room.members
    elif end == "withdraw":
        case.do(OMAR, "handover.withdraw", {"reason": "je reste"})
    else:
        passed = case.wait(minutes=6)
        assert [one.to for one in passed if isinstance(one, HandoverLapsed)] == ["claire"]
    assert case.room.handovers == ()
    assert case.room.offered_to == ""
    assert loops(case, "omar") == ["exam", "critical", "opinion"]
    assert case.refused(CLAIRE, "handover.accept").slug == "wrong_stage"
    case.do(OMAR, "handover.offer", TO_CLAIRE)


def test_an_offer_of_the_exam_to_somebody_else_survives_the_end_of_a_handover() -> None:
    case = busy()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    case.do(OMAR, "case.reassign", {"to": "rene", "reason": "plutôt René"})
    case.do(OMAR, "handover.withdraw")
    assert case.room.offered_to == "rene"


def test_it_is_offered_to_somebody_who_can_answer_for_it() -> None:
    case = busy()
    to_ines: Body = {"to": "ines", "roles": ["subspecialist"]}
    assert case.refused(OMAR, "handover.offer", to_ines).slug == "forbidden"
    assert case.refused(LEA, "handover.offer", to_ines).slug == "forbidden"
    case.do(OMAR, "handover.offer", {"to": "ines"})
    assert case.refused(INES, "handover.accept").slug == "forbidden"
    case.do(LEA, "handover.offer", {"to": "omar"})
    assert case.refused(OMAR, "handover.accept").slug == "forbidden"
    case.do(CLAIRE, "message.post", {"text": "TEST"})
    assert case.refused(CLAIRE, "handover.offer", {"to": "omar"}).slug == "wrong_stage"
    assert case.refused(MARC, "handover.offer", TO_CLAIRE).slug == "wrong_role"


def test_one_offer_at_a_time_never_to_oneself_or_to_somebody_taken_out() -> None:
    case = busy()
    assert case.refused(OMAR, "handover.offer", {"to": "omar"}).slug == "bad_body"
    case.do(CLAIRE, "message.post", {"text": "TEST"})
    case.do(SOLENE, "member.remove", {"person": "claire"})
    assert case.refused(OMAR, "handover.offer", TO_CLAIRE).slug == "forbidden"
    case.do(OMAR, "handover.offer", {"to": "rene"})
    assert case.refused(OMAR, "handover.offer", {"to": "rene"}).slug == "wrong_stage"
    assert case.refused(LEA, "handover.withdraw").slug == "wrong_stage"


def test_two_shifts_end_at_once_and_each_offer_has_its_name() -> None:
    case = busy()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    case.do(LEA, "handover.offer", {"to": "bastien", "name": "Dr bastien"})
    seqs = [one.offered.seq for one in case.room.handovers]
    assert len(seqs) == 2
    assert case.refused(BASTIEN, "handover.accept", {"handover": seqs[0]}).slug == "wrong_stage"
    case.do(BASTIEN, "handover.accept", {"handover": seqs[1]})
    assert [one.to for one in case.room.handovers] == ["claire"]


def test_what_came_after_the_offer_changes_hands_too() -> None:
    case = cast.reading()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    offered = next(e.event for e in case.journal if isinstance(e.event, HandoverOffered))
    assert [one.kind for one in offered.loops] == ["exam"]
    case.do(OMAR, "critical.raise", {"category": 2, "finding": "TEST-embolie"})
    case.do(CLAIRE, "handover.accept")
    assert loops(case, "claire") == ["exam", "critical"]


def test_a_closed_room_has_nothing_to_hand_over() -> None:
    case = cast.received()
    case.do(OMAR, "handover.offer", TO_CLAIRE)
    case.do(SOLENE, "room.close")
    assert case.room.handovers == ()
    assert case.room.stage is Stage.CLOSED
    assert case.wait(hours=2) == ()


def test_a_physician_who_took_over_and_leaves_the_room_gives_the_patient_back() -> None:
    case = cast.reading()
    case.do(LEA, "handover.offer", {"to": "bastien", "name": "Dr bastien"})
    case.do(BASTIEN, "handover.accept")
    case.do(SOLENE, "member.remove", {"person": "bastien"})
    assert case.room.attending is None
    assert loops(case, "lea") == ["patient"]
