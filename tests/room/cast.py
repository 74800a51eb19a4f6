"""A case that a test plays: a room, its journal, the people, and a clock that only tests move.

Every event takes the way of the real ones: decided, encoded, decoded, then folded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hub.oncall.engine import NOBODY_AWAY, Around
from hub.oncall.policy import Callee, Plan, PlanStep
from hub.room.deadlines import due
from hub.room.decide import decide
from hub.room.events import Event, Recorded
from hub.room.evolve import evolve
from hub.room.protocol import critical_fields
from hub.room.refusals import Refused
from hub.room.roles import SYSTEM, Actor, Role
from hub.room.room import Room
from hub.room.stages import Stage
from hub.room.times import spelled
from hub.wire.bodies import decode_command, decode_event, encode_event

SITE = "ch-test"
NIGHT = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
Body = dict[str, Any]


def actor(role: Role, person: str = "", site: str = SITE) -> Actor:
    """Somebody in `role`; the person is named after the role where no name is given."""
    person = person or role.value
    return Actor(person=person, name=f"Dr {person}", role=role, site=site, device="dev-1")


LEA = actor(Role.REQUESTER, "lea")
MARC = actor(Role.TECHNOLOGIST, "marc")
OMAR = actor(Role.RADIOLOGIST, "omar")
CLAIRE = actor(Role.RADIOLOGIST, "claire")
RENE = actor(Role.REGULATOR, "rene")
SOLENE = actor(Role.COORDINATOR, "solene")
BASTIEN = actor(Role.PROXIMITY_PHYSICIAN, "bastien")
INES = actor(Role.SUBSPECIALIST, "ines")

REQUEST: Body = {
    "patient": {"birth_name": "TEST-MARTIN"},
    "urgency": "P1",
    "modality_wanted": "CT",
    "region": ["head"],
    "clinical_question": "TEST-QUESTION occlusion ?",
}
SERIES: Body = {"n": 1, "name": "Head", "phase": "non-contrast"}
CTA: Body = {
    "modality": "CT",
    "regions": ["Head", "Neck"],
    "series": [SERIES, {"n": 2, "name": "CTA", "phase": "arterial"}],
    "contrast": {"agent": "iohexol", "volume_ml": 60, "rate_ml_s": 3},
}
PLAIN: Body = {"modality": "CT", "regions": ["head"], "series": [SERIES]}


@dataclass
class Case:
    """A room being played."""

    room: Room = field(default_factory=lambda: Room(id="room-1"))
    now: datetime = NIGHT
    journal: list[Recorded] = field(default_factory=list)
    states: list[Room] = field(default_factory=list)
    """The live room after each entry of the journal."""
    plan: Plan | None = None
    """Whom to ring; None: the hub has no rota."""
    around: Around = NOBODY_AWAY

    def ask(self, by: Actor, kind: str, body: Body | None = None) -> tuple[Event, ...] | Refused:
        """What `decide` says, nothing stored."""
        command = decode_command(kind, msgspec.json.encode(body or {}))
        cited = (body or {}).get("seq")
        entry = self.journal[cited - 1] if cited and cited <= len(self.journal) else None
        return decide(
            self.room,
            command,
            by=by,
            now=self.now,
            cited=entry,
            plan=self.plan,
            around=self.around,
        )

    def do(self, by: Actor, kind: str, body: Body | None = None) -> Room:
        """Play a command that must be accepted."""
        events = self.ask(by, kind, body)
        assert not isinstance(events, Refused), f"{kind}: {events}"
        assert events[0].kind != "", kind
        self.store(by, events)
        return self.room

    def refused(self, by: Actor, kind: str, body: Body | None = None) -> Refused:
        """Play a command that must be refused, and leaves everything as it was."""
        before = self.room
        state = msgspec.json.encode(before)
        answer = self.ask(by, kind, body)
        assert isinstance(answer, Refused), f"{kind} was accepted in {before.stage}"
        assert self.room is before
        assert msgspec.json.encode(before) == state
        return answer

    def store(self, by: Actor, events: tuple[Event, ...]) -> None:
        """Append events as the hub would, one second later."""
        self.now += timedelta(seconds=1)
        for event in events:
            kept = decode_event(event.kind, encode_event(event))
            assert kept == event, f"{event.kind} comes back changed from the journal"
            entry = Recorded(seq=self.room.seq + 1, at=spelled(self.now), by=by, event=kept)
            self.room = evolve(self.room, entry)
            self.journal.append(entry)
            self.states.append(self.room)

    def wait(self, **time: float) -> tuple[Event, ...]:
        """Let time pass and store the deadlines that went by."""
        self.now += timedelta(**time)
        passed = due(self.room, self.now, self.around)
        self.store(SYSTEM, passed)
        return passed

    def stage(self) -> Stage:
        """Where the room stands."""
        return self.room.stage

    @property
    def hash(self) -> str:
        """Of the protocol in force."""
        assert self.room.protocol
        return self.room.protocol.content_hash

    def read_back(self, **changed: Any) -> Body:
        """A correct acknowledgement of the protocol in force, but for what is `changed`."""
        held = self.room.protocol
        assert held
        body: Body = {
            "version": held.protocol.version,
            "content_hash": held.content_hash,
            "read_back": critical_fields(held.protocol),
        }
        return {**body, **changed}


def trying(*people: Actor, wait_s: int = 60, realert_s: int = 20) -> PlanStep:
    """A step of a plan that tries these people."""
    callees = tuple(Callee(person=one.person, name=one.name, via="nuit") for one in people)
    return PlanStep(wait_s=wait_s, realert_s=realert_s, callees=callees)


def plan_of(*steps: PlanStep) -> Plan:
    """A plan of `steps`, with a number at last."""
    return Plan(policy="case/*/P1@0", rota_at=spelled(NIGHT), steps=steps, phone="15")


PLAN = plan_of(trying(OMAR), trying(CLAIRE))


def ringing(plan: Plan = PLAN, **changed: Any) -> Case:
    """A case that Léa has just asked for, of a hub that knows whom to ring."""
    case = Case(plan=plan)
    case.do(LEA, "request.submit", {**REQUEST, **changed})
    return case


def requested(**changed: Any) -> Case:
    """A case that Léa has just asked for; `changed` are fields of the request."""
    case = Case()
    case.do(LEA, "request.submit", {**REQUEST, **changed})
    return case


def claimed(**changed: Any) -> Case:
    """… and that Omar has."""
    case = requested(**changed)
    case.do(OMAR, "case.claim")
    return case


def justified(**changed: Any) -> Case:
    """… and has accepted."""
    case = claimed(**changed)
    case.do(OMAR, "justification.decide", {"decision": "accept"})
    return case


def protocolled(protocol: Body = PLAIN, **changed: Any) -> Case:
    """… with version 1 of a protocol."""
    case = justified(**changed)
    case.do(OMAR, "protocol.issue", {"version": 1, **protocol})
    return case


def acknowledged(protocol: Body = PLAIN, **changed: Any) -> Case:
    """… that Marc has read back."""
    case = protocolled(protocol, **changed)
    case.do(MARC, "protocol.acknowledge", case.read_back())
    return case


CHECKS = (
    "identity", "region", "pregnancy", "allergy", "renal", "metformin", "iv_access", "implants",
)  # fmt: skip
"""Every item that the hub itself may ask for."""


def checked(**answers: str) -> Body:
    """A checklist with everything answered `ok` but for `answers`; an empty one leaves it out."""
    given = {**dict.fromkeys(CHECKS, "ok"), **answers}
    return {"items": [{"code": code, "answer": said} for code, said in given.items() if said]}


CHECKED: Body = checked()


def ready(protocol: Body = PLAIN, **changed: Any) -> Case:
    """… and checked."""
    case = acknowledged(protocol, **changed)
    case.do(MARC, "checklist.complete", CHECKED)
    return case


def acquiring(protocol: Body = PLAIN, **changed: Any) -> Case:
    """… and started."""
    case = ready(protocol, **changed)
    case.do(MARC, "acquisition.start")
    return case


def acquired(**changed: Any) -> Case:
    """… and ended."""
    case = acquiring(**changed)
    case.do(MARC, "acquisition.end")
    return case


def closed(**changed: Any) -> Case:
    """Acquired and closed, before any report."""
    case = acquired(**changed)
    case.do(OMAR, "room.close", {"reason": "lu ailleurs"})
    return case


WRITTEN: Body = {
    "sections": {
        "indication": "TEST-INDICATION",
        "findings": "TEST-RESULTATS",
        "conclusion": "TEST-CONCLUSION",
    },
    "no_dose_reason": "console en panne",
}


def images_available(**changed: Any) -> Case:
    """… with its images sent."""
    case = acquired(**changed)
    case.do(MARC, "images.declare", {"series": 2, "instances": 240})
    return case


def reading(**changed: Any) -> Case:
    """… that Omar reads."""
    case = images_available(**changed)
    case.do(OMAR, "reading.start")
    return case


def reported_prelim(**changed: Any) -> Case:
    """… with a preliminary report."""
    case = reading(**changed)
    case.do(OMAR, "report.issue", WRITTEN)
    return case


def reported_final(**changed: Any) -> Case:
    """… with the signed one."""
    case = reading(**changed)
    case.do(OMAR, "report.sign", WRITTEN)
    return case


def received(**changed: Any) -> Case:
    """… that Léa has acknowledged."""
    case = reported_final(**changed)
    case.do(LEA, "report.acknowledge")
    return case


def info_needed(**changed: Any) -> Case:
    """Claimed, with a question open."""
    case = claimed(**changed)
    case.do(OMAR, "information.ask", {"question": "Créatinine ?"})
    return case


def _decided(decision: str) -> Callable[[], Case]:
    def make() -> Case:
        case = claimed()
        case.do(OMAR, "justification.decide", {"decision": decision, "reason": "IRM"})
        return case

    return make


def _cancelled() -> Case:
    case = claimed()
    case.do(LEA, "request.cancel", {"reason": "transfert"})
    return case


def _aborted() -> Case:
    case = acquiring()
    case.do(MARC, "acquisition.abort", {"reason": "agité", "back_to": "aborted"})
    opened = case.room.incidents[0].opened.seq
    case.do(MARC, "incident.close", {"incident_seq": opened, "resolution": "vu"})
    return case


WALKS: dict[Stage, Callable[[], Case]] = {
    Stage.REQUESTED: requested,
    Stage.INFO_NEEDED: info_needed,
    Stage.CLAIMED: claimed,
    Stage.JUSTIFIED: justified,
    Stage.PROTOCOLLED: protocolled,
    Stage.PROTOCOL_ACKNOWLEDGED: acknowledged,
    Stage.READY: ready,
    Stage.ACQUIRING: acquiring,
    Stage.ACQUIRED: acquired,
    Stage.IMAGES_AVAILABLE: images_available,
    Stage.READING: reading,
    Stage.REPORTED_PRELIM: reported_prelim,
    Stage.REPORTED_FINAL: reported_final,
    Stage.ACKNOWLEDGED: received,
    Stage.CLOSED: closed,
    Stage.REFUSED: _decided("refuse"),
    Stage.SUBSTITUTED: _decided("substitute"),
    Stage.CANCELLED: _cancelled,
    Stage.ABORTED: _aborted,
}
"""How to come to each stage."""


def standing_in(stage: Stage) -> Case:
    """A case in `stage`."""
    return WALKS[stage]()


def with_fields(room: Room, **changed: Any) -> Room:
    """`room` with fields set by hand."""
    return Room(**{**room.__dict__, **changed})
