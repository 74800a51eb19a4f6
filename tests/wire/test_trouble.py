"""W-17 to W-23: slow readers, limits, a store that fails, drain, revocation, and the trace."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from persistence.chain import ROOT, header, link
from tests.kit.client import Client
from tests.kit.hub import Hub, SeededRoom
from tests.wire.conftest import Ward, hear, say

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def alone(tmp_path: Path) -> AsyncIterator[Ward]:
    """A hub of its own, for what would disturb others."""
    hub = Hub(tmp_path, env={"EXAMROOM_HEARTBEAT_MS": "400", "EXAMROOM_STALL_TIMEOUT_S": "2"})
    rooms = await hub.seed(3)
    await hub.start()
    try:
        yield Ward(hub, rooms)
    finally:
        if hub.process is not None and hub.process.returncode is None:
            await hub.die()


async def test_w17_a_reader_that_stops_costs_little_and_slows_nobody(alone: Ward) -> None:
    room = alone.room()
    writer, well = alone.client(room, "requester"), alone.client(room, "technologist")
    text = "x" * 7900

    async def much() -> None:
        """Some 8 MB: far beyond what any socket buffer takes."""
        for _ in range(25):
            answers = await asyncio.gather(*(writer.say(room.room, text) for _ in range(40)))
            await well.until_seq(room.room, max(answer.seq for answer in answers), 10)

    async with writer, well:
        await well.join(room.room)
        stuck = await alone.hello(room, "subspecialist")
        await say(stuck, {"t": "join", "re": "j", "room": room.room})
        await hear(stuck, "joined")
        stuck.transport.pause_reading()
        await much()
        held = await figure(alone, "queue_bytes")
    assert 0 < held <= 256 * 1024
    stuck.transport.abort()


async def figure(ward: Ward, name: str) -> float:
    """A figure of /metrics."""
    async with httpx.AsyncClient(trust_env=False) as http:
        lines = (await http.get(f"{ward.url}/metrics")).text.splitlines()
    return float(next(line.split()[-1] for line in lines if name in line and line[0] != "#"))


async def test_w17_a_slow_reader_is_told_and_misses_nothing(alone: Ward) -> None:
    room = alone.room()
    slow = await alone.hello(room, "subspecialist")
    await say(slow, {"t": "join", "re": "j", "room": room.room})
    head = (await hear(slow, "joined"))["head"]
    slow.transport.pause_reading()
    async with alone.client(room, "requester") as writer:
        text = "x" * 7900
        for _ in range(25):
            answers = await asyncio.gather(*(writer.say(room.room, text) for _ in range(40)))
        last = max(answer.seq for answer in answers)
    slow.transport.resume_reading()
    seqs: list[int] = []
    notes: list[str] = []
    while not seqs or seqs[-1] < last:
        frame = await hear(slow)
        if frame["t"] == "evt":
            seqs.append(frame["seq"])
        elif frame["t"] == "note":
            notes.append(frame["slug"])
    assert seqs == list(range(head + 1, last + 1))
    assert "lagging" in notes
    await slow.close()


async def test_w17_without_progress_a_reader_is_sent_away_with_4103(alone: Ward) -> None:
    room = alone.room()
    stuck = await alone.hello(room, "subspecialist")
    await say(stuck, {"t": "join", "re": "j", "room": room.room})
    await hear(stuck, "joined")
    stuck.transport.pause_reading()
    async with alone.client(room, "requester") as writer:
        for _ in range(25):
            await asyncio.gather(*(writer.say(room.room, "x" * 7900) for _ in range(40)))
        async with httpx.AsyncClient(trust_env=False) as http:
            for _ in range(100):
                metrics = (await http.get(f"{alone.url}/metrics")).text
                if "too_slow" in metrics:
                    break
                await asyncio.sleep(0.1)
    assert "too_slow" in metrics
    stuck.transport.abort()


async def user_with_token(ward: Ward, room: SeededRoom, login: str, role: str) -> tuple[str, str]:
    """An ordinary person (with limits) of the room's site: (person, token)."""
    status, said = await ward.hub.run(
        "user", "add", login, "--name", "TEST-LIMITE", "--role", role,
        "--site", f"load-{room.room[-12:]}", "--generate",
    )  # fmt: skip
    assert status == 0, said
    status, said = await ward.hub.run("user", "token", login)
    assert status == 0, said
    token = max(said.split(), key=len)
    async with httpx.AsyncClient(trust_env=False) as http:
        me = await http.get(
            f"{ward.url}/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"}
        )
    return str(me.json()["person"]["id"]), token


async def frames_until(socket: ClientConnection, refs: set[str]) -> dict[str, dict[str, Any]]:
    """Answers by `re` until all of `refs` are there."""
    answers: dict[str, dict[str, Any]] = {}
    while refs - answers.keys():
        frame = await hear(socket)
        if frame.get("re"):
            answers[frame["re"]] = frame
    return answers


async def test_w18_beyond_the_limit_an_act_is_answered_and_an_acknowledgement_goes_through(
    alone: Ward,
) -> None:
    room = alone.room()
    _, token = await user_with_token(alone, room, "limited", "technologist")
    async with Client(alone.url, token) as client:
        socket = client.link.socket if client.link else None
        assert socket is not None
        pub = {"t": "pub", "room": room.room, "kind": "message.post", "body": {"text": "x"}}
        results = await asyncio.gather(*(client.ask(pub | {"cid": f"n{n}"}) for n in range(90)))
        refused = [frame for frame in results if frame["t"] == "err"]
        assert refused
        assert {frame["slug"] for frame in refused} == {"rate_limited"}
        assert all(frame["retry"] and frame["retry_after_ms"] > 0 for frame in refused)
        body = {"version": 1, "content_hash": "x", "read_back": {"regions": []}}
        acknowledge = {"t": "pub", "cid": "ack", "room": room.room, "body": body}
        answer = await client.ask(acknowledge | {"kind": "protocol.acknowledge"})
        assert answer["slug"] == "wrong_stage"  # decided, not shed


async def test_w19_a_locked_store_refuses_within_two_seconds_and_stores_nothing_later(
    alone: Ward,
) -> None:
    room = alone.room()
    writer = await alone.hello(room, "requester", "w")
    reader = await alone.hello(room, "technologist", "r")
    await say(reader, {"t": "join", "re": "j", "room": room.room})
    await hear(reader, "joined")
    lock = sqlite3.connect(alone.hub.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    pub = {"t": "pub", "room": room.room, "kind": "message.post", "body": {"text": "perdu?"}}
    began = time.monotonic()
    for n in range(5):
        await say(writer, pub | {"cid": f"lost{n}"})
    answers = await frames_until(writer, {f"lost{n}" for n in range(5)})
    assert time.monotonic() - began < 2.0
    assert {(a["t"], a["code"], a["slug"]) for a in answers.values()} == {
        ("err", 503, "storage_unavailable")
    }
    assert all(answer["retry"] for answer in answers.values())
    # reading what is there goes on
    await say(reader, {"t": "join", "re": "again", "room": room.room, "after": 0})
    assert len((await hear(reader, "page"))["events"]) == 4
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"{alone.url}/readyz")).status_code == 503
        assert (await http.get(f"{alone.url}/healthz")).status_code == 200
        lock.execute("ROLLBACK")
        lock.close()
        await alone.hub.ready(5)
    await say(writer, pub | {"cid": "after"})
    assert (await hear(writer, "ok"))["seq"] == 5
    assert (await hear(reader, "evt"))["cid"] == "after"
    # the retry of what was refused is stored now, once
    await say(writer, pub | {"cid": "lost0"})
    assert (await hear(writer, "ok")) == {"t": "ok", "re": "lost0", "seq": 6}
    await writer.close()
    await reader.close()


async def test_w21_drain_says_bye_4201_and_loses_nothing(alone: Ward) -> None:
    room = alone.room()
    socket = await alone.hello(room, "requester")
    await say(socket, {"t": "join", "re": "j", "room": room.room})
    await hear(socket, "joined")
    pub = {"t": "pub", "room": room.room, "kind": "message.post", "body": {"text": "avant"}}
    for n in range(50):
        await say(socket, pub | {"cid": f"c{n}"})
    answered = [await hear(socket, "ok")]
    alone.hub.terminate()
    bye: dict[str, Any] = {}
    try:
        while True:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 10))
            if frame["t"] == "ok":
                answered.append(frame)
            if frame["t"] == "bye":
                bye = frame
    except ConnectionClosed:
        pass
    assert (bye["code"], bye["reconnect"], bye["resume"]) == (4201, "now", True)
    assert alone.hub.process is not None
    await alone.hub.process.wait()
    await alone.hub.restart()
    status, said = await alone.hub.run("verify")
    assert (status, "ok" in said) == (0, True), said
    again = await alone.hello(room, "requester")
    for frame in answered:
        await say(again, pub | {"cid": frame["re"]})
        assert (await hear(again, "ok")) == {**frame, "dup": True}
    await again.close()


async def test_w22_who_is_removed_from_a_room_reads_and_writes_no_more(ward: Ward) -> None:
    room = ward.room()
    out = room.member("subspecialist")
    async with ward.client(room, "radiologist") as radiologist:
        await radiologist.publish(room.room, "case.claim", {})
        socket = await ward.hello(room, "subspecialist")
        await say(socket, {"t": "join", "re": "j", "room": room.room})
        await hear(socket, "joined")
        removed = await radiologist.publish(
            room.room, "member.remove", {"person": out.person, "reason": "TEST"}
        )
        told = await hear(socket, "err")
        assert (told["slug"], told["room"]) == ("forbidden", room.room)
        await radiologist.say(room.room, "entre nous")
        await say(socket, {"t": "join", "re": "again", "room": room.room, "after": 0})
        assert (await hear(socket, "err"))["slug"] == "forbidden"
        pub = {"t": "pub", "cid": "c", "room": room.room, "kind": "message.post"}
        await say(socket, pub | {"body": {"text": "encore là"}})
        seen = [await hear(socket)]
        while seen[-1].get("re") != "c":
            seen.append(await hear(socket))
        assert seen[-1]["slug"] == "forbidden"
        assert not [f for f in seen if f["t"] == "evt" and f["seq"] > removed.seq]
    await socket.close()


async def test_w22_a_revoked_session_is_closed_within_five_seconds(ward: Ward) -> None:
    room = ward.room()
    login = f"gone-{room.room[-8:]}"
    _, token = await user_with_token(ward, room, login, "technologist")
    socket = await ward.raw()
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token}"}
        ticket = (await http.post(f"{ward.url}/api/v1/tickets", headers=headers)).json()["ticket"]
    await say(socket, {"t": "hello", "ticket": ticket, "device": "d", "app": "", "caps": []})
    assert (await hear(socket))["t"] == "welcome"
    status, said = await ward.hub.run("user", "disable", login)
    assert status == 0, said
    bye = await hear(socket, "bye", within_s=5)
    assert (bye["code"], bye["reconnect"]) == (4302, "reauth")


async def test_w23_receipts_presence_and_pointers_are_in_the_trace(ward: Ward) -> None:
    room = ward.room()
    one, two = await ward.hello(room, "requester", "a"), await ward.hello(room, "technologist", "b")
    for socket in (one, two):
        await say(socket, {"t": "join", "re": "j", "room": room.room})
        await hear(socket, "joined")
    await say(one, {"t": "got", "room": room.room, "upto": 4})
    await say(one, {"t": "seen", "room": room.room, "upto": 3})
    told = await hear(two, "rcpt")
    while (told["got"], told["seen"]) != (4, 3):
        told = await hear(two, "rcpt")
    await say(one, {"t": "eph", "room": room.room, "key": "pointer", "body": {"x": 1, "y": 2}})
    eph = await hear(two, "eph")
    assert (eph["key"], eph["body"]) == ("pointer", {"x": 1, "y": 2})
    assert eph["from"]["person"] == room.member("requester").person
    deadline = time.monotonic() + 3
    records: list[dict[str, Any]] = []
    while not {"rcpt", "pres", "eph"} <= {record["what"] for record in records}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
        records = [r for body in trace(ward, room.room) for r in json.loads(body)["records"]]
    await one.close()
    await two.close()


def trace(ward: Ward, room: str) -> list[bytes]:
    """Bodies of the room's trace; its chain is checked on the way."""
    with sqlite3.connect(f"file:{ward.hub.database}?mode=ro", uri=True) as at:
        rows = at.execute(
            "SELECT e.seq, e.at, e.id, e.cid, e.kind, e.actor, e.body, e.digest FROM entries e"
            " JOIN rooms r ON r.key = e.room WHERE r.room = ? AND e.stream = 2 ORDER BY e.seq",
            (room,),
        ).fetchall()
    digest = ROOT
    for seq, when, id, cid, kind, actor, body, kept in rows:
        _, digest = link(digest, header(2, room, seq, when, id, cid, kind, actor), body)
        assert digest == kept
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    return [row[6] for row in rows]


async def test_who_leaves_without_a_word_is_unreachable(ward: Ward) -> None:
    room = ward.room()
    stays = await ward.hello(room, "requester", "a")
    goes = await ward.hello(room, "technologist", "b")
    for socket in (stays, goes):
        await say(socket, {"t": "join", "re": "j", "room": room.room})
        await hear(socket, "joined")
    pres = await hear(stays, "pres")
    while room.member("technologist").person not in str(pres):
        pres = await hear(stays, "pres")
    goes.transport.abort()
    while not [p for p in pres.get("changed", []) if p["state"] == "unreachable"]:
        pres = await hear(stays, "pres")
    await stays.close()


async def test_w17_coming_back_to_many_rooms_at_once_is_no_flood(alone: Ward) -> None:
    """A coordinator's reconnect asks for everything in one breath, and reads it slowly."""
    room = alone.room()
    async with alone.client(room, "requester") as writer:
        for start in range(0, 300, 50):
            await asyncio.gather(
                *(writer.say(room.room, f"{start + n} " + "x" * 4000) for n in range(50))
            )
    socket = await alone.hello(room, "technologist")
    socket.transport.pause_reading()
    for n in range(300):
        await say(socket, {"t": "join", "re": f"j{n}", "room": room.room, "after": 0})
    socket.transport.resume_reading()
    answers = 0
    while answers < 300:
        frame = await hear(socket)
        assert frame["t"] != "bye", frame
        answers += frame["t"] == "joined"
    seqs: list[int] = []
    while not seqs or seqs[-1] < 304:
        frame = await hear(socket)
        if frame["t"] == "page":
            seqs += [event["seq"] for event in frame["events"]]
    assert seqs[-1] == 304
    await socket.close()


@pytest.mark.parametrize("cid", ["c1\n", "c1\r", "c1\u2028"])
async def test_w5_an_id_with_a_line_end_is_refused_everywhere(ward: Ward, cid: str) -> None:
    room = ward.fixed_room()
    socket = await ward.hello(room, "requester")
    pub = {"t": "pub", "room": room.room, "kind": "message.post", "body": {"text": "x"}}
    await say(socket, pub | {"cid": cid})
    assert (await hear(socket, "err"))["slug"] == "bad_frame"
    await say(socket, {"t": "join", "re": cid, "room": room.room})
    assert (await hear(socket, "err"))["slug"] == "bad_frame"
    await socket.close()
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(
            f"{ward.url}/api/v1/rooms/{room.room}/events",
            json={"cid": cid, "kind": "message.post", "body": {"text": "x"}},
            headers={"Authorization": f"Bearer {room.member('requester').token}"},
        )
    assert answer.status_code == 400


async def test_w22_nothing_is_stored_for_whom_another_process_shut_out(alone: Ward) -> None:
    """Not even in the moment between the command's return and the hub's next look."""
    room = alone.room()
    _, token = await user_with_token(alone, room, "shut-out", "technologist")
    async with Client(alone.url, token) as client:
        await client.say(room.room, "avant")
        head = (await client.ask({"t": "join", "room": room.room}))["head"]
        with sqlite3.connect(alone.hub.database, isolation_level=None) as at:
            at.execute("BEGIN IMMEDIATE")
            at.execute("UPDATE people SET disabled = 1 WHERE login = 'shut-out'")
            at.execute("UPDATE directory_state SET revision = revision + 1")
            at.execute("COMMIT")
        pub = {"t": "pub", "cid": "late", "room": room.room, "kind": "message.post"}
        answer = await client.ask(pub | {"body": {"text": "après"}})
        assert (answer["code"], answer["slug"]) == (401, "not_authenticated")
    async with alone.client(room, "requester") as other:
        assert (await other.ask({"t": "join", "room": room.room}))["head"] == head


async def test_w16_after_beyond_the_head_is_told(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester") as client:
        pub = {"t": "pub", "cid": "far", "room": room.room, "kind": "message.post", "after": 10**6}
        answer = await client.ask(pub | {"body": {"text": "x"}})
    assert (answer["code"], answer["slug"], answer["seq"]) == (416, "ahead_of_server", 4)


async def test_w13_a_page_comes_even_when_nothing_is_missing(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    await say(socket, {"t": "join", "re": "j", "room": room.room, "after": 4})
    page = await hear(socket, "page")
    assert (page["events"], page["more"]) == ([], False)
    await socket.close()
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            f"{ward.url}/api/v1/rooms/{room.room}/events?after=99",
            headers={"Authorization": f"Bearer {room.member('requester').token}"},
        )
    assert (answer.status_code, answer.json()["code"]) == (416, "ahead_of_server")
