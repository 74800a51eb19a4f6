"""Critical results: raised, tried, received with a read-back, closed.

No category 1 result ends in silence: only a receipt by a named person ends the calling
(`pursuit.py`), and the room does not close before it.
"""

from datetime import datetime, timedelta

from hub.room import members, refusals, rings
from hub.room.commands import MemberInvite
from hub.room.criticality import CATEGORIES, Category
from hub.room.events import Event
from hub.room.heard import missing
from hub.room.loop_commands import (
    CriticalAcknowledge,
    CriticalAttempt,
    CriticalClose,
    CriticalRaise,
)
from hub.room.loop_events import (
    CriticalAcknowledged,
    CriticalAttempted,
    CriticalClosed,
    CriticalRaised,
)
from hub.room.loops import Critical
from hub.room.permissions import ASKERS, TELLERS
from hub.room.pursuit import MINUTE_MS, is_open
from hub.room.refusals import Refused
from hub.room.room import Room
from hub.room.scene import Answer, Scene
from hub.room.times import later, moment, spelled

AHEAD = timedelta(minutes=2)
"""How far a told time may lie ahead of the hub's clock: the clocks of a ward are not all right."""


def raise_(command: CriticalRaise, scene: Scene) -> Answer:
    """Says it, for whom, and by when it has to be received."""
    category = CATEGORIES[command.category]
    identified = _told(command.identified_at, "identified_at", scene.now)
    if isinstance(identified, Refused):
        return identified
    if problem := _words_problem(command, category):
        return problem
    invited = _recipient(command, scene)
    if isinstance(invited, Refused):
        return invited
    to, name, events = invited
    first = category.steps[0].minutes
    raised = CriticalRaised(
        category=command.category,
        finding=command.finding,
        code=command.code,
        words=command.words,
        images=command.images,
        identified_at=identified,
        limit_at=later(identified, category.limit_min * MINUTE_MS),
        next_at=later(spelled(scene.now), first * MINUTE_MS),
        to=to,
        name=name,
    )
    return (raised, *events, *rings.of_critical(scene, to, after=1 + len(events)))


def _words_problem(command: CriticalRaise, category: Category) -> Refused | None:
    if category.direct and not command.words:
        return refusals.body(
            "words",
            "Choisissez dans le constat le ou les mots que le destinataire devra répéter.",
            "Choose the word or words of the finding that the recipient has to repeat.",
        )
    if missing(command.words, command.finding):
        return refusals.body(
            "words",
            "Les mots à répéter doivent figurer dans le constat, tels quels.",
            "The words to be repeated have to stand in the finding, as they are.",
        )
    return None


def _recipient(
    command: CriticalRaise, scene: Scene
) -> tuple[str, str, tuple[Event, ...]] | Refused:
    """(person, name, what brings them into the room)."""
    room = scene.room
    if not command.to:
        asked = room.attending or room.requested
        return (asked.person, asked.name, ()) if asked else ("", "", ())
    if command.to == scene.by.person:
        return refusals.body(
            "to",
            "Un résultat critique se dit à quelqu'un d'autre que vous.",
            "A critical result is told to somebody other than yourself.",
        )
    held = room.members.get(command.to)
    if held is not None:
        return command.to, held.name, ()
    role = command.role or "requester"
    invited = members.invite(
        MemberInvite(person=command.to, role=role, name=command.name, site=command.site), scene
    )
    return invited if isinstance(invited, Refused) else (command.to, command.name, invited)


def attempt(command: CriticalAttempt, scene: Scene) -> Answer:
    """Writes down that somebody tried. The calling goes on: reached is not yet understood."""
    held = _open_one(command.critical, scene.room)
    if isinstance(held, Refused):
        return held
    at = _told(command.at, "at", scene.now)
    if isinstance(at, Refused):
        return at
    return (
        CriticalAttempted(
            critical=command.critical,
            method=command.method,
            outcome=command.outcome,
            at=at,
            name=command.name,
            role=command.role,
            number=command.number,
            note=command.note,
        ),
    )


def acknowledge(command: CriticalAcknowledge, scene: Scene) -> Answer:
    """The receipt: who, when, how, from whom, and what they read back."""
    held = _open_one(command.critical, scene.room)
    if isinstance(held, Refused):
        return held
    if problem := _may_receive(command, held, scene) or _read_back_problem(command, held):
        return problem
    received = _told(command.received_at, "received_at", scene.now)
    if isinstance(received, Refused):
        return received
    if received < held.identified_at:
        return refusals.body(
            "received_at",
            "La réception ne peut précéder la découverte : corrigez l'heure.",
            "It cannot have been received before it was found: put the time right.",
        )
    by, outside = scene.by, command.recipient
    return (
        CriticalAcknowledged(
            critical=command.critical,
            name=outside.name if outside else by.name,
            role=outside.role if outside else by.role.value,
            person="" if outside else by.person,
            number=outside.number if outside else "",
            method=command.method,
            received_at=received,
            communicated_by=by.person if outside else held.raised.person,
            communicator=by.name if outside else held.raised.name,
            read_back=command.read_back,
            action=command.action,
        ),
    )


def _may_receive(command: CriticalAcknowledge, held: Critical, scene: Scene) -> Refused | None:
    by, outside = scene.by, command.recipient
    if outside is None:
        own = by.person in (held.raised.person, held.holder)
        if own or not (by.role in ASKERS or by.person == held.to):
            return refusals.forbidden(
                "La réception se confirme par le médecin demandeur, le médecin de proximité ou la "
                "personne désignée ; pour quelqu'un hors de la salle, saisissez le destinataire.",
                "It is acknowledged by the requesting physician, the physician on site or the "
                "person named; for somebody outside of the room, enter the recipient.",
            )
        return None
    if by.role not in TELLERS:
        return refusals.forbidden(
            "Seul un radiologue note ce qu'il a dit lui-même à quelqu'un hors de la salle.",
            "Only a radiologist records what they told somebody outside of the room themselves.",
        )
    if command.method == "room":
        return refusals.body(
            "method",
            "Dites comment cette personne a été prévenue : téléphone, de vive voix…",
            "Say how that person was told: by phone, in person…",
        )
    if command.method == "phone" and not outside.number.strip():
        return refusals.body(
            "recipient.number",
            "Notez le numéro auquel cette personne a répondu.",
            "Record the number that this person answered.",
        )
    return None


def _read_back_problem(command: CriticalAcknowledge, held: Critical) -> Refused | None:
    if CATEGORIES[held.category].read_back and not command.read_back.strip():
        return refusals.body(
            "read_back",
            "Répétez le résultat avec vos mots : la relecture est la preuve de réception.",
            "Repeat the result in your words: the read-back is the proof of receipt.",
        )
    lost = missing(held.words, command.read_back)
    return refusals.critical_words(len(lost), len(held.words)) if lost else None


def close(command: CriticalClose, scene: Scene) -> Answer:
    """Closes the loop. Without a receipt never in category 1, else with a reason."""
    held = _one(command.critical, scene.room)
    if isinstance(held, Refused):
        return held
    if held.closed is not None:
        return refusals.conflict(
            "Ce résultat critique est déjà clos : il n'y a rien à faire.",
            "That critical result is closed already: nothing to do.",
        )
    if held.receipt is None and held.category == 1:
        return refusals.critical_unproven()
    if held.receipt is None and not command.reason.strip():
        return refusals.body(
            "reason",
            "Personne n'a confirmé la réception : dites pourquoi ce résultat est clos quand même.",
            "Nobody acknowledged it: say why this result is closed all the same.",
        )
    return (CriticalClosed(critical=command.critical, reason=command.reason),)


def _one(seq: int, room: Room) -> Critical | Refused:
    found = next((one for one in room.criticals if one.raised.seq == seq), None)
    return found or refusals.body(
        "critical",
        "Il n'y a pas de résultat critique à cette place : choisissez-en un de la salle.",
        "There is no critical result at that place: choose one of the room.",
    )


def _open_one(seq: int, room: Room) -> Critical | Refused:
    held = _one(seq, room)
    if isinstance(held, Refused) or is_open(held):
        return held
    return refusals.conflict(
        "La réception de ce résultat critique est déjà acquise : il n'y a rien à faire.",
        "That critical result has been received or closed already: nothing to do.",
    )


def _told(text: str, field: str, now: datetime) -> str | Refused:
    """A time that a person told, spelled as the room does; now where nothing was said."""
    if not text.strip():
        return spelled(now)
    try:
        at = moment(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at > now + AHEAD:
        return refusals.body(
            field,
            "Donnez une heure avec son fuseau, qui ne soit pas dans l'avenir.",
            "Give a time with its offset, that is not in the future.",
        )
    return spelled(at)
