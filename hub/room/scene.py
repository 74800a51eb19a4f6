"""What a decision is taken from: the room, who asks, when, and the entry that the command cites."""

from datetime import datetime
from typing import NamedTuple

from hub.oncall.engine import NOBODY_AWAY, Around
from hub.oncall.policy import Plan
from hub.room.events import Event, Recorded
from hub.room.refusals import Refused
from hub.room.roles import Actor
from hub.room.room import Room

Answer = tuple[Event, ...] | Refused
"""The events that a command leads to, the first being its own; or why it leads to none."""


class Scene(NamedTuple):
    """The arguments of `decide` beside the command.

    `plan` is whom to ring, where the command rings anybody and the hub has a rota; `around` is who
    is away.
    """

    room: Room
    by: Actor
    now: datetime
    cited: Recorded | None = None
    plan: Plan | None = None
    around: Around = NOBODY_AWAY
