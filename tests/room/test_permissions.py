"""Every cell of command × stage × role, against an expectation written by hand, not from the table.

The grid below is read from the design (domain.md 4.2), so that a slip in `permissions.py` is seen.
"""

import re
from typing import Any

import pytest

from hub.oncall.engine import Ring, Rung
from hub.room import commands, events, permissions
from hub.room.clocks import running
from hub.room.events import Recorded
from hub.room.evolve import evolve
from hub.room.loops import Critical, Handover, Opinion
from hub.room.permissions import ROWS, TABLE
from hub.room.refusals import Refused
from hub.room.roles import Actor, Role
from hub.room.room import By, Clock, Pause, Room
from hub.room.stages import Stage
from tests.room.cast import (
    CHECKED,
    CTA,
    OMAR,
    PLAIN,
    REQUEST,
    WRITTEN,
    Body,
    Case,
    actor,
    plan_of,
    reported_final,
    standing_in,
    trying,
    with_fields,
)

ROLES = {
    "Q": Role.REQUESTER, "P": Role.PROXIMITY_PHYSICIAN, "T": Role.TECHNOLOGIST,
    "G": Role.REGULATOR, "R": Role.RADIOLOGIST, "S": Role.SUBSPECIALIST,
    "C": Role.COORDINATOR, "H": Role.PHYSICIST, "U": Role.QUALITY, "V": Role.SERVICE,
}  # fmt: skip
STAGES = {
    "req": "requested", "inf": "info_needed", "cla": "claimed", "jus": "justified",
    "pro": "protocolled", "ack": "protocol_acknowledged", "rdy": "ready", "aqg": "acquiring",
    "aqd": "acquired", "img": "images_available", "rea": "reading", "pre": "reported_prelim",
    "fin": "reported_final", "akn": "acknowledged", "clo": "closed", "ref": "refused",
    "sub": "substituted", "can": "cancelled", "abo": "aborted",
}  # fmt: skip

BEFORE = "req inf cla jus pro ack rdy"
AFTER = "aqd img rea pre fin akn"
EXITS = "ref sub can abo"
OPEN = f"{BEFORE} aqg {AFTER} {EXITS}"

# command: roles, then "stages > next stage" (no > : the stage stays)
GRID: dict[str, tuple[str, list[str]]] = {
    "request.submit": ("QP", []),
    "request.amend": ("QP", [BEFORE]),
    "request.cancel": ("QPGR", [f"{BEFORE} > can"]),
    "information.ask": ("GR", ["req cla inf > inf"]),
    "information.answer": ("QP", ["inf > cla"]),
    "case.claim": ("GR", ["req > cla", f"inf cla jus pro ack rdy aqg {AFTER}"]),
    "case.release": ("GR", ["cla jus > req", "inf"]),
    "case.reassign": ("GRC", [f"inf cla jus pro ack rdy aqg {AFTER}"]),
    "case.decline": ("GRC", ["req inf"]),
    "justification.decide": ("GR", ["cla > jus"]),
    "protocol.issue": ("GR", ["jus > pro"]),
    "protocol.amend": ("GR", ["pro ack rdy > pro"]),
    "protocol.query": ("T", ["pro ack rdy"]),
    "protocol.answer": ("GR", ["pro ack rdy aqg"]),
    "protocol.acknowledge": ("T", ["pro > ack"]),
    "checklist.complete": ("TP", ["ack rdy > rdy"]),
    "acquisition.start": ("TV", ["rdy > aqg"]),
    "acquisition.end": ("TV", ["aqg > aqd"]),
    "acquisition.abort": ("TPV", ["aqg > pro"]),
    "contrast.record": ("TP", [f"aqg {AFTER} abo"]),
    "reaction.report": ("QPTGR", [f"aqg {AFTER} abo"]),
    "images.declare": ("TV", ["aqd > img", "img rea pre"]),
    "patient.release": ("TGR", ["aqd img rea pre"]),
    "dose.record": ("TVGR", ["aqd img rea pre abo"]),
    "reading.start": ("GR", ["img > rea", "rea pre"]),
    "reading.stop": ("GR", ["rea > img", "pre"]),
    "report.issue": ("GR", ["rea pre > pre"]),
    "report.sign": ("GR", ["rea pre > fin"]),
    "addendum.sign": ("GR", ["fin akn > fin"]),
    "report.deliver": ("GRC", ["pre fin akn"]),
    "report.acknowledge": ("QP", ["fin > akn"]),
    "clock.pause": ("QPTGRC", [f"{BEFORE} aqg {AFTER}"]),
    "clock.resume": ("QPTGRC", [f"{BEFORE} aqg {AFTER}"]),
    "image.share": ("QPTGRSC", [OPEN]),
    "message.post": ("QPTGRSC", [OPEN]),
    "message.retract": ("QPTGRSC", [OPEN]),
    "quick.reply": ("QPTGRSC", [OPEN]),
    "member.invite": ("QPTGRSC", [OPEN]),
    "member.remove": ("QPGRC", [OPEN]),
    "ring.start": ("QPTGRSC", [f"{BEFORE} aqg {AFTER}"]),
    "ring.answer": ("QPTGRSC", [OPEN]),
    "ring.decline": ("QPTGRSC", [OPEN]),
    "ring.stop": ("QPTGRSC", [OPEN]),
    "critical.raise": ("GRS", [OPEN]),
    "critical.attempt": ("TGRSC", [OPEN]),
    "critical.acknowledge": ("QPTGRSC", [OPEN]),
    "critical.close": ("GRS", [OPEN]),
    "opinion.ask": ("GRS", [f"{BEFORE} aqg {AFTER}"]),
    "opinion.accept": ("GRS", [OPEN]),
    "opinion.decline": ("GRS", [OPEN]),
    "opinion.answer": ("GRS", [OPEN]),
    "opinion.conclude": ("GRS", [OPEN]),
    "opinion.withdraw": ("GRS", [OPEN]),
    "review.record": ("GRSU", ["fin akn clo"]),
    "handover.offer": ("QPGRS", [OPEN]),
    "handover.accept": ("QPGRS", [OPEN]),
    "handover.decline": ("QPGRS", [OPEN]),
    "handover.withdraw": ("QPGRS", [OPEN]),
    "incident.open": ("QPTGRSCHV", [OPEN]),
    "incident.close": ("QPTGRSC", [OPEN]),
    "room.close": ("QPTGRC", [f"{AFTER} {EXITS} > clo"]),
    "room.reopen": ("QPTGRC", ["clo > aqd"]),
}


def expected(kind: str) -> tuple[frozenset[Role], dict[Stage, Stage]]:
    """Roles, and stage -> next stage, as the grid says."""
    roles, lines = GRID[kind]
    moves: dict[Stage, Stage] = {}
    for line in lines:
        stages, _, to = (part.strip() for part in line.partition(">"))
        for stage in stages.split():
            moves[Stage(STAGES[stage])] = Stage(STAGES[to or stage])
    return frozenset(ROLES[letter] for letter in roles), moves


NEXT_VERSION = {"protocol.issue": 1, "protocol.amend": 2}
BODIES: dict[str, Body] = {
    "request.submit": REQUEST,
    "request.amend": {**REQUEST, "history": "TEST"},
    "request.cancel": {"reason": "transfert"},
    "information.ask": {"question": "Créatinine ?"},
    "information.answer": {"answer": "80"},
    "case.release": {"reason": "relève"},
    "case.reassign": {"to": "claire", "reason": "relève"},
    "justification.decide": {"decision": "accept"},
    "protocol.query": {"reason": "20G ?"},
    "protocol.answer": {"answer": "oui"},
    "checklist.complete": CHECKED,
    "acquisition.abort": {"reason": "mouvement"},
    "contrast.record": {"agent": "iohexol", "volume_ml": 60},
    "reaction.report": {"text": "urticaire"},
    "images.declare": {"series": 2},
    "dose.record": {"series": [{"phantom": "head_16", "dlp_mgy_cm": 800}]},
    "reading.start": {"reason": "relève"},
    "report.issue": WRITTEN,
    "report.sign": WRITTEN,
    "addendum.sign": {"text": "TEST-AVENANT"},
    "report.deliver": {"channel": "phone", "to": "urgences"},
    "clock.pause": {"cause": "patient"},
    "room.close": {"reason": "lu ailleurs"},
    "image.share": {"study_uid": "1.2.3"},
    "message.post": {"text": "bonsoir"},
    "quick.reply": {"code": "understood"},
    "member.invite": {"person": "ines"},
    "member.remove": {"person": "somebody"},
    "case.decline": {"reason": "deux P0"},
    "ring.start": {"to": "ines", "question": "avis ?"},
    "ring.answer": {"ring": 1},
    "ring.decline": {"ring": 1, "reason": "au bloc"},
    "ring.stop": {"ring": 1},
    "critical.raise": {"category": 1, "finding": "TEST-HSA à gauche", "words": ["gauche"]},
    "critical.attempt": {"critical": 1, "method": "phone", "outcome": "no_answer"},
    "critical.acknowledge": {"critical": 1, "read_back": "à gauche"},
    "critical.close": {"critical": 1, "reason": "dit au compte rendu"},
    "opinion.ask": {"specialty": "neuro", "question": "TEST-ANEVRISME ?"},
    "opinion.accept": {"opinion": 1},
    "opinion.decline": {"opinion": 1, "reason": "au bloc"},
    "opinion.answer": {"opinion": 1, "text": "oui"},
    "opinion.conclude": {"opinion": 1, "concordance": "agree"},
    "opinion.withdraw": {"opinion": 1, "reason": "vu"},
    "review.record": {"grade": "minor", "impact": "none", "text": "TEST-NODULE"},
    "handover.offer": {"to": "claire"},
    "handover.decline": {"reason": "trop"},
    "incident.open": {"category": "network", "text": "coupure"},
    "room.reopen": {"reason": "suite"},
}


def prepared(case: Case, kind: str, by: Actor) -> Body:
    """Whatever the command needs beside role and stage; and its body."""
    owner = By(seq=2, at=case.room.at, person=by.person, name=by.name, role=by.role.value)
    if kind == "case.claim" and case.room.owner:
        case.room = with_fields(case.room, offered_to=by.person)
    if kind in ("case.release", "case.reassign", "justification.decide"):
        case.room = with_fields(case.room, owner=owner)
    if kind in ("reading.stop", "report.issue", "report.sign"):
        case.room = with_fields(case.room, reader=owner)
    if kind == "clock.pause" and not running(case.room.clocks):
        held = {**case.room.clocks, "total": Clock(started_at="", limit_at=case.room.at)}
        case.room = with_fields(case.room, clocks=held)
    if kind == "clock.resume":
        case.room = with_fields(case.room, pause=Pause(paused=owner, cause="patient"))
    if kind in ("case.decline", "ring.start", "ring.answer", "ring.decline", "ring.stop"):
        case.plan = plan_of(trying(by))
        if kind != "ring.start":
            case.room = with_fields(case.room, rings=(_rings(case, kind, by),))
    if kind.startswith(("critical.", "opinion.", "review.", "handover.")):
        _loops(case, kind, owner)
    if kind in ("protocol.issue", "protocol.amend"):
        return {**PLAIN, "version": NEXT_VERSION[kind]}
    if kind == "protocol.acknowledge":
        named: Body = {"version": 1, "content_hash": "0" * 64, "read_back": {"regions": ["head"]}}
        return case.read_back() if case.room.protocol else named
    if kind == "protocol.answer" and case.room.stage in TABLE["protocol.query"][Role.TECHNOLOGIST]:
        case.do(actor(Role.TECHNOLOGIST), "protocol.query", {"reason": "20G ?"})
    elif kind == "protocol.answer" and case.room.stage is Stage.ACQUIRING:
        was, case.room = case.room.stage, with_fields(case.room, stage=Stage.READY)
        case.do(actor(Role.TECHNOLOGIST), "protocol.query", {"reason": "20G ?"})
        case.room = with_fields(case.room, stage=was)
    if kind == "message.retract" and by.role in TABLE[kind] and case.room.stage is not Stage.CLOSED:
        case.do(by, "message.post", {"text": "bonsoir"})
        return {"seq": len(case.journal)}
    if kind == "incident.close":
        opener = actor(Role.TECHNOLOGIST)
        if case.room.stage is Stage.CLOSED:
            return {"incident_seq": 1, "resolution": "vu"}
        case.do(opener, "incident.open", {"category": "other", "text": "chute"})
        return {"incident_seq": case.room.incidents[-1].opened.seq, "resolution": "vu"}
    return {"seq": 1} if kind == "message.retract" else BODIES.get(kind, {})


def _loops(case: Case, kind: str, me: By) -> None:
    """Something open that waits for `me`: a result, a question, a report, a handover."""
    case.room = with_fields(case.room, seq=max(case.room.seq, len(case.journal)))
    them = By(seq=1, at=case.room.at, person="alix", name="Dr Alix", role="radiologist")
    asked = kind in ("opinion.conclude", "opinion.withdraw")
    first, at = (me if asked else them), case.room.at
    first = By(seq=1, at=at, person=first.person, name=first.name, role=first.role)
    critical = Critical(
        raised=first, category=2, finding="TEST-HSA à gauche", words=("gauche",), identified_at=at,
        limit_at="2026-11-22T02:00:00.000Z", holder=first.person, to=me.person,
    )  # fmt: skip
    opinion = Opinion(
        asked=first, question="TEST-ANEVRISME ?", holder=first.person, specialty="neuro",
        state="answered" if kind == "opinion.conclude" else "asked",
    )  # fmt: skip
    mine = kind == "handover.withdraw"
    handover = Handover(
        offered=By(seq=1, at=at, person=me.person if mine else "alix", name="", role="radiologist"),
        to="alix" if mine else me.person,
        name="",
        until="2026-11-22T02:00:00.000Z",
    )
    case.room = with_fields(
        case.room,
        criticals=(critical,) if case.room.seq else (),
        opinions=(opinion,),
        handovers=() if kind == "handover.offer" else (handover,),
        owner=me if kind == "handover.offer" and me.role in READING else case.room.owner,
        attending=me if kind == "handover.offer" and me.role in ASKING else None,
    )
    if kind == "handover.offer" and me.role == "subspecialist":
        opinion = Opinion(asked=first, question="?", holder=me.person)
        case.room = with_fields(case.room, opinions=(opinion,))
    if kind == "review.record":
        case.room = with_fields(case.room, report=reported_final().room.report)


READING = ("radiologist", "regulator")
ASKING = ("requester", "proximity_physician")


def _rings(case: Case, kind: str, by: Actor) -> Ring:
    """A ring that rings `by`, begun by them where it is theirs to stop."""
    return Ring(
        ring=1,
        purpose="case" if kind == "case.decline" else "ask",
        started_at=case.room.at,
        started_by=by.person,
        steps=(trying(by),),
        step=1,
        people=(Rung(person=by.person),),
        ends_at="2026-11-22T00:00:00.000Z",
    )


CELLS = [(kind, stage) for kind in commands.BY_KIND for stage in Stage]


@pytest.mark.parametrize(("kind", "stage"), CELLS)
def test_every_role_in_every_stage(kind: str, stage: Stage) -> None:
    roles, moves = expected(kind)
    for role in Role:
        case, by = standing_in(stage), actor(role)
        body = prepared(case, kind, by)
        if role in roles and stage in moves:
            case.do(by, kind, body)
            assert case.room.stage is moves[stage], f"{role.value} leads elsewhere"
        else:
            refusal = case.refused(by, kind, body)
            assert refusal.slug == ("wrong_stage" if role in roles else "wrong_role"), role.value
            assert refusal.detail_fr
            assert refusal.detail_en


@pytest.mark.parametrize("kind", commands.BY_KIND)
def test_a_room_that_nobody_opened(kind: str) -> None:
    roles, _ = expected(kind)
    for role in Role:
        case, by = Case(), actor(role)
        body: dict[str, Any] = {
            **BODIES.get(kind, {}),
            **({"version": 1, **CTA} if kind in NEXT_VERSION else {}),
        }
        if kind in ("protocol.acknowledge", "message.retract", "incident.close"):
            body = prepared(standing_in(Stage.CLOSED), kind, by)
        if kind == "request.submit" and role in roles:
            assert case.do(by, kind, body).stage is Stage.REQUESTED
        else:
            slug = "wrong_role" if kind == "request.submit" else "no_room"
            assert case.refused(by, kind, body).slug == slug


@pytest.mark.parametrize(
    ("stage", "kind", "body", "to"),
    [
        (Stage.CLAIMED, "justification.decide", {"decision": "substitute"}, Stage.SUBSTITUTED),
        (Stage.CLAIMED, "justification.decide", {"decision": "refuse"}, Stage.REFUSED),
        (Stage.ACQUIRING, "acquisition.abort", {"reason": "x", "back_to": "aborted"}, "aborted"),
        (Stage.ACQUIRING, "acquisition.abort", {"reason": "x"}, Stage.PROTOCOLLED),
    ],
)
def test_answers_that_choose_the_stage(stage: Stage, kind: str, body: Body, to: Stage) -> None:
    case = standing_in(stage)
    by = actor(Role.TECHNOLOGIST) if kind.startswith("acquisition") else OMAR
    assert case.do(by, kind, body).stage == to


@pytest.mark.parametrize("stage", [Stage(STAGES[one]) for one in f"{AFTER} {EXITS}".split()])
def test_a_reopened_room_goes_back_to_where_it_was_closed(stage: Stage) -> None:
    case = standing_in(stage)
    by = actor(Role.COORDINATOR)
    assert case.do(by, "room.close", {"reason": "suite ailleurs"}).stage is Stage.CLOSED
    assert case.do(by, "room.reopen", {"reason": "suite"}).stage is stage
    assert case.room.closed is None


def test_the_table_knows_every_command_and_every_event_once() -> None:
    assert [row.command for row in ROWS] == list(commands.BY_KIND)
    hubs = {"deadline.passed", "deadline.predicted", "withheld"}
    hubs |= {"critical.escalated", "critical.exhausted", "critical.overdue", "handover.lapsed"}
    hubs |= {"ring.escalated", "ring.alerted", "ring.exhausted"}
    by_people = set(events.BY_KIND) - hubs
    assert {row.event for row in ROWS} == by_people
    assert len({row.event for row in ROWS}) == len(ROWS)


def test_allowed_and_acts_say_what_the_table_says() -> None:
    assert permissions.allowed("case.claim", Role.RADIOLOGIST, Stage.REQUESTED)
    assert not permissions.allowed("case.claim", Role.TECHNOLOGIST, Stage.REQUESTED)
    assert not permissions.allowed("case.claim", Role.RADIOLOGIST, Stage.CLOSED)
    assert permissions.acts(Role.TECHNOLOGIST, Stage.CLOSED) == ("room.reopen",)
    assert permissions.acts(Role.AUDITOR, Stage.REQUESTED) == ()


def test_conflicts_name_events_that_exist_and_are_remembered() -> None:
    for kind in commands.BY_KIND:
        assert permissions.conflicts(kind) <= set(events.BY_KIND)
    assert permissions.conflicts("message.post") == frozenset()
    assert "protocol.amended" in permissions.conflicts("protocol.amend")
    case = standing_in(Stage.READY)
    assert case.room.last["protocol.issued"] == 4
    case.do(actor(Role.RADIOLOGIST), "protocol.amend", {**PLAIN, "version": 2})
    assert case.room.last["protocol.amended"] == case.room.seq


def test_an_event_out_of_place_still_folds_and_moves_nothing() -> None:
    room = Room(id="r")
    stray = events.AcquisitionStarted()
    after = evolve(room, Recorded(seq=1, at="2026-11-21T23:40:00.000Z", by=actor(Role.SERVICE),
                                  event=stray))  # fmt: skip
    assert after.seq == 1
    assert after.stage is Stage.REQUESTED


def test_refusals_name_no_patient() -> None:
    case = standing_in(Stage.PROTOCOLLED)
    seen: list[Refused] = []
    for kind in commands.BY_KIND:
        for role in Role:
            answer = case.ask(actor(role), kind, prepared(case, kind, actor(role)))
            seen += [answer] if isinstance(answer, Refused) else []
    assert len(seen) > 100
    assert not [one for one in seen if re.search(r"TEST-", one.detail)]
