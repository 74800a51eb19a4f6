"""Writes what is generated from the code (`make docs`); `--check` fails where a file has drifted.

A generator is a function without arguments that gives the whole text of its file. Add it, with the
path of its file, to `GENERATED`.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, from any folder

from docs.room_page import room_page  # noqa: E402 (the path comes first)
from hub.room.tables import tables  # noqa: E402 (the path comes first)


def tables_json() -> str:
    """The tables of the domain for the web client."""
    return json.dumps(tables(), ensure_ascii=False, indent=1) + "\n"


GENERATED: list[tuple[str, Callable[[], str]]] = [
    ("docs/room.md", room_page),
    ("clients/web/src/generated/tables.json", tables_json),
]


def drifted() -> list[str]:
    """The files that are not as their generator would write them."""
    return [path for path, text in GENERATED if _held(ROOT / path) != text()]


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: list[str]) -> int:
    """Write every file, or with `--check` only say which ones have drifted."""
    stale = drifted()
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path} has drifted: run `make docs`\n")
        return 1 if stale else 0
    for path, text in GENERATED:
        if path in stale:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text(), encoding="utf-8")
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
