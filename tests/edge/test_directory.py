"""The directory: people, parts, sites and lines, and the number that moves when rights do."""

import pytest

from persistence import credentials, directory
from persistence.credentials import Credential
from persistence.directory import Grant, Person, Site, Unknown
from tests.edge.house import House

CHANGES = {
    "site": (directory.put_sites, [Site("neu", "Test Neu")]),
    "line": (directory.put_line, "neu", "Neu"),
    "people": (directory.put_people, [Person("neu", "neu", "Neu Test")]),
    "grant": (directory.grant, "lea", "technologist", "mac"),
    "ungrant": (directory.ungrant, "lea", "requester", "mac"),
    "disabled": (directory.set_disabled, "lea", True),
    "ended": (credentials.end_all, "lea", "2026-11-22T00:00:00.000Z"),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_may_change_a_right_moves_the_revision(at: House, what: str) -> None:
    before = await at.directory.revision()
    await at.change(*CHANGES[what])
    assert await at.directory.revision() > before


async def test_a_new_session_moves_nothing(at: House) -> None:
    before = await at.directory.revision()
    await at.token("lea")
    assert await at.directory.revision() == before


async def test_many_people_at_once_and_again(at: House) -> None:
    part = (Grant("requester", "mac"),)
    many = [
        Person(f"p{n}", f"p{n}", f"Test {n:04}", rate_free=True, grants=part) for n in range(1000)
    ]
    await at.change(directory.put_people, many)
    await at.change(directory.put_people, many)
    found = await at.directory.people([one.person for one in many])
    assert [found[one.person] for one in many] == many
    keys = [
        Credential(f"t{n}", f"h{n}", True, one.person, "requester", "mac", "")
        for n, one in enumerate(many)
    ]
    await at.change(credentials.add, keys)
    _, standing = await at.directory.standing([one.id for one in keys], "2026")
    assert len(standing) == 1000


async def test_replacing_a_person_replaces_their_parts(at: House) -> None:
    fresh = Person("lea", "lea", "Dr Léa Neu", grants=(Grant("technologist", "autre"),))
    await at.change(directory.put_people, [fresh])
    assert await at.directory.person("lea") == fresh


async def test_search_finds_by_name_login_and_part(at: House) -> None:
    async def found(text: str = "", role: str = "") -> list[str]:
        return [one.person for one in await at.directory.search(text, role)]

    assert await found("marc") == ["marc"]
    assert await found(role="requester") == ["lea", "nora"]
    assert await found("_") == [] and await found("%") == []
    await at.change(directory.set_disabled, "nora", True)
    assert await found(role="requester") == ["lea"]


UNKNOWN = [
    (directory.grant, "nobody", "requester", "mac"),
    (directory.grant, "lea", "requester", "nowhere"),
    (directory.assign, "nuit2"),
    (directory.set_disabled, "nobody", True),
    (directory.set_password, "nobody", "x"),
    (credentials.end, "nothing", "2026"),
]


@pytest.mark.parametrize("job", UNKNOWN, ids=range(len(UNKNOWN)))
async def test_what_is_not_there_is_said(at: House, job: tuple[object, ...]) -> None:
    with pytest.raises(Unknown):
        await at.change(*job)


async def test_lines_hold_sites_and_people(at: House) -> None:
    await at.change(lambda c: directory.assign(c, "nuit", add_sites=["autre", "mac"]))
    await at.change(lambda c: directory.unassign(c, "nuit", sites_off=["mac"]))
    (line,) = await at.directory.lines()
    assert (line.line, line.sites, line.people) == ("nuit", ("autre",), ("claire", "omar"))


async def test_live_credentials_of_a_person_are_listed(at: House) -> None:
    now = "2026-11-22T00:00:00.000Z"
    await at.token("omar", label="bot")
    kept = await at.change(credentials.of_person, "omar", now)
    assert [one.bot for one in kept] == [True, True]
    await at.change(credentials.end, kept[0].id, now)
    left = await at.change(credentials.of_person, "omar", now)
    assert [one.id for one in left] == [kept[1].id]
    with pytest.raises(Unknown):
        await at.change(credentials.end, kept[0].id, now)
