"""W-1 to W-5 on a real port: how a socket begins, and what it takes."""

import asyncio
import json
import re
from collections.abc import Mapping

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.kit.link import take_ticket
from tests.wire.conftest import Ward, hear, say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def closed_with(socket: object) -> int:
    """Read to the end; the close code."""
    try:
        while True:
            await asyncio.wait_for(socket.recv(), 5)  # type: ignore[attr-defined]  # any socket
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 1006


async def test_w1_a_known_subprotocol_is_chosen(ward: Ward) -> None:
    socket = await ward.raw(subprotocols=["v0.examroom", "v1.examroom"])
    assert socket.subprotocol == "v1.examroom"
    await socket.close()


async def test_w1_without_a_common_subprotocol_http_400_lists_the_known(ward: Ward) -> None:
    if ward.hub.env["EXAMROOM_SOCKET"] == "asgi":
        with pytest.raises(InvalidStatus):  # plain ASGI can only say 403
            await ward.raw(subprotocols=["v9.other"])
        return
    for offered in (["v9.other"], None):
        with pytest.raises(InvalidStatus) as refused:
            await ward.raw(subprotocols=offered)
        assert refused.value.response.status_code == 400
        assert b"v1.examroom" in refused.value.response.body


async def test_w1_a_foreign_origin_is_refused_and_ours_is_not(ward: Ward) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await ward.raw(origin="https://elsewhere.example")
    assert refused.value.response.status_code == 403
    socket = await ward.raw(origin=ward.url)
    await socket.close()


async def test_w1_a_binary_frame_closes_with_4003(ward: Ward) -> None:
    socket = await ward.hello(ward.room(), "requester")
    await socket.send(b"\x00\x01")
    assert await closed_with(socket) == 4003


async def test_w2_hello_is_awaited_for_a_bounded_time_then_4001(ward: Ward) -> None:
    socket = await ward.raw()
    bye = await hear(socket, "bye")
    assert (bye["code"], bye["slug"], bye["reconnect"]) == (4001, "protocol", "never")
    assert await closed_with(socket) == 4001


@pytest.mark.parametrize("first", ['{"t":"ping","n":1}', "not json", '{"t":"hello"}', "[]"])
async def test_w2_anything_but_hello_first_closes_with_4001(ward: Ward, first: str) -> None:
    socket = await ward.raw()
    await socket.send(first)
    assert await closed_with(socket) == 4001


async def test_w2_what_comes_before_welcome_is_refused(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.raw()
    ticket = await take_ticket(ward.url, room.member("requester").token)
    hello = {"t": "hello", "ticket": ticket, "device": "d", "app": "", "caps": []}
    join = {"t": "join", "re": "early", "room": room.room}
    socket.transport.write(masked(hello) + masked(join))  # one segment: no welcome in between
    frames = [await hear(socket), await hear(socket)]
    early = next(frame for frame in frames if frame["t"] == "err")
    assert (early["slug"], early["re"]) == ("not_authenticated", "early")
    await socket.close()


def masked(frame: Mapping[str, object]) -> bytes:
    """A client's frame on the wire (RFC 6455 section 5.2), with a mask of zeros."""
    payload = json.dumps(frame).encode()
    assert 126 <= len(payload) < 65536 or len(payload) < 126
    size = bytes([0x80 | len(payload)])
    if len(payload) >= 126:
        size = b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + payload


async def test_w2_a_ticket_is_good_once(ward: Ward) -> None:
    room = ward.room()
    ticket = await take_ticket(ward.url, room.member("requester").token)
    hello = {"t": "hello", "ticket": ticket, "device": "d", "app": "", "caps": []}
    first, second = await ward.raw(), await ward.raw()
    await say(first, hello)
    assert (await hear(first))["t"] == "welcome"
    await say(second, hello)
    assert (await hear(second))["slug"] == "ticket_used"
    bye = await hear(second, "bye")
    assert (bye["code"], bye["reconnect"]) == (4301, "reauth")
    await first.close()


async def test_w3_a_frame_of_64_kib_is_taken_and_one_more_byte_is_not(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    pub = {"t": "pub", "cid": "big", "room": room.room, "kind": "message.post"}
    frame = json.dumps(pub | {"body": {"text": "x"}, "pad": ""})
    await socket.send(frame[:-2] + "p" * (65536 - len(frame)) + frame[-2:])
    assert (await hear(socket, "ok"))["re"] == "big"
    await socket.send("x" * 65537)
    assert await closed_with(socket) == 1009


async def test_w3_an_oversized_frame_is_refused_by_its_header_alone(ward: Ward) -> None:
    socket = await ward.hello(ward.room(), "requester")
    # text, masked, 1 GiB announced: nothing of it is ever sent
    socket.transport.write(b"\x81\xff" + (1 << 30).to_bytes(8, "big") + b"\0\0\0\0")
    assert await closed_with(socket) == 1009


BROKEN = [
    ("not json", "bad_frame"),
    ("[1,2]", "bad_frame"),
    ('"text"', "bad_frame"),
    ('{"re":"a"}', "bad_frame"),
    ('{"t":7}', "bad_frame"),
    ("[" * 20000, "bad_frame"),
    ('{"t":"dance","re":"a"}', "unknown_frame"),
    ('{"t":"pub","cid":"c c","room":"r","kind":"message.post","body":{}}', "bad_frame"),
    ('{"t":"pub","cid":"' + "c" * 41 + '","room":"r","kind":"message.post"}', "bad_frame"),
    ('{"t":"join","re":"a","room":"ROOM","after":-1}', "bad_frame"),
    ('{"t":"join","re":"a","room":"ROOM","after":1.5}', "bad_frame"),
    ('{"t":"pub","cid":"k","room":"ROOM","kind":"tea.brew","body":{}}', "unknown_kind"),
    ('{"t":"pub","cid":"k","room":"ROOM","kind":"message.post","body":[]}', "bad_body"),
    ('{"t":"pub","cid":"k","room":"ROOM","kind":"message.post","body":{}}', "bad_body"),
    ('{"t":"pub","cid":"k","room":"ROOM","kind":"message.post","body":{"text":" "}}', "bad_body"),
]


@pytest.mark.parametrize(("text", "slug"), BROKEN)
async def test_w4_a_broken_frame_is_answered_and_the_socket_stays(
    ward: Ward, text: str, slug: str
) -> None:
    room = ward.fixed_room()
    socket = await ward.hello(room, "requester")
    await socket.send(text.replace("ROOM", room.room))
    err = await hear(socket, "err")
    assert (err["code"], err["slug"], err["retry"]) == (400, slug, False)
    assert " / " in err["detail"]
    await say(socket, {"t": "ping", "n": 3})
    assert (await hear(socket, "pong"))["n"] == 3
    await socket.close()


async def test_w4_invalid_utf8_is_answered_and_the_socket_stays(ward: Ward) -> None:
    if ward.hub.env["EXAMROOM_SOCKET"] == "asgi":
        return  # plain ASGI servers close with 1007 before we see it: said in operations.md
    socket = await ward.hello(ward.room(), "requester")
    payload = b'{"t":"ping","n":"\xff\xfe"}'
    socket.transport.write(b"\x81" + bytes([0x80 | len(payload)]) + b"\0\0\0\0" + payload)
    assert (await hear(socket, "err"))["slug"] == "bad_frame"
    await say(socket, {"t": "ping", "n": 4})
    assert (await hear(socket, "pong"))["n"] == 4
    await socket.close()


async def test_w4_unknown_fields_are_ignored(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    body = {"text": "bonjour", "colour": "green"}
    pub = {"t": "pub", "cid": "c", "room": room.room, "kind": "message.post", "body": body}
    await say(socket, pub | {"from": {"person": "somebody else"}, "later": 1})
    await hear(socket, "ok")
    await say(socket, {"t": "join", "re": "j", "room": room.room, "after": 4})
    event = (await hear(socket, "page"))["events"][0]
    assert event["body"] == {"text": "bonjour"}
    assert event["from"]["person"] == room.member("requester").person
    await socket.close()


async def test_w5_one_socket_carries_several_rooms_and_times_are_utc(ward: Ward) -> None:
    room = ward.room()
    person = room.member("requester")
    body = {
        "patient": {"birth_name": "TEST-DEUX"},
        "urgency": "P2",
        "modality_wanted": "CT",
        "region": ["head"],
        "clinical_question": "TEST",
    }
    async with ward.client(room, "requester") as client:
        async with httpx.AsyncClient(trust_env=False) as http:
            opened = await http.post(
                f"{ward.url}/api/v1/rooms",
                json=body,
                headers={"Authorization": f"Bearer {person.token}"},
            )
        assert opened.status_code == 201
        other = opened.json()["room"]
        await client.join(room.room)
        await client.join(other)
        first = await client.say(room.room, "un")
        second = await client.say(other, "deux")
        await client.until_seq(room.room, first.seq)
        await client.until_seq(other, second.seq)
        assert [event.seq for event in client.record.events(other)] == [second.seq]
    socket = await ward.hello(room, "technologist")
    await say(socket, {"t": "join", "re": "j", "room": room.room, "after": 0})
    for event in (await hear(socket, "page"))["events"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["at"])
    await socket.close()


async def test_4009_the_newer_socket_of_a_client_replaces_the_older(ward: Ward) -> None:
    """Also where the older one is a link that nobody reads any more; a second tab is let be."""
    room = ward.room()
    tab, old = await ward.hello(room, "requester"), await ward.hello(room, "requester", run="a")
    new = await ward.hello(room, "requester", run="a")
    bye = await hear(old, "bye")
    assert (bye["code"], bye["slug"], bye["reconnect"]) == (4009, "replaced", "never")
    assert await closed_with(old) == 4009
    for socket in (tab, new):
        await say(socket, {"t": "ping", "n": 1})
        assert (await hear(socket, "pong"))["n"] == 1
        await socket.close()
