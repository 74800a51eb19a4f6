"""The people of the room: invited, and taken out of it."""

from hub.room import pursuit, refusals
from hub.room.commands import MemberInvite, MemberRemove
from hub.room.events import MemberInvited, MemberRemoved
from hub.room.permissions import ASKERS
from hub.room.refusals import Refused
from hub.room.roles import CARE, SYSTEM, Role
from hub.room.room import Room
from hub.room.scene import Answer, Scene

INVITABLE = CARE | {Role.PHYSICIST, Role.SERVICE}


def invite(command: MemberInvite, scene: Scene) -> Answer:
    """Lets a person in, also one who was taken out before."""
    role = command.role or Role.SUBSPECIALIST.value
    if role not in {one.value for one in INVITABLE} or command.person == SYSTEM.person:
        return refusals.body(
            "role",
            "On n'invite pas ce rôle dans une salle d'examen : choisissez un rôle de soin.",
            "That role is not invited into an exam room: choose a role in care.",
        )
    return (
        MemberInvited(
            person=command.person,
            role=role,
            name=command.name,
            site=command.site,
            question=command.question,
        ),
    )


def remove(command: MemberRemove, scene: Scene) -> Answer:
    """Takes a person out: they stay out until invited again (W-22)."""
    if problem := _must_stay(scene.room, command.person):
        return problem
    return (MemberRemoved(person=command.person, reason=command.reason),)


def _must_stay(room: Room, person: str) -> Refused | None:
    if room.owner is not None and room.owner.person == person:
        return refusals.forbidden(
            "Cette personne a l'examen en charge : proposez-le d'abord à un confrère.",
            "That person has the exam: offer it to a colleague first.",
        )
    if any(pursuit.is_open(one) and person in (one.to, one.holder) for one in room.criticals):
        return refusals.forbidden(
            "Un résultat critique attend encore cette personne : qu'il soit d'abord reçu.",
            "A critical result still waits for that person: have it received first.",
        )
    if person in room.removed:
        return refusals.conflict(
            "Cette personne est déjà hors de la salle : il n'y a rien à faire.",
            "That person is already out of the room: nothing to do.",
        )
    asking = {who for who, held in room.members.items() if held.role in ASKERS}
    if asking == {person}:
        return refusals.forbidden(
            "C'est le dernier demandeur de la salle : invitez d'abord un autre médecin.",
            "That is the last requester in the room: invite another physician first.",
        )
    return None
