"""Figures of punctuality: what the clocks told, by site, urgency and hour, and no patient."""

import csv
import io
from typing import Any

import httpx
import msgspec
import pytest

from hub.figures import FIELDS, as_csv, figures
from persistence import directory
from persistence.figures import Measured
from tests.edge.house import House

MINUTE = 60_000
ZONES = {"reunion": "Indian/Reunion", "mac": "Europe/Paris"}


def room(site: str = "mac", urgency: str = "P1", at: str = "23:40", **told: Any) -> Measured:
    """A room whose clocks told `told`: clock=(spent, paused, limit, breached) in minutes."""
    clocks = {
        name: [spent * MINUTE if spent >= 0 else -1, paused * MINUTE, limit * MINUTE, breached]
        for name, (spent, paused, limit, breached) in told.items()
    }
    requested = f"2026-11-21T{at}:00.000Z"
    return Measured(site, urgency, requested, msgspec.json.encode(clocks))


def test_a_row_counts_what_was_done_in_time_and_what_was_not() -> None:
    rooms = [
        room(claim=(2, 0, 5, 0)),
        room(claim=(4, 1, 5, 0)),
        room(claim=(9, 0, 5, 1)),
        room(claim=(-1, 0, 5, 0)),
    ]
    (row,) = figures(rooms, ("site", "urgency"), ZONES)
    assert (row.clock, row.site, row.urgency, row.hour) == ("claim", "mac", "P1", -1)
    assert (row.rooms, row.done, row.promised, row.in_time, row.breached) == (4, 3, 4, 2, 1)
    assert (row.median_s, row.p90_s, row.longest_s, row.paused_s) == (240, 540, 540, 60)


def test_the_hour_is_that_of_the_site() -> None:
    rooms = [room(claim=(1, 0, 5, 0)), room(site="reunion", claim=(1, 0, 5, 0))]
    hours = {(row.site, row.hour) for row in figures(rooms, ("site", "hour"), ZONES)}
    assert hours == {("mac", 0), ("reunion", 3)}


def test_groups_are_told_apart_only_where_asked() -> None:
    rooms = [room(urgency=one, total=(30, 0, 60, 0)) for one in ("P0", "P1", "P2")]
    assert [row.rooms for row in figures(rooms, (), ZONES)] == [3]
    assert [row.urgency for row in figures(rooms, ("urgency",), ZONES)] == ["P0", "P1", "P2"]
    assert figures([Measured("mac", "P1", "2026-11-21T23:40:00.000Z", b"")], (), ZONES) == []


def test_a_clock_without_a_promise_is_measured_and_neither_in_time_nor_late() -> None:
    (row,) = figures([room(acquisition=(7, 0, 0, 0))], (), ZONES)
    assert (row.done, row.promised, row.in_time, row.breached) == (1, 0, 0, 0)


def test_a_site_cannot_put_a_formula_into_the_spreadsheet() -> None:
    (line,) = list(csv.reader(io.StringIO(as_csv(figures([room(site="=1+1", claim=(1, 0, 5, 0))],
                   ("site",), {})))))[1:]  # fmt: skip
    assert line[1] == "'=1+1"


@pytest.fixture
async def staffed(at: House) -> House:
    """The house with a coordinator on its line and a quality referent elsewhere."""
    people = [
        directory.Person(who, who, f"{who} Test", grants=(directory.Grant(role, site),))
        for who, role, site in (("solene", "coordinator", "tele"), ("quentin", "quality", "autre"))
    ]

    def job(conn: Any) -> None:
        directory.put_people(conn, people)
        directory.assign(conn, "nuit", add_people=["solene"])

    await at.change(job)
    for person in people:
        at.tokens[person.person] = await at.token(person.person)
    return at


async def get(at: House, person: str, path: str = "") -> httpx.Response:
    """The page of figures as `person` gets it."""
    async with at.by(person) as http:
        return await http.get(f"/api/v1/figures{path}")


async def test_what_the_clocks_told_is_counted_with_the_event_that_stopped_them(
    staffed: House,
) -> None:
    where = await staffed.open_room(urgency="P1")
    await staffed.open_room("nora", urgency="P0")
    staffed.clock.move(120)
    await staffed.say("omar", where, "", kind="case.claim", body={})
    rows = (await get(staffed, "solene")).json()["rows"]
    claim = next(row for row in rows if row["clock"] == "claim")
    assert {row["site"] for row in rows} == {"mac"}, "a coordinator sees the sites that they cover"
    assert (claim["done"], claim["in_time"], claim["median_s"]) == (1, 1, 120)
    assert claim["urgency"] == "P1"
    everywhere = (await get(staffed, "quentin")).json()["rows"]
    assert {row["site"] for row in everywhere} == {"mac", "autre"}
    assert "TEST" not in str(everywhere)


async def test_as_csv_it_is_the_same(staffed: House) -> None:
    await staffed.open_room()
    answer = await get(staffed, "quentin", ".csv?by=urgency,hour")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "TEST" not in answer.text and ".csv" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(lines[0]) == FIELDS
    assert {(line["clock"], line["hour"]) for line in lines} == {("claim", "0"), ("total", "0")}


@pytest.mark.parametrize("person", ["lea", "marc", "omar", "audrey"])
async def test_figures_are_for_those_who_run_the_service(staffed: House, person: str) -> None:
    refused = await get(staffed, person)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=hier", "from"),
        ("?to=2026-13-01", "to"),
        ("?from=2026-11-22&to=2026-11-22", "from"),
        ("?from=2020-01-01&to=2026-01-01", "from"),
        ("?by=patient", "by"),
    ],
)
async def test_a_period_and_groups_that_make_no_sense(
    staffed: House, query: str, field: str
) -> None:
    refused = (await get(staffed, "quentin", query)).json()
    assert refused["code"] == "bad_body" and field in refused["detail"]


async def test_a_period_leaves_out_what_came_before_and_after(staffed: House) -> None:
    await staffed.open_room()
    inside = await get(staffed, "quentin", "?from=2026-11-21&to=2026-11-22")
    outside = await get(staffed, "quentin", "?from=2026-11-22&to=2026-11-23")
    assert inside.json()["rows"] and outside.json()["rows"] == []
    elsewhere = await get(staffed, "solene", "?site=autre")
    assert elsewhere.status_code == 403
