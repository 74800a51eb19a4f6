"""A room may grow old: its state stays small, and what it has let go of can still be acted on."""

import pytest

from hub.room.events import (
    Event,
    MessagePosted,
    MessageRetracted,
    ProtocolAnswered,
    ProtocolQueried,
    Recorded,
)
from hub.room.evolve import evolve
from hub.room.folds import KEPT_QUERIES, KEPT_RETRACTED
from hub.room.limits import MOST_OPEN
from hub.room.roles import Actor
from hub.wire.bodies import encode_room
from tests.room.cast import LEA, MARC, OMAR, Body, Case, info_needed, protocolled

EVENTS = 20_000
STATE_BYTES = 20_000
"""Of a room of so many events; docs/performance.md has the figure."""
QUERY = {"reason": "TEST quelle dose ?"}


def grown(case: Case, count: int = EVENTS) -> Case:
    """`case` after talk, retractions and queries up to seq `count`."""
    said, room = 0, case.room
    while room.seq < count:
        seq = room.seq + 1
        by, event = _next(seq, said)
        said = seq if isinstance(event, MessagePosted) else said
        room = evolve(room, Recorded(seq, room.at, by, event))
    case.room = room
    return case


def _next(seq: int, said: int) -> tuple[Actor, Event]:
    match seq % 4:
        case 0:
            return LEA, MessagePosted(text=f"TEST {seq}")
        case 1:
            return LEA, MessageRetracted(seq=said)
        case 2:
            return MARC, ProtocolQueried(reason=f"TEST {seq} ?")
        case _:
            return OMAR, ProtocolAnswered(query_seq=seq - 1, answer="oui")


def test_the_state_of_an_old_room_is_small() -> None:
    """Before it was bounded the same room had 1.6 MB."""
    case = grown(protocolled())
    size = len(encode_room(case.room))
    assert size < STATE_BYTES, size
    assert len(encode_room(grown(protocolled(), EVENTS // 2).room)) > size - 1000
    assert EVENTS // 4 - 2 < case.room.messages <= EVENTS // 4
    assert len(case.room.retracted) == KEPT_RETRACTED
    assert len(case.room.queries) == KEPT_QUERIES


def test_any_message_can_be_retracted_however_old() -> None:
    case = protocolled()
    case.do(LEA, "message.post", {"text": "TEST first"})
    first = case.room.seq
    old = case.journal[first - 1]
    grown(case, first + 8 * KEPT_RETRACTED)
    case.journal += [old] * (case.room.seq - len(case.journal))  # nothing between is looked at
    assert first not in case.room.retracted
    case.do(LEA, "message.retract", {"seq": first})
    assert case.room.retracted[-1] == first
    assert case.refused(LEA, "message.retract", {"seq": first}).slug == "wrong_stage"


def test_an_open_query_stays_however_many_are_answered() -> None:
    case = protocolled()
    case.do(MARC, "protocol.query", QUERY)
    asked = case.room.seq
    grown(case, 500)
    assert case.room.queries[0].asked.seq == asked
    assert len(case.room.queries) == KEPT_QUERIES


@pytest.mark.parametrize(
    ("case", "by", "kind", "body", "settle"),
    [
        (protocolled(), MARC, "protocol.query", QUERY, (OMAR, "protocol.answer", "answer")),
        (
            info_needed(),
            OMAR,
            "information.ask",
            {"question": "TEST ?"},
            (LEA, "information.answer", "answer"),
        ),
        (
            protocolled(),
            MARC,
            "incident.open",
            {"category": "other", "text": "TEST"},
            (OMAR, "incident.close", "resolution"),
        ),
    ],
    ids=["queries", "questions", "incidents"],
)
def test_so_many_may_be_open_at_once(
    case: Case, by: Actor, kind: str, body: Body, settle: tuple[Actor, str, str]
) -> None:
    opened = sum(one.answered is None for one in case.room.questions)
    for _ in range(MOST_OPEN - opened):
        case.do(by, kind, body)
    refusal = case.refused(by, kind, body)
    assert refusal.slug == "wrong_stage"
    assert str(MOST_OPEN) in refusal.detail_fr and str(MOST_OPEN) in refusal.detail_en
    who, how, words = settle
    answer: Body = {words: "TEST"}
    if how == "incident.close":
        answer["incident_seq"] = case.room.incidents[0].opened.seq
    case.do(who, how, answer)
    case.do(by, kind, body)
