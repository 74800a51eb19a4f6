"""A claim is a lease: it lapses when its holder vanishes before the exam has its protocol.

Whether somebody vanished is not in the journal; the shell knows it, and asks here what follows.
"""

from datetime import datetime, timedelta

from hub.oncall.engine import Around
from hub.oncall.policy import Plan
from hub.room.events import CaseReleased, Event
from hub.room.rings import CASE, begun, here
from hub.room.room import Room
from hub.room.stages import Stage
from hub.room.times import moment
from hub.room.words import LAPSED

LEASED: tuple[Stage, ...] = (Stage.CLAIMED, Stage.JUSTIFIED, Stage.INFO_NEEDED)
"""Stages in which the exam waits for what only its owner can do next."""


def lapsed(
    room: Room, person: str, now: datetime, grace_s: float, plan: Plan | None, around: Around
) -> tuple[Event, ...]:
    """What follows when `person` has been gone for `grace_s` seconds: the exam is taken back and
    rings again; nothing, where they do not have it, or not so long."""
    owner = room.owner
    if owner is None or owner.person != person or room.stage not in LEASED:
        return ()
    if now - moment(owner.at) < timedelta(seconds=grace_s):
        return ()
    released = CaseReleased(reason=" / ".join(LAPSED), lapsed=True)
    if plan is None:
        return (released,)
    around = here(room, around)
    return (released, *begun(plan, purpose=CASE, seq=room.seq + 2, now=now, around=around))
