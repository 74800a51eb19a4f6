"""What people say and show: messages, quick replies, pictures."""

from dataclasses import fields

from hub.room import refusals
from hub.room.commands import ImageShare, MessagePost, MessageRetract, QuickReply
from hub.room.events import ImageShared, MessagePosted, MessageRetracted, QuickReplied
from hub.room.exam import ImageRef
from hub.room.refusals import Refused
from hub.room.scene import Answer, Scene
from hub.room.words import QUICK_REPLIES

_IMAGE_FIELDS = tuple(field.name for field in fields(ImageRef))


def share(command: ImageShare, scene: Scene) -> Answer:
    """Shows a picture by reference."""
    return (ImageShared(**{name: getattr(command, name) for name in _IMAGE_FIELDS}),)


def post(command: MessagePost, scene: Scene) -> Answer:
    """Says something."""
    replied = command.in_reply_to
    if replied is not None and (problem := _no_such_entry(replied, scene)):
        return problem
    return (MessagePosted(text=command.text, lang=command.lang, in_reply_to=command.in_reply_to),)


def reply(command: QuickReply, scene: Scene) -> Answer:
    """Says one of the ready words."""
    if command.code not in QUICK_REPLIES:
        return refusals.body(
            "code",
            "Réponse rapide inconnue : choisissez-en une de la liste, ou écrivez un message.",
            "Unknown quick reply: choose one of the list, or post a message.",
        )
    if problem := _no_such_entry(command.in_reply_to, scene):
        return problem
    return (
        QuickReplied(code=command.code, detail=command.detail, in_reply_to=command.in_reply_to),
    )


def _no_such_entry(seq: int | None, scene: Scene) -> Refused | None:
    if seq is None or seq <= scene.room.seq:
        return None
    return refusals.body(
        "in_reply_to",
        "Ce à quoi vous répondez n'existe pas dans cette salle : envoyez sans référence.",
        "What you reply to does not exist in this room: send it without the reference.",
    )


def retract(command: MessageRetract, scene: Scene) -> Answer:
    """Takes back one's own message; the journal keeps it."""
    cited = scene.cited
    if cited is None or cited.seq != command.seq or not isinstance(cited.event, MessagePosted):
        return refusals.body(
            "seq",
            "Il n'y a pas de message à cette place : choisissez un de vos messages.",
            "There is no message at that place: choose one of your messages.",
        )
    if cited.by.person != scene.by.person:
        return refusals.forbidden(
            "Ce message n'est pas de vous : demandez à son auteur de le retirer.",
            "That message is not yours: ask its author to retract it.",
        )
    if command.seq in scene.room.retracted:
        return refusals.conflict(
            "Ce message est déjà retiré : il n'y a rien à faire.",
            "That message is already retracted: nothing to do.",
        )
    return (MessageRetracted(seq=command.seq, reason=command.reason),)
