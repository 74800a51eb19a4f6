"""What every command and every event is, and who stands behind one; so that each part of the exam
can have its own module."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from hub.room.exam import Value
from hub.room.limits import Number, Text

Reason = Annotated[str, Text(1, 1000)]
Seq = Annotated[int, Number(1, 1_000_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Command(Value):
    """Asked by a person; decided by `decide`."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Event(Value):
    """A fact of the room."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class By(Value):
    """Who did it and when: the act's seq, RFC 3339 UTC, person id, name and role."""

    seq: int
    at: str
    person: str
    name: str
    role: str
