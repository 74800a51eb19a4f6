"""Pictures over HTTP: for a room's members only, at every request anew, and each one noted."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from hub.app import Hub
from hub.room.roles import Role
from hub.settings import Settings
from persistence.directory import Grant, Person, Site, put_people, put_sites
from persistence.entries import Stream
from tests.imaging.dicom import SERIES, SOP, STUDY, image, save

pytestmark = pytest.mark.asyncio(loop_scope="module")

REQUEST = {
    "patient": {"birth_name": "TEST-MARTIN"},
    "urgency": "P1",
    "modality_wanted": "CT",
    "region": ["head"],
    "clinical_question": "TEST",
}
PEOPLE = (
    ("ann", Role.REQUESTER, "hopital-a"),
    ("tom", Role.TECHNOLOGIST, "hopital-a"),
    ("bea", Role.REQUESTER, "hopital-b"),
    ("max", Role.TECHNOLOGIST, "hopital-b"),
    ("phy", Role.PHYSICIST, "hopital-a"),
    ("tim", Role.TECHNOLOGIST, "hopital-a"),
    ("eve", Role.TECHNOLOGIST, "hopital-a"),
    ("pia", Role.PHYSICIST, "hopital-a"),
)
"""The last three are each for one test: removed, watched, invited."""
OTHER = "2.25.2001"


@dataclass
class World:
    """A hub with two sites, a room at each, and a study in each."""

    hub: Hub
    http: httpx.AsyncClient
    secrets: dict[str, str]
    rooms: dict[str, str]

    async def get(self, who: str, path: str, **given: Any) -> httpx.Response:
        """As `who`; a path below the images of Ann's room."""
        headers = {"authorization": f"Bearer {self.secrets[who]}"} if who else {}
        headers |= given.pop("headers", {})
        base = f"/api/v1/rooms/{given.pop('room', self.rooms['ann'])}/dicomweb/studies"
        return await self.http.get(f"{base}{path}", headers=headers, **given)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Put together as the product is, without a socket."""
    tmp_path = tmp_path_factory.mktemp("world")
    given: dict[str, Any] = {"data": tmp_path / "data"}
    hub = Hub(Settings(**given))
    await hub.start()
    people = [
        Person(name, name, f"TEST {name}", grants=(Grant(role, site),))
        for name, role, site in PEOPLE
    ]
    sites = [Site("hopital-a", "TEST A"), Site("hopital-b", "TEST B")]
    await hub.directory.change(lambda at: put_sites(at, sites))
    await hub.directory.change(lambda at: put_people(at, people))
    secrets = {name: (await hub.identity.log_in_as(name))[0] for name, _, _ in PEOPLE}
    transport = httpx.ASGITransport(app=hub.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        rooms = {}
        for who in ("ann", "bea"):
            headers = {"authorization": f"Bearer {secrets[who]}"}
            answer = await http.post("/api/v1/rooms", json=REQUEST, headers=headers)
            rooms[who] = answer.json()["room"]
        frames = image(np.stack([np.full((64, 96), n * 100, np.int16) for n in range(3)]))
        other = image(StudyInstanceUID=OTHER)
        await hub.images.add([save(tmp_path / "in" / "one.dcm", frames)], rooms["ann"])
        await hub.images.add([save(tmp_path / "in" / "two.dcm", other)], rooms["bea"])
        yield World(hub, http, secrets, rooms)
    await hub.stop()


INSTANCE = f"/{STUDY}/series/{SERIES}/instances/{SOP}"


@pytest.mark.parametrize(
    "path", [f"/{STUDY}", f"/{STUDY}/series/{SERIES}", INSTANCE, f"{INSTANCE}/frames/2"]
)
async def test_a_member_sees_the_picture_at_every_level(world: World, path: str) -> None:
    answer = await world.get("ann", f"{path}/rendered")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (96, 64)
    assert "private" in answer.headers["cache-control"]
    assert ("immutable" in answer.headers["cache-control"]) == ("instances" in path)
    assert answer.headers["vary"] == "Cookie, Authorization"


@pytest.mark.parametrize("comma", [",", "%2C"])
async def test_window_viewport_and_arrows(world: World, comma: str) -> None:
    query = "window=100,200,LINEAR_EXACT&viewport=480,480&arrows=48,16,80,16".replace(",", comma)
    answer = await world.get("tom", f"{INSTANCE}/frames/2/rendered?{query}")
    assert answer.status_code == 200, answer.text
    picture = Image.open(BytesIO(answer.content)).convert("RGB")
    assert picture.size == (480, 320)
    shade = picture.getpixel((50, 50))
    assert isinstance(shade, tuple) and abs(shade[0] - 128) <= 2
    tip = picture.getpixel((246, 80))
    assert isinstance(tip, tuple) and tip[0] > 200 and tip[2] < 100


@pytest.mark.parametrize(
    "query", ["window=40", "viewport=1,1", "arrows=1,2,3,4,MARTIN", "invert=x"]
)
async def test_a_bad_query_is_told(world: World, query: str) -> None:
    answer = await world.get("ann", f"{INSTANCE}/rendered?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert "MARTIN" not in answer.text


async def test_a_picture_that_is_known_is_not_sent_again(world: World) -> None:
    first = await world.get("ann", f"{INSTANCE}/rendered")
    etag = first.headers["etag"]
    assert etag.startswith('"')
    for told in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = await world.get("ann", f"{INSTANCE}/rendered", headers={"if-none-match": told})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    for told, query in (('"other"', ""), (etag, "?invert=1"), (etag, "?viewport=64,64")):
        other = await world.get(
            "ann", f"{INSTANCE}/rendered{query}", headers={"if-none-match": told}
        )
        assert other.status_code == 200


async def test_lists_are_dicom_json(world: World) -> None:
    answer = await world.get("ann", "")
    assert answer.headers["content-type"] == "application/dicom+json"
    (study,) = answer.json()
    assert study["0020000D"] == {"vr": "UI", "Value": [STUDY]}
    assert study["00201208"]["Value"] == [1]
    (series,) = (await world.get("ann", f"/{STUDY}/series")).json()
    assert series["0020000E"]["Value"] == [SERIES]
    for path in ("/instances", "/metadata", f"/series/{SERIES}/instances"):
        (instance,) = (await world.get("ann", f"/{STUDY}{path}")).json()
        assert instance["00080018"]["Value"] == [SOP]
        assert instance["00280008"]["Value"] == [3]
        address = instance["00081190"]["Value"][0]
        assert (await world.http.get(f"{address}/rendered")).status_code == 401


PATHS = (
    "/{study}/rendered",
    "/{study}/series",
    "/{study}/instances",
    "/{study}/metadata",
    f"/{{study}}/series/{SERIES}/rendered",
    f"/{{study}}/series/{SERIES}/instances/{SOP}/rendered",
    f"/{{study}}/series/{SERIES}/instances/{SOP}/frames/1/rendered",
)


@pytest.mark.parametrize("path", PATHS)
async def test_a_study_of_another_room_answers_as_one_that_does_not_exist(
    world: World, path: str
) -> None:
    theirs = await world.get("ann", path.format(study=OTHER))
    guessed = await world.get("ann", path.format(study="2.25.404"))
    assert (theirs.status_code, theirs.json()["code"]) == (404, "no_image")
    assert theirs.json() == guessed.json()
    assert OTHER not in (await world.get("ann", "")).text


@pytest.mark.parametrize("path", ["", *(path.format(study=STUDY) for path in PATHS)])
async def test_whoever_is_not_of_the_room_gets_nothing(world: World, path: str) -> None:
    for who, status, code in (
        ("", 401, "not_authenticated"),
        ("bea", 403, "forbidden"),
        ("max", 403, "forbidden"),
        ("phy", 403, "forbidden"),
    ):
        answer = await world.get(who, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), who
    assert (await world.get("ann", path, room="01900000")).json()["code"] == "no_room"


async def test_who_was_removed_gets_nothing_more(world: World) -> None:
    assert (await world.get("tim", f"{INSTANCE}/rendered")).status_code == 200
    answer = await world.http.post(
        f"/api/v1/rooms/{world.rooms['ann']}/events",
        json={"kind": "member.remove", "cid": "c1", "body": {"person": "tim", "reason": "TEST"}},
        headers={"authorization": f"Bearer {world.secrets['ann']}"},
    )
    assert answer.status_code == 200, answer.text
    refused = await world.get("tim", f"{INSTANCE}/rendered")
    assert refused.json()["code"] == "forbidden"


async def test_outside_of_care_nobody_sees_a_picture(world: World) -> None:
    """An invited physicist is of the room, and sees neither identity nor image (W-11)."""
    answer = await world.http.post(
        f"/api/v1/rooms/{world.rooms['ann']}/events",
        json={"kind": "member.invite", "cid": "c2", "body": {"person": "pia", "role": "physicist"}},
        headers={"authorization": f"Bearer {world.secrets['ann']}"},
    )
    assert answer.status_code == 200, answer.text
    refused = await world.get("pia", f"{INSTANCE}/rendered")
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")


@pytest.mark.parametrize("frame", ["0", "4", "-1", "999999999999", "1e3", "x", "٣", "9" * 5000])
async def test_a_frame_that_is_not_there_is_told(world: World, frame: str) -> None:
    answer = await world.get("ann", f"{INSTANCE}/frames/{frame}/rendered")
    assert (answer.status_code, answer.json()["reason"]) == (404, "no_such_frame")


@pytest.mark.parametrize("uid", ["..%2F..%2Fetc%2Fpasswd", "%00", "'", "2.25." + "1" * 500])
async def test_odd_uids_are_unknown_ones(world: World, uid: str) -> None:
    for path in (f"/{uid}/rendered", f"/{STUDY}/series/{uid}/rendered"):
        answer = await world.get("ann", path)
        assert answer.status_code == 404, answer.text


async def test_opening_a_picture_is_noted_in_the_trace(world: World) -> None:
    await world.get("eve", f"{INSTANCE}/frames/2/rendered")
    await world.get("eve", f"/{OTHER}/rendered")  # refused: nothing was opened
    room = world.rooms["ann"]
    while not world.hub.rooms.trace.idle():
        await world.hub.rooms.trace.flush()
        await world.hub.journal.run(lambda at: None)  # behind the batch in the writer's queue
    entries = await world.hub.journal.read(Stream.TRACE, room, 0, 100, 10**6)
    records = [one for entry in entries for one in json.loads(entry.body or b"{}")["records"]]
    (opened,) = [one for one in records if one.get("person") == "eve"]
    assert opened.pop("at").endswith("Z")
    assert opened == {
        "what": "image.opened",
        "person": "eve",
        "role": "technologist",
        "device": "rest",
        "study": STUDY,
        "series": SERIES,
        "sop": SOP,
        "frame": 2,
    }


async def test_a_share_attaches_a_study_that_belongs_to_no_room(
    world: World, tmp_path: Path
) -> None:
    free = "2.25.3001"
    await world.hub.images.add([save(tmp_path / "in" / "3.dcm", image(StudyInstanceUID=free))])
    assert (await world.get("ann", f"/{free}/rendered")).status_code == 404
    for study, status in ((free, 200), (OTHER, 403), ("2.25.404", 200)):
        answer = await world.http.post(
            f"/api/v1/rooms/{world.rooms['ann']}/events",
            json={
                "kind": "image.share",
                "cid": f"c-{status}-{len(study)}",
                "body": {"study_uid": study},
            },
            headers={"authorization": f"Bearer {world.secrets['ann']}"},
        )
        assert answer.status_code == status, answer.text
    await world.hub.journal.run(lambda at: None)  # the attaching is behind us in the same queue
    assert (await world.get("ann", f"/{free}/rendered")).status_code == 200
    assert (await world.get("ann", "/2.25.404/rendered")).json()["code"] == "no_image"
