"""The bytes between the hub and its workers: JSON and a picture, each behind its length."""

import struct
from typing import BinaryIO, Final

LENGTH: Final = struct.Struct("<I")
ANSWER: Final = struct.Struct("<II")
MOST: Final = 32 * 2**20
"""Bytes of an answer; a longer one is no answer of ours."""


def pack(head: bytes, blob: bytes) -> bytes:
    """An answer: both lengths, then both."""
    return ANSWER.pack(len(head), len(blob)) + head + blob


def ask(request: bytes) -> bytes:
    """A request: its length, then itself."""
    return LENGTH.pack(len(request)) + request


def read(stream: BinaryIO) -> bytes | None:
    """The next request, None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])
