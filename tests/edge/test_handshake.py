"""W-1: the plain handshake that is answered at once is one that the library would have accepted."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.utils import accept_key

from hub.edge import handshake
from hub.edge.entrance import asks_for_socket

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
LINES = [
    "Host: hub.example",
    "Upgrade: websocket",
    "Connection: keep-alive, Upgrade",  # as Firefox has it
    f"Sec-WebSocket-Key: {KEY}",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: v1.examroom",
]


def head(lines: list[str], first: str = "GET /ws HTTP/1.1") -> bytes:
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1")


def anywhere(headers: Mapping[str, str]) -> bool:
    return True


def nowhere(headers: Mapping[str, str]) -> bool:
    return False


def test_a_plain_handshake_is_answered_as_the_rfc_has_it() -> None:
    answer, opened = handshake.answer(head(LINES), anywhere)
    assert opened
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert b"Sec-WebSocket-Protocol: v1.examroom\r\n" in answer
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param([*LINES[:5], "Sec-WebSocket-Protocol: v2.examroom"], b"400", id="protocol"),
        pytest.param(LINES[:5], b"400", id="no protocol"),
        pytest.param([*LINES[:4], "Sec-WebSocket-Version: 8", LINES[5]], b"400", id="version"),
        pytest.param([*LINES[:3], *LINES[4:]], b"400", id="no key"),
        pytest.param([*LINES, LINES[3]], b"400", id="two keys"),
        pytest.param([*LINES[:3], "Sec-WebSocket-Key: c2hvcnQ=", *LINES[4:]], b"400", id="key"),
        pytest.param([*LINES[:2], "Connection: close", *LINES[3:]], b"426", id="connection"),
    ],
)
def test_what_is_not_right_is_refused_in_the_words_of_the_library(
    lines: list[str], status: bytes
) -> None:
    answer, opened = handshake.answer(head(lines), anywhere)
    assert not opened
    assert answer.split()[1] == status


def test_a_foreign_page_opens_no_socket() -> None:
    answer, opened = handshake.answer(head([*LINES, "Origin: https://elsewhere.example"]), nowhere)
    assert not opened
    assert answer.startswith(b"HTTP/1.1 403 ")


@given(
    st.permutations([*LINES, "X-Other: 1", "Origin: https://a"]),
    st.sampled_from([f"{what} HTTP/1.{n}" for what in ("GET /ws", "GET /ws?x=1") for n in (0, 1)]),
    st.text(alphabet="AZaz09 :,=-\t\r\n\x00é", max_size=3),
    st.integers(0, 300),
)
def test_the_short_way_opens_nothing_that_the_library_refuses(
    lines: list[str], first: str, noise: str, where: int
) -> None:
    request = head(lines, first)
    request = request[:where] + noise.encode("latin-1") + request[where:]
    accept = handshake._plainly_right(request, anywhere)
    if accept is not None:
        judged = handshake._judged(request, anywhere)
        assert judged.status_code == 101
        assert judged.headers["Sec-WebSocket-Accept"] == accept == accept_key(KEY)
        assert asks_for_socket(request)


@pytest.mark.parametrize(
    ("first_bytes", "socket"),
    [
        (head(LINES), True),
        (head(LINES, "GET /ws?x=1 HTTP/1.1"), True),
        (head(LINES, "GET /wsx HTTP/1.1"), False),
        (head(LINES[:1]), False),
        (b"GET", False),
        (b"POST /api/v1/tickets HTTP/1.1\r\n\r\n", False),
    ],
)
def test_the_first_bytes_say_what_comes_in(first_bytes: bytes, socket: bool) -> None:
    assert asks_for_socket(first_bytes) is socket
