"""One template file: read it, check it, and say what is wrong where it is wrong.

The `protocol` is checked by the very decoder of `protocol.issue`, so a template that loads is one
that can be prescribed; and a field that the decoder would drop in silence is an error here.
"""

import json
from pathlib import Path
from typing import Any

from hub.room.commands import ProtocolIssue
from hub.room.limits import BadBody
from hub.wire.bodies import decode_command, encode_command

BILINGUAL = ("name", "note", "source")
KEYS = frozenset(
    {"code", "version", "site", "name", "modality", "regions", "keywords", "example"}
    | {"note", "source", "protocol"}
)
MOST_BYTES = 64 * 1024


class BadTemplate(ValueError):
    """A template that cannot be offered. Says the file, the field and what to change."""

    def __init__(self, path: Path, field: str, problem: str) -> None:
        super().__init__(f"{path.name}: {field}: {problem}")
        self.path = path
        self.field = field
        self.problem = problem


def read(path: Path) -> dict[str, Any]:
    """The template in `path`, whole, with `site` filled in. Raises `BadTemplate`."""
    template = _parsed(path)
    template.setdefault("site", "")
    for key in sorted(KEYS - template.keys()):
        raise BadTemplate(path, key, "is missing")
    for key in sorted(template.keys() - KEYS):
        raise BadTemplate(path, key, "is not a field of a template")
    for key in ("code", "site"):
        if not isinstance(template[key], str) or len(template[key]) > 64:
            raise BadTemplate(path, key, "is a text of at most 64 characters")
    if not template["code"]:
        raise BadTemplate(path, "code", "is empty")
    if type(template["version"]) is not int or template["version"] < 1:
        raise BadTemplate(path, "version", "is a whole number from 1")
    if type(template["example"]) is not bool:
        raise BadTemplate(path, "example", "is true until the site has validated it, then false")
    _check_words(path, template)
    _check_protocol(path, template)
    return template


def _parsed(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BadTemplate(path, "file", f"cannot be read ({problem.strerror})") from problem
    if len(raw) > MOST_BYTES:
        raise BadTemplate(path, "file", f"is larger than {MOST_BYTES // 1024} KiB")
    try:
        template = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise BadTemplate(path, "file", f"is not JSON ({problem})") from problem
    if not isinstance(template, dict):
        raise BadTemplate(path, "file", "is not a JSON object")
    return template


def _check_words(path: Path, template: dict[str, Any]) -> None:
    for key in BILINGUAL:
        words = template[key]
        for language in ("fr", "en"):
            if not isinstance(words, dict) or not _is_text(words.get(language)):
                raise BadTemplate(path, f"{key}.{language}", "is missing: both languages are read")
    if not _is_text(template["source"].get("date")):
        raise BadTemplate(path, "source.date", "is missing: a value has a date, or it is a rumour")
    if not isinstance(template["keywords"], list) or not all(map(_is_text, template["keywords"])):
        raise BadTemplate(path, "keywords", "is a list of words")


def _check_protocol(path: Path, template: dict[str, Any]) -> None:
    protocol = template["protocol"]
    if not isinstance(protocol, dict):
        raise BadTemplate(path, "protocol", "is not an object")
    if "version" in protocol:
        raise BadTemplate(path, "protocol.version", "is given when it is prescribed, not here")
    body = json.dumps({**protocol, "version": 1}).encode()
    try:
        command = decode_command(ProtocolIssue.kind, body)
    except BadBody as problem:
        raise BadTemplate(path, f"protocol.{problem.field}", problem.problem) from problem
    if lost := _lost(protocol, json.loads(encode_command(command)), "protocol"):
        raise BadTemplate(path, lost, "is not a field of a protocol")
    for key, said in (
        ("modality", template["modality"]),
        ("regions", template["regions"]),
        ("template", template["code"]),
        ("template_version", template["version"]),
    ):
        if protocol.get(key) != said:
            raise BadTemplate(path, f"protocol.{key}", "differs from what the template says")


def _lost(given: Any, kept: Any, path: str) -> str:
    """The path of the first field of `given` that decoding dropped, or nothing."""
    if isinstance(given, dict):
        for key, value in given.items():
            where = f"{path}.{key}"
            if key not in kept:
                return where
            if lost := _lost(value, kept[key], where):
                return lost
    elif isinstance(given, list):
        for n, (value, held) in enumerate(zip(given, kept, strict=True), 1):
            if lost := _lost(value, held, f"{path}[{n}]"):
                return lost
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
