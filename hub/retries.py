"""What makes a retry the same act, and two acts different (W-12)."""

import hashlib
from uuid import UUID

from hub.room.commands import Command
from hub.wire.bodies import encode_command


def request_hash(command: Command) -> bytes:
    """16 bytes over what was asked: the same for every spelling of the same JSON."""
    return hashlib.blake2b(
        command.kind.encode() + b"\n" + encode_command(command), digest_size=16
    ).digest()


def room_id(person: str, device: str, cid: str) -> str:
    """The room that this act opens, however often it is repeated (W-12)."""
    seed = hashlib.sha256(f"examroom-open\n{person}\n{device}\n{cid}".encode()).digest()
    return str(UUID(bytes=seed[:16], version=5))  # Python 3.11 knows no version 8
