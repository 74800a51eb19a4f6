"""W-10 to W-16 on a real port: stored first, counted, recognised, resumed, joined in one piece."""

import asyncio
import json
import sqlite3
from typing import Any

import httpx
import msgspec
import pytest

from hub.room.events import Recorded
from hub.room.evolve import evolve
from hub.room.roles import Actor
from hub.room.room import Room
from hub.wire.bodies import decode_event, decode_room
from tests.kit.client import Client, PublishRefused
from tests.kit.hub import SeededRoom
from tests.wire.conftest import PROTOCOL, READ_BACK, Ward, hear, say, to_protocol

pytestmark = pytest.mark.asyncio(loop_scope="session")


def stored(ward: Ward, room: str) -> list[int]:
    """Seqs of the room's journal as another process reads them from the file."""
    with sqlite3.connect(f"file:{ward.hub.database}?mode=ro", uri=True) as at:
        rows = at.execute(
            "SELECT e.seq FROM entries e JOIN rooms r ON r.key = e.room"
            " WHERE r.room = ? AND e.stream = 1 ORDER BY e.seq",
            (room,),
        )
        return [row[0] for row in rows]


async def test_w10_what_is_answered_or_shown_is_on_the_disk(ward: Ward) -> None:
    room = ward.room()
    writer = await ward.hello(room, "requester", "a")
    reader = await ward.hello(room, "technologist", "b")
    await say(reader, {"t": "join", "re": "j", "room": room.room})
    await hear(reader, "joined")
    for n in range(20):
        pub = {"t": "pub", "cid": f"c{n}", "room": room.room, "kind": "message.post"}
        await say(writer, pub | {"body": {"text": f"message {n}"}})
        answer, shown = await asyncio.gather(hear(writer, "ok"), hear(reader, "evt"))
        assert answer["seq"] == shown["seq"]
        assert stored(ward, room.room)[-1] >= answer["seq"]
    await writer.close()
    await reader.close()


async def test_w10_the_store_is_safe_by_its_settings(ward: Ward) -> None:
    with sqlite3.connect(f"file:{ward.hub.database}?mode=ro", uri=True) as at:
        assert at.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


async def test_w11_one_gap_free_count_from_one(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester") as a, ward.client(room, "technologist") as b:
        await a.join(room.room, after=0)
        await b.join(room.room, after=0)
        await asyncio.gather(*(one.say(room.room, f"{n}") for n in range(25) for one in (a, b)))
        head = stored(ward, room.room)[-1]
        await a.until_seq(room.room, head)
        await b.until_seq(room.room, head)
        seen_a = [event.seq for event in a.record.events(room.room)]
        assert seen_a == list(range(1, head + 1)) == stored(ward, room.room)
        assert a.record.events(room.room) == b.record.events(room.room)


async def test_w11_what_a_role_may_not_see_keeps_its_place_as_withheld(ward: Ward) -> None:
    room = ward.room()
    login, site = f"bot-{room.room}", f"load-{room.room[-12:]}"
    status, said = await ward.hub.run(
        "user", "add", login, "--name", "TEST-ROBOT", "--service", "--role", "service",
        "--site", site,
    )  # fmt: skip
    assert status == 0, said
    status, said = await ward.hub.run("user", "token", login)
    assert status == 0, said
    token = max(said.split(), key=len)
    async with httpx.AsyncClient(trust_env=False) as http:
        me = await http.get(
            f"{ward.url}/api/v1/sessions/current", headers={"Authorization": f"Bearer {token}"}
        )
    person = me.json()["person"]["id"]
    async with ward.client(room, "radiologist") as radiologist:
        await radiologist.publish(room.room, "case.claim", {})
        await radiologist.publish(room.room, "member.invite", {"person": person})
        secret = await radiologist.say(room.room, "nom du patient")
    async with Client(ward.url, token) as bot:
        joined = await bot.join(room.room, after=0)
        await bot.until_seq(room.room, secret.seq)
        events = bot.record.events(room.room)
    assert [event.seq for event in events] == list(range(1, secret.seq + 1))
    kinds = {event.seq: event.kind for event in events}
    assert kinds[1] == kinds[secret.seq] == "withheld"
    assert "case.claimed" in kinds.values()
    assert "nom du patient" not in str(events)
    assert joined["state"]["request"] is None


async def test_w12_a_retry_gets_the_first_answer_for_ever(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester", device="d1") as client:
        first = await client.say(room.room, "une fois", cid="same")
        again = await client.say(room.room, "une fois", cid="same")
        assert (again.seq, again.dup) == (first.seq, True)
        with pytest.raises(PublishRefused) as refused:
            await client.say(room.room, "autre chose", cid="same")
        assert refused.value.slug == "cid_reuse"
        for n in range(40):
            await client.say(room.room, f"{n}")
        assert (await client.say(room.room, "une fois", cid="same")).seq == first.seq
    async with ward.client(room, "requester", device="d2") as elsewhere:
        other = await elsewhere.say(room.room, "une fois", cid="same")
        assert other.seq != first.seq  # another device: another act


async def test_w12_a_retry_of_an_act_that_is_no_longer_possible_is_still_answered(
    ward: Ward,
) -> None:
    room = ward.room()
    async with ward.client(room, "radiologist", device="d") as radiologist:
        first = await radiologist.publish(room.room, "case.claim", {}, cid="claim")
        again = await radiologist.publish(room.room, "case.claim", {}, cid="claim")
        assert (again.seq, again.dup) == (first.seq, True)


async def test_w12_repeats_in_flight_are_one_act(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    pub = {"t": "pub", "cid": "x", "room": room.room, "kind": "message.post"}
    for _ in range(5):
        await say(socket, pub | {"body": {"text": "cinq fois"}})
    answers = [await hear(socket, "ok") for _ in range(5)]
    assert {answer["seq"] for answer in answers} == {5}
    assert [answer.get("dup", False) for answer in answers].count(False) == 1
    assert stored(ward, room.room) == [1, 2, 3, 4, 5]
    await socket.close()


async def test_w12_the_same_json_in_another_spelling_is_the_same_body(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    head = f'{{"t":"pub","cid":"s","room":"{room.room}","kind":"message.post","body":'
    await socket.send(head + '{"text":"é","lang":"fr"}}')
    first = await hear(socket, "ok")
    await socket.send(head + '{ "lang" : "fr", "text" : "\\u00e9" }}')
    assert (await hear(socket, "ok")) == first | {"dup": True}
    await socket.close()


async def test_w13_resume_from_any_seq(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester") as client:
        for n in range(30):
            last = await client.say(room.room, f"{n}")
    for after in (0, 1, 17, last.seq - 1, last.seq):
        async with ward.client(room, "technologist") as reader:
            await reader.join(room.room, after=after)
            await reader.until_seq(room.room, last.seq) if after < last.seq else None
            seqs = [event.seq for event in reader.record.events(room.room)]
            assert seqs == list(range(after + 1, last.seq + 1))


async def test_w13_pages_hold_at_most_500_events_and_say_whether_more_come(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester") as client:
        answers = await asyncio.gather(*(client.say(room.room, f"{n}") for n in range(620)))
        head = max(answer.seq for answer in answers)
    socket = await ward.hello(room, "technologist")
    await say(socket, {"t": "join", "re": "j", "room": room.room, "after": 0})
    assert (await hear(socket, "joined"))["head"] == head
    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["more"]:
        pages.append(await hear(socket, "page"))
    assert all(len(page["events"]) <= 500 for page in pages)
    assert len(pages) > 1
    seqs = [event["seq"] for page in pages for event in page["events"]]
    assert seqs == list(range(1, head + 1))
    await socket.close()


async def test_w13_a_client_ahead_and_an_unknown_epoch_are_told(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    await say(socket, {"t": "join", "re": "a", "room": room.room, "after": 99})
    assert (await hear(socket, "err"))["slug"] == "ahead_of_server"
    await say(socket, {"t": "join", "re": "b", "room": room.room, "epoch": "other", "after": 0})
    err = await hear(socket, "err")
    assert (err["code"], err["slug"], err["re"]) == (410, "unknown_epoch", "b")
    await socket.close()


async def test_w14_heads_come_with_every_heartbeat(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    await say(socket, {"t": "join", "re": "j", "room": room.room})
    await hear(socket, "joined")
    hb = await hear(socket, "hb")
    while not hb["heads"]:
        hb = await hear(socket, "hb")
    assert hb["heads"] == {room.room: 4}
    pub = {"t": "pub", "cid": "c", "room": room.room, "kind": "message.post"}
    await say(socket, pub | {"body": {"text": "x"}})
    await hear(socket, "ok")
    later = await hear(socket, "hb")
    while later["heads"] != {room.room: 5}:
        later = await hear(socket, "hb")
    assert later["n"] > hb["n"]
    await socket.close()


def fold(state: dict[str, object], events: list[dict[str, Any]]) -> Room:
    """`joined.state` and what follows, by the domain's own fold."""
    room = decode_room(json.dumps(state).encode())
    for event in events:
        body = decode_event(str(event["kind"]), json.dumps(event["body"]).encode())
        by = msgspec.convert(event["from"], Actor)
        room = evolve(room, Recorded(int(str(event["seq"])), str(event["at"]), by, body))
    return room


async def test_w15_state_and_stream_are_one_piece_while_others_write(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "requester") as writer:
        await writer.join(room.room)
        busy = asyncio.gather(*(writer.say(room.room, f"{n}") for n in range(200)))
        joins = []
        for _ in range(8):
            socket = await ward.hello(room, "technologist")
            await say(socket, {"t": "join", "re": "j", "room": room.room})
            joins.append((socket, await hear(socket, "joined")))
        head = max(answer.seq for answer in await busy)
    for socket, joined in joins:
        events: list[dict[str, Any]] = []
        while (events[-1]["seq"] if events else joined["head"]) < head:
            events.append(await hear(socket, "evt"))
        assert [e["seq"] for e in events] == list(range(joined["head"] + 1, head + 1))
        assert fold(joined["state"], events).messages == 200
        await socket.close()


async def test_w16_a_conflicting_act_in_between_is_told(ward: Ward) -> None:
    room = ward.room()
    async with ward.client(room, "radiologist") as radiologist:
        content_hash = await to_protocol(ward, room, radiologist)
        head = stored(ward, room.room)[-1]
        await radiologist.say(room.room, "sans conflit")
        await radiologist.publish(
            room.room, "protocol.amend", PROTOCOL | {"version": 2}, after=head
        )
        with pytest.raises(PublishRefused) as refused:
            await radiologist.publish(
                room.room, "protocol.amend", PROTOCOL | {"version": 3}, after=head
            )
        assert refused.value.slug == "stale_after"
        assert refused.value.frame["code"] == 412
        assert refused.value.frame["seq"] == stored(ward, room.room)[-1]
    async with ward.client(room, "technologist") as technologist:
        with pytest.raises(PublishRefused) as stale:
            await technologist.publish(
                room.room,
                "protocol.acknowledge",
                {"version": 1, "content_hash": content_hash, "read_back": READ_BACK},
            )
        assert stale.value.slug == "stale_after"


async def test_one_claims_and_the_others_are_told_who(ward: Ward) -> None:
    room: SeededRoom = ward.room()
    async with ward.client(room, "radiologist", device="a") as a:
        async with ward.client(room, "radiologist", device="b") as b:
            results = await asyncio.gather(
                *(one.publish(room.room, "case.claim", {}) for one in (a, b) for _ in range(5)),
                return_exceptions=True,
            )
    won = [result for result in results if not isinstance(result, BaseException)]
    lost = [result.slug for result in results if isinstance(result, PublishRefused)]
    assert len(won) == 1
    assert set(lost) == {"already_claimed"}
