"""Whom an event should reach: the rule, and when it stops."""

from hub.room.alerts import ALERTING, AT_ONCE, RULES, AlertKind, Reach, alerts, urgency_of
from hub.room.events import BY_KIND, Recorded
from hub.room.roles import Role
from hub.room.stages import Urgency
from tests.room.cast import (
    CHECKED,
    CLAIRE,
    INES,
    LEA,
    MARC,
    OMAR,
    PLAIN,
    Body,
    Case,
    acknowledged,
    claimed,
    plan_of,
    protocolled,
    reading,
    requested,
    ringing,
    trying,
)

READERS = frozenset({Role.RADIOLOGIST, Role.REGULATOR})


def last(case: Case, kind: str) -> Recorded:
    return next(one for one in reversed(case.journal) if one.event.kind == kind)


def due(case: Case, kind: str) -> tuple[Reach, ...]:
    return alerts(last(case, kind), case.room)


def test_every_kind_that_may_call_somebody_is_an_event() -> None:
    assert set(BY_KIND) >= ALERTING
    assert len(RULES) == len(ALERTING)
    assert "message.posted" not in ALERTING  # words do not wake anybody


def test_a_request_without_a_rota_calls_the_readers_of_the_site_until_it_is_claimed() -> None:
    case = requested()
    assert due(case, "request.submitted") == (Reach(AlertKind.REQUEST, Urgency.P1, roles=READERS),)
    case.do(OMAR, "case.claim")
    assert due(case, "request.submitted") == ()


def test_a_request_with_a_rota_rings_and_calls_nobody_beside() -> None:
    case = ringing()
    assert due(case, "request.submitted") == ()
    assert due(case, "ring.started") == (Reach(AlertKind.RING, Urgency.P1, "omar", loud=True),)


def test_a_ring_calls_whom_it_rings_now_and_stops_with_the_answer() -> None:
    case = ringing(plan_of(trying(OMAR, CLAIRE)))
    assert {reach.person for reach in due(case, "ring.started")} == {"omar", "claire"}
    case.do(OMAR, "case.decline", {"ring": last(case, "ring.started").seq, "reason": "busy"})
    assert {reach.person for reach in due(case, "ring.started")} == {"claire"}
    case.do(CLAIRE, "case.claim")
    assert due(case, "ring.started") == ()


def test_the_next_step_calls_the_new_ones_and_a_second_alert_stays_on_devices() -> None:
    case = ringing()
    kinds = [event.kind for event in case.wait(seconds=1)]
    while "ring.escalated" not in kinds:
        kinds += [event.kind for event in case.wait(seconds=10)]
    assert [reach.person for reach in due(case, "ring.escalated")] == ["claire"]
    assert "ring.alerted" in kinds
    (again, *others) = due(case, "ring.alerted")
    assert again.person == "omar" and not again.loud
    assert [one.person for one in others] == ["claire"]
    while "ring.exhausted" not in kinds:
        kinds += [event.kind for event in case.wait(seconds=10)]
    assert {(one.person, one.loud) for one in due(case, "ring.exhausted")} == {
        ("omar", True), ("claire", True),
    }  # fmt: skip


def test_a_protocol_calls_the_technologists_of_the_site_until_it_is_read_back() -> None:
    case = protocolled()
    assert due(case, "protocol.issued") == (
        Reach(AlertKind.PROTOCOL, Urgency.P1, roles=frozenset({Role.TECHNOLOGIST})),
    )
    case.do(MARC, "protocol.acknowledge", case.read_back())
    assert due(case, "protocol.issued") == ()


def test_an_amended_protocol_calls_the_one_at_the_scanner_and_voids_the_first_alert() -> None:
    case = acknowledged()
    longer = {**PLAIN, "special_instructions": "TEST arms up"}
    case.do(OMAR, "protocol.amend", {"version": 2, "reason": "TEST", **longer})
    assert due(case, "protocol.amended") == (Reach(AlertKind.PROTOCOL, Urgency.P1, "marc"),)
    assert due(case, "protocol.issued") == ()


def test_an_offer_calls_the_one_it_is_made_to_until_it_is_taken() -> None:
    case = claimed()
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "TEST"})
    assert due(case, "case.reassigned") == (
        Reach(AlertKind.OFFER, Urgency.P1, "claire", loud=True),
    )
    case.do(CLAIRE, "case.claim")
    assert due(case, "case.reassigned") == ()


def test_an_invitation_calls_by_name_until_the_person_is_taken_out() -> None:
    case = claimed()
    case.do(OMAR, "member.invite", {"person": "ines", "role": "subspecialist"})
    assert due(case, "member.invited") == (
        Reach(AlertKind.INVITATION, Urgency.P1, "ines", loud=True),
    )
    case.do(OMAR, "member.remove", {"person": "ines", "reason": "TEST"})
    assert due(case, "member.invited") == ()


def test_an_incident_calls_everyone_in_the_room_but_its_author_while_it_is_open() -> None:
    case = acknowledged()
    case.do(MARC, "incident.open", {"category": "other", "text": "TEST"})
    found = due(case, "incident.opened")
    assert {reach.person for reach in found} == {"lea", "omar", ""}
    assert [reach.roles for reach in found if not reach.person] == [frozenset({Role.COORDINATOR})]
    assert not any(reach.loud for reach in found)
    opened = last(case, "incident.opened").seq
    case.do(OMAR, "incident.close", {"incident_seq": opened, "resolution": "TEST"})
    assert due(case, "incident.opened") == ()


def test_nobody_is_called_into_a_room_that_is_closed() -> None:
    case = claimed()
    case.do(OMAR, "member.invite", {"person": "ines", "role": "subspecialist"})
    case.do(LEA, "request.cancel", {"reason": "TEST"})
    assert due(case, "member.invited") != ()
    case.do(OMAR, "room.close", {})
    assert due(case, "member.invited") == ()


def test_what_is_no_matter_of_alarm_calls_nobody() -> None:
    case = acknowledged()
    case.do(MARC, "checklist.complete", CHECKED)
    case.do(INES if "ines" in case.room.members else OMAR, "message.post", {"text": "TEST"})
    quiet = [one for one in case.journal if one.event.kind not in ALERTING]
    assert quiet
    assert [alerts(one, case.room) for one in quiet] == [()] * len(quiet)


def test_the_urgency_is_that_of_the_request_in_force() -> None:
    assert urgency_of(Case().room) is Urgency.P3
    assert urgency_of(requested(urgency="P0").room) is Urgency.P0


BLEED: Body = {"category": 1, "finding": "TEST-HSA gauche", "words": ["gauche"]}


def test_a_critical_result_calls_by_name_then_the_site_then_who_has_to_phone() -> None:
    case = reading()
    case.do(OMAR, "critical.raise", BLEED)
    raised = last(case, "critical.raised").seq
    lea = Reach(AlertKind.CRITICAL, Urgency.P0, "lea", loud=True)
    assert due(case, "critical.raised") == (lea,)
    case.wait(minutes=3)
    on_site = frozenset({Role.REQUESTER, Role.PROXIMITY_PHYSICIAN})
    site = Reach(AlertKind.CRITICAL, Urgency.P0, roles=on_site)
    assert due(case, "critical.escalated") == (lea, site)
    case.wait(minutes=7)
    omar = Reach(AlertKind.CRITICAL, Urgency.P0, "omar", loud=True)
    desk = Reach(AlertKind.CRITICAL, Urgency.P0, roles=frozenset({Role.COORDINATOR}))
    assert due(case, "critical.exhausted") == (lea, omar, desk)
    case.do(LEA, "critical.acknowledge", {"critical": raised, "read_back": "à gauche"})
    for kind in ("raised", "escalated", "exhausted"):
        assert due(case, f"critical.{kind}") == ()
        assert f"critical.{kind}" in AT_ONCE


def test_a_lesser_result_is_as_urgent_as_its_category() -> None:
    case = reading()
    case.do(OMAR, "critical.raise", {"category": 3, "finding": "TEST-nodule"})
    assert [one.urgency for one in due(case, "critical.raised")] == [Urgency.P3]


def test_who_is_asked_into_the_room_is_called_once() -> None:
    case = reading()
    case.do(OMAR, "opinion.ask", {"to": "ines", "question": "TEST ?"})
    asked = last(case, "opinion.asked").seq
    assert due(case, "opinion.asked") == (Reach(AlertKind.OPINION, Urgency.P1, "ines", loud=True),)
    assert due(case, "member.invited") == ()
    case.do(INES, "opinion.accept", {"opinion": asked})
    assert due(case, "opinion.asked") == ()
    case.do(OMAR, "opinion.ask", {"specialty": "neuro", "question": "TEST ?"})
    assert due(case, "opinion.asked") == ()


def test_a_handover_calls_whom_it_is_offered_to_once_until_it_is_answered() -> None:
    case = reading()
    case.do(OMAR, "handover.offer", {"to": "claire"})
    offered = Reach(AlertKind.HANDOVER, Urgency.P1, "claire", loud=True)
    assert due(case, "handover.offered") == (offered,)
    assert due(case, "case.reassigned") == ()
    case.do(CLAIRE, "handover.accept")
    assert due(case, "handover.offered") == ()
