"""What a person can ask when people are called; part of the union in `commands.py`."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from hub.room.kinds import Command, Reason, Seq
from hub.room.limits import Line, Short, Text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseDecline(Command):
    """Say that one does not take the exam that one is rung for: the ring goes on without."""

    kind: ClassVar[str] = "case.decline"
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingStart(Command):
    """Call a person, or whoever is on call for a subspecialty, into the room with a question.

    Exactly one of `to` and `subspecialty` is given.
    """

    kind: ClassVar[str] = "ring.start"
    question: Annotated[str, Text(1, 2000)]
    to: Annotated[str, Text(0, 64)] = ""
    subspecialty: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingAnswer(Command):
    """Answer a call into the room; for the exam itself that is `case.claim`."""

    kind: ClassVar[str] = "ring.answer"
    ring: Seq


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingDecline(Command):
    kind: ClassVar[str] = "ring.decline"
    ring: Seq
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RingStop(Command):
    """Call off a ring that one started."""

    kind: ClassVar[str] = "ring.stop"
    ring: Seq
    reason: Line = ""


COMMANDS: tuple[type[Command], ...] = (CaseDecline, RingStart, RingAnswer, RingDecline, RingStop)
