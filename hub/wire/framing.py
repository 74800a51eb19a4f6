"""Server frames of RFC 6455: never masked, never fragmented, built once and written to everyone."""

import struct
from collections.abc import Iterator

_SHORT = 126
_LONG = 65536
_head = struct.Struct("!BBH").pack


def text_frame(payload: bytes) -> bytes:
    """A whole text message (RFC 6455 section 5.2)."""
    size = len(payload)
    if size < _SHORT:
        return b"\x81%c%b" % (size, payload)
    if size < _LONG:
        return _head(0x81, 126, size) + payload
    return b"\x81\x7f%b%b" % (struct.pack("!Q", size), payload)


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping; at most 125 bytes, as the ping was (section 5.5.3)."""
    return b"\x8a%c%b" % (len(payload), payload)


def close_frame(code: int) -> bytes:
    """The closing handshake (section 5.5.1). The reason goes in `bye`, where proxies let it by."""
    return b"\x88\x02%b" % struct.pack("!H", code)


def payloads(framed: bytes) -> Iterator[tuple[int, bytes]]:
    """(opcode, payload) of frames built here: for links that frame messages themselves."""
    at = 0
    while at < len(framed):
        op, size, at = framed[at] & 0x0F, framed[at + 1], at + 2
        if size == 126:
            size, at = int.from_bytes(framed[at : at + 2], "big"), at + 2
        elif size == 127:
            size, at = int.from_bytes(framed[at : at + 8], "big"), at + 8
        yield op, framed[at : at + size]
        at += size
