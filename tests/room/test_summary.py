"""The row of the worklist, and the tables that clients are built from."""

import json
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from hub.room import commands, events, words
from hub.room.commands import IncidentOpen
from hub.room.exam import Patient
from hub.room.limits import OneOf
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.stages import CLOCKS, QUERY_WAIT, WAITS, Stage, Urgency
from hub.room.summary import SHORT, summary
from hub.room.tables import tables
from tests.room import cast
from tests.room.cast import INES, LEA, MARC, OMAR, RENE

KEYS = {
    "room", "seq", "site", "stage", "stage_since", "urgency", "modality", "region", "question",
    "patient_label", "identity", "requested_at", "limit_at", "owner", "requester", "next_move",
    "clocks", "pause", "rings", "critical", "opinions", "asked", "alerts", "incidents", "is_open",
}  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
def test_a_row_has_the_same_fields_in_every_stage(stage: Stage) -> None:
    row = summary(cast.standing_in(stage).room)
    assert set(row) == KEYS
    assert row["stage"] == stage.value
    assert row["is_open"] is (stage is not Stage.CLOSED)
    assert json.loads(json.dumps(row)) == row
    assert msgspec.json.decode(msgspec.json.encode(row)) == row


def test_a_row_says_who_waits_for_whom_until_when() -> None:
    case = cast.protocolled(cast.CTA, contraindications={"allergy_contrast": "mild"})
    case.do(MARC, "incident.open", {"category": "network", "text": "coupure"})
    row = summary(case.room)
    assert row["owner"] == {"person": "omar", "name": "Dr omar"}
    assert row["requester"] == {"person": "lea", "name": "Dr lea"}
    assert row["next_move"]["act"] == "protocol.acknowledge"
    assert row["next_move"]["roles"] == ["technologist"]
    assert row["limit_at"] > row["requested_at"]
    assert row["incidents"] == 1
    assert row["alerts"] >= 1


def test_a_long_question_is_cut_and_a_patient_has_a_label() -> None:
    case = cast.requested(
        clinical_question="mot " * 200,
        patient={"birth_name": "TEST-MARTIN", "given": "Jeanne", "sex": "F", "dob": "1951-03-12"},
    )
    row = summary(case.room)
    assert len(row["question"]) <= SHORT
    assert row["question"].endswith("…")
    assert row["patient_label"] == "TEST-MARTIN Jeanne F 1951"


def test_nobody_hurries_for_a_room_that_is_over() -> None:
    assert summary(cast.acquired().room)["limit_at"]
    assert summary(cast.closed().room)["limit_at"] == ""


def _asked(case: cast.Case) -> list[tuple[str, str, str, str]]:
    return [
        (one["person"], one["act"], one["by"], one["text"]) for one in summary(case.room)["asked"]
    ]


def test_the_row_says_what_one_person_is_asked_until_they_do_something() -> None:
    case = cast.claimed()
    case.do(OMAR, "member.invite", {"person": "ines", "name": "Dr ines", "question": "avis ?"})
    assert _asked(case) == [("ines", "member.invite", "Dr omar", "avis ?")]
    assert summary(case.room)["asked"][0]["since"] == case.room.at
    case.do(MARC, "message.post", {"text": "arrivé"})
    assert _asked(case) == [("ines", "member.invite", "Dr omar", "avis ?")]
    case.do(INES, "message.post", {"text": "je regarde"})
    assert _asked(case) == []


def test_an_offered_exam_is_asked_of_one_until_it_is_taken_released_or_offered_on() -> None:
    case = cast.claimed()
    case.do(OMAR, "case.reassign", {"to": "claire", "name": "Dr claire", "reason": "deux AVC"})
    case.do(OMAR, "member.invite", {"person": "claire", "name": "Dr claire", "question": "vite"})
    assert _asked(case) == [("claire", "case.claim", "Dr omar", "deux AVC")]
    case.do(OMAR, "case.reassign", {"to": "rene", "name": "Dr rene", "reason": "encore"})
    assert _asked(case) == [("rene", "case.claim", "Dr omar", "encore")]
    case.do(RENE, "case.claim")
    assert _asked(case) == []
    case.do(RENE, "case.reassign", {"to": "claire", "name": "Dr claire", "reason": "relève"})
    case.do(RENE, "case.release", {"reason": "panne"})
    assert _asked(case) == []


def test_who_is_out_of_a_room_or_finds_it_closed_is_asked_nothing() -> None:
    case = cast.claimed()
    case.do(OMAR, "member.invite", {"person": "ines", "name": "Dr ines"})
    case.do(LEA, "member.remove", {"person": "ines"})
    assert _asked(case) == []
    case = cast.acquired()
    case.do(OMAR, "member.invite", {"person": "ines", "name": "Dr ines"})
    case.do(OMAR, "room.close", {"reason": "test"})
    assert _asked(case) == []


def test_a_room_that_nobody_opened_has_a_row_without_anybody() -> None:
    row = summary(Room(id="r"))
    assert (row["seq"], row["is_open"], row["patient_label"], row["owner"]) == (0, False, "", None)


def test_everything_that_a_clinician_reads_has_its_words() -> None:
    assert set(words.STAGES) == set(Stage)
    assert set(words.ROLES) == set(Role)
    assert set(words.URGENCIES) == set(Urgency)
    assert set(words.EVENTS) == set(events.BY_KIND)
    waited = {wait.act for wait in (*WAITS.values(), QUERY_WAIT)}
    assert set(words.COMMANDS) == set(commands.BY_KIND) | waited
    assert set(words.CLOCKS) == {rule.name for rule in CLOCKS}
    assert set(words.INCIDENTS) == _choices(IncidentOpen, "category")
    assert set(words.IDENTITIES) == _choices(Patient, "identity")
    tables_of_words: list[Mapping[Any, words.Words]] = [
        words.STAGES, words.ROLES, words.URGENCIES, words.EVENTS, words.COMMANDS, words.CLOCKS,
        words.INCIDENTS, words.IDENTITIES, words.QUICK_REPLIES,
    ]  # fmt: skip
    for table in tables_of_words:
        assert all(fr and en for fr, en in table.values())


def _choices(cls: type, field: str) -> set[str]:
    marks = get_args(get_type_hints(cls, include_extras=True)[field])
    return {code for mark in marks if isinstance(mark, OneOf) for code in mark.allowed}


def test_the_tables_are_json_and_say_what_the_domain_says() -> None:
    table = tables()
    assert json.loads(json.dumps(table)) == table
    claim = table["commands"]["case.claim"]
    assert claim["moves"]["requested"] == {"": "claimed"}
    assert claim["roles"] == ["regulator", "radiologist"]
    assert table["clocks"]["claim"]["minutes"]["P1"] == 5
    assert {rule["code"] for rule in table["safety"]["rules"]} >= {"mr_implant_active"}
    assert table["stages"]["closed"]["wait"] is None


def test_a_repr_tells_nothing_of_a_patient() -> None:
    case = cast.requested()
    shown = [case.room, case.room.request, case.journal[0].event, case.journal[0], LEA]
    assert not [one for one in shown if "TEST-" in repr(one) or "lea" in repr(one)]
