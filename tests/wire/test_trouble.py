"""W-17 to W-23: slow readers, limits, a store that fails, drain, revocation, and the trace."""

import asyncio
import json
import sqlite3
import time
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.kit.client import Client
from tests.wire.conftest import Ward, hear, say, user_with_token

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        receipt = {"t": "pub", "cid": "critical", "room": room.room, "body": {"critical": 1}}
        answer = await client.ask(receipt | {"kind": "critical.acknowledge"})
        assert answer["slug"] == "bad_body"  # decided: there is no such result


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
