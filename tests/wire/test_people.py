"""W-22 and W-23 on a real port: who may no longer be here, and what is kept of who was."""

import asyncio
import json
import sqlite3
import time
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from persistence.chain import ROOT, header, link
from tests.kit.client import Client
from tests.wire.conftest import Ward, hear, say, user_with_token

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def _told(socket: ClientConnection, person: str) -> str:
    """The next state that the room is told of `person`; `left` where they are listed no more."""
    while True:
        pres = await hear(socket, "pres")
        if person in pres.get("left", ()):
            return "left"
        found = [*pres.get("people", ()), *pres.get("joined", ()), *pres.get("changed", ())]
        if states := [one["state"] for one in found if one["person"] == person]:
            return str(states[-1])


async def test_who_is_on_the_hub_but_not_in_the_room_is_away_and_not_unreachable(
    ward: Ward,
) -> None:
    room = ward.room()
    other = room.member("technologist")
    here = await ward.hello(room, "radiologist")
    await say(here, {"t": "join", "re": "j", "room": room.room})
    there = await ward.hello(room, "technologist")
    assert await _told(here, other.person) == "elsewhere"
    await say(there, {"t": "join", "re": "j", "room": room.room})
    assert await _told(here, other.person) == "online"
    await say(there, {"t": "leave", "re": "l", "room": room.room})
    assert await _told(here, other.person) == "elsewhere"
    await there.close()
    assert await _told(here, other.person) == "unreachable"
    back = await ward.hello(room, "technologist")
    assert await _told(here, other.person) == "elsewhere"
    removed = {"person": other.person, "reason": "TEST"}
    async with ward.client(room, "radiologist") as radiologist:
        await radiologist.publish(room.room, "member.remove", removed)
    await back.close()
    assert await _told(here, other.person) == "left"
    await here.close()


async def _asked(socket: ClientConnection, room: str, person: str) -> list[tuple[str, str]]:
    """What the next row of `room` says that `person` is asked by name."""
    while True:
        row = await hear(socket, "row")
        if row["room"] == room:
            asked = row["summary"]["asked"]
            return [(one["act"], one["text"]) for one in asked if one["person"] == person]


async def test_the_row_says_what_one_person_is_asked_until_they_say_anything(ward: Ward) -> None:
    room = ward.room()
    expert = room.member("subspecialist")
    async with (
        ward.client(room, "radiologist") as radiologist,
        ward.client(room, "subspecialist") as ines,
    ):
        await radiologist.publish(room.room, "case.claim", {})
        watching = await ward.hello(room, "subspecialist", device="watch")
        await say(watching, {"t": "watch", "re": "w"})
        await hear(watching, "ok")
        invited = {"person": expert.person, "question": "TEST avis ?"}
        await radiologist.publish(room.room, "member.invite", invited)
        asked = [("member.invite", "TEST avis ?")]
        assert await _asked(watching, room.room, expert.person) == asked
        await radiologist.say(room.room, "TEST une phrase ne change pas la liste")
        await ines.say(room.room, "TEST je regarde")
        assert await _asked(watching, room.room, expert.person) == []
        await watching.close()
