"""From stored events to what arrives: who, once, again after a failure, nothing of a patient."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hub.notify.dispatch import BACKOFF_S, Dispatch
from hub.notify.house import reaching
from hub.room.roles import Actor, Role
from persistence import credentials, directory
from persistence import reaching as kept
from persistence.entries import Stream
from persistence.reaching import Contact
from tests.edge.house import REQUEST, House, house
from tests.notify.receivers import Answer, Device, Receiver, receiver

GRACE = 5.0


@dataclass
class Street:
    """A house whose people have devices, and the one push service that reaches them all."""

    at: House
    place: Receiver
    devices: dict[str, Device]
    dispatch: Dispatch

    async def has_device(self, person: str) -> str:
        device = self.devices[person] = Device()
        body = {"endpoint": f"{self.place.url}/{person}", "keys": device.keys}
        async with self.at.by(person) as http:
            answer = await http.post("/api/v1/push/subscriptions", json=body)
        assert answer.status_code == 201, answer.text
        id: str = answer.json()["id"]
        return id

    async def pass_(self, seconds: float = GRACE) -> None:
        """Let time go by, and everything that is due then happen."""
        self.at.clock.move(seconds)
        while True:
            await self.dispatch.look()
            if not self.dispatch.busy:
                break
            await self.dispatch.idle()

    def told(self, person: str) -> list[dict[str, Any]]:
        """What the device of a person was told."""
        return [
            self.devices[person].opened(got) for got in self.place.got if got.path == f"/{person}"
        ]

    async def recorded(self, room: str) -> list[dict[str, Any]]:
        """What stands in the trace of the room about attempts."""
        rooms = self.at.services.rooms
        while not rooms.trace.idle():
            await rooms.trace.flush()
            await asyncio.sleep(0)
        entries = await rooms.journal.read(Stream.TRACE, room, 0, 500, 1 << 20)
        batches = [json.loads(entry.body or b"{}") for entry in entries]
        return [
            record for batch in batches for record in batch["records"] if record["what"] == "notify"
        ]

    async def do(self, person: str, room: str, kind: str, body: dict[str, Any]) -> int:
        act = {"t": "pub", "cid": uuid4().hex, "kind": kind, "body": body}
        async with self.at.by(person) as http:
            answer = await http.post(f"/api/v1/rooms/{room}/events", json=act)
        assert answer.status_code == 200, answer.text
        seq: int = answer.json()["seq"]
        return seq

    def seen(self, person: str, room: str, seq: int) -> None:
        """The person has the room on a visible screen."""
        live = self.at.services.rooms.live[room]
        live.attendance.receipt(Actor(person, "", Role.RADIOLOGIST, "tele", "desk"), seen=seq)


@asynccontextmanager
async def street(folder: Path, place: Receiver, **settings: Any) -> AsyncIterator[Street]:
    """A house with a dispatch that tests drive by hand."""
    async with house(folder, notify_loopback=True, **settings) as at:
        dispatch = at.services.reaching.dispatch
        at.services.rooms.delivery.on_stored = dispatch.stored
        yield Street(at, place, {}, dispatch)
        await at.services.reaching.stop()


@pytest.fixture
async def place() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


@pytest.fixture
async def out(tmp_path: Path, place: Receiver) -> AsyncIterator[Street]:
    async with street(tmp_path, place) as made:
        yield made


async def test_a_request_reaches_the_device_of_whoever_covers_the_site(out: Street) -> None:
    for person in ("omar", "marc", "nora", "adam"):
        await out.has_device(person)
    room = await out.at.open_room()
    await out.pass_(GRACE - 1)
    assert out.place.got == []  # a moment for those who are looking
    await out.pass_(1)
    (told,) = out.told("omar")
    assert told == {
        "id": told["id"], "kind": "request", "urgency": "P0", "site": "CH Test de Mâcon",
        "room": room, "lang": "fr",
    }  # fmt: skip
    assert len(out.place.got) == 1  # nobody else's matter
    (record,) = await out.recorded(room)
    assert (record["person"], record["channel"], record["end"]) == ("omar", "push", "sent")
    figures = out.at.services.metrics.render().decode()
    assert 'examroom_notifications_total{channel="push",outcome="sent"} 1.0' in figures
    assert "omar" not in figures


async def test_who_saw_it_on_a_screen_is_left_in_peace(out: Street) -> None:
    await out.has_device("omar")
    room = await out.at.open_room()
    out.seen("omar", room, 1)
    await out.pass_()
    assert out.place.got == []
    assert [record["end"] for record in await out.recorded(room)] == ["seen"]


async def test_who_is_connected_and_does_not_look_is_called(out: Street) -> None:
    """An open socket is no proof of a person: a laptop left open would swallow the alarm."""
    await out.has_device("omar")
    room = await out.at.open_room()
    live = out.at.services.rooms.live[room]
    live.attendance.arrive(Actor("omar", "", Role.RADIOLOGIST, "tele", "desk"), "now")
    await out.pass_()
    assert len(out.told("omar")) == 1


async def test_what_was_answered_in_the_meantime_calls_nobody(out: Street) -> None:
    await out.has_device("omar")
    await out.has_device("marc")
    room = await out.at.open_room()
    await out.do("omar", room, "case.claim", {})
    await out.pass_()
    assert out.place.got == []


async def test_500_and_429_are_tried_again_and_the_wish_to_wait_is_heard(out: Street) -> None:
    await out.has_device("omar")
    room = await out.at.open_room()
    out.place.answers += [Answer(500), Answer(429, (("retry-after", "120"),)), Answer(201)]
    await out.pass_()
    await out.pass_(BACKOFF_S[0])
    assert len(out.place.got) == 2
    await out.pass_(119)
    assert len(out.place.got) == 2
    await out.pass_(1)
    ends = [(record["n"], record["end"]) for record in await out.recorded(room)]
    assert ends == [(1, "failed"), (2, "failed"), (3, "sent")]
    ids = {told["id"] for told in out.told("omar")}
    assert len(ids) == 1  # the same message: devices and services show it once


async def test_a_receiver_that_is_down_is_given_up_in_the_end_and_that_is_told(
    out: Street,
) -> None:
    await out.has_device("omar")
    room = await out.at.open_room()
    out.place.answers += [Answer(503)] * 20
    await out.pass_()
    for pause in BACKOFF_S:
        await out.pass_(pause)
    await out.pass_(10_000)
    ends = [record["end"] for record in await out.recorded(room)]
    assert ends == ["failed"] * len(BACKOFF_S) + ["given_up"]
    assert len(out.place.got) == len(BACKOFF_S) + 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(out: Street, status: int) -> None:
    await out.has_device("omar")
    room = await out.at.open_room()
    out.place.answers.append(Answer(status))
    await out.pass_()
    await out.pass_(1000)
    assert [record["end"] for record in await out.recorded(room)] == ["gone"]
    assert len(out.place.got) == 1
    async with out.at.by("omar") as http:
        held = (await http.get("/api/v1/push/subscriptions")).json()["subscriptions"]
    assert held == []


async def test_a_slow_receiver_holds_up_neither_acts_nor_others(tmp_path: Path) -> None:
    slow = asyncio.Event()
    async with receiver() as place, street(tmp_path, place) as out:
        await out.has_device("omar")
        await out.dispatch.start()  # looks by itself from now on
        place.answers.append(Answer(held=slow))
        first = await out.at.open_room()
        out.at.clock.move(GRACE)
        await place.until(1)
        await out.at.say("lea", first, "TEST still answered")  # an act while it hangs
        await out.at.open_room(urgency="P1")
        out.at.clock.move(GRACE)
        await place.until(2)  # and another alert on the same channel
        slow.set()
        await out.dispatch.idle()
        assert len(out.told("omar")) == 2


async def test_a_retry_stops_where_the_person_logged_out(out: Street) -> None:
    await out.has_device("omar")
    await out.at.open_room()
    out.place.answers.append(Answer(500))
    await out.pass_()
    (held,) = await out.at.directory.change(
        lambda at: credentials.of_person(at, "omar", "2026-11-21T00:00:00.000Z")
    )
    await out.at.change(credentials.end, held.id, "2026-11-21T23:41:00.000Z")
    await out.pass_(1000)
    assert len(out.place.got) == 1


async def invited(out: Street, person: str) -> str:
    """A room that Omar has, and that `person` is asked into by name."""
    room = await out.at.open_room()
    await out.do("omar", room, "case.claim", {})
    role = "requester" if person == "nora" else "technologist"
    await out.do("omar", room, "member.invite", {"person": person, "role": role})
    return room


async def test_by_name_every_channel_is_tried(tmp_path: Path) -> None:
    async with receiver() as place, receiver() as gateway, receiver() as own:
        given = {
            "notify_sms": f"json://127.0.0.1:{gateway.port}/sms?:to={{to}}",
            "notify_webhook": f"{own.url}/alerts",
            "notify_webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
        async with street(tmp_path, place, **given) as out:
            contact = Contact(phone="+33600000001")
            await out.at.change(kept.set_contact, "nora", contact)
            await out.has_device("nora")
            room = await invited(out, "nora")
            await out.pass_()
            assert [told["kind"] for told in out.told("nora")] == ["invitation"]
            assert json.loads(gateway.got[0].body)["to"] == "+33600000001"
            assert json.loads(own.got[0].body)["data"]["person"] == "nora"
            records = await out.recorded(room)
    assert sorted((one["channel"], one["end"]) for one in records) == [
        ("push", "sent"), ("sms", "sent"), ("webhook", "sent"),
    ]  # fmt: skip
    assert "+336" not in json.dumps(records) and place.url not in json.dumps(records)


async def test_what_concerns_a_whole_site_sends_no_sms(tmp_path: Path) -> None:
    async with receiver() as place, receiver() as gateway:
        sms = f"json://127.0.0.1:{gateway.port}/sms?:to={{to}}"
        async with street(tmp_path, place, notify_sms=sms) as out:
            await out.at.change(kept.set_contact, "omar", Contact(phone="+33600000001"))
            await out.at.open_room()
            await out.pass_()
            assert gateway.got == []


async def test_somebody_asked_by_name_who_cannot_be_reached_is_told_of(out: Street) -> None:
    room = await invited(out, "nora")
    await out.pass_()
    assert [(one["person"], one["end"]) for one in await out.recorded(room)] == [
        ("nora", "no_address")
    ]


async def test_after_a_restart_what_was_not_sent_is_sent_and_nothing_else(
    tmp_path: Path, place: Receiver
) -> None:
    async with street(tmp_path, place) as out:
        await out.has_device("omar")
        told = await out.at.open_room()
        await out.pass_()
        await out.recorded(told)  # the trace is on the disk
        untold = await out.at.open_room(urgency="P1")
        claimed = await out.at.open_room(urgency="P2")
        await out.do("omar", claimed, "case.claim", {})
        services = out.at.services
        again = reaching(
            services.settings, services.rooms, out.at.clock, services.metrics, lambda _: ""
        )
        before = len(place.got)
        out.dispatch = again.dispatch
        await out.dispatch.recover()
        await out.pass_(0)
        assert [one["room"] for one in out.told("omar")[before:]] == [untold]
        third = reaching(
            services.settings, services.rooms, out.at.clock, services.metrics, lambda _: ""
        )
        await out.recorded(untold)
        out.dispatch = third.dispatch
        await out.dispatch.recover()
        await out.pass_(0)
        assert len(place.got) == before + 1
        await again.stop()
        await third.stop()


async def test_attempts_are_counted_on_through_a_restart(tmp_path: Path, place: Receiver) -> None:
    async with street(tmp_path, place) as out:
        await out.has_device("omar")
        room = await out.at.open_room()
        place.answers += [Answer(503), Answer(503)]
        await out.pass_()
        await out.recorded(room)
        services = out.at.services
        again = reaching(
            services.settings, services.rooms, out.at.clock, services.metrics, lambda _: ""
        )
        out.dispatch = again.dispatch
        await out.dispatch.recover()
        await out.pass_(0)
        assert [record["n"] for record in await out.recorded(room)] == [1, 2]
        await again.stop()


WORDS = "ZZ-SMUGGLED"


def loaded(value: Any) -> Any:
    """A body with the word in each of its free texts."""
    if isinstance(value, dict):
        return {name: loaded(held) for name, held in value.items()}
    return WORDS if value == "" else value


async def test_nothing_of_a_patient_is_in_anything_that_leaves(tmp_path: Path) -> None:
    async with receiver() as place, receiver() as gateway, receiver() as own:
        given = {
            "notify_sms": f"json://127.0.0.1:{gateway.port}/sms?:to={{to}}",
            "notify_webhook": f"{own.url}/alerts",
            "notify_webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }
        async with street(tmp_path, place, **given) as out:
            await out.at.change(directory.grant, "adam", "coordinator", "mac")
            for person in ("omar", "marc", "nora", "lea"):
                await out.has_device(person)
                await out.at.change(kept.set_contact, person, Contact(phone="+33600000001"))
            patient = {"birth_name": WORDS, "given": WORDS, "ipp": WORDS, "dob": "1950-01-01"}
            room = await out.at.open_room(
                patient=patient, clinical_question=WORDS, history=WORDS, region=["head"]
            )
            await out.pass_()
            await out.do("omar", room, "case.claim", {})
            ask = {"person": "nora", "role": "requester", "question": WORDS}
            await out.do("omar", room, "member.invite", ask)
            await out.do("omar", room, "justification.decide", {"decision": "accept"})
            series = [{"n": 1, "name": WORDS, "phase": "non-contrast"}]
            protocol = {"version": 1, "modality": "CT", "regions": ["head"], "series": series}
            await out.do("omar", room, "protocol.issue", protocol)
            await out.do("omar", room, "incident.open", {"category": "other", "text": WORDS})
            await out.pass_()
            told = [one for person in out.devices for one in out.told(person)]
            bodies = [got.body.decode() for got in (*gateway.got, *own.got)]
            records = await out.recorded(room)
            paths = [got.path for got in (*place.got, *gateway.got, *own.got)]
            heads = [got.headers for got in (*place.got, *gateway.got, *own.got)]
    assert {one["kind"] for one in told} == {"request", "invitation", "protocol", "incident"}
    assert bodies and records
    everything = json.dumps([told, bodies, records, paths, heads])
    assert WORDS not in everything and WORDS.lower() not in everything.lower()
    allowed = {"id", "kind", "urgency", "site", "room", "lang"}
    assert all(set(one) == allowed for one in told)
    assert str(REQUEST["clinical_question"]) not in everything
