"""The data that reports are written with: reference levels of dose, and templates of reports.

Shipped files come first; those of the site (`DATA/levels/*.json`, `DATA/reports/*.json`) add to
them. A level of the site replaces the shipped one for the same exam, quantity, phantom and age;
a template of the site, of the shipped one of the same code.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from hub.library.template import BadTemplate
from hub.room.limits import BadBody, check
from hub.room.report import ReferenceLevel, Sections

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")
QUANTITIES = ("ctdivol", "dlp")
PHANTOMS = ("head_16", "body_32")
KEYS = frozenset(
    {"code", "version", "site", "modality", "words", "name", "source", "example", "sections"}
)

ReportTemplate = dict[str, Any]

_sections = msgspec.json.Decoder(Sections)


def levels(folder: Path | None = None) -> tuple[ReferenceLevel, ...]:
    """Every reference level in force. Raises `BadTemplate` naming the file and the row."""
    held: dict[tuple[str, str, str, str], ReferenceLevel] = {}
    for path in _files(HERE / "levels", folder):
        for n, row in enumerate(_parsed(path).get("levels", ()), 1):
            level = _level(path, n, row)
            held[level.exam, level.quantity, level.phantom, level.age] = level
    return tuple(held.values())


def _level(path: Path, n: int, row: Any) -> ReferenceLevel:
    where = f"levels[{n}]"
    try:
        level = msgspec.convert(row, ReferenceLevel)
    except msgspec.ValidationError as problem:
        raise BadTemplate(path, where, str(problem)) from problem
    for field, allowed in (
        ("quantity", QUANTITIES),
        ("phantom", PHANTOMS),
        ("age", ("adult", "child")),
    ):
        if getattr(level, field) not in allowed:
            raise BadTemplate(path, f"{where}.{field}", f"is one of {', '.join(allowed)}")
    for field in ("exam", "source", "dated", "words"):
        if not getattr(level, field):
            raise BadTemplate(path, f"{where}.{field}", "is missing: a level has all of these")
    return level


def templates(folder: Path | None = None) -> tuple[ReportTemplate, ...]:
    """Every template of a report, by modality then French name. Raises `BadTemplate`."""
    held: dict[str, ReportTemplate] = {}
    for path in _files(HERE / "reports", folder):
        template = _template(path)
        held[template["code"]] = template
    return tuple(sorted(held.values(), key=lambda one: (one["modality"], one["name"]["fr"])))


def _template(path: Path) -> ReportTemplate:
    template = _parsed(path)
    for key in sorted(KEYS ^ template.keys()):
        problem = "is missing" if key in KEYS else "is not a field of a template of a report"
        raise BadTemplate(path, key, problem)
    for language in LANGUAGES:
        if not template["name"].get(language) or not template["source"].get(language):
            raise BadTemplate(path, f"name.{language}", "is missing: both languages are read")
        sections = template["sections"].get(language)
        try:
            check(_sections.decode(json.dumps(sections)))
        except (msgspec.ValidationError, BadBody) as problem:
            raise BadTemplate(path, f"sections.{language}", str(problem)) from problem
    if not template["source"].get("date"):
        raise BadTemplate(path, "source.date", "is missing: a text has a date, or it is a rumour")
    return template


def _files(shipped: Path, folder: Path | None) -> list[Path]:
    own = sorted(folder.glob("*.json")) if folder is not None and folder.is_dir() else []
    return [*sorted(shipped.glob("*.json")), *own]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as problem:
        raise BadTemplate(path, "file", f"cannot be read ({problem})") from problem
    if not isinstance(read, dict):
        raise BadTemplate(path, "file", "is not a JSON object")
    return read
