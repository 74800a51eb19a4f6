"""The client's side of RFC 6455, as little of it as a load generator needs.

The masking key is all zero, which is allowed and saves the generator the masking: what is measured
is the server.
"""

from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole masked frame (section 5.2)."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


class Frames:
    """Cuts what a server sends into frames. Servers do not mask; ours do not fragment."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        # The beginning of a frame that has not arrived whole.
        self._kept = b""

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """(opcode, payload) of every frame that `chunk` completes. Run it to its end."""
        if self._kept:
            chunk = self._kept + chunk
            self._kept = b""
        at, end = 0, len(chunk)
        while end - at >= 2:
            size, start = chunk[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(chunk[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(chunk[at + 2 : at + 10], "big"), at + 10
            stop = start + size
            if start > end or stop > end:
                break
            opcode = chunk[at] & 0x0F
            at = stop
            yield opcode, chunk[start:stop]
        if at < end:
            self._kept = chunk[at:]
