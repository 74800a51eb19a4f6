"""The chain of a stream: each digest stands for an entry and for everything before it.

`digest = SHA-256(previous digest ‖ header ‖ SHA-256(body))`, the previous digest of seq 1 being 32
zero bytes. The header is the bytes written here; docs/proof.md says the same for other languages.
"""

from hashlib import sha256

ROOT = bytes(32)
"""The digest before the first entry."""
MAGIC = "examroom-entry-v1"


def header(
    stream: int, room: str, seq: int, at: str, id: str, cid: str, kind: str, actor: bytes
) -> bytes:
    """The canonical header of an entry: eight lines of UTF-8, then `actor` as sent."""
    lines = f"{MAGIC}\n{stream}\n{room}\n{seq}\n{at}\n{id}\n{cid}\n{kind}\n"
    return lines.encode() + actor


def header_of_bytes(stream: int, room: bytes, seq: int, *rest: bytes) -> bytes:
    """The same from bytes as stored; `rest` is at, id, cid, kind, actor."""
    return b"\n".join((MAGIC.encode(), b"%d" % stream, room, b"%d" % seq, *rest))


def body_hash(body: bytes) -> bytes:
    """What stands in the chain for a body."""
    return sha256(body).digest()


def digest(previous: bytes, header: bytes, body_hash: bytes) -> bytes:
    """The digest of an entry."""
    return sha256(previous + header + body_hash).digest()


def link(previous: bytes, header: bytes, body: bytes) -> tuple[bytes, bytes]:
    """(body hash, digest) of an entry: both of the above in one."""
    hashed = sha256(body).digest()
    return hashed, sha256(previous + header + hashed).digest()
