"""Second opinions: asked of a person or a specialty, taken on, answered, weighed by the asker."""

from hub.room import members, refusals
from hub.room.commands import MemberInvite
from hub.room.loop_commands import (
    OpinionAccept,
    OpinionAnswer,
    OpinionAsk,
    OpinionConclude,
    OpinionDecline,
    OpinionWithdraw,
)
from hub.room.loop_events import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionAsked,
    OpinionConcluded,
    OpinionDeclined,
    OpinionWithdrawn,
)
from hub.room.loops import Opinion
from hub.room.refusals import Refused
from hub.room.room import Room
from hub.room.scene import Answer, Scene

OPEN = ("asked", "accepted", "answered")
"""States of an opinion that still waits for somebody."""


def unfinished(room: Room) -> tuple[Opinion, ...]:
    """Opinions that still wait for somebody."""
    return tuple(one for one in room.opinions if one.state in OPEN)


def ask(command: OpinionAsk, scene: Scene) -> Answer:
    """The question, and the person asked comes into the room with it."""
    if not command.to and not command.specialty.strip():
        return refusals.body(
            "to",
            "Nommez la personne ou la spécialité dont vous demandez l'avis.",
            "Name the person or the specialty whose opinion you ask for.",
        )
    if command.to == scene.by.person:
        return refusals.body(
            "to",
            "Un deuxième avis se demande à quelqu'un d'autre que vous.",
            "A second opinion is asked of somebody other than yourself.",
        )
    held = scene.room.members.get(command.to)
    asked = OpinionAsked(
        question=command.question,
        to=command.to,
        name=held.name if held else command.name,
        specialty=command.specialty,
        images=command.images,
    )
    if not command.to or held is not None:
        return (asked,)
    role = command.role or "subspecialist"
    invited = members.invite(
        MemberInvite(
            person=command.to,
            role=role,
            name=command.name,
            site=command.site,
            question=command.question[:1000],
        ),
        scene,
    )
    return invited if isinstance(invited, Refused) else (asked, *invited)


def accept(command: OpinionAccept, scene: Scene) -> Answer:
    """Takes the question on."""
    held = _asked(command.opinion, scene, ("asked",))
    return held if isinstance(held, Refused) else (OpinionAccepted(opinion=command.opinion),)


def decline(command: OpinionDecline, scene: Scene) -> Answer:
    """Says no, with a reason. A question to a specialty stays open for the others."""
    held = _asked(command.opinion, scene, ("asked", "accepted"))
    if isinstance(held, Refused):
        return held
    return (OpinionDeclined(opinion=command.opinion, reason=command.reason),)


def answer(command: OpinionAnswer, scene: Scene) -> Answer:
    """The opinion; to answer is to have taken it on."""
    held = _asked(command.opinion, scene, OPEN)
    if isinstance(held, Refused):
        return held
    return (OpinionAnswered(opinion=command.opinion, text=command.text, images=command.images),)


def conclude(command: OpinionConclude, scene: Scene) -> Answer:
    """How far both agree."""
    held = _own(command.opinion, scene, ("answered",))
    if isinstance(held, Refused):
        return held
    return (
        OpinionConcluded(
            opinion=command.opinion, concordance=command.concordance, remark=command.remark
        ),
    )


def withdraw(command: OpinionWithdraw, scene: Scene) -> Answer:
    """The question falls away."""
    held = _own(command.opinion, scene, OPEN)
    if isinstance(held, Refused):
        return held
    return (OpinionWithdrawn(opinion=command.opinion, reason=command.reason),)


def _asked(seq: int, scene: Scene, states: tuple[str, ...]) -> Opinion | Refused:
    """The opinion, where `by` is the one asked: by name, or any other expert for a specialty."""
    held = _one(seq, scene.room, states)
    if isinstance(held, Refused):
        return held
    by = scene.by.person
    named = held.adviser.person if held.adviser else held.to
    if by in (held.asked.person, held.holder) or (named and named != by):
        return refusals.forbidden(
            "Cet avis est demandé à quelqu'un d'autre : écrivez, ou attendez sa réponse.",
            "That opinion is asked of somebody else: write a message, or wait for their answer.",
        )
    return held


def _own(seq: int, scene: Scene, states: tuple[str, ...]) -> Opinion | Refused:
    """The opinion, where `by` is the one who asked, who took over, or who has the exam."""
    held = _one(seq, scene.room, states)
    if isinstance(held, Refused):
        return held
    owner = scene.room.owner
    own = {held.asked.person, held.holder, owner.person if owner else ""}
    if scene.by.person not in own:
        return refusals.forbidden(
            "C'est à la personne qui a demandé l'avis de le conclure.",
            "The person who asked for the opinion concludes it.",
        )
    return held


def _one(seq: int, room: Room, states: tuple[str, ...]) -> Opinion | Refused:
    held = next((one for one in room.opinions if one.asked.seq == seq), None)
    if held is None:
        return refusals.body(
            "opinion",
            "Il n'y a pas de demande d'avis à cette place : choisissez-en une de la salle.",
            "No opinion was asked at that place: choose one of the room.",
        )
    if held.state not in states:
        return refusals.conflict(
            "Cette demande d'avis n'en est pas là : relisez-la, puis choisissez l'acte suivant.",
            "That opinion does not stand there: read it again, then choose the next act.",
        )
    return held
