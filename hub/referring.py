"""What critical results, second opinions and handovers need of the world: who somebody is.

A client's word is not taken for a name, a role or a site: the directory stamps them. Pictures that
go with a result or a question are those of the room.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from hub.room.commands import Command
from hub.room.exam import ImageRef
from hub.room.loop_commands import CriticalRaise, HandoverOffer, OpinionAnswer, OpinionAsk
from hub.room.members import INVITABLE
from hub.rooms import Rooms
from hub.wire.errors import Err, bad_body, err
from persistence.directory import Grant, Person

Find = Callable[[str], Awaitable[Person | None]]
"""Somebody of the directory, or None."""
Owner = Callable[[str], Awaitable[str]]
"""The room that a study belongs to, empty where none."""

NOBODY = "nobody of this id in the directory"


class Referring:
    """Hangs itself on the rooms."""

    def __init__(self, rooms: Rooms, find: Find, room_of: Owner) -> None:
        self._find = find
        self._room_of = room_of
        for kind in (CriticalRaise.kind, OpinionAsk.kind):
            rooms.decider.prepare[kind] = self._stamp_asked
        rooms.decider.prepare[OpinionAnswer.kind] = self._look_at_pictures
        rooms.decider.prepare[HandoverOffer.kind] = self._stamp_reliever

    async def _look_at_pictures(self, room: str, command: Command) -> Command | Err:
        shown: tuple[ImageRef, ...] = getattr(command, "images", ())
        for study in {one.study_uid for one in shown}:
            if await self._room_of(study) not in ("", room):
                return err("forbidden")
        return command

    async def _stamp_asked(self, room: str, command: Command) -> Command | Err:
        looked = await self._look_at_pictures(room, command)
        if isinstance(looked, Err) or not isinstance(command, CriticalRaise | OpinionAsk):
            return looked
        if not command.to:
            return replace(command, name="", role="", site="")
        person = await self._find(command.to)
        if person is None or person.disabled:
            return bad_body("to", NOBODY)
        grant = _in_care(person, command.role)
        if grant is None:
            return bad_body("to", "has no role in care at any site")
        return replace(command, name=person.name, role=grant.role, site=grant.site)

    async def _stamp_reliever(self, room: str, command: Command) -> Command | Err:
        if not isinstance(command, HandoverOffer):
            return command
        person = await self._find(command.to)
        if person is None or person.disabled:
            return bad_body("to", NOBODY)
        roles = tuple(dict.fromkeys(grant.role for grant in person.grants))
        if not roles:
            return bad_body("to", "has no role at any site")
        return replace(command, name=person.name, roles=roles)


def _in_care(person: Person, wanted: str) -> Grant | None:
    """The part in which somebody is asked: the one named, else their first in care."""
    parts = [one for one in person.grants if one.role in INVITABLE]
    return next((one for one in parts if one.role == wanted), next(iter(parts), None))
