"""Who may enter a room: those who treat this patient, and those whom they invited."""

from hub.room.reviews import is_signed
from hub.room.rings import rung
from hub.room.roles import Actor, Role
from hub.room.room import Room

_OF_THE_SITE = frozenset({Role.TECHNOLOGIST, Role.PROXIMITY_PHYSICIAN})
_OF_THE_LINE = frozenset({Role.RADIOLOGIST, Role.REGULATOR, Role.COORDINATOR})


def may_enter(room: Room, *, actor: Actor, covers: frozenset[str]) -> bool:
    """Whether `actor` may enter `room`. `covers`: their own site and the sites of their lines.

    Its people always; then technologists and physicians on site of its site, and radiologists,
    regulators and coordinators who cover its site, unless they were removed. A requester or a
    subspecialist comes in by being of the room: by the request, or invited. A person whom the
    exam is offered to comes in to take it, and whoever is rung comes in to see what for.
    So does whoever a handover is offered to. Quality comes in once a report is signed, and sees
    neither identity nor free text.
    """
    if room.seq == 0 or actor.person in room.removed:
        return False
    if actor.person in room.members or actor.person in (room.offered_to, *rung(room)):
        return True
    if any(one.to == actor.person for one in room.handovers):
        return True
    if actor.role is Role.QUALITY:
        return is_signed(room) and room.site in covers
    if actor.role in _OF_THE_SITE:
        return actor.site == room.site
    return actor.role in _OF_THE_LINE and room.site in covers
