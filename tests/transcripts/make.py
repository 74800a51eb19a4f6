"""Plays cases without a clock or chance and writes them down: `python -m tests.transcripts.make`.

One line an event, as an `evt` frame without its `t`; every fifth seq (more rarely in a long case)
`{"state_at": seq, "state": …}`, at the end `{"state": …}`: `joined.state` at that seq.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from hub.demo.cast import BY_PERSON
from hub.demo.script import NIGHT, Instance, Playing, load
from hub.room.evolve import evolve
from hub.room.folds import KEPT_QUERIES, KEPT_RETRACTED
from hub.room.roles import SYSTEM, Actor, Role
from hub.room.visibility import view
from hub.wire.bodies import encode_event, encode_room
from tests.room.cast import (
    BASTIEN,
    CHECKED,
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
    WRITTEN,
    Body,
    Case,
    acknowledged,
    acquiring,
    actor,
    plan_of,
    protocolled,
    reading,
    trying,
)

FOLDER = Path(__file__).parent
EVERY, LONG = 5, 100
STUDIES = {
    name: [Instance(f"2.25.{n}1", f"2.25.{n}2", f"2.25.{n}3") for n in range(1, 31)]
    for name in ("head", "head.1", "head.2", "CT_small", "MR_small")
}
"""Instances that stand for the pictures of the demonstration."""


def stroke_night() -> Case:
    """The case that the demonstration plays."""
    return demonstrated(NIGHT)


def demonstrated(code: str) -> Case:
    """A case of the demonstration, at the pace of its script."""
    case = Case()
    playing = Playing(STUDIES, case.now)
    for step in load(code).steps:
        player = BY_PERSON[step.who]
        by = Actor(player.person, player.name, player.role, player.site, f"{player.person}-1")
        case.wait(seconds=step.pause_s)
        case.do(by, step.kind, playing.body(step))
        playing.content_hash = case.hash if case.room.protocol else ""
        if step.name:
            playing.seqs[step.name] = case.room.seq
    return case


def another_exam_is_better() -> Case:
    """Released, questioned, offered, taken over, then replaced by another modality."""
    case = Case()
    case.do(LEA, "request.submit", {**REQUEST, "urgency": "P2", "region": ["lumbar spine"]})
    case.do(OMAR, "case.claim")
    case.do(OMAR, "case.release", {"reason": "deux P0 en cours"})
    case.do(RENE, "information.ask", {"question": "Déficit moteur ?"})
    case.wait(minutes=20)
    case.do(OMAR, "case.claim")
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P0", "region": ["spine"], "nihss": 0})
    case.do(BASTIEN, "information.answer", {"answer": "Oui, depuis midi"})
    case.do(OMAR, "information.ask", {"question": "Stimulateur ?"})
    case.do(OMAR, "information.ask", {"question": "Anticoagulants ?"})
    case.do(LEA, "information.answer", {"answer": "Non"})
    case.do(LEA, "information.answer", {"answer": "Aucun"})
    case.do(SOLENE, "case.reassign", {"to": "claire", "reason": "relève"})
    case.do(CLAIRE, "case.claim")
    case.do(
        CLAIRE,
        "justification.decide",
        {"decision": "substitute", "substitute_modality": "MR", "reason": "compression ?"},
    )
    case.do(SOLENE, "room.close", {"reason": "IRM demandée"})
    return case


def aborted_and_done_again() -> Case:
    """Queried, amended, aborted on a reaction, read back again, done; deadlines go by."""
    case = Case()
    case.do(LEA, "request.submit", {**REQUEST, "labs": {"egfr": 24}, "urgency": "P0"})
    case.wait(minutes=4)
    case.do(OMAR, "case.claim")
    case.do(OMAR, "justification.decide", {"decision": "accept", "reason_code": "stroke"})
    aside = [{"rule": "iodine_egfr_below_30", "reason": "vital"}]
    case.do(OMAR, "protocol.issue", {**CTA, "version": 1, "overrides": aside})
    case.do(MARC, "protocol.query", {"field": "contrast.rate_ml_s", "reason": "22G"})
    case.do(OMAR, "protocol.answer", {"answer": "2 mL/s", "accepted": True})
    slower = {**CTA, "contrast": {**CTA["contrast"], "rate_ml_s": 2.5}, "limits": {}}
    case.wait(minutes=7)
    case.do(OMAR, "protocol.amend", {**slower, "version": 2, "overrides": aside, "reason": "22G"})
    case.do(MARC, "protocol.acknowledge", case.read_back(scanner="S1", eta_min=3))
    case.do(MARC, "checklist.complete", CHECKED)
    case.do(LEA, "request.amend", {**REQUEST, "labs": {"egfr": 26}, "urgency": "P1"})
    case.do(MARC, "checklist.complete", CHECKED)
    case.do(MARC, "acquisition.start", {"scanner": "S1"})
    case.do(MARC, "acquisition.abort", {"reason": "urticaire", "reaction": "urticaire étendue"})
    incident = case.room.incidents[0].opened.seq
    case.do(BASTIEN, "incident.close", {"incident_seq": incident, "resolution": "traité"})
    case.do(OMAR, "protocol.amend", {**PLAIN, "version": 3, "reason": "sans contraste"})
    case.do(MARC, "protocol.acknowledge", case.read_back())
    case.do(MARC, "checklist.complete", CHECKED)
    case.do(MARC, "acquisition.start")
    case.do(MARC, "acquisition.end", {"series_done": [1]})
    return case


def in_and_out() -> Case:
    """People come and go, a message is taken back, an incident keeps the room open, it reopens."""
    case = Case()
    case.do(LEA, "request.submit", REQUEST)
    case.do(LEA, "message.post", {"text": "Patient agité", "lang": "fr"})
    case.do(LEA, "message.retract", {"seq": 2, "reason": "mauvaise salle"})
    case.do(OMAR, "case.claim")
    case.do(OMAR, "member.invite", {"person": "ines", "name": "Dr ines", "question": "avis ?"})
    case.do(INES, "quick.reply", {"code": "looking", "in_reply_to": 5})
    for n in range(1, 36):
        case.do(INES, "image.share", {"study_uid": f"2.25.{n}", "viewport": {"zoom": n / 4}})
    case.do(LEA, "member.remove", {"person": "ines", "reason": "avis donné"})
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "relève"})
    case.do(LEA, "member.remove", {"person": "claire"})
    case.do(LEA, "member.invite", {"person": "ines", "role": "subspecialist"})
    case.do(LEA, "incident.open", {"category": "network", "text": "coupure", "since": "23:30"})
    incident = case.room.incidents[0].opened.seq
    case.do(OMAR, "justification.decide", {"decision": "refuse", "reason": "non indiqué"})
    case.do(OMAR, "incident.close", {"incident_seq": incident, "resolution": "rétabli"})
    case.do(LEA, "room.close")
    case.do(LEA, "room.reopen", {"reason": "précision"})
    case.do(LEA, "message.post", {"text": "Merci, compris.", "in_reply_to": 47})
    case.do(LEA, "room.close", {"reason": "fini"})
    return case


def to_the_acknowledged_report() -> Case:
    """From the request to the acknowledged report: paused, taken over, issued, signed, added to."""
    case = acquiring(CTA)
    given = {"agent": "iohexol", "lot": "TEST-LOT", "volume_ml": 60, "rate_ml_s": 3.5}
    case.do(MARC, "clock.pause", {"cause": "patient", "note": "agité"})
    case.wait(minutes=3)
    case.do(MARC, "clock.resume")
    case.do(MARC, "clock.pause", {"cause": "scanner"})
    case.do(MARC, "contrast.record", {**given, "at": "2026-11-21T23:44:00.000Z"})
    case.do(MARC, "reaction.report", {"text": "urticaire", "severity": "mild"})
    case.do(MARC, "acquisition.end", {"series_done": [1, 2]})
    case.do(MARC, "images.declare", {"series": 1, "instances": 120, "complete": False})
    case.do(MARC, "images.declare", {"series": 2, "instances": 480})
    head = {"phantom": "head_16", "ctdivol_mgy": 52, "dlp_mgy_cm": 890, "region": "head"}
    neck = {"phantom": "body_32", "ctdivol_mgy": 12.5, "dlp_mgy_cm": 410.5, "name": "CTA"}
    level = {"exam": "head", "quantity": "dlp", "phantom": "head_16", "level": 850.0,
             "source": "exemple", "dated": "2019-04-18", "words": ["head"]}  # fmt: skip
    case.do(MARC, "dose.record", {"series": [head], "device": "S1"})
    both = {"series": [head, neck], "levels": [level], "reason": "deux séries"}
    case.do(MARC, "dose.record", both)
    case.do(OMAR, "reading.start")
    case.do(OMAR, "patient.release")
    case.do(OMAR, "reading.stop", {"reason": "appelé ailleurs"})
    case.do(OMAR, "reading.start")
    case.wait(minutes=16)
    case.do(CLAIRE, "reading.start", {"reason": "Dr omar ne répond plus"})
    case.do(CLAIRE, "report.issue", WRITTEN)
    final = {**WRITTEN["sections"], "conclusion": "TEST-CONCLUSION relue"}
    case.do(CLAIRE, "report.sign", {"version": 2, "sections": final})
    case.do(SOLENE, "report.deliver", {"channel": "print", "to": "urgences"})
    case.do(LEA, "report.acknowledge", {"version": 2, "action": "transfert"})
    case.do(CLAIRE, "addendum.sign", {"text": "TEST-AVENANT", "reason": "antériorités reçues"})
    case.wait(minutes=20)
    case.do(LEA, "report.acknowledge")
    incident = case.room.incidents[0].opened.seq
    case.do(BASTIEN, "incident.close", {"incident_seq": incident, "resolution": "traité"})
    case.do(SOLENE, "room.close")
    return case


def cancelled_in_time() -> Case:
    """A patient who is transferred before anything is acquired."""
    case = acknowledged(CTA)
    case.do(LEA, "request.cancel", {"reason": "transfert hélicoptère"})
    case.do(SOLENE, "room.close")
    return case


def rung_in_the_night() -> Case:
    """Nobody answers at first; declined, gone on, exhausted, claimed, given back, rung again; a
    neuroradiologist is called in, another call is stopped, and whoever is removed rings no more."""
    case = Case(plan=plan_of(trying(OMAR, CLAIRE), trying(RENE, SOLENE, wait_s=45)))
    case.do(LEA, "request.submit", {**REQUEST, "urgency": "P0"})
    case.wait(seconds=20)
    case.do(OMAR, "case.decline", {"reason": "deux P0 en cours"})
    for _ in range(8):
        case.wait(seconds=20)
    case.do(LEA, "request.amend", {**REQUEST, "urgency": "P0", "nihss": 8})
    case.do(RENE, "case.decline", {"reason": "au bloc"})
    case.do(CLAIRE, "case.claim")
    case.do(CLAIRE, "case.release", {"reason": "fin de garde"})
    case.do(OMAR, "case.claim")
    case.plan = plan_of(trying(INES))
    case.do(OMAR, "ring.start", {"to": "ines", "question": "thrombectomie ?"})
    first = case.room.seq
    case.do(OMAR, "ring.start", {"subspecialty": "neuro", "question": "thrombectomie ?"})
    case.do(INES, "ring.decline", {"ring": case.room.seq, "reason": "je réponds à l'autre"})
    case.do(OMAR, "ring.stop", {"ring": case.room.seq - 2, "reason": "répondu"})
    case.do(INES, "ring.answer", {"ring": first})
    for n in range(9):
        case.do(OMAR, "ring.start", {"subspecialty": f"s{n}", "question": "avis ?"})
        if n < 8:
            case.do(OMAR, "ring.stop", {"ring": case.room.seq})
    case.do(LEA, "member.remove", {"person": "ines"})
    case.do(LEA, "request.cancel", {"reason": "transfert"})
    return case


def a_bleed_in_the_night() -> Case:
    """A category 1 finding that nobody answers for long, told by phone at last; another read back
    in the room; a second opinion asked by name, and one of a specialty; signed, reviewed."""
    case = reading()
    case.do(OMAR, "opinion.ask", {"to": "ines", "name": "Dr ines", "question": "anévrisme ?"})
    asked = case.room.seq - 1
    shown = [{"study_uid": "2.25.1", "label": "TEST"}]
    case.do(OMAR, "opinion.ask", {"specialty": "neuro", "question": "drain ?", "images": shown})
    bleed: Body = {
        "category": 1, "finding": "Hématome sous-dural gauche de 12 mm", "words": ["gauche"],
        "images": shown, "identified_at": "2026-11-21T23:40:00+00:00",
    }  # fmt: skip
    case.do(
        OMAR, "critical.raise", {**bleed, "to": "karim", "name": "Dr Karim", "role": "requester"}
    )
    first = case.room.seq - 1
    case.do(
        OMAR,
        "critical.attempt",
        {"critical": first, "method": "phone", "outcome": "no_answer", "number": "5150"},
    )
    for minutes in (3, 3, 4, 5, 11):
        case.wait(minutes=minutes)
    case.do(INES, "opinion.accept", {"opinion": asked})
    case.do(INES, "opinion.answer", {"opinion": asked, "text": "Oui, communicante antérieure."})
    told = {"name": "Dr Test", "role": "interne de garde", "number": "5152"}
    case.do(
        OMAR,
        "critical.acknowledge",
        {"critical": first, "recipient": told, "method": "phone", "read_back": "à GAUCHE, 12 mm"},
    )
    case.do(OMAR, "critical.close", {"critical": first})
    case.do(INES, "critical.raise", {**bleed, "category": 2, "words": [], "code": "RID4710"})
    second = case.room.seq
    case.wait(minutes=31)
    case.do(
        LEA,
        "critical.acknowledge",
        {"critical": second, "read_back": "hématome gauche", "action": "neurochirurgie"},
    )
    case.do(OMAR, "critical.raise", {**bleed, "category": 3, "words": [], "finding": "Nodule"})
    case.do(OMAR, "critical.close", {"critical": case.room.seq, "reason": "au compte rendu"})
    case.do(OMAR, "opinion.conclude", {"opinion": asked, "concordance": "minor", "remark": "vu"})
    case.do(CLAIRE, "opinion.decline", {"opinion": asked + 2, "reason": "au bloc"})
    case.do(OMAR, "opinion.withdraw", {"opinion": asked + 2, "reason": "répondu"})
    case.do(OMAR, "report.sign", WRITTEN)
    case.do(LEA, "report.acknowledge")
    case.do(LEA, "room.close")
    case.do(CLAIRE, "review.record", {"grade": "minor", "impact": "none", "text": "nodule omis"})
    return case


def relieved_in_the_morning() -> Case:
    """Handovers: withdrawn, declined, lapsed; then both shifts go, one by a claim."""
    case = reading()
    case.do(OMAR, "critical.raise", {"category": 2, "finding": "Pneumothorax droit"})
    case.do(OMAR, "opinion.ask", {"to": "ines", "name": "Dr ines", "question": "drain ?"})
    case.do(INES, "opinion.accept", {"opinion": case.room.seq - 1})
    case.do(OMAR, "handover.offer", {"to": "claire", "name": "Dr claire", "note": "fin de garde"})
    case.do(OMAR, "handover.withdraw", {"reason": "je reste"})
    case.do(OMAR, "handover.offer", {"to": "claire", "name": "Dr claire"})
    case.do(CLAIRE, "handover.decline", {"reason": "deux P0"})
    case.do(OMAR, "handover.offer", {"to": "claire", "name": "Dr claire", "minutes": 10})
    case.wait(minutes=11)
    case.do(OMAR, "handover.offer", {"to": "claire", "name": "Dr claire"})
    case.do(LEA, "handover.offer", {"to": "bastien", "name": "Dr bastien"})
    case.do(BASTIEN, "handover.accept")
    case.do(CLAIRE, "case.claim")
    case.do(INES, "handover.offer", {"to": "sacha", "name": "Dr sacha"})
    case.do(actor(Role.SUBSPECIALIST, "sacha"), "handover.accept")
    case.do(BASTIEN, "handover.offer", {"to": "lea", "name": "Dr lea"})
    case.do(SOLENE, "member.remove", {"person": "lea"})
    case.do(CLAIRE, "handover.offer", {"to": "omar", "name": "Dr omar"})
    case.do(OMAR, "handover.accept")
    return case


def seen_by_a_physicist() -> Case:
    """An acquisition as it reaches a role that may not know the patient (W-11)."""
    case, seen = aborted_and_done_again(), Case()
    for entry in case.journal:
        hidden = view(entry, Role.PHYSICIST)
        seen.room = evolve(seen.room, hidden)
        seen.journal.append(hidden)
        seen.states.append(seen.room)
    return seen


def a_long_night() -> Case:
    """More is asked, answered and taken back than the state of a room holds."""
    case = protocolled()
    case.do(MARC, "protocol.query", {"reason": "TEST restée ouverte"})
    for n in range(KEPT_QUERIES + 1):
        case.do(MARC, "protocol.query", {"reason": f"TEST {n}"})
        case.do(OMAR, "protocol.answer", {"answer": "oui", "accepted": True})
    first = case.room.seq + 1
    for n in range(KEPT_RETRACTED + 2):
        case.do(MARC, "message.post", {"text": f"TEST {n}"})
    for n in range(KEPT_RETRACTED + 2):
        case.do(MARC, "message.retract", {"seq": first + n})
    assert case.room.retracted[0] == first + 2
    assert [one.reason for one in case.room.queries][:2] == ["TEST restée ouverte", "TEST 2"]
    return case


TRANSCRIPTS: dict[str, Callable[[], Case]] = {
    "stroke-night": stroke_night,
    "another-exam-is-better": another_exam_is_better,
    "aborted-and-done-again": aborted_and_done_again,
    "in-and-out": in_and_out,
    "to-the-acknowledged-report": to_the_acknowledged_report,
    "cancelled-in-time": cancelled_in_time,
    "rung-in-the-night": rung_in_the_night,
    "a-bleed-in-the-night": a_bleed_in_the_night,
    "relieved-in-the-morning": relieved_in_the_morning,
    "a-long-night": a_long_night,
    "seen-by-a-physicist": seen_by_a_physicist,
}


def _from(by: Actor) -> dict[str, str]:
    return {
        "person": by.person,
        "name": by.name,
        "role": by.role.value,
        "site": by.site,
        "device": by.device,
    }


def lines(case: Case) -> Iterator[bytes]:
    """The transcript of `case`, line by line."""
    for entry, state in zip(case.journal, case.states, strict=True):
        frame: dict[str, Any] = {
            "room": case.room.id,
            "seq": entry.seq,
            "id": f"019aa8f0-0000-7000-8000-{entry.seq:012x}",
            "at": entry.at,
            "from": _from(entry.by),
            "kind": entry.event.kind,
            "body": msgspec.Raw(encode_event(entry.event)),
        }
        if entry.by is not SYSTEM:
            frame["cid"] = f"c-{entry.seq}"
        yield msgspec.json.encode(frame)
        if entry.seq % (EVERY if len(case.journal) <= LONG else LONG // 2) == 0:
            yield msgspec.json.encode(
                {"state_at": entry.seq, "state": msgspec.Raw(encode_room(state))}
            )
    yield msgspec.json.encode({"state": msgspec.Raw(encode_room(case.room))})


def text(name: str) -> bytes:
    """The whole transcript called `name`."""
    return b"\n".join(lines(TRANSCRIPTS[name]())) + b"\n"


def main() -> None:
    """Write every transcript."""
    for name in TRANSCRIPTS:
        (FOLDER / f"{name}.jsonl").write_bytes(text(name))
        sys.stdout.write(f"{name}.jsonl\n")


if __name__ == "__main__":
    main()
