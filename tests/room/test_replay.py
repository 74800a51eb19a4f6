"""The replay law: a room is the fold of its journal, wherever one begins to fold.

A machine lets people do whatever comes into their heads, sensible or not, and time pass. After
every act what must always hold is checked; at the end the journal is folded from every seq.
"""

from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.room.decide import decide
from hub.room.events import DeadlinePassed, Event, Recorded
from hub.room.evolve import evolve
from hub.room.limits import BadBody
from hub.room.permissions import ASKERS, CONFLICTING
from hub.room.refusals import Refused
from hub.room.reports import in_force, sealed_hash
from hub.room.ring_folds import UNCLAIMED
from hub.room.rings import case_is_rung
from hub.room.roles import Actor, Role
from hub.room.room import Room
from hub.room.stages import QUERY_STAGES, Stage
from hub.room.summary import summary
from hub.room.visibility import view
from hub.wire.bodies import (
    decode_command,
    decode_event,
    decode_room,
    encode_event,
    encode_room,
)
from tests.room import cast
from tests.room.cast import CTA, LEA, MARC, OMAR, PLAIN, REQUEST, SOLENE, Body, Case, actor
from tests.room.loop_bodies import loop_bodies

PEOPLE = [
    *(actor(role) for role in Role),
    cast.LEA, cast.MARC, cast.OMAR, cast.CLAIRE, cast.BASTIEN, cast.INES,
]  # fmt: skip
persons = st.sampled_from([who.person for who in PEOPLE])
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
seqs = st.integers(1, 40)
answers = st.sampled_from(["yes", "no", "unknown"])
overrides = st.lists(
    st.fixed_dictionaries(
        {
            "rule": st.sampled_from(["contrast_reaction_severe", "check.identity", "renal"]),
            "reason": st.just("vital"),
        }
    ),
    max_size=2,
)
requests = st.fixed_dictionaries(
    {key: st.just(value) for key, value in REQUEST.items() if key != "urgency"},
    optional={
        "nihss": st.integers(0, 42),
        "labs": st.fixed_dictionaries({}, optional={"egfr": st.integers(5, 90)}),
        "contraindications": st.fixed_dictionaries(
            {}, optional={"metformin": answers, "allergy_contrast": st.just("severe")}
        ),
        "iv_access": st.just({"gauge": "20G"}),
    },
).flatmap(lambda body: st.sampled_from(["P0", "P1", "P3"]).map(lambda u: {**body, "urgency": u}))
protocols = st.sampled_from([PLAIN, CTA]).flatmap(
    lambda body: st.fixed_dictionaries(
        {key: st.just(value) for key, value in body.items()} | {"version": st.integers(1, 4)},
        optional={
            "limits": st.sampled_from([{}, {"max_dlp_mgy_cm": 900}]),
            "checks_required": st.lists(st.sampled_from(["identity", "house"]), max_size=2),
            "overrides": overrides,
            "instructions": texts,
        },
    )
)


def _of(**known: Any) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(known)


phantoms = st.sampled_from(["head_16", "body_32"])
reports = st.fixed_dictionaries(
    {"sections": st.fixed_dictionaries({"conclusion": texts}, optional={"dose": texts})},
    optional={"version": st.integers(1, 3), "no_dose_reason": texts},
)
BODIES: dict[str, st.SearchStrategy[Body]] = {
    "request.submit": requests,
    "request.amend": requests,
    "request.cancel": _of(reason=texts),
    "information.ask": _of(question=texts),
    "information.answer": st.fixed_dictionaries({"answer": texts}, optional={"question_seq": seqs}),
    "case.claim": _of(),
    "case.release": _of(reason=texts),
    "case.reassign": _of(to=persons, reason=texts),
    "justification.decide": _of(decision=st.sampled_from(["accept", "accept", "refuse"])),
    "protocol.issue": protocols,
    "protocol.amend": protocols,
    "protocol.query": _of(reason=texts, field=st.just("kv")),
    "protocol.answer": st.fixed_dictionaries(
        {"answer": texts}, optional={"query_seq": seqs, "accepted": st.booleans()}
    ),
    "protocol.acknowledge": _of(
        version=st.integers(1, 4),
        content_hash=st.just("0" * 64),
        read_back=_of(regions=st.just(["head"]), phases=st.just([]), x=st.none()),
    ),
    "checklist.complete": st.builds(
        lambda house, renal, overrides: {
            **cast.checked(house=house, renal=renal),
            "overrides": overrides,
        },
        st.sampled_from(["", "ok"]),
        st.sampled_from(["ok", "not_ok", "unknown", "na", ""]),
        overrides,
    ),
    "acquisition.start": _of(),
    "acquisition.end": st.fixed_dictionaries(
        {},
        optional={
            "no_contrast_reason": texts,
            "contrast_given": st.just([{"agent": "iohexol", "volume_ml": 60}]),
        },
    ),
    "acquisition.abort": _of(reason=texts, back_to=st.sampled_from(["protocolled", "aborted"])),
    "contrast.record": _of(agent=st.just("iohexol"), volume_ml=st.integers(10, 90)),
    "reaction.report": _of(text=texts),
    "images.declare": st.fixed_dictionaries({}, optional={"instances": st.integers(0, 900)}),
    "patient.release": st.fixed_dictionaries(
        {}, optional={"policy": st.sampled_from(["radiologist", "technologist"])}
    ),
    "dose.record": st.fixed_dictionaries(
        {
            "series": st.lists(
                _of(
                    phantom=st.sampled_from(["head_16", "body_32"]), dlp_mgy_cm=st.integers(1, 900)
                ),
                min_size=1,
                max_size=3,
            )
        },
        optional={"reason": texts, "total_dlp_mgy_cm": st.integers(1, 2000)},
    ),
    "reading.start": st.fixed_dictionaries({}, optional={"reason": texts}),
    "reading.stop": _of(),
    "report.issue": reports,
    "report.sign": reports,
    "addendum.sign": _of(text=texts),
    "report.deliver": _of(channel=st.just("phone"), to=texts),
    "report.acknowledge": st.fixed_dictionaries({}, optional={"version": st.integers(1, 4)}),
    "clock.pause": _of(cause=st.sampled_from(["patient", "network"])),
    "clock.resume": _of(),
    "image.share": st.fixed_dictionaries(
        {"study_uid": st.just("1.2.3")},
        optional={"viewport": st.sampled_from([{}, {"voi": {"center": 35, "width": 80}}])},
    ),
    "message.post": st.fixed_dictionaries({"text": texts}, optional={"in_reply_to": seqs}),
    "message.retract": _of(seq=seqs),
    "quick.reply": _of(code=st.sampled_from(["understood", "nonsense"])),
    "member.invite": _of(person=persons, role=st.sampled_from(["subspecialist", "requester"])),
    "member.remove": _of(person=persons),
    "incident.open": _of(category=st.just("other"), text=texts),
    "incident.close": _of(incident_seq=seqs, resolution=texts),
    **loop_bodies(persons, texts, seqs),
    "case.decline": _of(reason=texts),
    "ring.start": st.one_of(
        _of(to=persons, question=texts), _of(subspecialty=texts, question=texts)
    ),
    "ring.answer": _of(ring=seqs),
    "ring.decline": _of(ring=seqs, reason=texts),
    "ring.stop": _of(ring=seqs),
    "room.close": st.fixed_dictionaries({}, optional={"reason": texts}),
    "room.reopen": _of(reason=texts),
}
RINGS = cast.plan_of(cast.trying(OMAR, cast.INES), cast.trying(cast.CLAIRE))
acts = st.sampled_from(sorted(BODIES)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from(PEOPLE), BODIES[kind])
)


class Rooms(RuleBasedStateMachine):
    """One room, and everybody in it."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Case()

    @initialize(early=st.booleans(), rota=st.booleans())
    def somebody_asks(self, early: bool, rota: bool) -> None:
        self.case.plan = RINGS if rota else None
        if not early:
            self.case.do(LEA, "request.submit", REQUEST)

    @rule(act=acts)
    def somebody_does_anything(self, act: tuple[str, Actor, Body]) -> None:
        kind, by, body = act
        before, state = self.case.room, encode_room(self.case.room)
        try:
            answer = self.case.ask(by, kind, body)
        except BadBody:
            return
        assert self.case.room is before
        assert encode_room(before) == state
        if isinstance(answer, Refused):
            assert answer.detail_fr
            assert answer.detail_en
            return
        self.case.store(by, answer)

    @precondition(lambda self: self.case.room.next_move is not None)
    @rule()
    def the_one_who_is_waited_for_acts(self) -> None:
        room = self.case.room
        assert room.next_move
        step: dict[str, tuple[Actor, Body]] = {
            "case.claim": (OMAR, {}),
            "information.answer": (LEA, {"answer": "80"}),
            "justification.decide": (OMAR, {"decision": "accept"}),
            "protocol.issue": (OMAR, {**CTA, "version": 1, "limits": {}}),
            "protocol.answer": (OMAR, {"answer": "oui"}),
            "protocol.acknowledge": (MARC, self.read_back()),
            "checklist.complete": (MARC, self.checklist()),
            "acquisition.start": (MARC, {}),
            "acquisition.end": (MARC, {"no_contrast_reason": "x"}),
            "images.declare": (MARC, {"instances": 240}),
            "reading.start": (OMAR, {"reason": "relève"}),
            "report.sign": (OMAR, cast.WRITTEN),
            "report.acknowledge": (LEA, {}),
            "critical.acknowledge": self.receipt(),
            "room.close": (SOLENE, {}),
        }
        by, body = step[room.next_move.act]
        assert by.role.value in room.next_move.roles
        answer = self.case.ask(by, room.next_move.act, body)
        if isinstance(answer, Refused):  # a rule of safety, a claim of another, an open incident
            refused = ("unsafe", "stale_after", "already_claimed", "wrong_stage", "forbidden")
            assert answer.slug in refused
        else:
            self.case.store(by, answer)

    def receipt(self) -> tuple[Actor, Body]:
        """By whom the room waits for: in the room, or by phone once nobody answered."""
        found = [one for one in self.case.room.criticals if one.category == 1 and not one.receipt]
        if not found:
            return LEA, {}
        body: Body = {"critical": found[0].raised.seq, "read_back": "à gauche"}
        if not found[0].exhausted:
            return LEA, body
        told = {"name": "TEST-X", "role": "interne", "number": "5150"}
        return OMAR, {**body, "recipient": told, "method": "phone"}

    def checklist(self) -> Body:
        """All that is asked, with what the protocol adds."""
        held = self.case.room.protocol
        return cast.checked(**dict.fromkeys(held.protocol.checks_required if held else (), "ok"))

    def read_back(self) -> Body:
        """The right one, with something empty beside it."""
        if self.case.room.protocol is None:
            return {}
        body = self.case.read_back()
        return {**body, "read_back": {**body["read_back"], "note": None, "more": {"x": []}}}

    @precondition(lambda self: self.case.room.protocol is not None)
    @rule(body=protocols, by=st.sampled_from([OMAR, cast.CLAIRE]))
    def the_protocol_is_amended(self, body: Body, by: Actor) -> None:
        assert self.case.room.protocol
        version = self.case.room.protocol.protocol.version + 1
        answer = self.case.ask(by, "protocol.amend", {**body, "version": version})
        if not isinstance(answer, Refused):
            self.case.store(by, answer)

    @rule(by=st.sampled_from([LEA, cast.INES, cast.BASTIEN]))
    def somebody_leaves(self, by: Actor) -> None:
        answer = self.case.ask(by, "member.remove", {"person": by.person})
        if not isinstance(answer, Refused):
            self.case.store(by, answer)

    @rule(seconds=st.integers(1, 4000))
    def time_passes(self, seconds: int) -> None:
        self.case.wait(seconds=seconds)

    @invariant()
    def what_always_holds(self) -> None:
        room, journal = self.case.room, self.case.journal
        assert room.seq == len(journal)
        assert [entry.seq for entry in journal] == list(range(1, room.seq + 1))
        assert not set(room.members) & set(room.removed)
        if room.owner:
            assert room.owner.person not in room.removed
        if room.seq:
            assert {held.role for held in room.members.values()} & ASKERS
            assert (room.next_move is None) == (room.stage is Stage.CLOSED)
        if room.stage in (Stage.PROTOCOL_ACKNOWLEDGED, Stage.READY, Stage.ACQUIRING):
            assert room.protocol
            assert room.acknowledgement
            assert room.acknowledgement.content_hash == room.protocol.content_hash
        if room.stage in (Stage.READY, Stage.ACQUIRING):
            assert room.checklist
        if room.stage in QUERY_STAGES:
            assert room.protocol
            assert all(one.version == room.protocol.protocol.version for one in room.queries)
        if room.stage is Stage.PROTOCOLLED:
            assert room.acknowledgement is None
            assert room.checklist is None
        if room.stage is Stage.INFO_NEEDED:
            assert any(question.answered is None for question in room.questions)
        if room.stage is Stage.REPORTED_FINAL:
            assert room.report
            assert room.receipt is None
        if room.stage is Stage.ACKNOWLEDGED:
            newest = in_force(room)
            assert newest
            assert room.receipt
            assert room.receipt.content_hash == newest.content.content_hash
        assert all(bool(ring.next_at) == ring.on for ring in room.rings)
        unclaimed = room.owner is None and room.stage in UNCLAIMED
        if self.case.plan is not None and room.seq:
            assert case_is_rung(room) == unclaimed
        versions = [one.version for one in room.report_versions]
        assert versions == list(range(1, len(versions) + 1))
        for held in (room.report, *room.addenda):
            assert held is None or held.content.content_hash == sealed_hash(held.content)
        if room.pause:
            assert all(room.clocks[name].paused_at for name in room.pause.clocks)
        if room.stage is Stage.CLOSED:
            assert all(one.receipt for one in room.criticals if one.category == 1)
            assert not room.handovers
            assert not room.incidents
            assert room.closed
        assert room.messages == sum(entry.event.kind == "message.posted" for entry in journal)
        assert set(room.last) <= CONFLICTING
        assert summary(room)["seq"] == room.seq

    @invariant()
    def no_category_1_result_falls_silent(self) -> None:
        room = self.case.room
        for one in room.criticals:
            if one.category == 1 and one.receipt is None:
                assert one.next_at
                assert room.stage is not Stage.CLOSED
                assert room.next_move
                assert room.next_move.act == "critical.acknowledge"

    @invariant()
    def a_deadline_is_told_once(self) -> None:
        told = [
            (entry.event.clock, entry.event.limit_at)
            for entry in self.case.journal
            if isinstance(entry.event, DeadlinePassed)
        ]
        assert len(told) == len(set(told))

    def teardown(self) -> None:
        stored = [_stored(entry) for entry in self.case.journal]
        states = [Room(id="room-1"), *self.case.states]
        for seq, entry in enumerate(stored):
            assert evolve(states[seq], entry) == states[seq + 1]
        for seq, state in enumerate(states):
            joined = decode_room(encode_room(state))
            assert joined == state
            for entry in stored[seq:]:
                joined = evolve(joined, entry)
            assert joined == states[-1]
        self.technical_roles_count_along(stored)

    def technical_roles_count_along(self, stored: list[Recorded]) -> None:
        seen = Room(id="room-1")
        for entry in stored:
            seen = evolve(seen, view(entry, Role.PHYSICIST))
            assert seen.seq == entry.seq
        assert b"TEST-" not in encode_room(seen)


def _stored(entry: Recorded) -> Recorded:
    body = encode_event(entry.event)
    event: Event = decode_event(entry.event.kind, body)
    assert encode_event(event) == body
    return Recorded(seq=entry.seq, at=entry.at, by=entry.by, event=event)


TestReplay = Rooms.TestCase
TestReplay.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def test_deciding_twice_says_the_same() -> None:
    case = cast.claimed()
    command = decode_command("justification.decide", msgspec.json.encode({"decision": "accept"}))
    first = decide(case.room, command, by=OMAR, now=case.now)
    assert first == decide(case.room, command, by=OMAR, now=case.now)
