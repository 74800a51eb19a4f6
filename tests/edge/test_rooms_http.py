"""Rooms over REST (wire.md section 2): what a bot, or a browser behind a bad proxy, lives on."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.edge.identity import secret
from hub.edge.problems import Problem
from hub.edge.reading import decoded
from hub.wire import rest
from persistence import directory
from tests.edge.house import REQUEST, House


async def test_a_request_opens_a_room(at: House) -> None:
    async with at.by("lea") as http:
        answer = await http.post("/api/v1/rooms", json=REQUEST)
        assert answer.status_code == 201
        made = answer.json()
        assert set(made) == {"room", "seq"} and made["seq"] == 1
        assert answer.headers["location"] == f"/api/v1/rooms/{made['room']}"
        state = (await http.get(answer.headers["location"])).json()
    assert (state["id"], state["seq"], state["stage"]) == (made["room"], 1, "requested")
    assert state["request"]["patient"]["birth_name"] == "TEST-MARTIN"


@pytest.mark.parametrize("how", ["member", "header"])
async def test_opening_twice_with_one_cid_opens_one_room(at: House, how: str) -> None:
    cid = uuid4().hex
    body = REQUEST | ({"cid": cid} if how == "member" else {})
    headers = {"idempotency-key": cid} if how == "header" else {}
    async with at.by("lea") as http:
        first = (await http.post("/api/v1/rooms", json=body, headers=headers)).json()
        again = await http.post("/api/v1/rooms", json=body, headers=headers)
        other = await http.post(
            "/api/v1/rooms", json=body | {"clinical_question": "TEST other"}, headers=headers
        )
        listed = (await http.get("/api/v1/rooms")).json()["rooms"]
    assert again.status_code == 201
    assert again.json() == first | {"dup": True}
    assert (other.status_code, other.json()["code"]) == (409, "cid_reuse")
    assert [row["room"] for row in listed] == [first["room"]]


async def test_two_different_keys_for_one_act_are_refused(at: House) -> None:
    async with at.by("lea") as http:
        answer = await http.post(
            "/api/v1/rooms", json=REQUEST | {"cid": "a"}, headers={"idempotency-key": "b"}
        )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")


async def test_a_request_names_the_field_that_is_wrong_and_not_its_value(at: House) -> None:
    async with at.by("lea") as http:
        answer = await http.post("/api/v1/rooms", json=REQUEST | {"urgency": "TEST-SECRET"})
    assert answer.json()["code"] == "bad_body"
    assert "urgency" in answer.text and "TEST-SECRET" not in answer.text


async def test_only_who_may_request_opens_a_room(at: House) -> None:
    async with at.by("omar") as http:
        answer = await http.post("/api/v1/rooms", json=REQUEST)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")


async def test_an_act_answers_as_a_pub_does(at: House) -> None:
    room = await at.open_room()
    stored = await at.say("lea", room, "TEST hello", cid="abc")
    assert (stored.status_code, stored.json()) == (200, {"t": "ok", "re": "abc", "seq": 2})
    again = await at.say("lea", room, "TEST hello", cid="abc")
    assert again.json() == {"t": "ok", "re": "abc", "seq": 2, "dup": True}
    reused = await at.say("lea", room, "TEST other", cid="abc")
    assert (reused.status_code, reused.json()["code"]) == (409, "cid_reuse")
    assert reused.json()["re"] == "abc"


REFUSED = [
    ({"kind": "no.such"}, 400, "unknown_kind"),
    ({"t": "join"}, 400, "unknown_frame"),
    ({"cid": None}, 400, "bad_body"),
    ({"cid": "no blanks"}, 400, "bad_body"),
    ({"room": "another"}, 400, "bad_body"),
    ({"body": {}}, 400, "bad_body"),
    ({"body": {"text": "x" * 8001}}, 400, "bad_body"),
    ({"body": None}, 400, "bad_body"),
    ({"after": -1}, 400, "bad_body"),
    ({"kind": "acquisition.start", "body": {}}, 403, "wrong_role"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED, ids=range(len(REFUSED)))
async def test_acts_are_refused_by_their_slug(
    at: House, change: dict[str, object], status: int, code: str
) -> None:
    room = await at.open_room()
    answer = await at.say("lea", room, "TEST", **change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    async with at.by("lea") as http:
        assert (await http.get(f"/api/v1/rooms/{room}")).json()["seq"] == 1


async def test_a_stale_act_is_told_the_seq(at: House) -> None:
    room = await at.open_room()
    await at.say("omar", room, "", kind="case.claim", body={})
    accept = {"kind": "justification.decide", "body": {"decision": "accept"}}
    assert (await at.say("omar", room, "", **accept)).status_code == 200
    protocol = {
        "version": 1,
        "modality": "CT",
        "regions": ["head"],
        "series": [{"n": 1, "name": "TEST", "phase": "none"}],
    }
    issue = {"kind": "protocol.issue", "body": protocol}
    assert (await at.say("omar", room, "", **issue)).json()["seq"] == 4
    amend = {"kind": "protocol.amend", "body": protocol | {"version": 2, "reason": "TEST"}}
    late = await at.say("omar", room, "", after=3, **amend)
    assert (late.status_code, late.json()["code"], late.json()["seq"]) == (412, "stale_after", 4)
    assert (await at.say("omar", room, "", after=4, **amend)).status_code == 200


async def test_events_come_in_pages_without_gap(at: House) -> None:
    room = await at.open_room()
    for n in range(6):
        await at.say("lea", room, f"TEST {n}")
    seen: list[int] = []
    async with at.by("marc") as http:
        more = True
        while more:
            after = seen[-1] if seen else 0
            page = (await http.get(f"/api/v1/rooms/{room}/events?after={after}&limit=3")).json()
            assert page["t"] == "page" and page["room"] == room
            assert all(event["t"] == "evt" for event in page["events"])
            seen += [event["seq"] for event in page["events"]]
            more = page["more"]
        assert seen == [1, 2, 3, 4, 5, 6, 7]
        last = (await http.get(f"/api/v1/rooms/{room}/events?after=7")).json()
    assert last["events"] == [] and last["more"] is False


async def test_who_may_enter(at: House) -> None:
    room = await at.open_room()
    told = {}
    for person in ("lea", "marc", "omar", "nora", "adam"):
        async with at.by(person) as http:
            told[person] = [
                (await http.get(f"/api/v1/rooms/{room}{tail}")).status_code
                for tail in ("", "/events", "/stream?after=999")
            ]
        told[person].append((await at.say(person, room, "TEST")).status_code)
    # 416: let in, and asked for what nobody has yet
    assert told["lea"] == told["marc"] == told["omar"] == [200, 200, 416, 200]
    assert told["nora"] == told["adam"] == [403, 403, 403, 403]


async def test_the_worklist_shows_what_concerns_the_reader(at: House) -> None:
    room = await at.open_room()
    shown = {}
    for person in ("lea", "marc", "omar", "nora", "adam"):
        async with at.by(person) as http:
            listed = (await http.get("/api/v1/rooms")).json()
        shown[person] = [row["room"] for row in listed["rooms"]]
        assert listed["next"] == ""
    assert shown["lea"] == shown["marc"] == shown["omar"] == [room]
    assert shown["nora"] == shown["adam"] == []


async def test_the_worklist_filters_and_pages(at: House) -> None:
    by_urgency = {}
    for urgency in ("P2", "P0", "P1"):
        by_urgency[urgency] = await at.open_room(urgency=urgency)
        at.clock.move(1)
    async with at.by("marc") as http:

        async def listed(query: str) -> list[str]:
            page = (await http.get(f"/api/v1/rooms?{query}")).json()
            return [row["room"] for row in page["rooms"]]

        in_order = [by_urgency[one] for one in ("P0", "P1", "P2")]
        assert await listed("") == in_order
        assert await listed("urgency=P1") == [by_urgency["P1"]]
        assert await listed("stage=requested&site=mac&open=1") == in_order
        assert await listed("stage=acquiring") == []
        assert await listed("site=autre") == []
        assert await listed("mine=1") == []
        walked, cursor = [], ""
        while True:
            answer = await http.get("/api/v1/rooms", params={"limit": 1, "cursor": cursor})
            page = answer.json()
            walked += [row["room"] for row in page["rooms"]]
            cursor = page["next"]
            if not cursor:
                break
        assert walked == in_order
        assert (await http.get("/api/v1/rooms?cursor=nonsense")).status_code in (200, 400)


async def test_colleagues_and_templates(at: House) -> None:
    async with at.by("lea") as http:
        found = (await http.get("/api/v1/people?role=radiologist")).json()["people"]
        parts = [(one["person"], one["role"], one["site"], one["site_name"]) for one in found]
        assert parts == [
            ("claire", "radiologist", "tele", "Télé Test"),
            ("omar", "radiologist", "tele", "Télé Test"),
        ]
        assert found[1]["name"] == "Dr Omar Test"
        by_name = (await http.get("/api/v1/people", params={"q": "NORA"})).json()["people"]
        assert [one["person"] for one in by_name] == ["nora"]
        wild = (await http.get("/api/v1/people", params={"q": "%"})).json()["people"]
        assert wild == []
        assert (await http.get("/api/v1/people?role=king")).status_code == 400
        templates = (await http.get("/api/v1/library?modality=CT")).json()["templates"]
        assert templates and {one["modality"] for one in templates} == {"CT"}


async def test_the_store_down_is_loud(at: House) -> None:
    room = await at.open_room()
    database = at.services.settings.data / "examroom.db"
    async with at.by("lea") as http:
        assert (await http.get("/readyz")).status_code == 200
        database.rename(database.with_suffix(".away"))
        read = await http.get(f"/api/v1/rooms/{room}/events")
        written = await at.say("lea", room, "TEST")
        login = await http.post("/api/v1/sessions", json={"login": "lea", "password": "x"})
        for answer in (read, written, login):
            assert answer.status_code == 503
            assert answer.json()["code"] == "storage_unavailable"
            assert answer.headers["retry-after"] == "1"
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/healthz")).status_code == 200
        # what is in memory can still be read
        assert (await http.get(f"/api/v1/rooms/{room}")).status_code == 200
        database.with_suffix(".away").rename(database)


async def test_outside_of_care_nobody_is_named(at: House) -> None:
    room = await at.open_room()
    await at.say("omar", room, "", kind="case.claim", body={})
    await at.say("lea", room, "TEST words")
    # the same person, a member of the room, in a role that is not one of care
    await at.change(directory.grant, "lea", "auditor", "mac")
    value, kept = secret.token("lea", "auditor", "mac", now=at.clock.now())
    await at.directory.keep(kept)
    async with at.client(value) as http:
        listed = await http.get("/api/v1/rooms")
        events = await http.get(f"/api/v1/rooms/{room}/events")
        state = await http.get(f"/api/v1/rooms/{room}")
    (row,) = listed.json()["rooms"]
    assert row["room"] == room and row["urgency"] == "P0"
    told = events.json()["events"]
    assert [(event["seq"], event["kind"]) for event in told] == [
        (1, "withheld"),
        (2, "case.claimed"),
        (3, "withheld"),
    ]
    for answer in (listed, events, state):
        assert answer.status_code == 200
        assert "TEST words" not in answer.text
        assert "TEST-MARTIN" not in answer.text and "stroke" not in answer.text


@given(body=st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode()))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_body_breaks_the_decoding(body: bytes) -> None:
    decoders: tuple[msgspec.json.Decoder[Any], ...] = (rest.login, rest.act, rest.opening)
    for decoder in decoders:
        try:
            decoded(body, decoder)
        except Problem as refused:
            assert refused.refusal.slug == "bad_body"


@pytest.mark.parametrize("path", ["", "/events", "/stream", "/dicomweb/studies"])
async def test_who_is_not_of_a_room_is_told_so_and_a_stranger_to_the_house_nothing(
    at: House, path: str
) -> None:
    """Decision 16: 403 for a room, 404 for none; without an account 401 for both."""
    room = await at.open_room("lea")
    none = "00000000-0000-7000-8000-000000000000"
    async with at.by("nora") as known, at.client() as unknown:
        for where, refusal in ((room, (403, "forbidden")), (none, (404, "no_room"))):
            answer = await known.get(f"/api/v1/rooms/{where}{path}")
            assert (answer.status_code, answer.json()["code"]) == refusal
            answer = await unknown.get(f"/api/v1/rooms/{where}{path}")
            assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
