"""What comes in before anybody is known: bounded, heard whole, and on one hub a store."""

import asyncio
import json
import subprocess
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.kit.link import take_ticket
from tests.wire.conftest import Ward, hear, say

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: v1.examroom\r\n\r\n"
)


async def line(ward: Ward) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection."""
    where = urlsplit(ward.url)
    return await asyncio.open_connection(where.hostname, where.port)


def masked(text: bytes) -> bytes:
    """A text frame with a mask of zeros."""
    return b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text


@pytest.mark.parametrize("first", [b"GET /ws HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\n"])
async def test_a_head_without_an_end_is_cut_off(ward: Ward, first: bytes) -> None:
    reader, writer = await line(ward)
    writer.write(first)
    answer = b""
    with suppress(ConnectionError):
        for _ in range(12):
            writer.write(b"X-More: " + b"b" * 8000 + b"\r\n")
            await writer.drain()
        async with asyncio.timeout(5):  # sooner than what only says nothing is cut off
            answer = await reader.read()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    writer.close()


async def test_w2_what_comes_in_one_packet_with_the_handshake_is_heard(ward: Ward) -> None:
    if ward.hub.env["EXAMROOM_SOCKET"] == "asgi":
        return  # a client waits for the answer there (RFC 6455 section 4.1)
    room = ward.room()
    ticket = await take_ticket(ward.url, room.member("requester").token)
    hello = {"t": "hello", "ticket": ticket, "device": "dev", "app": "t" * 60, "caps": []}
    reader, writer = await line(ward)
    writer.write(HANDSHAKE + masked(json.dumps(hello).encode()))
    got = await asyncio.wait_for(reader.readuntil(b"server_time"), 5)
    assert b"101 Switching Protocols" in got
    assert b'"t":"welcome"' in got
    writer.close()


async def test_w4_an_act_that_is_no_json_is_refused_by_its_name(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    text = '{"t":"pub","cid":"half","room":"%s","kind":"message.post","body":{"text":"\\ud83d"}}'
    await socket.send(text % room.room)
    answer = await hear(socket, "err")
    assert (answer["slug"], answer["re"]) == ("bad_frame", "half")
    await say(socket, {"t": "ping", "n": 1})
    assert (await hear(socket, "pong"))["n"] == 1
    await socket.close()


async def test_the_last_of_a_burst_of_pointers_arrives(ward: Ward) -> None:
    room = ward.room()
    points, sees = await ward.hello(room, "requester"), await ward.hello(room, "radiologist")
    for socket in (points, sees):
        await say(socket, {"t": "join", "re": "j", "room": room.room})
        await hear(socket, "joined")
    for x in range(600):
        await say(points, {"t": "eph", "room": room.room, "key": "pointer", "body": {"x": x}})
    async with asyncio.timeout(10):
        while (await hear(sees, "eph"))["body"]["x"] != 599:
            pass
    await points.close()
    await sees.close()


async def test_a_second_hub_on_the_same_store_does_not_start(ward: Ward) -> None:
    again = await asyncio.to_thread(
        subprocess.run,
        ward.hub.command("serve", "--port", "0"),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert again.returncode == 1
    assert "another hub runs on" in again.stderr
