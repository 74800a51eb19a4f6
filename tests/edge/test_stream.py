"""A room as Server-Sent Events: the same frames, the same cursor, the same end."""

from pathlib import Path

from persistence import directory
from tests.edge.house import House, Stream, house


def _stream(at: House, person: str, room: str, query: str = "", **headers: str) -> Stream:
    headers["authorization"] = f"Bearer {at.tokens[person]}"
    return Stream(at.app, f"/api/v1/rooms/{room}/stream", query, **headers)


async def test_from_a_cursor_on_then_live(at: House) -> None:
    room = await at.open_room()
    await at.say("lea", room, "TEST one")
    async with _stream(at, "marc", room, "after=1") as stream:
        past = await stream.frame()
        await at.say("omar", room, "TEST two")
        live = await stream.frame()
    assert stream.status == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["x-accel-buffering"] == "no"
    assert past is not None and live is not None
    assert (past[0], past[1]["t"], past[1]["body"]) == ("2", "evt", {"text": "TEST one"})
    assert (live[0], live[1]["seq"], live[1]["from"]["person"]) == ("3", 3, "omar")


async def test_without_a_cursor_the_state_comes_first(at: House) -> None:
    room = await at.open_room()
    async with _stream(at, "lea", room) as stream:
        first = await stream.frame()
        await at.say("lea", room, "TEST one")
        then = await stream.frame()
    assert first is not None and then is not None
    assert (first[0], first[1]["t"], first[1]["head"]) == ("1", "joined", 1)
    assert first[1]["state"]["seq"] == 1 and first[1]["epoch"] == at.services.journal.epoch
    assert then[1]["seq"] == 2


async def test_a_browser_that_reconnects_goes_on_where_it_was(at: House) -> None:
    room = await at.open_room()
    for n in range(3):
        await at.say("lea", room, f"TEST {n}")
    async with _stream(at, "lea", room, "after=0", last_event_id="3") as stream:
        first = await stream.frame()
    assert first is not None and first[0] == "4"


async def test_a_client_that_is_ahead_is_told_so(at: House) -> None:
    room = await at.open_room()
    async with _stream(at, "lea", room, "after=9") as stream:
        pass
    assert stream.status == 416


async def test_a_cursor_that_is_none_is_refused(at: House) -> None:
    room = await at.open_room()
    for headers in ({"last_event_id": "x"}, {"last_event_id": "²"}):
        async with _stream(at, "lea", room, "", **headers) as stream:
            pass
        assert stream.status == 400


async def test_a_quiet_line_is_kept_alive(tmp_path: Path) -> None:
    async with house(tmp_path, heartbeat_ms=200) as at:
        room = await at.open_room()
        async with _stream(at, "lea", room, "after=1") as stream:
            assert await stream.block() == "retry: 1000"
            assert await stream.block() == ": hb"


async def test_it_ends_when_the_session_does(tmp_path: Path) -> None:
    async with house(tmp_path, revocation_s=0.05) as at:
        room = await at.open_room()
        async with _stream(at, "marc", room, "after=1") as stream:
            assert await stream.block() == "retry: 1000"
            await at.change(directory.set_disabled, "marc", True)
            at.clock.move(1)
            last = await stream.frame()
            assert last is not None
            assert (last[1]["t"], last[1]["code"], last[1]["reconnect"]) == ("bye", 4302, "reauth")
            assert await stream.block() is None


async def test_it_ends_when_the_person_is_removed_from_the_room(at: House) -> None:
    room = await at.open_room()
    await at.say("omar", room, "", kind="case.claim", body={})
    async with _stream(at, "marc", room) as stream:
        assert await stream.frame() is not None
        await at.say("marc", room, "TEST I act, so I am a member")
        assert await stream.frame() is not None
        gone = await at.say("omar", room, "", kind="member.remove", body={"person": "marc"})
        assert gone.status_code == 200, gone.text
        frames = []
        while (frame := await stream.frame()) is not None:
            frames.append(frame[1])
    assert frames[-1]["t"] == "bye" and frames[-1]["code"] == 4008


async def test_it_ends_when_the_hub_drains(tmp_path: Path) -> None:
    async with house(tmp_path, revocation_s=0.05) as at:
        room = await at.open_room()
        async with _stream(at, "lea", room, "after=1") as stream:
            assert await stream.block() == "retry: 1000"
            at.services.rooms.draining = True
            last = await stream.frame()
            assert last is not None and last[1]["code"] in (4201, 4008)
            async with at.client() as http:
                ready = await http.get("/readyz")
            assert (ready.status_code, ready.json()["status"]) == (503, "draining")
