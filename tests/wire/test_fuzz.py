"""Hostile frames: nothing that a client can send crashes, hangs or closes what W-4 keeps open."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from hub.room.commands import BY_KIND
from hub.wire.frames import CLIENT_FRAMES
from tests.wire.conftest import Ward, hear, rss_kib, say

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAGS = [cls.__struct_config__.tag for cls in CLIENT_FRAMES if cls.__name__ != "Hello"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
ids = st.sampled_from(["a", "é", "", "x" * 41, "ok-1"]) | st.text(max_size=50)
rooms = st.sampled_from(["ROOM", "no-such-room", "", "../../etc/passwd"]) | json_values
frames = st.fixed_dictionaries(
    {"t": st.sampled_from(TAGS) | json_values},
    optional={
        "re": ids,
        "cid": ids,
        "room": rooms,
        "kind": st.sampled_from(sorted(BY_KIND)) | st.text(max_size=20),
        "body": json_values,
        "after": st.integers() | json_values,
        "epoch": json_values,
        "upto": st.integers() | json_values,
        "key": ids,
        "n": st.integers(),
        "ticket": st.text(max_size=30),
        "call": ids,
    },
)
texts = st.text(max_size=200) | frames.map(json.dumps) | json_values.map(json.dumps)


async def still_there(socket: ClientConnection, n: int) -> None:
    """The socket answers."""
    await say(socket, {"t": "ping", "n": n})
    while (await hear(socket, "pong"))["n"] != n:
        pass


async def test_w4_no_frame_closes_a_socket_or_kills_the_hub(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "radiologist")
    await say(socket, {"t": "join", "re": "j", "room": room.room})
    batches: list[list[str]] = []

    @settings(
        max_examples=40, database=None, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(texts, min_size=10, max_size=10))
    def gather(batch: list[str]) -> None:
        batches.append(batch)

    gather()
    for n, batch in enumerate(batches, 1_000_000):
        for text in batch:
            await socket.send(text.replace("ROOM", room.room))
        await still_there(socket, n)
    await socket.close()
    assert ward.hub.process is not None
    assert ward.hub.process.returncode is None
    assert "Traceback" not in ward.hub.log.read_text()
    assert "acts_not_decided" not in ward.hub.log.read_text()


raw_bytes = st.binary(min_size=1, max_size=300)


async def test_w4_no_bytes_kill_the_hub(ward: Ward) -> None:
    chunks: list[bytes] = []

    @settings(max_examples=40, database=None, deadline=None, derandomize=True)
    @given(raw_bytes)
    def gather(chunk: bytes) -> None:
        chunks.append(chunk)

    gather()
    for chunk in chunks:
        socket = await ward.raw()
        socket.transport.write(chunk)
        socket.transport.abort()
    alive = await ward.hello(ward.room(), "requester")
    await still_there(alive, 1)
    await alive.close()
    assert "Traceback" not in ward.hub.log.read_text()


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x" * 8001},
        {"text": "x", "lang": "l" * 13},
        {"text": "x", "in_reply_to": 0},
        {"text": None},
        {"text": {"deep": [[[[]]]]}},
    ],
)
async def test_w4_a_body_out_of_bounds_names_its_field(ward: Ward, body: dict[str, Any]) -> None:
    socket = await ward.hello(ward.fixed_room(), "requester")
    pub = {"t": "pub", "cid": "c", "room": ward.fixed_room().room, "kind": "message.post"}
    await say(socket, pub | {"body": body})
    refusal = await hear(socket, "err")
    assert refusal["slug"] == "bad_body"
    field = next(name for name in ("in_reply_to", "lang", "text") if name in refusal["detail"])
    assert field in body
    await socket.close()


async def test_a_flood_of_answers_that_nobody_reads_is_bounded(ward: Ward) -> None:
    room = ward.room()
    socket = await ward.hello(room, "requester")
    socket.transport.pause_reading()
    ping = json.dumps({"t": "dance", "re": "x" * 40})
    before = rss_kib(ward.hub.pid)
    with suppress(ConnectionClosed, TimeoutError):  # cut off, or held back: both are bounded
        async with asyncio.timeout(8):
            for _ in range(100_000):
                await socket.send(ping)
    assert rss_kib(ward.hub.pid) - before < 20_000
    socket.transport.abort()
    other = await ward.hello(room, "technologist")
    await still_there(other, 5)
    await other.close()
