"""The end of a shift: everything that a person answers for in a room, offered to a colleague.

Nothing changes hands until it is accepted. The exam itself goes the way of every exam that is
offered (`claims.py`): `case.reassigned` with the offer, `case.claimed` with its acceptance.
"""

from datetime import datetime, timedelta

from hub.room import opinions, refusals
from hub.room.events import CaseClaimed, CaseReassigned, Event
from hub.room.loop_commands import (
    HandoverAccept,
    HandoverDecline,
    HandoverOffer,
    HandoverWithdraw,
)
from hub.room.loop_events import (
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    HandoverWithdrawn,
)
from hub.room.loops import Handover, Loop
from hub.room.permissions import ASKERS, READERS
from hub.room.pursuit import is_open
from hub.room.refusals import Refused
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.scene import Answer, Scene
from hub.room.stages import Stage
from hub.room.times import moment, spelled

AS_READER = frozenset({"exam"})
AS_PHYSICIAN = frozenset({"patient", "question", "report"})
"""Loops that only somebody of the same part can take over."""
REASON = "Relève / Handover"


def open_loops(room: Room, person: str) -> tuple[Loop, ...]:
    """What `person` answers for in `room` now, in the order of `loops.Loop`."""
    if room.seq == 0 or room.stage is Stage.CLOSED:
        return ()
    found: list[Loop] = []
    if room.owner and room.owner.person == person:
        found.append(_loop("exam", room.owner.seq, room.owner.at, _until(room, person)))
    asked = room.attending or room.requested
    if asked and asked.person == person:
        found.append(_loop("patient", asked.seq, asked.at))
        found += _of_the_physician(room)
    for one in room.criticals:
        if is_open(one):
            if one.holder == person:
                found.append(_loop("critical", one.raised.seq, one.raised.at, one.limit_at))
            if one.to == person:
                found.append(_loop("receipt", one.raised.seq, one.raised.at, one.limit_at))
    for each in opinions.unfinished(room):
        if each.holder == person:
            found.append(_loop("opinion", each.asked.seq, each.asked.at))
        if each.adviser and each.adviser.person == person and each.answered is None:
            found.append(_loop("advice", each.asked.seq, each.asked.at))
    return tuple(found)


def _of_the_physician(room: Room) -> list[Loop]:
    found = [
        _loop("question", one.asked.seq, one.asked.at)
        for one in room.questions
        if one.answered is None
    ]
    if room.stage is Stage.REPORTED_FINAL and room.report is not None:
        sealed = (room.addenda[-1] if room.addenda else room.report).sealed
        clock = room.clocks.get("report")
        found.append(_loop("report", sealed.seq, sealed.at, clock.limit_at if clock else ""))
    return found


def _loop(kind: str, seq: int, since: str, until: str = "") -> Loop:
    return Loop(kind=kind, seq=seq, since=since, until=until)


def _until(room: Room, person: str) -> str:
    move = room.next_move
    return move.until if move and move.person == person else ""


def offered_to(room: Room, person: str) -> tuple[Handover, ...]:
    """Handovers that wait for `person`."""
    return tuple(one for one in room.handovers if one.to == person)


def offered_by(room: Room, person: str) -> tuple[Handover, ...]:
    """Handovers that `person` offered and nobody answered yet."""
    return tuple(one for one in room.handovers if one.offered.person == person)


def offer(command: HandoverOffer, scene: Scene) -> Answer:
    """Offers everything of the giver's in this room; the exam itself too, where they have it."""
    room, by = scene.room, scene.by
    loops = open_loops(room, by.person)
    if problem := _no_offer(command, scene, loops):
        return problem
    until = spelled(scene.now + timedelta(minutes=command.minutes))
    offered = HandoverOffered(
        to=command.to, name=command.name, until=until, loops=loops, note=command.note
    )
    if _kinds(loops) & AS_READER:
        exam = CaseReassigned(to=command.to, name=command.name, reason=command.note or REASON)
        return (offered, exam)
    return (offered,)


def _no_offer(command: HandoverOffer, scene: Scene, loops: tuple[Loop, ...]) -> Refused | None:
    room, by = scene.room, scene.by
    if command.to == by.person:
        return refusals.body(
            "to",
            "Une relève se propose à quelqu'un d'autre que vous.",
            "A handover is offered to somebody other than yourself.",
        )
    if command.to in room.removed:
        return refusals.forbidden(
            "Cette personne a été retirée de la salle : invitez-la d'abord.",
            "That person was removed from the room: invite them first.",
        )
    if offered_by(room, by.person):
        return refusals.conflict(
            "Vous avez déjà proposé la relève de cette salle : attendez la réponse ou retirez-la.",
            "You have offered this room already: wait for the answer, or withdraw it.",
        )
    if not loops:
        return refusals.conflict(
            "Rien n'attend de vous dans cette salle : il n'y a rien à transmettre.",
            "Nothing waits for you in this room: there is nothing to hand over.",
        )
    roles = {Role(role) for role in command.roles if role in {one.value for one in Role}}
    return _unfit(loops, roles) if roles else None


def _kinds(loops: tuple[Loop, ...]) -> set[str]:
    return {one.kind for one in loops}


def _unfit(loops: tuple[Loop, ...], roles: set[Role]) -> Refused | None:
    """Why somebody who plays `roles` cannot answer for `loops`."""
    kinds = _kinds(loops)
    if kinds & AS_READER and not roles & READERS:
        return refusals.forbidden(
            "L'examen est en charge d'un radiologue : proposez la relève à un radiologue.",
            "The exam is in a radiologist's charge: offer the handover to a radiologist.",
        )
    if kinds & AS_PHYSICIAN and not roles & ASKERS:
        return refusals.forbidden(
            "Le patient est suivi par le médecin demandeur : proposez la relève à un médecin "
            "demandeur ou de proximité.",
            "The patient is followed by the requesting physician: offer the handover to a "
            "requesting physician or a physician on site.",
        )
    return None


def accept(command: HandoverAccept, scene: Scene) -> Answer:
    """Takes over what is still the giver's, the exam among it."""
    held = _to_me(command.handover, scene)
    return held if isinstance(held, Refused) else taken_over(held, scene)


def taken_over(held: Handover, scene: Scene) -> Answer:
    """The events by which `held` changes hands now."""
    giver = held.offered.person
    loops = open_loops(scene.room, giver)
    if problem := _unfit(loops, {scene.by.role}):
        return problem
    accepted = HandoverAccepted(handover=held.offered.seq, from_person=giver, loops=loops)
    if _kinds(loops) & AS_READER:
        return (accepted, CaseClaimed(from_person=giver))
    return (accepted,)


def with_claim(scene: Scene, owner: str) -> tuple[Event, ...]:
    """What goes along where the exam that `owner` hands over is taken by `case.claim`."""
    held = next(
        (one for one in offered_to(scene.room, scene.by.person) if one.offered.person == owner),
        None,
    )
    if held is None:
        return ()
    loops = open_loops(scene.room, owner)
    if _unfit(loops, {scene.by.role}):
        return ()
    return (HandoverAccepted(handover=held.offered.seq, from_person=owner, loops=loops),)


def decline(command: HandoverDecline, scene: Scene) -> Answer:
    """Says no: everything stays with the giver."""
    held = _to_me(command.handover, scene)
    if isinstance(held, Refused):
        return held
    return (HandoverDeclined(handover=held.offered.seq, reason=command.reason),)


def withdraw(command: HandoverWithdraw, scene: Scene) -> Answer:
    """The giver keeps it after all."""
    held = next(iter(offered_by(scene.room, scene.by.person)), None)
    if held is None:
        return _no_handover()
    return (HandoverWithdrawn(handover=held.offered.seq, reason=command.reason),)


def _to_me(seq: int | None, scene: Scene) -> Handover | Refused:
    held = [
        one
        for one in offered_to(scene.room, scene.by.person)
        if seq is None or one.offered.seq == seq
    ]
    return held[0] if held else _no_handover()


def _no_handover() -> Refused:
    return refusals.conflict(
        "Aucune relève ne vous attend ici, ou elle n'est plus proposée : relisez la liste.",
        "No handover waits for you here, or it is not offered any more: read the list again.",
    )


def next_times(room: Room) -> list[str]:
    """When an offer lapses."""
    return [one.until for one in room.handovers]


def due(room: Room, now: datetime) -> tuple[Event, ...]:
    """Offers that nobody answered in time."""
    return tuple(
        HandoverLapsed(handover=one.offered.seq, to=one.to)
        for one in room.handovers
        if moment(one.until) <= now
    )
