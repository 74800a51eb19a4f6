"""Reads the journal from the SQLite file itself, without the product: a witness of its own."""

import json
import sqlite3
from pathlib import Path

from .history import Kept, canonical

JOURNAL = 1
_EVERYTHING = """
SELECT rooms.room, entries.seq, entries.id, entries.kind, entries.actor, authors.device,
       entries.cid, entries.body
FROM entries JOIN rooms ON rooms.key = entries.room
LEFT JOIN authors ON authors.key = entries.author
WHERE entries.stream = ? ORDER BY rooms.room, entries.seq
"""


def read_journal(database: Path) -> dict[str, list[Kept]]:
    """Every room's journal. Opens the file read-only; the hub may run or be dead."""
    held: dict[str, list[Kept]] = {}
    store = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        for row in store.execute(_EVERYTHING, (JOURNAL,)):
            room, seq, id, kind, actor, device, cid, body = row
            held.setdefault(room, []).append(
                Kept(
                    seq=seq,
                    id=id,
                    kind=kind,
                    person=json.loads(actor)["person"],
                    device=device or "",
                    cid=cid,
                    body=canonical(json.loads(body)) if body is not None else "",
                )
            )
    finally:
        store.close()
    return held
