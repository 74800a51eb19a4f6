"""The transcripts fold to the states written beside them, and are what the cases still lead to."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.room.events import BY_KIND, ProtocolIssued, Recorded
from hub.room.evolve import evolve
from hub.room.protocol import content_hash
from hub.room.roles import Actor, Role
from hub.room.room import Room
from hub.wire.bodies import decode_event, encode_event, encode_room
from tests.transcripts.make import EVERY, FOLDER, LONG, TRANSCRIPTS, text

Line = dict[str, Any]
REMAKE = "run `python -m tests.transcripts.make` and look at what changed"


def read(name: str) -> list[Line]:
    """The lines of a transcript."""
    path: Path = FOLDER / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def recorded(line: Line) -> Recorded:
    """The entry that an `evt` line stands for."""
    who = {**line["from"], "role": Role(line["from"]["role"])}
    body = msgspec.json.encode(line["body"])
    event = decode_event(line["kind"], body)
    assert json.loads(encode_event(event)) == line["body"]
    return Recorded(seq=line["seq"], at=line["at"], by=Actor(**who), event=event)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_folded_line_by_line_it_is_the_state_written_down(name: str) -> None:
    room, compared = Room(id=read(name)[0]["room"]), 0
    for line in read(name):
        if "state" not in line:
            room = evolve(room, recorded(line))
            continue
        assert line.get("state_at", room.seq) == room.seq
        assert json.loads(encode_room(room)) == line["state"]
        compared += 1
    assert compared >= room.seq // (EVERY if room.seq <= LONG else LONG // 2)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_it_is_what_the_case_leads_to_today(name: str) -> None:
    assert (FOLDER / f"{name}.jsonl").read_bytes() == text(name), REMAKE


def test_together_they_hold_every_kind() -> None:
    kinds = {line["kind"] for name in TRANSCRIPTS for line in read(name) if "kind" in line}
    assert kinds == set(BY_KIND)


def test_no_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(TRANSCRIPTS)


def test_the_night_ends_closed_with_its_protocol_read_back() -> None:
    state = read("stroke-night")[-1]["state"]
    assert state["stage"] == "closed"
    assert state["acknowledgement"]["content_hash"] == state["protocol"]["content_hash"]
    issued = next(line for line in read("stroke-night") if line.get("kind") == "protocol.issued")
    event = recorded(issued).event
    assert isinstance(event, ProtocolIssued)
    assert content_hash(event) == event.content_hash
