"""Who has the exam: claimed by one, released, offered to a colleague who takes it over."""

from hub.room import handovers, refusals, rings
from hub.room.commands import CaseClaim, CaseReassign, CaseRelease
from hub.room.events import CaseClaimed, CaseReassigned, CaseReleased
from hub.room.refusals import Refused
from hub.room.roles import Role
from hub.room.scene import Answer, Scene


def claim(command: CaseClaim, scene: Scene) -> Answer:
    """One winner; the loser is told who. Whom the exam is offered to takes it over."""
    owner, by = scene.room.owner, scene.by
    if owner is None:
        return (CaseClaimed(),)
    if owner.person == by.person:
        return refusals.yours_already()
    if scene.room.offered_to == by.person:
        return (CaseClaimed(from_person=owner.person), *handovers.with_claim(scene, owner.person))
    return refusals.already_claimed(owner.name)


def _not_theirs(kind: str, scene: Scene, others: frozenset[Role]) -> Refused | None:
    owner, by = scene.room.owner, scene.by
    if owner is None:
        return refusals.nobody_owns(kind)
    if owner.person != by.person and by.role not in others:
        return refusals.not_owner(kind, owner.name)
    return None


def release(command: CaseRelease, scene: Scene) -> Answer:
    """By its owner, or by the regulator for an owner who is gone; the line is rung again."""
    if problem := _not_theirs(command.kind, scene, frozenset({Role.REGULATOR})):
        return problem
    return (CaseReleased(reason=command.reason), *rings.of_case(scene, after=1))


def reassign(command: CaseReassign, scene: Scene) -> Answer:
    """An offer: the exam stays with its owner until the other claims it."""
    room = scene.room
    others = frozenset({Role.REGULATOR, Role.COORDINATOR})
    if problem := _not_theirs(command.kind, scene, others):
        return problem
    if room.owner and command.to == room.owner.person:
        return refusals.body(
            "to",
            "Cette personne a déjà l'examen : choisissez-en une autre.",
            "That person has the exam already: choose another.",
        )
    if command.to in room.removed:
        return refusals.forbidden(
            "Cette personne a été retirée de la salle : invitez-la d'abord.",
            "That person was removed from the room: invite them first.",
        )
    return (CaseReassigned(to=command.to, name=command.name, reason=command.reason),)
