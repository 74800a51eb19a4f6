"""The cases of the demonstration as data: who does what, in what order, after how long a pause.

A case is a JSON file in `cases/`. Every step is a command of the wire, body and all, but for what
only the playing can fill in: `"$content_hash"` is the hash of the protocol in force, `"$seq:NAME"`
the seq of the step of that name, `"$ago:N"` the time N minutes ago (never in a seeded case, which
must stay the same act), `{"$image": "NAME:N"}` the Nth instance of a study of the demonstration.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.clock import rfc3339

CASES = Path(__file__).parent / "cases"
NIGHT = "stroke-night"
"""The case that `--play` plays; the others are seeded."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One act: `pause_s` is how long a person would take before it, at speed 1."""

    who: str
    kind: str
    body: Body
    pause_s: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A story for the cast. `studies` are the pictures it shows, by name; `head` is what ails the
    synthetic one, in the words of `hub.imaging.synthetic.Case`."""

    code: str
    title: dict[str, str]
    studies: tuple[str, ...]
    ends_in: str
    steps: tuple[Step, ...]
    head: Body = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """One DICOM instance that a case may show."""

    study_uid: str
    series_uid: str
    sop_uid: str


Studies = Mapping[str, Sequence[Instance]]
"""Name of a study of the demonstration to its instances, in order."""


@dataclass(slots=True)
class Playing:
    """What the playing of a case has led to so far, to fill in the references of later steps."""

    studies: Studies
    now: datetime
    """When the playing began; aware UTC."""
    content_hash: str = ""
    """Of the protocol in force."""
    seqs: dict[str, int] = field(default_factory=dict)
    """Seq of each named step."""

    def body(self, step: Step) -> Body:
        """The body to send. Raises `KeyError` for a reference to what is not there."""
        filled: Body = self._fill(step.body)
        return filled

    def _fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            filled = {key: self._fill(held) for key, held in value.items() if key != "$image"}
            return self._image(value["$image"]) | filled if "$image" in value else filled
        if isinstance(value, list):
            return [self._fill(held) for held in value]
        if value == "$content_hash":
            return self.content_hash
        if isinstance(value, str) and value.startswith("$ago:"):
            return rfc3339(self.now - timedelta(minutes=float(value.removeprefix("$ago:"))))
        if isinstance(value, str) and value.startswith("$seq:"):
            return self.seqs[value.removeprefix("$seq:")]
        return value

    def _image(self, reference: str) -> Body:
        name, _, number = reference.partition(":")
        instances = self.studies[name]
        instance = instances[(int(number) - 1) % len(instances) if number else 0]
        return {
            "study_uid": instance.study_uid,
            "series_uid": instance.series_uid,
            "sop_uid": instance.sop_uid,
        }


def load(code: str) -> Case:
    """The case of that code. Raises `FileNotFoundError`."""
    case = json.loads((CASES / f"{code}.json").read_text(encoding="utf-8"))
    return Case(
        code=case["code"],
        title=case["title"],
        studies=tuple(case["studies"]),
        ends_in=case["ends_in"],
        steps=tuple(Step(**step) for step in case["steps"]),
        head=case.get("head", {}),
    )


def seeded() -> tuple[Case, ...]:
    """The cases that rooms of the demonstration stand in, by code."""
    codes = sorted(path.stem for path in CASES.glob("*.json"))
    return tuple(load(code) for code in codes if code != NIGHT)
