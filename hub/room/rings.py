"""Rings of a room: begun with the request or by a person, answered, declined, called off; and what
the hub does about them in time. How a ring goes on is the engine's (`hub.oncall.engine`)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from hub.oncall import engine
from hub.oncall.engine import Around, Entered, Ring
from hub.oncall.policy import Plan
from hub.room import refusals
from hub.room.events import Event
from hub.room.refusals import Refused
from hub.room.ring_commands import CaseDecline, RingAnswer, RingDecline, RingStart, RingStop
from hub.room.ring_events import (
    CaseDeclined,
    RingAlerted,
    RingAnswered,
    RingDeclined,
    RingEscalated,
    RingExhausted,
    RingStarted,
    RingStopped,
)
from hub.room.room import Room
from hub.room.scene import Answer, Scene

CASE = "case"
ASK = "ask"
CRITICAL = "critical"


def rung(room: Room) -> tuple[str, ...]:
    """The persons whose devices ring for `room` now."""
    if not room.rings:
        return ()
    return tuple(person for ring in room.rings for person in ring.ringing)


def just_ended(room: Room) -> frozenset[str]:
    """The persons whom the last event of `room` stopped ringing: they must hear of it."""
    return frozenset(
        one.person for ring in room.rings if ring.ended_at == room.at for one in ring.people
    )


def case_is_rung(room: Room) -> bool:
    """Whether a ring for the exam itself is on."""
    return any(ring.on and ring.purpose == CASE for ring in room.rings)


def begun(
    plan: Plan, *, purpose: str, seq: int, now: datetime, around: Around,
    to: str = "", subspecialty: str = "", question: str = "", critical: int = 0,
) -> tuple[Event, ...]:  # fmt: skip
    """The events of a ring whose `ring.started` is stored as `seq`; where nobody can be rung, the
    last resort follows at once."""
    move = engine.begin(plan, now, around)
    started = RingStarted(
        purpose=purpose,
        policy=plan.policy,
        rota_at=plan.rota_at,
        steps=plan.steps,
        to=to,
        subspecialty=subspecialty,
        question=question,
        critical=critical,
        step=move.step,
        people=move.people,
        skipped=move.skipped,
        alert_at=move.alert_at,
        ends_at=move.ends_at,
        phone="" if move.exhausted else move.phone,
        last_resort=plan.phone,
    )
    return (started, *([_moved(seq, move)] if move.exhausted else []))


def of_case(scene: Scene, *, after: int) -> tuple[Event, ...]:
    """The ring for the exam itself, `after` so many events of the same act; none without a plan."""
    if scene.plan is None:
        return ()
    seq = scene.room.seq + after + 1
    around = here(scene.room, scene.around)
    return begun(scene.plan, purpose=CASE, seq=seq, now=scene.now, around=around)


def of_critical(scene: Scene, to: str, *, after: int) -> tuple[Event, ...]:
    """The ring for the critical result raised by the first event of an act, `after` so many events
    of it; none without a plan. It ends with the receipt; that nobody heard is `pursuit.py`'s."""
    if scene.plan is None:
        return ()
    seq = scene.room.seq + 1
    around = here(scene.room, scene.around)
    return begun(
        scene.plan, purpose=CRITICAL, seq=seq + after, now=scene.now, around=around, to=to,
        critical=seq,
    )  # fmt: skip


def here(room: Room, around: Around) -> Around:
    """`around`, as it is for `room`: whoever was taken out of it is not rung."""
    return replace(around, out=around.out | frozenset(room.removed)) if room.removed else around


def _moved(ring: int, move: Entered) -> Event:
    if move.exhausted:
        return RingExhausted(
            ring=ring,
            step=move.step,
            skipped=move.skipped,
            alert_at=move.alert_at,
            phone=move.phone,
        )
    return RingEscalated(
        ring=ring,
        step=move.step,
        people=move.people,
        skipped=move.skipped,
        alert_at=move.alert_at,
        ends_at=move.ends_at,
        phone=move.phone,
    )


def due(room: Room, now: datetime, around: Around) -> Iterator[Event]:
    """What the rings of `room` do at `now`."""
    for ring in room.rings:
        move = engine.due(ring, now, here(room, around)) if ring.on else None
        if isinstance(move, Entered):
            yield _moved(ring.ring, move)
        elif move is not None:
            yield RingAlerted(ring=ring.ring, n=move.n, people=move.people, alert_at=move.alert_at)


def start(command: RingStart, scene: Scene) -> Answer:
    """Calls a person or a subspecialty into the room."""
    if bool(command.to) == bool(command.subspecialty.strip()):
        return refusals.body(
            "to",
            "Nommez une personne ou une spécialité, et pas les deux.",
            "Name a person or a subspecialty, and not both.",
        )
    same = (command.to, command.subspecialty.casefold())
    if any(one.on and (one.to, one.subspecialty.casefold()) == same for one in scene.room.rings):
        return refusals.conflict(
            "Cet appel sonne déjà : attendez la réponse, ou arrêtez-le d'abord.",
            "That call rings already: wait for the answer, or stop it first.",
        )
    if scene.plan is None:
        return refusals.conflict(
            "Aucun tableau de garde ne dit qui appeler : téléphonez.",
            "No rota says whom to call: phone.",
        )
    return begun(
        scene.plan,
        purpose=ASK,
        seq=scene.room.seq + 1,
        now=scene.now,
        around=here(scene.room, scene.around),
        to=command.to,
        subspecialty=command.subspecialty,
        question=command.question,
    )


def answer(command: RingAnswer, scene: Scene) -> Answer:
    """One winner; whoever comes later is told who."""
    ring = _mine(command.ring, scene)
    if isinstance(ring, Refused):
        return ring
    if ring.purpose == CASE:
        return refusals.body(
            "ring",
            "On répond à cet appel en prenant l'examen en charge.",
            "This call is answered by claiming the exam.",
        )
    return (RingAnswered(ring=ring.ring),)


def decline(command: RingDecline, scene: Scene) -> Answer:
    """Not I: the ring goes on without."""
    ring = _mine(command.ring, scene)
    if isinstance(ring, Refused):
        return ring
    if ring.purpose == CASE:
        return _declined_case(ring, command.reason, scene)
    return (RingDeclined(ring=ring.ring, reason=command.reason), *_goes_on(ring, scene))


def decline_case(command: CaseDecline, scene: Scene) -> Answer:
    """The same, of the ring for the exam itself."""
    on = [one for one in scene.room.rings if one.on and one.purpose == CASE]
    ring = _mine(on[-1].ring if on else 0, scene)
    return ring if isinstance(ring, Refused) else _declined_case(ring, command.reason, scene)


def _declined_case(ring: Ring, reason: str, scene: Scene) -> Answer:
    return (CaseDeclined(ring=ring.ring, reason=reason), *_goes_on(ring, scene))


def _goes_on(ring: Ring, scene: Scene) -> tuple[Event, ...]:
    around = here(scene.room, scene.around)
    move = engine.declined(ring, scene.by.person, scene.now, around)
    return () if move is None else (_moved(ring.ring, move),)


def stop(command: RingStop, scene: Scene) -> Answer:
    """Called off by who began it; the exam's own ends with the request."""
    ring = _on(command.ring, scene)
    if isinstance(ring, Refused):
        return ring
    if ring.purpose != ASK or scene.by.person != ring.started_by:
        return refusals.forbidden(
            "Cet appel n'est pas le vôtre : déclinez-le, ou demandez à qui l'a lancé.",
            "This call is not yours: decline it, or ask whoever started it.",
        )
    return (RingStopped(ring=ring.ring, reason=command.reason),)


def _on(seq: int, scene: Scene) -> Ring | Refused:
    ring = next((one for one in scene.room.rings if one.ring == seq), None)
    if ring is not None and ring.state == "answered":
        return refusals.already_answered(ring.ended_name)
    if ring is None or not ring.on:
        return refusals.conflict(
            "Cet appel ne sonne pas ou plus : il n'y a rien à faire.",
            "That call does not ring, or no longer: nothing to do.",
        )
    return ring


def _mine(seq: int, scene: Scene) -> Ring | Refused:
    ring = _on(seq, scene)
    if isinstance(ring, Refused) or scene.by.person in ring.ringing:
        return ring
    return refusals.forbidden(
        "Cet appel ne sonne pas chez vous : il n'y a rien à faire.",
        "That call does not ring for you: nothing to do.",
    )
