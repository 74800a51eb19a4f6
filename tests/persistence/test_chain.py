"""The bytes of the chain, against vectors that were computed without this code."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from persistence import chain
from persistence.entries import Append, Draft, Stored, Stream
from persistence.sqlite import SqliteJournal
from tests.contracts.journal import Opened

VECTORS = json.loads(Path(__file__).with_name("chain_vectors.json").read_text("utf-8"))["entries"]
PROOF = Path(__file__).parents[2] / "docs" / "proof.md"


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: f"{one['stream']}-{one['seq']}")
def test_vectors(one: dict[str, Any]) -> None:
    header = chain.header(
        one["stream"],
        one["room"],
        one["seq"],
        one["at"],
        one["id"],
        one["cid"],
        one["kind"],
        one["actor"].encode(),
    )
    assert header.hex() == one["header_hex"]
    texts = (one["at"], one["id"], one["cid"], one["kind"], one["actor"])
    stored = [text.encode() for text in texts]
    room = one["room"].encode()
    assert chain.header_of_bytes(one["stream"], room, one["seq"], *stored) == header
    body = one["body"].encode()
    assert chain.body_hash(body).hex() == one["body_hash"]
    previous = bytes.fromhex(one["previous"])
    assert chain.digest(previous, header, chain.body_hash(body)).hex() == one["digest"]
    assert chain.link(previous, header, body) == (
        bytes.fromhex(one["body_hash"]),
        bytes.fromhex(one["digest"]),
    )


async def test_the_store_computes_the_vectors(tmp_path: Path) -> None:
    one = await Opened(SqliteJournal(f"sqlite:///{tmp_path}/x.db")).start()
    drafts = [
        Draft(
            Stream(each["stream"]),
            each["room"],
            each["seq"],
            each["at"],
            each["id"],
            each["actor"].encode(),
            each["kind"],
            each["cid"],
            each["body"].encode(),
        )
        for each in VECTORS
    ]
    assert set(await one.write(*(Append([draft]) for draft in drafts))) == {Stored()}
    for stream in Stream:
        entries = await one.journal.read(stream, VECTORS[0]["room"], 0, 10, 10_000)
        expected = [each for each in VECTORS if each["stream"] == stream]
        assert [entry.digest.hex() for entry in entries] == [each["digest"] for each in expected]
    await one.journal.stop()


def test_the_example_of_the_docs_is_the_first_vector() -> None:
    shown = re.findall(r"\b[0-9a-f]{64}\b", PROOF.read_text("utf-8"))
    assert VECTORS[0]["digest"] in shown
    assert VECTORS[0]["body_hash"] in shown
    lines = bytes.fromhex(VECTORS[0]["header_hex"]).decode()
    assert lines in PROOF.read_text("utf-8").replace("\n    ", "\n")


def test_every_byte_counts() -> None:
    fields: list[Any] = [1, "room", 1, "at", "id", "cid", "kind", b"actor"]
    whole = chain.header(*fields)
    seen = {whole}
    for index, value in enumerate(fields):
        changed = list(fields)
        changed[index] = value + (b"x" if isinstance(value, bytes) else type(value)(1))
        seen.add(chain.header(*changed))
    assert len(seen) == 1 + len(fields)
    assert chain.link(bytes(32), whole, b"") != chain.link(bytes(31) + b"\1", whole, b"")
    assert chain.body_hash(b"") == sha256(b"").digest()
