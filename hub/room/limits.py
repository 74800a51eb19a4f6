"""Bounds of what a body may hold, written once beside the field they bound.

A field is declared `Annotated[str, Text(1, 8000)]`; `check` walks a body and raises `BadBody`
naming the field. The schema of the wire reads the same marks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints


class BadBody(ValueError):
    """A body that does not keep its bounds. `field` is a dotted path; the value is never told."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `least` to `most` characters, counted after trimming for the lower bound."""

    least: int
    most: int

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value`, or None."""
        if isinstance(value, str):
            if len(value) > self.most:
                return f"at most {self.most} characters"
            if self.least and len(value.strip()) < self.least:
                return f"at least {self.least} character(s)"
        return None


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number from `least` to `most`, both allowed."""

    least: float
    most: float

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value`, or None."""
        if isinstance(value, int | float) and not self.least <= value <= self.most:
            return f"from {self.least:g} to {self.most:g}"
        return None


@dataclass(frozen=True, slots=True)
class Items:
    """A list or a map of `least` to `most` entries."""

    least: int
    most: int

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value`, or None."""
        if isinstance(value, tuple | list | dict) and not self.least <= len(value) <= self.most:
            return f"from {self.least} to {self.most} entries"
        return None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A string out of a closed list."""

    allowed: tuple[str, ...]

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value`, or None."""
        if isinstance(value, str) and value not in self.allowed:
            return f"one of {', '.join(self.allowed)}"
        return None


MOST_OPEN = 32
"""Questions, queries on a protocol, or incidents of one room that may be open at once."""

Mark = Text | Number | Items | OneOf

Id = Annotated[str, Text(1, 64)]
"""An opaque id of ours: a person, a site, a room."""
Short = Annotated[str, Text(0, 200)]
"""A label or a term."""
Line = Annotated[str, Text(0, 1000)]
"""A sentence or two: a reason, a note."""
Prose = Annotated[str, Text(0, 8000)]
"""Free text."""
Uid = Annotated[str, Text(1, 64)]
"""A DICOM UID (PS3.5 section 9.1: at most 64 characters)."""


def marks_of(cls: type) -> tuple[tuple[str, tuple[Mark, ...], tuple[Mark, ...]], ...]:
    """(field, marks on the field, marks on each item of it) for every field of `cls`."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple((f.name, *_marks(hints[f.name])) for f in fields(cls))


def _marks(hint: Any) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    own: list[Mark] = []
    inner: list[Mark] = []
    for part in _alternatives(hint):
        if get_origin(part) is Annotated:
            base, *extra = get_args(part)
            own += [m for m in extra if isinstance(m, Mark)]
            part = base
        if get_origin(part) in (tuple, list):
            inner += _marks(get_args(part)[0])[0]
        elif get_origin(part) is dict:
            inner += _marks(get_args(part)[1])[0]
    return tuple(own), tuple(inner)


def _alternatives(hint: Any) -> Iterator[Any]:
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        yield from get_args(hint)
    else:
        yield hint


_PLAIN = frozenset({str, int, float, bool})
_CHECKERS: dict[type, Callable[[Any, str], None]] = {}
"""One compiled check a class, made at its first use."""


def _checker(cls: type) -> Callable[[Any, str], None]:
    if known := _CHECKERS.get(cls):
        return known
    usual = {field.name: field.default for field in fields(cls)}
    plan = [
        (name, usual[name], tuple(mark.problem for mark in own), inner)
        for name, own, inner in marks_of(cls)
    ]

    def run(value: Any, path: str) -> None:
        for name, default, own, inner in plan:
            held = getattr(value, name)
            if held is default or held is None:  # what a field has of itself keeps its bounds
                continue
            for problem_of in own:
                if problem := problem_of(held):
                    raise BadBody(f"{path}{name}", problem)
            kind = type(held)
            if kind in _PLAIN:  # nearly every field: nothing stands inside it
                continue
            if is_dataclass(held):
                _checker(kind)(held, f"{path}{name}.")
            elif isinstance(held, tuple | list | dict):
                _check_items(held, inner, f"{path}{name}")

    _CHECKERS[cls] = run
    return run


def _check_items(held: Any, inner: tuple[Mark, ...], where: str) -> None:
    pairs = held.items() if isinstance(held, dict) else enumerate(held, 1)
    for key, item in pairs:
        if len(str(key)) > 200:
            raise BadBody(where, "a key is at most 200 characters")
        for mark in inner:
            if problem := mark.problem(item):
                raise BadBody(f"{where}[{key}]", problem)
        if is_dataclass(item):
            _checker(type(item))(item, f"{where}[{key}].")


def check(value: object) -> None:
    """Raise `BadBody` where a field of the dataclass `value`, at any depth, breaks its bound."""
    _checker(type(value))(value, "")
