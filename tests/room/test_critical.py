"""Critical results: raised for somebody, called for until received, proved, closed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.room.criticality import CATEGORIES
from hub.room.evolve import evolve
from hub.room.heard import heard, missing
from hub.room.loop_events import CriticalEscalated, CriticalExhausted, CriticalOverdue
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.stages import Stage
from hub.room.statements import communications, statement
from hub.room.summary import summary
from hub.room.times import spelled
from hub.room.visibility import view
from hub.wire.bodies import encode_event, encode_room
from tests.room import cast
from tests.room.cast import BASTIEN, CLAIRE, INES, LEA, MARC, OMAR, SOLENE, Body, Case, actor

BLEED: Body = {
    "category": 1, "finding": "TEST-HSA gauche, 12,5 mm", "words": ["gauche", "12,5 mm"],
}  # fmt: skip
READ = "12.5mm, à GAUCHE"
TOLD: Body = {"name": "TEST-Dr Durand", "role": "interne de garde", "number": "5150"}


def raised(category: int = 1, **changed: str) -> tuple[Case, int]:
    """Omar, who reads, has found something; and its seq."""
    case = cast.reading(callback="TEST-5100")
    words: Body = {} if category == 1 else {"words": []}
    case.do(OMAR, "critical.raise", {**BLEED, "category": category, **words, **changed})
    return case, case.room.criticals[-1].raised.seq


def kinds(case: Case) -> list[str]:
    """Kinds of the critical events, in order."""
    found = [entry.event.kind for entry in case.journal]
    return [kind.removeprefix("critical.") for kind in found if kind.startswith("critical.")]


def test_it_is_for_the_requesting_physician_and_is_the_next_move_before_all_else() -> None:
    case, seq = raised()
    one = case.room.criticals[0]
    assert (one.to, one.holder, one.raised.seq) == ("lea", "omar", seq)
    move = case.room.next_move
    assert move
    assert (move.act, move.person, move.until) == ("critical.acknowledge", "lea", one.limit_at)
    assert case.room.stage is Stage.READING


def test_the_recipient_reads_back_and_the_proof_has_the_six_fields() -> None:
    case, seq = raised()
    case.wait(minutes=1)
    case.do(LEA, "critical.acknowledge", {"critical": seq, "read_back": READ, "action": "bloc"})
    one = case.room.criticals[0]
    assert one.receipt
    proof = one.receipt
    assert (one.finding, proof.communicator, proof.method) == (BLEED["finding"], "Dr omar", "room")
    assert (proof.name, proof.role, proof.person) == ("Dr lea", "requester", "lea")
    assert proof.received_at > one.identified_at
    assert proof.read_back == READ
    assert one.next_at == ""
    assert case.room.next_move
    assert case.room.next_move.act == "report.sign"
    case.wait(hours=2)
    assert kinds(case) == ["raised", "acknowledged"]


@pytest.mark.parametrize("said", ["", "à droite, 12.5 mm", "gauches 12,5 mm", "gauche", "ok"])
def test_a_read_back_without_the_words_proves_nothing(said: str) -> None:
    case, seq = raised()
    refusal = case.refused(LEA, "critical.acknowledge", {"critical": seq, "read_back": said})
    assert refusal.slug == ("unsafe" if said else "bad_body")
    assert "TEST" not in refusal.detail
    assert "gauche" not in refusal.detail.casefold()


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    assert heard("  Hématome : 12,5mm (GAUCHE). ") == "hematome 12.5 mm gauche"
    assert missing(["Hématome", "5 mm"], "hematome de 12.5 mm") == ("5 mm",)
    assert missing(["..."], "tout") == ("...",)
    assert missing([], "") == ()


def test_words_stand_in_the_finding_and_category_1_has_some() -> None:
    case = cast.reading()
    assert case.refused(OMAR, "critical.raise", {**BLEED, "words": []}).slug == "bad_body"
    assert case.refused(OMAR, "critical.raise", {**BLEED, "words": ["droite"]}).slug == "bad_body"
    case.do(OMAR, "critical.raise", {"category": 2, "finding": "TEST-nodule"})


def test_nobody_acknowledges_their_own_and_a_bystander_does_not_either() -> None:
    case, seq = raised()
    body = {"critical": seq, "read_back": READ}
    for who in (OMAR, MARC, SOLENE, CLAIRE, INES):
        assert case.refused(who, "critical.acknowledge", body).slug == "forbidden"
    case.do(BASTIEN, "critical.acknowledge", body)
    assert case.refused(LEA, "critical.acknowledge", body).slug == "wrong_stage"


def test_a_person_who_is_named_comes_into_the_room_and_may_acknowledge() -> None:
    case, seq = raised(to="karim", name="Dr Karim", role="subspecialist")
    karim = actor(Role.SUBSPECIALIST, "karim")
    assert case.room.members["karim"].how == "invited"
    case.do(karim, "critical.acknowledge", {"critical": seq, "read_back": READ})
    assert case.refused(OMAR, "critical.raise", {**BLEED, "to": "omar"}).slug == "bad_body"
    assert case.refused(OMAR, "critical.raise", {**BLEED, "to": "system"}).slug == "bad_body"


def test_somebody_outside_is_told_by_phone_and_the_radiologist_records_it() -> None:
    case, seq = raised()
    body: Body = {"critical": seq, "read_back": READ, "recipient": TOLD, "method": "phone"}
    for wrong in ({"method": "room"}, {"recipient": {**TOLD, "number": " "}}):
        assert case.refused(OMAR, "critical.acknowledge", {**body, **wrong}).slug == "bad_body"
    for who in (LEA, MARC, SOLENE):
        assert case.refused(who, "critical.acknowledge", body).slug == "forbidden"
    case.do(OMAR, "critical.acknowledge", body)
    proof = case.room.criticals[0].receipt
    assert proof
    assert (proof.name, proof.role, proof.number) == (TOLD["name"], TOLD["role"], "5150")
    assert (proof.person, proof.communicated_by, proof.recorded.person) == ("", "omar", "omar")


def test_an_attempt_is_kept_and_ends_nothing() -> None:
    case, seq = raised()
    at = case.room.criticals[0].next_at
    tried: Body = {"critical": seq, "method": "phone", "outcome": "reached", "name": "TEST-IDE"}
    for _ in range(20):
        case.do(SOLENE, "critical.attempt", tried)
    one = case.room.criticals[0]
    assert (one.attempted, len(one.attempts), one.next_at) == (20, 16, at)
    assert one.receipt is None
    assert case.refused(OMAR, "critical.attempt", {**tried, "critical": 1}).slug == "bad_body"


@pytest.mark.parametrize("at", ["hier", "2026-11-21T23:40:00", "2027-01-01T00:00:00Z"])
def test_a_told_time_is_a_time_that_has_been(at: str) -> None:
    case, seq = raised()
    assert case.refused(OMAR, "critical.raise", {**BLEED, "identified_at": at}).slug == "bad_body"
    body = {"critical": seq, "read_back": READ, "received_at": at}
    assert case.refused(LEA, "critical.acknowledge", body).slug == "bad_body"


def test_a_receipt_before_the_finding_is_refused_and_one_before_the_raising_is_not() -> None:
    case = cast.reading()
    found = (case.now - timedelta(minutes=5)).isoformat()
    case.do(OMAR, "critical.raise", {**BLEED, "identified_at": found})
    seq = case.room.criticals[0].raised.seq
    body: Body = {"critical": seq, "read_back": READ, "recipient": TOLD, "method": "phone"}
    early = (case.now - timedelta(minutes=6)).isoformat()
    refusal = case.refused(OMAR, "critical.acknowledge", {**body, "received_at": early})
    assert refusal.slug == "bad_body"
    at = (case.now - timedelta(minutes=4)).isoformat()
    case.do(OMAR, "critical.acknowledge", {**body, "received_at": at})


def test_nobody_answers_the_calling_goes_on_and_at_last_says_whom_to_phone() -> None:
    case, _ = raised()
    case.wait(minutes=3)
    case.wait(minutes=3)
    case.wait(minutes=4)
    steps = [e.event for e in case.journal if isinstance(e.event, CriticalEscalated)]
    assert [(one.step, one.roles[0]) for one in steps] == [(1, "requester"), (2, "coordinator")]
    last = case.journal[-1].event
    assert isinstance(last, CriticalExhausted)
    assert (last.n, last.phone) == (1, "TEST-5100")
    move = case.room.next_move
    assert move
    assert (move.person, move.act) == ("omar", "critical.acknowledge")
    case.wait(minutes=11)
    said = [e.event for e in case.journal if isinstance(e.event, CriticalExhausted)]
    assert [one.n for one in said] == [1, 2]
    assert sum(isinstance(e.event, CriticalOverdue) for e in case.journal) == 1


def test_a_hub_that_was_down_does_at_once_what_fell_due_and_repeats_itself_once() -> None:
    case, _ = raised()
    case.wait(hours=9)
    assert kinds(case)[1:] == ["escalated", "escalated", "exhausted", "overdue"]
    assert case.room.criticals[0].next_at > spelled(case.now)
    assert case.wait(seconds=1) == ()


def test_before_the_proof_neither_report_nor_room_nor_finding_is_done() -> None:
    case, seq = raised()
    case.do(OMAR, "report.sign", cast.WRITTEN)
    assert case.refused(LEA, "report.acknowledge").slug == "wrong_stage"
    assert case.refused(SOLENE, "room.close", {"reason": "fini"}).slug == "wrong_stage"
    close: Body = {"critical": seq, "reason": "dit"}
    assert case.refused(OMAR, "critical.close", close).slug == "wrong_stage"
    case.do(LEA, "critical.acknowledge", {"critical": seq, "read_back": READ})
    case.do(OMAR, "critical.close", close)
    assert case.refused(OMAR, "critical.close", close).slug == "wrong_stage"
    case.do(LEA, "report.acknowledge")
    assert case.do(SOLENE, "room.close").stage is Stage.CLOSED


def test_a_lesser_one_closes_with_a_reason_and_keeps_the_room_until_then() -> None:
    case, seq = raised(3)
    case.do(OMAR, "report.sign", cast.WRITTEN)
    case.do(LEA, "report.acknowledge")
    assert case.refused(SOLENE, "room.close").slug == "wrong_stage"
    assert case.refused(OMAR, "critical.close", {"critical": seq}).slug == "bad_body"
    case.do(OMAR, "critical.close", {"critical": seq, "reason": "au compte rendu"})
    case.wait(days=9)
    assert kinds(case) == ["raised", "closed"]
    case.do(SOLENE, "room.close")


def test_whom_it_waits_for_stays_in_the_room() -> None:
    case, seq = raised()
    for person in ("lea", "omar"):
        assert case.refused(cast.RENE, "member.remove", {"person": person}).slug == "forbidden"
    case.do(BASTIEN, "critical.acknowledge", {"critical": seq, "read_back": READ})
    case.do(cast.RENE, "member.remove", {"person": "lea"})


def test_the_report_says_to_whom_when_and_how() -> None:
    case, seq = raised()
    one = case.room.criticals[0]
    fr, en = statement(one, ZoneInfo("Europe/Paris"))
    assert "réception non confirmée" in fr
    assert "not acknowledged" in en
    assert communications(case.room) == ()
    body: Body = {"critical": seq, "read_back": READ, "recipient": TOLD, "method": "phone"}
    case.do(OMAR, "critical.acknowledge", body)
    fr, en = statement(case.room.criticals[0], ZoneInfo("Europe/Paris"))
    assert "par Dr omar à TEST-Dr Durand, interne de garde, le 22/11/2026 à 00:4" in fr
    assert "par téléphone" in fr
    assert "(CET)" in fr
    assert f"relu : « {READ} »" in fr
    assert "to TEST-Dr Durand, interne de garde, on 2026-11-22 at 00:4" in en
    assert "by phone" in en
    case.do(OMAR, "report.sign", cast.WRITTEN)
    assert case.room.report
    told = case.room.report.content.communications
    assert told == communications(case.room)
    assert (told[0].name, told[0].method, told[0].read_back) == (TOLD["name"], "phone", True)


def test_a_role_is_said_in_both_languages() -> None:
    case, seq = raised()
    case.do(LEA, "critical.acknowledge", {"critical": seq, "read_back": READ})
    fr, en = statement(case.room.criticals[0], ZoneInfo("Indian/Reunion"))
    assert "à Dr lea, médecin demandeur, le 22/11/2026 à 03:4" in fr
    assert "requesting physician" in en


def test_the_row_shows_the_gravest_that_waits() -> None:
    case, seq = raised(3)
    case.do(INES, "critical.raise", BLEED)
    row = summary(case.room)["critical"]
    assert (row["open"], row["category"], row["exhausted"]) == (2, 1, False)
    case.do(LEA, "critical.acknowledge", {"critical": seq})
    assert summary(case.room)["critical"]["open"] == 1
    assert summary(cast.reading().room)["critical"] is None


def test_nothing_of_a_finding_reaches_a_role_outside_of_care() -> None:
    case, seq = raised()
    case.wait(hours=1)
    case.do(OMAR, "opinion.ask", {"specialty": "neuro", "question": "TEST-anévrisme ?"})
    case.do(LEA, "critical.acknowledge", {"critical": seq, "read_back": READ})
    seen = Room(id="room-1")
    for entry in case.journal:
        for role in (Role.PHYSICIST, Role.QUALITY, Role.AUDITOR, Role.SERVICE):
            assert b"TEST-" not in encode_event(view(entry, role).event)
        seen = evolve(seen, view(entry, Role.QUALITY))
    assert seen.criticals == ()
    assert b"TEST-" not in encode_room(seen)


def test_categories_are_data_with_a_source_and_leave_time_to_phone() -> None:
    assert list(CATEGORIES) == [1, 2, 3]
    for number, rule in CATEGORIES.items():
        minutes = [step.minutes for step in rule.steps]
        assert rule.number == number
        assert minutes == sorted(minutes)
        assert minutes[-1] < rule.exhausted_min < rule.limit_min
        assert rule.repeat_min > 0
        assert "[est]" in rule.source


def called() -> tuple[Case, int]:
    """A category 1 result in a hub that knows whom to ring: Léa, then Bastien."""
    case = cast.reading(callback="TEST-5100")
    case.plan = cast.plan_of(cast.trying(LEA), cast.trying(BASTIEN))
    case.do(OMAR, "critical.raise", BLEED)
    return case, case.room.criticals[-1].raised.seq


def test_category_1_rings_at_once_and_goes_on_by_the_engine_until_it_is_received() -> None:
    case, seq = called()
    ring = case.room.rings[-1]
    assert (ring.purpose, ring.critical, ring.to, ring.ringing) == (
        "critical",
        seq,
        "lea",
        ("lea",),
    )
    assert {event.kind for event in case.wait(seconds=61)} >= {"ring.escalated"}
    assert case.room.rings[-1].ringing == ("lea", "bastien")
    case.do(LEA, "critical.acknowledge", {"critical": seq, "read_back": READ, "action": "bloc"})
    ring = case.room.rings[-1]
    assert (ring.state, ring.ended_by, ring.ringing) == ("answered", "lea", ())
    assert not any(event.kind.startswith("ring.") for event in case.wait(minutes=30))


def test_who_answers_the_ring_has_not_received_the_result_yet() -> None:
    case, seq = called()
    case.do(LEA, "ring.answer", {"ring": case.room.rings[-1].ring})
    assert case.room.rings[-1].state == "answered"
    move = case.room.next_move
    assert move and move.act == "critical.acknowledge"
    assert "critical.escalated" in {event.kind for event in case.wait(minutes=4)}
    assert case.room.criticals[-1].raised.seq == seq
    assert case.room.criticals[-1].receipt is None


def test_a_result_closed_or_told_by_phone_rings_no_more() -> None:
    case, seq = called()
    told = {"critical": seq, "read_back": READ, "method": "phone", "recipient": TOLD}
    case.do(OMAR, "critical.acknowledge", told)
    assert case.room.rings[-1].state == "answered"
    assert case.room.rings[-1].ringing == ()


def test_what_was_seen_rings_even_of_an_exam_that_was_broken_off() -> None:
    case = cast.acquiring(callback="TEST-5100")
    case.do(MARC, "acquisition.abort", {"reason": "test", "back_to": "aborted"})
    case.plan = cast.plan_of(cast.trying(LEA))
    case.do(OMAR, "critical.raise", BLEED)
    ring = case.room.rings[-1]
    assert (case.room.stage, ring.state, ring.ringing) == (Stage.ABORTED, "ringing", ("lea",))
    case.do(LEA, "ring.answer", {"ring": ring.ring})
    assert case.room.rings[-1].state == "answered"
