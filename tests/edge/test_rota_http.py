"""The rota over REST: who is on call, planned by whom, and what a request rings by it."""

from dataclasses import replace
from typing import Any

import pytest

from hub.oncall.policy import Plan
from hub.room.loop_commands import CriticalRaise
from hub.switchboard import RINGING
from persistence import directory
from persistence.directory import Grant, Person
from tests.edge.house import REQUEST, House
from tests.room import cast

NIGHT = {"line": "nuit", "start": "2026-11-21T20:00", "end": "2026-11-22T08:00"}
SHIFT = {**NIGHT, "person": "omar"}
RUNG = [("case", ["omar"])]


async def coordinator(at: House, site: str = "mac", person: str = "solene") -> str:
    """A coordinator of a site, with a token."""
    one = Person(person, person, "Solène Test", grants=(Grant("coordinator", site),))
    await at.change(directory.put_people, [one])
    at.tokens[person] = await at.token(person)
    return person


async def ask(at: House, person: str, method: str, path: str, **more: Any) -> Any:
    """(status, JSON or None)."""
    async with at.by(person) as http:
        answer = await http.request(method, f"/api/v1/{path}", **more)
    return answer.status_code, answer.json() if answer.content else None


async def plan(at: House, by: str, *shifts: dict[str, Any], **more: Any) -> Any:
    """Plan shifts."""
    return await ask(at, by, "POST", "rota", json={"shifts": list(shifts)} | more)


async def on_duty(at: House, when: str) -> list[tuple[str, int, str]]:
    """(line, order, person)."""
    status, told = await ask(at, "lea", "GET", f"on-call?at={when}")
    assert status == 200, told
    return [
        (line["line"], duty["order"], duty["person"])
        for line in told["lines"]
        for duty in line["on_duty"]
    ]


async def test_a_standing_line_is_everybodys_until_it_is_planned(at: House) -> None:
    everybody = await on_duty(at, "2026-11-21T23:40:00Z")
    assert everybody == [("nuit", 1, "claire"), ("nuit", 1, "omar")]
    await plan(at, await coordinator(at), SHIFT)
    assert await on_duty(at, "2026-11-21T23:40:00Z") == [("nuit", 1, "omar")]
    assert await on_duty(at, "2026-11-22T07:00:00.000Z") == []
    _, told = await ask(at, "lea", "GET", "on-call?at=2026-11-21T23:40:00%2B01:00&site=mac")
    duty = told["lines"][0]["on_duty"][0]
    assert (duty["name"], duty["since"], told["at"]) == (
        "Dr Omar Test", "2026-11-21T19:00:00.000Z", "2026-11-21T22:40:00.000Z",
    )  # fmt: skip


async def test_faults_are_told_ahead(at: House) -> None:
    by = await coordinator(at)
    await plan(at, by, SHIFT, {**SHIFT, "order": 2})
    _, told = await ask(at, by, "GET", "rota?from=2026-11-21T20:00:00Z&to=2026-11-23T20:00:00Z")
    found = [(one["kind"], one["start"][:16]) for one in told["faults"]]
    assert found == [("double", "2026-11-21T20:00"), ("gap", "2026-11-22T07:00")]
    assert len(told["shifts"]) == 2


async def test_only_the_coordinator_or_administrator_of_the_site_plans(at: House) -> None:
    assert (await plan(at, "lea", SHIFT))[0] == 403
    assert (await plan(at, "omar", SHIFT))[0] == 403
    far = await coordinator(at, "autre", "zoe")
    status, told = await plan(at, far, SHIFT)
    assert (status, told["code"]) == (403, "forbidden")
    assert (await plan(at, "adam", SHIFT))[0] == 201
    for path in ("rota/policies", "rota/lines/nuit"):
        assert (await ask(at, far, "PUT", path, json=_body(path)))[0] == 403
        assert (await ask(at, "omar", "PUT", path, json=_body(path)))[0] == 403
    assert (await ask(at, "lea", "GET", "rota/changes"))[0] == 403


def _body(path: str) -> dict[str, Any]:
    if path.endswith("policies"):
        target = {"kind": "coordinator"}
        return {"site": "mac", "urgency": "P0", "steps": [{"targets": [target], "wait_s": 30}]}
    return {"name": "Nuit", "sites": ["mac"], "people": ["omar"], "tier": "group"}


@pytest.mark.parametrize(
    ("shift", "field"),
    [
        ({**SHIFT, "end": "2026-11-21T20:00"}, "end"),
        ({**SHIFT, "start": "2026-11-21 at 8"}, "start"),
        ({**SHIFT, "timezone": "Mars/Olympus"}, "timezone"),
        ({**SHIFT, "order": 0}, "order"),
        ({**SHIFT, "line": "nowhere"}, "line"),
        ({**SHIFT, "person": "nobody"}, "person"),
        ({**SHIFT, "note": "x" * 300}, "note"),
    ],
)
async def test_what_cannot_be_planned_is_refused_whole(
    at: House, shift: dict[str, Any], field: str
) -> None:
    by = await coordinator(at)
    status, told = await plan(at, by, SHIFT, shift)
    assert (status, told["code"]) == (400, "bad_body")
    assert field in told["en"]
    _, told = await ask(at, by, "GET", "rota?from=2026-11-21T20:00:00Z")
    assert told["shifts"] == []


async def test_overrides_removals_and_who_did_it(at: House) -> None:
    by = await coordinator(at)
    _, made = await plan(at, by, SHIFT, overrides=[{**NIGHT, "person": "", "reason": "malade"}])
    assert await on_duty(at, "2026-11-21T23:40:00Z") == []
    assert (await ask(at, "lea", "DELETE", f"rota/entries/{made['overrides'][0]}"))[0] == 403
    assert (await ask(at, by, "DELETE", f"rota/entries/{made['overrides'][0]}"))[0] == 204
    assert (await ask(at, by, "DELETE", f"rota/entries/{made['overrides'][0]}"))[0] == 404
    assert await on_duty(at, "2026-11-21T23:40:00Z") == [("nuit", 1, "omar")]
    _, told = await ask(at, by, "GET", "rota/changes?line=nuit")
    assert [(one["what"], one["by"]) for one in told["changes"]] == [
        ("override.removed", by), ("override.put", by), ("shift.put", by),
    ]  # fmt: skip
    assert '"reason": "malade"' in told["changes"][0]["before"]


async def test_who_is_planned_on_a_line_sees_its_rooms(at: House) -> None:
    new = Person("paul", "paul", "Dr Paul Test", grants=(Grant("radiologist", "tele"),))
    await at.change(directory.put_people, [new])
    at.tokens["paul"] = await at.token("paul")
    room = await at.open_room()
    assert (await ask(at, "paul", "GET", f"rooms/{room}"))[0] == 403
    await plan(at, await coordinator(at), {**SHIFT, "person": "paul"})
    at.clock.move(10)
    assert (await ask(at, "paul", "GET", f"rooms/{room}"))[0] == 200


async def test_a_line_is_put_whole_and_a_policy_counts_its_versions(at: House) -> None:
    by = await coordinator(at)
    assert (await ask(at, by, "PUT", "rota/lines/nuit", json=_body("line")))[0] == 204
    assert (await ask(at, by, "PUT", "rota/lines/nuit", json={"name": "N", "sites": []}))[0] == 403
    bad = {**_body("line"), "tier": "world"}
    assert (await ask(at, by, "PUT", "rota/lines/nuit", json=bad))[0] == 400
    _, told = await ask(at, "lea", "GET", "on-call")
    assert told["lines"][0]["tier"] == "group"
    for version in (1, 2):
        body = _body("rota/policies")
        assert await ask(at, by, "PUT", "rota/policies", json=body) == (200, {"version": version})
    _, told = await ask(at, by, "GET", "rota/policies?site=mac")
    names = {one["name"] for one in told["policies"]}
    assert {"case/mac/P0@2", "case/*/P1@0", "ask/*/*@0"} <= names
    worse = {**_body("rota/policies"), "steps": [{"targets": [{"kind": "moon"}], "wait_s": 30}]}
    assert (await ask(at, by, "PUT", "rota/policies", json=worse))[0] == 400


@pytest.mark.parametrize("format", ["csv", "ics"])
async def test_a_plan_leaves_as_a_file_and_comes_back_the_same(at: House, format: str) -> None:
    by = await coordinator(at)
    await plan(at, by, SHIFT, {**SHIFT, "order": 2}, overrides=[{**NIGHT, "person": "adam"}])
    window = "from=2026-11-21T12:00:00Z&to=2026-11-23T12:00:00Z"
    _, before = await ask(at, by, "GET", f"rota?{window}")
    async with at.by(by) as http:
        file = await http.get(f"/api/v1/rota/export?format={format}&{window}")
        for name in ("shifts", "overrides"):
            for one in before[name]:
                id = one["shift" if name == "shifts" else "override"]
                assert (await http.delete(f"/api/v1/rota/entries/{id}")).status_code == 204
        back = await http.post(f"/api/v1/rota/import?format={format}", content=file.content)
        assert back.status_code == 201, back.text
    _, after = await ask(at, by, "GET", f"rota?{window}")
    assert (after["shifts"], after["overrides"]) == (before["shifts"], before["overrides"])
    async with at.by(by) as http:
        bad = await http.post(f"/api/v1/rota/import?format={format}", content=b"\xff\xfe")
        assert bad.status_code == 400


async def test_a_simulation_says_who_when_and_on_which_clock(at: House) -> None:
    await plan(at, await coordinator(at), SHIFT)
    _, told = await ask(
        at, "lea", "GET", "rota/simulation?site=mac&urgency=P0&at=2026-11-21T22:40:00Z"
    )
    first = told["moments"][0]
    assert (first["what"], first["local"]) == ("rings", "2026-11-21T23:40")
    assert [one["person"] for one in first["people"]] == ["omar"]
    assert told["moments"][-1]["what"] == "exhausted"
    assert told["moments"][-1]["phone"] == "03 53 01 00 10"
    assert told["policy"] == "case/*/P0@0"
    assert (await ask(at, "lea", "GET", "rota/simulation?urgency=P9"))[0] == 400


async def test_a_request_rings_by_the_rota_and_keeps_it(at: House) -> None:
    for kind in RINGING:
        at.services.rooms.decider.plans[kind] = at.services.switchboard.plan
    await plan(at, await coordinator(at), SHIFT)
    async with at.by("lea") as http:
        answer = await http.post("/api/v1/rooms", json=REQUEST)
    room = answer.json()["room"]
    _, state = await ask(at, "lea", "GET", f"rooms/{room}")
    (ring,) = state["rings"]
    assert (ring["ring"], ring["policy"]) == (2, "case/*/P0@0")
    assert ring["last_resort"] == "03 53 01 00 10"
    assert [one["person"] for one in ring["people"]] == ["omar"]
    _, rows = await ask(at, "omar", "GET", "rooms")
    assert [(one["purpose"], one["people"]) for one in rows["rooms"][0]["rings"]] == RUNG
    act = {"cid": "c1", "kind": "ring.start", "body": {"question": "?", "to": "nobody"}}
    status, told = await ask(at, "lea", "POST", f"rooms/{room}/events", json=act)
    assert (status, told["code"]) == (400, "bad_body")
    act = {"cid": "c2", "kind": "ring.start", "body": {"question": "?", "subspecialty": "neuro"}}
    assert (await ask(at, "lea", "POST", f"rooms/{room}/events", json=act))[0] == 400
    act = {"cid": "c3", "kind": "ring.start", "body": {"question": "?", "to": "omar"}}
    assert (await ask(at, "lea", "POST", f"rooms/{room}/events", json=act))[0] == 200
    act = {"cid": "c4", "kind": "case.claim"}
    assert (await ask(at, "omar", "POST", f"rooms/{room}/events", json=act))[0] == 200
    act = {"cid": "c5", "kind": "case.release", "body": {"reason": "fin de garde"}}
    await ask(at, "omar", "POST", f"rooms/{room}/events", json=act)
    _, state = await ask(at, "lea", "GET", f"rooms/{room}")
    again = state["rings"][-1]
    assert (again["purpose"], again["state"]) == ("case", "exhausted"), "Omar gave it back"
    assert again["phone"] == "03 53 01 00 10"


@pytest.mark.parametrize(("category", "rings"), [(1, True), (2, False)])
async def test_a_critical_result_that_has_to_be_heard_at_once_rings_who_asked(
    at: House, category: int, rings: bool
) -> None:
    solene = await coordinator(at)
    await plan(at, solene, SHIFT)
    room = replace(cast.reading().room, site="mac")
    told = CriticalRaise(category=category, finding="TEST-HSA", words=("HSA",))
    found = await at.services.switchboard.plan(room, told, cast.OMAR)
    if not rings:
        assert found is None
        return
    assert isinstance(found, Plan)
    assert [one.person for one in found.steps[0].callees] == ["lea"]
    assert found.policy.startswith("critical/")
    assert found.phone == "03 53 01 00 10"


async def test_nobody_plans_themselves_into_the_rooms_of_a_site_they_do_not_cover(
    at: House,
) -> None:
    """Whoever stands on a line sees the rooms of all its sites."""
    await coordinator(at, "autre", "wanda")
    wanted = {"name": "Mienne", "sites": ["autre", "mac"], "people": ["wanda"]}
    status, _ = await ask(at, "wanda", "PUT", "rota/lines/mine", json=wanted)
    assert status == 403
    assert (await ask(at, "wanda", "PUT", "rota/lines/none", json=wanted | {"sites": []}))[0] == 403
    own = wanted | {"sites": ["autre"]}
    assert (await ask(at, "wanda", "PUT", "rota/lines/mine", json=own))[0] == 204
