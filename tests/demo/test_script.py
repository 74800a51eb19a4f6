"""The cases of the demonstration can be played: every step is accepted by the domain itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.clock import rfc3339
from hub.demo import script
from hub.demo.cast import BY_PERSON, CAST, HOSPITALS, LINES, SITES
from hub.demo.script import Case, Instance, Playing
from hub.demo.seed import HEAD, principal
from hub.imaging import phantom, synthetic
from hub.room.access import may_enter
from hub.room.decide import decide
from hub.room.events import Recorded
from hub.room.evolve import evolve
from hub.room.refusals import Refused
from hub.room.room import Room
from hub.room.safety import BY_CHECK
from hub.room.words import QUICK_REPLIES
from hub.wire.bodies import decode_command

BEGAN = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
CASES = (*script.seeded(), script.load(script.NIGHT))


def studies(case: Case) -> dict[str, list[Instance]]:
    names = [part for name in case.studies for part in (name, f"{name}.1", f"{name}.2")]
    return {
        name: [Instance("2.25.1", "2.25.2", f"2.25.3.{n}") for n in range(32)] for name in names
    }


def played(case: Case) -> Iterator[tuple[script.Step, Room]]:
    """Every step with the room after it, in a room of the domain and nothing else."""
    room, playing, now = Room(id="r"), Playing(studies(case), BEGAN), BEGAN
    for step in case.steps:
        now += timedelta(seconds=step.pause_s)
        playing.content_hash = room.protocol.content_hash if room.protocol else ""
        who = principal(step.who)
        if room.seq:
            assert may_enter(room, actor=who.actor("demo"), covers=who.covers), (
                f"{step.who} is not in the room at {step.kind}"
            )
        body = json.dumps(playing.body(step)).encode()
        events = decide(room, decode_command(step.kind, body), by=who.actor("demo"), now=now)
        assert not isinstance(events, Refused), f"{step.who} {step.kind}: {events.detail_en}"
        for n, event in enumerate(events):
            recorded = Recorded(room.seq + 1, rfc3339(now), who.actor("demo"), event)
            room = evolve(room, recorded)
            if n == 0 and step.name:
                playing.seqs[step.name] = room.seq
        yield step, room


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_case_is_accepted_step_by_step_and_ends_where_it_says(case: Case) -> None:
    *_, (_, room) = played(case)
    assert room.stage == case.ends_in


def test_the_night_case_walks_the_whole_way() -> None:
    night = script.load(script.NIGHT)
    kinds = [step.kind for step in night.steps]
    wanted = [
        "request.submit", "case.claim", "information.ask", "information.answer",
        "justification.decide", "protocol.issue", "protocol.query", "protocol.answer",
        "protocol.amend", "protocol.acknowledge", "checklist.complete", "acquisition.start",
        "acquisition.end", "images.declare", "dose.record", "reading.start", "member.invite",
        "patient.release", "report.sign", "report.acknowledge", "room.close",
    ]  # fmt: skip
    assert [kind for kind in kinds if kind in wanted] == wanted
    assert {"image.share", "message.post", "quick.reply"} <= set(kinds)
    arrows = [
        arrow
        for step in night.steps
        if step.kind == "image.share"
        for arrow in step.body["viewport"].get("arrows", [])
    ]
    assert arrows
    stages = [room.stage for _, room in played(night)]
    way = {"info_needed", "protocolled", "protocol_acknowledged", "ready", "acquiring"}
    assert way | {"images_available", "reading", "reported_final", "acknowledged"} <= {*stages}


def test_the_night_case_names_what_the_changed_protocol_differs_in() -> None:
    for step, room in played(script.load(script.NIGHT)):
        if step.kind == "protocol.amend":
            assert room.protocol is not None
            assert any("rate_ml_s" in field for field in room.protocol.changed)
            assert room.acknowledgement is None


def test_the_seeded_rooms_stand_in_various_stages() -> None:
    seeded = script.seeded()
    assert len(seeded) >= 6
    assert len({case.ends_in for case in seeded}) >= 6
    assert script.NIGHT not in {case.code for case in seeded}
    assert "$ago" not in "".join(str(step.body) for case in seeded for step in case.steps)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_patients_are_obviously_invented_and_codes_are_known(case: Case) -> None:
    patient = case.steps[0].body["patient"]
    assert patient["birth_name"].startswith("TEST-")
    assert patient["ipp"].startswith("DEMO-")
    for step in case.steps:
        if step.kind == "quick.reply":
            assert step.body["code"] in QUICK_REPLIES
        if step.kind == "checklist.complete":
            assert {item["code"] for item in step.body["items"]} <= BY_CHECK.keys()


def test_the_cast_is_whole() -> None:
    sites = {site.site for site in SITES}
    assert {player.site for player in CAST} <= sites
    assert {player.role for player in CAST} >= {
        "requester", "radiologist", "technologist", "subspecialist", "coordinator",
        "proximity_physician",
    }  # fmt: skip
    assert len(BY_PERSON) == len(CAST)
    assert len({player.password for player in CAST}) == len(CAST)
    assert all(len(player.password) >= 10 for player in CAST)
    for line in LINES:
        assert set(line.people) <= BY_PERSON.keys()
        assert set(line.sites) <= sites
    assert principal("omar").covers >= set(HOSPITALS)


def test_a_reference_to_what_is_not_there_is_an_error() -> None:
    playing = Playing({}, BEGAN)
    step = script.Step("omar", "image.share", {"$image": "head.1:3"}, 0)
    with pytest.raises(KeyError):
        playing.body(step)
    with pytest.raises(KeyError):
        playing.body(script.Step("omar", "message.post", {"in_reply_to": "$seq:never"}, 0))


def heads() -> Iterator[tuple[Case, script.Step]]:
    """Every picture of a synthetic head that carries an arrow."""
    for case in CASES:
        for step in case.steps:
            shown = step.body.get("$image", "").startswith(f"{HEAD}.")
            if step.kind == "image.share" and shown and step.body["viewport"].get("arrows"):
                yield case, step


@pytest.mark.parametrize(("case", "step"), [*heads()], ids=lambda one: getattr(one, "code", ""))
def test_an_arrow_points_at_what_its_words_say(case: Case, step: script.Step) -> None:
    """The place under the tip differs from its mirror image as a clot, an insult or a stop do."""
    series, _, instance = step.body["$image"].removeprefix(f"{HEAD}.").partition(":")
    (arrow,) = step.body["viewport"]["arrows"]
    illness = phantom.Illness(**case.head)
    contrast = series == "2"
    pixels = phantom.stored(int(instance) - 1, contrast=contrast, illness=illness).astype(int)
    here = patch(pixels, arrow["x"], arrow["y"])
    mirrored = patch(pixels, phantom.SIZE - 1 - arrow["x"], arrow["y"])
    if contrast:
        assert mirrored.max() - here.max() > 100, "the artery is open on the other side only"
    elif illness.clot:
        assert here.max() - mirrored.max() > 10, "the artery is denser than the other one"
    else:
        assert mirrored.mean() - here.mean() > 5, "the brain is less dense than the other side"
    assert ("droit" in step.body["label"]) == illness.right  # the left of the patient is on ours
    assert (arrow["x"] < phantom.SIZE / 2) == illness.right


def patch(pixels: Any, x: float, y: float) -> Any:
    """The few pixels around a point."""
    return pixels[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3]


def test_the_arrow_of_the_night_lies_on_the_dense_artery() -> None:
    night = script.load(script.NIGHT)
    key = next(step for step in night.steps if step.name == "key")
    arrow = key.body["viewport"]["arrows"][0]
    assert (arrow["x"], arrow["y"]) == synthetic.Case("any", **night.head).artery
