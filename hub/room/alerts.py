"""Whom an event should reach who may not be looking: one pure rule, event and state → alerts.

`alerts` is asked with the room as it stands *now*, which may be long after the event: what has
been answered, claimed or closed meanwhile is due no more, so nobody is called for nothing
(domain.md 6, trap 5: stop on any acknowledgement). An event that should call somebody gets its
line in `RULES`, and nothing else has to change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hub.room.events import (
    CaseReassigned,
    Event,
    IncidentOpened,
    MemberInvited,
    ProtocolAmended,
    ProtocolIssued,
    Recorded,
    RequestSubmitted,
)
from hub.room.loop_events import (
    CriticalEscalated,
    CriticalExhausted,
    CriticalRaised,
    HandoverOffered,
    OpinionAsked,
)
from hub.room.permissions import ASKERS, READERS
from hub.room.pursuit import is_open
from hub.room.ring_events import RingAlerted, RingEscalated, RingExhausted, RingStarted
from hub.room.rings import case_is_rung
from hub.room.roles import Role
from hub.room.room import Room
from hub.room.stages import OPEN, Stage, Urgency


class AlertKind(StrEnum):
    """What somebody is called for. All that an alert says of its cause."""

    REQUEST = "request"
    PROTOCOL = "protocol"
    OFFER = "offer"
    INVITATION = "invitation"
    INCIDENT = "incident"
    RING = "ring"
    CRITICAL = "critical"
    OPINION = "opinion"
    HANDOVER = "handover"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Reach:
    """One person, or everybody who holds one of `roles` for the site of the room.

    `loud`: the event asks this very person, by name; they are tried on every channel they have.
    Otherwise only devices on which somebody is logged in are told, so that nobody off duty is
    woken by what concerns a whole site.
    """

    kind: AlertKind
    urgency: Urgency
    person: str = ""
    roles: frozenset[Role] = frozenset()
    loud: bool = False


def alerts(recorded: Recorded, room: Room) -> tuple[Reach, ...]:
    """Whom `recorded` should still reach, with `room` as it is now; never its own author."""
    rule = RULES.get(type(recorded.event))
    if rule is None or room.stage not in OPEN:
        return ()
    return tuple(
        reach
        for reach in rule(recorded, room)
        if reach.person not in (recorded.by.person, *room.removed) or not reach.person
    )


def urgency_of(room: Room) -> Urgency:
    """The urgency of the request in force; the least where there is none."""
    given = room.request.urgency if room.request else ""
    return Urgency(given) if given in list(Urgency) else Urgency.P3


def _request(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """Where no rota rings anybody, until it is claimed: every reader whose line covers the site."""
    waits = room.stage in (Stage.REQUESTED, Stage.INFO_NEEDED) and room.owner is None
    if waits and not case_is_rung(room):
        yield Reach(AlertKind.REQUEST, urgency_of(room), roles=frozenset(READERS))


def _protocol(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """While this version waits for its read-back: the technologists in the room, or all on site."""
    event = recorded.event
    if room.stage is not Stage.PROTOCOLLED or room.protocol is None:
        return
    if not isinstance(event, ProtocolIssued | ProtocolAmended):
        return
    if room.protocol.content_hash != event.content_hash:
        return
    urgency = urgency_of(room)
    here = [who for who, one in room.members.items() if one.role == Role.TECHNOLOGIST]
    for person in here:
        yield Reach(AlertKind.PROTOCOL, urgency, person)
    if not here:
        yield Reach(AlertKind.PROTOCOL, urgency, roles=frozenset({Role.TECHNOLOGIST}))


def _offer(recorded: Recorded, room: Room) -> Iterator[Reach]:
    event = recorded.event
    handed = any(one.offered.seq == recorded.seq - 1 for one in room.handovers)
    if isinstance(event, CaseReassigned) and room.offered_to == event.to and not handed:
        yield Reach(AlertKind.OFFER, urgency_of(room), event.to, loud=True)


def _invitation(recorded: Recorded, room: Room) -> Iterator[Reach]:
    event = recorded.event
    asked = {one.raised.seq for one in room.criticals} | {one.asked.seq for one in room.opinions}
    if isinstance(event, MemberInvited) and recorded.seq - 1 not in asked:  # else by that alert
        yield Reach(AlertKind.INVITATION, urgency_of(room), event.person, loud=True)


def _incident(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """While it is open: everyone in the room, and the coordinators of the site."""
    if not any(one.opened.seq == recorded.seq for one in room.incidents):
        return
    for person in room.members:
        yield Reach(AlertKind.INCIDENT, urgency_of(room), person)
    coordinators = frozenset({Role.COORDINATOR})
    yield Reach(AlertKind.INCIDENT, urgency_of(room), roles=coordinators)


def _ring(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """Whoever is rung now because of this event. The alerts in between are for devices alone: no
    mail and no SMS every half minute; the first and the last one are loud."""
    event = recorded.event
    if isinstance(event, RingStarted):
        ring, wanted = recorded.seq, event.people
    elif isinstance(event, RingEscalated):
        ring, wanted = event.ring, event.people
    elif isinstance(event, RingAlerted | RingExhausted):
        ring, wanted = event.ring, None
    else:
        return
    new = None if wanted is None else {one.person for one in wanted}
    for one in room.rings:
        for person in one.ringing if one.ring == ring else ():
            if new is None or person in new:
                loud = not isinstance(event, RingAlerted)
                yield Reach(AlertKind.RING, urgency_of(room), person, loud=loud)


HOW_SOON = {1: Urgency.P0, 2: Urgency.P1, 3: Urgency.P3}
"""How urgent a critical result of a category is, whatever the request was."""


def _critical(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """Until it is received: whom it is for, by name; with each step the roles of the site too; at
    last whoever answers for it, who has to phone."""
    event = recorded.event
    if isinstance(event, CriticalRaised):
        seq, roles = recorded.seq, frozenset[Role]()
    elif isinstance(event, CriticalEscalated):
        seq, roles = event.critical, frozenset(Role(role) for role in event.roles)
    elif isinstance(event, CriticalExhausted):
        seq, roles = event.critical, frozenset({Role.COORDINATOR})
    else:
        return
    one = next((held for held in room.criticals if held.raised.seq == seq), None)
    if one is None or not is_open(one):
        return
    urgency = HOW_SOON[one.category]
    last = one.holder if isinstance(event, CriticalExhausted) else ""
    for person in dict.fromkeys(filter(None, (one.to, last))):
        yield Reach(AlertKind.CRITICAL, urgency, person, loud=True)
    if roles or not one.to:
        yield Reach(AlertKind.CRITICAL, urgency, roles=roles or frozenset(ASKERS))


def _opinion(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """The person asked, until they say yes or no."""
    for one in room.opinions:
        if one.asked.seq == recorded.seq and one.state == "asked" and one.to:
            yield Reach(AlertKind.OPINION, urgency_of(room), one.to, loud=True)


def _handover(recorded: Recorded, room: Room) -> Iterator[Reach]:
    """Whom it is offered to, until it is answered or lapses."""
    for one in room.handovers:
        if one.offered.seq == recorded.seq:
            yield Reach(AlertKind.HANDOVER, urgency_of(room), one.to, loud=True)


RULES: dict[type[Event], Callable[[Recorded, Room], Iterator[Reach]]] = {
    RequestSubmitted: _request,
    ProtocolIssued: _protocol,
    ProtocolAmended: _protocol,
    CaseReassigned: _offer,
    MemberInvited: _invitation,
    IncidentOpened: _incident,
    RingStarted: _ring,
    RingEscalated: _ring,
    RingAlerted: _ring,
    RingExhausted: _ring,
    CriticalRaised: _critical,
    CriticalEscalated: _critical,
    CriticalExhausted: _critical,
    OpinionAsked: _opinion,
    HandoverOffered: _handover,
}

ALERTING: frozenset[str] = frozenset(event.kind for event in RULES)
"""Kinds of event that may call somebody."""
AT_ONCE: frozenset[str] = frozenset(
    kind for kind in ALERTING if kind.startswith(("ring.", "critical."))
)
"""Those that do not wait whether somebody sees them on a screen: a call rings now, and
a critical result is told now."""
