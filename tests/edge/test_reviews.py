"""Figures of reviews: counts by site and modality, small groups together, nobody named."""

from collections import Counter

from hub.edge.http.reviews import LEAST, figures
from hub.room.measures import measured
from tests.edge.house import House
from tests.room import cast
from tests.room.cast import CLAIRE, INES

ISSUED = {"sections": {"conclusion": "TEST"}, "no_dose_reason": "TEST"}


def test_small_groups_are_told_together_or_not_at_all() -> None:
    big, small = Counter({("agree", "none"): 6}), Counter({("major", "actual"): 2})
    alone = figures({("mac", "CT"): big, ("mac", "MR"): small})
    assert [one["modality"] for one in alone["groups"]] == ["CT"]
    assert alone["total"]["n"] == 6, "what is not told cannot be found by taking away"
    assert alone["total"]["grades"] == {"agree": 6, "minor": 0, "major": 0}
    three = figures({("mac", "CT"): big, ("a", "MR"): small, ("b", "MR"): Counter(small) + small})
    assert [(one["site"], one["n"]) for one in three["groups"]] == [("mac", 6), ("", 6)]
    assert three["total"]["impacts"]["actual"] == 6
    assert figures({})["total"]["n"] == 0


def test_a_room_measures_its_reviews() -> None:
    case = cast.received()
    case.do(CLAIRE, "review.record", {"grade": "minor", "impact": "potential", "text": "TEST"})
    case.do(INES, "review.record", {"grade": "minor", "impact": "potential", "text": "TEST"})
    assert measured(case.room)["review.minor"] == [0, 2, 0, 0]


async def reviewed(at: House) -> None:
    """A signed report that Claire reviewed."""
    room = await at.open_room()
    steps: tuple[tuple[str, str, cast.Body], ...] = (
        ("omar", "case.claim", {}),
        ("omar", "justification.decide", {"decision": "accept"}),
        ("omar", "protocol.issue", {"version": 1, **cast.PLAIN}),
    )
    for person, kind, body in steps:
        assert (await at.say(person, room, "", kind=kind, body=body)).status_code == 200
    async with at.by("marc") as http:
        state = (await http.get(f"/api/v1/rooms/{room}")).json()
    read = {"regions": ["head"], "phases": ["non-contrast"]}
    named = {"version": 1, "content_hash": state["protocol"]["content_hash"], "read_back": read}
    more: tuple[tuple[str, str, cast.Body], ...] = (
        ("marc", "protocol.acknowledge", named),
        ("marc", "checklist.complete", cast.CHECKED),
        ("marc", "acquisition.start", {}),
        ("marc", "acquisition.end", {}),
        ("marc", "images.declare", {}),
        ("omar", "reading.start", {}),
        ("omar", "report.sign", ISSUED),
        ("claire", "review.record", {"grade": "minor", "impact": "none", "text": "TEST-nodule"}),
    )
    for person, kind, body in more:
        answer = await at.say(person, room, "", kind=kind, body=body)
        assert answer.status_code == 200, f"{kind}: {answer.text}"


async def test_counts_and_nobody_named(at: House) -> None:
    for _ in range(LEAST):
        await reviewed(at)
    for person in ("claire", "quentin"):
        async with at.by(person) as http:
            answer = await http.get("/api/v1/reviews")
        assert answer.status_code == 200
        told = answer.json()
        assert told["groups"] == [{"site": "mac", "modality": "CT"} | told["total"]]
        assert told["total"]["grades"] == {"agree": 0, "minor": LEAST, "major": 0}
        assert "TEST" not in answer.text
        assert "Dr" not in answer.text
    async with at.by("claire") as http:
        before = (await http.get("/api/v1/reviews?from=2020-01-01&to=2020-02-01")).json()
        wrong = await http.get("/api/v1/reviews?from=hier")
    assert before["total"]["n"] == 0
    assert wrong.json()["code"] == "bad_body"


async def test_it_is_for_readers_and_quality(at: House) -> None:
    for person in ("lea", "marc", "adam", "audrey"):
        async with at.by(person) as http:
            assert (await http.get("/api/v1/reviews")).json()["code"] == "wrong_role"


async def test_figures_of_punctuality_know_nothing_of_reviews(at: House) -> None:
    await reviewed(at)
    async with at.by("quentin") as http:
        answer = await http.get("/api/v1/figures")
    assert answer.status_code == 200, answer.text
    assert "reading" in answer.text
    assert "review" not in answer.text
