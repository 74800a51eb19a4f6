"""Client frames of RFC 6455, sans-I/O: bytes in, whole messages out, bounded before buffering.

Ours and not the library's because every act of every person comes through here: a whole frame in
one read, which is nearly all of them, costs one slice and one unmasking.
"""

from dataclasses import dataclass
from enum import IntEnum

from websockets.speedups import apply_mask

from hub.wire.frames import MAX_FRAME


class Op(IntEnum):
    """Opcodes (section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Violation(Exception):
    """The peer broke RFC 6455; `code` is the close code it gets (section 7.4.1)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Control:
    """A close, ping or pong."""

    op: Op
    payload: bytes


Received = bytes | Control

_WHOLE_TEXT = 0x81
_MASKED_126 = 0x80 | 126
_PROTOCOL_ERROR = 1002
_TOO_BIG = 1009
BINARY_REFUSED = 4003
"""W-1: a binary frame closes with 4003."""


class FrameReader:
    """Cuts a stream of bytes into messages.

    After `feed` raised `Violation` the reader must not be fed again.
    """

    __slots__ = ("_fragments", "_held", "_kept")

    def __init__(self) -> None:
        # Bytes of a frame that has not arrived whole.
        self._kept = b""
        # Pieces of a fragmented text message, None outside of one, and their size.
        self._fragments: list[bytes] | None = None
        self._held = 0

    def feed(self, data: bytes) -> list[Received]:
        """Text messages (their UTF-8 bytes, not yet checked) and control frames, in order."""
        if self._kept:
            data = self._kept + data
            self._kept = b""
        found: list[Received] = []
        at, end = 0, len(data)
        whole = self._fragments is None
        while end - at >= 2:
            first, second = data[at], data[at + 1]
            if second == _MASKED_126 and first == _WHOLE_TEXT and whole and end - at >= 8:
                start = at + 8  # nearly every act: a whole text of 126 bytes and more
                stop = start + (data[at + 2] << 8 | data[at + 3])
                if stop <= end:
                    found.append(apply_mask(data[start:stop], data[at + 4 : start]))
                    at = stop
                    continue
            size, start = second & 0x7F, at + 2
            if size == 126:
                if end - at < 4:
                    break
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                if end - at < 10:
                    break
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            self._admit(first, second, size)
            stop = start + 4 + size
            if stop > end:
                break
            payload = apply_mask(data[start + 4 : stop], data[start : start + 4])
            at = stop
            if first == _WHOLE_TEXT and self._fragments is None:
                found.append(payload)
            else:
                self._take(first, payload, found)
                whole = self._fragments is None
        if at < end:
            self._kept = data[at:]
        return found

    def _admit(self, first: int, second: int, size: int) -> None:
        """Refuse by the header alone, before a byte of the payload is kept."""
        if not second & 0x80 or first & 0x70:  # unmasked, or an extension nobody agreed on
            raise Violation(_PROTOCOL_ERROR)
        op = first & 0x0F
        if op >= Op.CLOSE:
            if size > 125 or not first & 0x80 or op > Op.PONG:
                raise Violation(_PROTOCOL_ERROR)
        elif op == Op.BINARY:
            raise Violation(BINARY_REFUSED)
        elif op > Op.BINARY:
            raise Violation(_PROTOCOL_ERROR)
        elif size + self._held > MAX_FRAME:
            raise Violation(_TOO_BIG)

    def _take(self, first: int, payload: bytes, found: list[Received]) -> None:
        op = Op(first & 0x0F)
        if op >= Op.CLOSE:
            found.append(Control(op, payload))
            return
        if (op is Op.TEXT) is (self._fragments is not None):
            raise Violation(_PROTOCOL_ERROR)  # a new message inside one, or a piece of none
        pieces = self._fragments if self._fragments is not None else []
        pieces.append(payload)
        self._held += len(payload)
        if first & 0x80:
            found.append(b"".join(pieces))
            self._fragments, self._held = None, 0
        else:
            # an endless train of empty pieces would cost memory without ever reaching the bound
            if len(pieces) > 1024:
                raise Violation(_TOO_BIG)
            self._fragments = pieces
