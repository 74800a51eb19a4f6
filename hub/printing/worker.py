"""`python -m hub.printing.worker`: a sheet as JSON on stdin, its PDF on stdout.

A process of its own: setting a page takes its time and memory, and neither is the hub's.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import typst

PAGE = Path(__file__).parent / "report.typ"


def main() -> None:
    """Read, set, write."""
    sheet = sys.stdin.buffer.read()
    signed_at = json.loads(sheet)["signed_at"]
    stamp = int(datetime.fromisoformat(signed_at).timestamp()) if signed_at else 0
    try:
        page = _set(sheet, stamp, archive=True)
    except typst.TypstError:
        # a character that no font of ours has is no reason to print nothing
        page = _set(sheet, stamp, archive=False)
    sys.stdout.buffer.write(page)


def _set(sheet: bytes, stamp: int, *, archive: bool) -> bytes:
    """The PDF. `archive`: as PDF/A-2a (ISO 19005-2), since what is kept for twenty years must not
    lean on anything outside."""
    return typst.compile(
        PAGE,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"sheet": sheet.decode()},
        pdf_standards="a-2a" if archive else None,
        timestamp=stamp,
    )


if __name__ == "__main__":
    main()
