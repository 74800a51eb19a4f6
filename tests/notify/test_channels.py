"""Each channel against a real receiver: what it gets and can check, what answers lead to."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.utils import format_datetime
from pathlib import Path

import http_ece  # type: ignore[import-untyped]  # has no types
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hub.clock import SystemClock
from hub.notify.apprised import Apprised, BadUrl
from hub.notify.notice import Address, Channel, Notice, Outcome, Result
from hub.notify.outside import MOST_RETRY_AFTER_S, Allowed, Outside
from hub.notify.push import PADDED, BadKey, WebPush, key_at
from hub.notify.webhook import BadSecret, SignedWebhook
from hub.notify.words import EN, FR
from hub.room.alerts import AlertKind
from hub.room.stages import Urgency
from tests.kit.hub import free_port
from tests.notify.receivers import Answer, Device, Receiver, mail_server, receiver, vapid_claims

ROOM = "3f0c2a44-1111-4222-8333-0123456789ab"
NOTICE = Notice("0" * 32, AlertKind.PROTOCOL, Urgency.P0, "mac", ROOM, "fr")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the specification
TOLD = {
    "id": "0" * 32,
    "kind": "protocol",
    "urgency": "P0",
    "site": "CH Test de Mâcon",
    "room": ROOM,
    "lang": "fr",
}


def names(site: str) -> str:
    return {"mac": "CH Test de Mâcon"}.get(site, "")


@pytest.fixture
async def place() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    made = Outside(SystemClock(), 5.0)
    yield made
    await made.stop()


def pushing(folder: Path, outside: Outside, hosts: str = "", *, loopback: bool = True) -> WebPush:
    return WebPush(
        key_at(folder / "keys" / "vapid.pem"),
        "mailto:nobody@example.org",
        Allowed(hosts, loopback=loopback),
        outside,
        SystemClock(),
        names,
    )


def address(place: Receiver, device: Device) -> Address:
    keys = (device.keys["p256dh"], device.keys["auth"])
    return Address(Channel.PUSH, "d_1", "marc", f"{place.url}/push/abc", "fr", keys)


async def test_a_push_is_sealed_for_one_device_and_signed(
    tmp_path: Path, place: Receiver, outside: Outside
) -> None:
    push, device = pushing(tmp_path, outside), Device()
    assert await push.send(NOTICE, address(place, device)) == Outcome(Result.SENT)
    (got,) = place.got
    assert device.opened(got) == TOLD
    claims = vapid_claims(got, push.public_key)
    assert claims["aud"] == place.url
    assert claims["sub"] == "mailto:nobody@example.org"
    now = datetime.now(UTC).timestamp()
    assert now < claims["exp"] <= now + 24 * 3600
    assert (got.headers["ttl"], got.headers["urgency"]) == ("900", "high")
    assert got.headers["topic"] == NOTICE.id
    assert b"protocol" not in got.body and ROOM.encode() not in got.body


async def test_the_length_of_a_push_tells_nothing(
    tmp_path: Path, place: Receiver, outside: Outside
) -> None:
    push, device = pushing(tmp_path, outside), Device()
    other = Notice("1" * 32, AlertKind.TEST, Urgency.P3, "", "", "en")
    for notice in (NOTICE, other):
        await push.send(notice, address(place, device))
    first, second = place.got
    assert len(first.body) == len(second.body) > PADDED


async def test_a_push_for_another_device_cannot_be_opened(
    tmp_path: Path, place: Receiver, outside: Outside
) -> None:
    push = pushing(tmp_path, outside)
    await push.send(NOTICE, address(place, Device()))
    with pytest.raises(http_ece.ECEException):
        Device().opened(place.got[0])


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.SENT), (201, Result.SENT), (202, Result.SENT),
        (404, Result.GONE), (410, Result.GONE),
        (429, Result.FAILED), (500, Result.FAILED), (503, Result.FAILED),
        (400, Result.REFUSED), (403, Result.REFUSED), (413, Result.REFUSED),
        (302, Result.REFUSED),
    ],
)  # fmt: skip
async def test_what_is_made_of_an_answer(
    place: Receiver, outside: Outside, status: int, result: Result
) -> None:
    place.answers.append(Answer(status, (("location", f"{place.url}/elsewhere"),)))
    assert (await outside.post(place.url, b"x", {})).result is result
    assert [got.path for got in place.got] == ["/"]  # no redirect is followed


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("7", 7.0, 7.0),
        ("99999", MOST_RETRY_AFTER_S, MOST_RETRY_AFTER_S),
        ("in a minute", 30.0, 60.0),
        (format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True), 0.0, 0.0),
        ("soon", None, None),
        ("-3", None, None),
    ],
)
async def test_retry_after_is_heard_within_reason(
    place: Receiver, outside: Outside, said: str, least: float | None, most: float | None
) -> None:
    if said == "in a minute":  # of this run: the queue before it may be longer
        said = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    place.answers.append(Answer(429, (("retry-after", said),)))
    outcome = await outside.post(place.url, b"x", {})
    assert outcome.result is Result.FAILED
    if least is None or most is None:
        assert outcome.retry_after_s is None
    else:
        assert outcome.retry_after_s is not None
        assert least <= outcome.retry_after_s <= most


async def test_nobody_there_and_somebody_who_never_answers(place: Receiver) -> None:
    hurried = Outside(SystemClock(), 0.3)
    assert await hurried.post(f"http://127.0.0.1:{free_port()}/", b"", {}) == Outcome(Result.FAILED)
    place.answers.append(Answer(held=asyncio.Event()))
    assert await hurried.post(place.url, b"", {}) == Outcome(Result.FAILED)
    assert len(place.got) == 1
    await hurried.stop()


PUSH_HOSTS = "fcm.googleapis.com,.push.apple.com"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://FCM.googleapis.com:443/x",
        "https://web.push.apple.com/x",
    ],
)
def test_push_services_that_are_allowed(endpoint: str) -> None:
    assert Allowed(PUSH_HOSTS, loopback=False).push(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://push.apple.com/x",
        "https://evilpush.apple.com/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://evil.example/#fcm.googleapis.com",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "http://127.0.0.1:6379/x",
        "http://localhost/x",
        "https://2130706433/x",
        "ftp://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:0/x",
        "https://fcm.googleapis.com:99999/x",
        "https:///x",
        "//fcm.googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * 3000,
        "https://fcm.googleapis.com/a b",
        "",
    ],
)
def test_everywhere_else_is_not_asked(endpoint: str) -> None:
    assert not Allowed(PUSH_HOSTS, loopback=False).push(endpoint)


def test_loopback_is_opened_by_a_setting_and_nothing_else_with_it() -> None:
    allowed = Allowed("", loopback=True)
    assert allowed.push("http://127.0.0.1:9000/x") and allowed.own("http://localhost:9/x")
    assert not allowed.push("http://10.0.0.1/x") and not allowed.own("http://10.0.0.1/x")
    assert not Allowed("", loopback=False).own("http://127.0.0.1/x")
    assert allowed.own("https://pager.example.org/alerts")


async def test_an_endpoint_that_is_no_longer_allowed_is_forgotten(
    tmp_path: Path, place: Receiver, outside: Outside
) -> None:
    push = pushing(tmp_path, outside, loopback=False)
    assert await push.send(NOTICE, address(place, Device())) == Outcome(Result.GONE)
    assert place.got == []


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vapid.pem"
    first = key_at(path).private_pem()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_at(path).private_pem() == first
    assert [one.name for one in path.parent.iterdir()] == ["vapid.pem"]
    path.chmod(0o644)
    with pytest.raises(BadKey, match="chmod 600"):
        key_at(path)
    path.write_bytes(b"no key")
    path.chmod(0o600)
    with pytest.raises(BadKey, match="cannot be used"):
        key_at(path)


async def test_a_webhook_carries_a_signature_that_others_can_check(
    place: Receiver, outside: Outside
) -> None:
    hook = SignedWebhook(SECRET, outside, SystemClock(), names)
    to = Address(Channel.WEBHOOK, "house", "omar", f"{place.url}/alerts")
    assert await hook.send(NOTICE, to) == Outcome(Result.SENT)
    (got,) = place.got
    body = Webhook(SECRET).verify(got.body, got.headers)
    assert body["type"] == "alert"
    assert body["data"] == TOLD | {"person": "omar"}
    assert got.headers["webhook-id"] == NOTICE.id
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(got.body.replace(b"P0", b"P3"), got.headers)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a"])
def test_a_webhook_without_a_secret_is_refused(secret: str, outside: Outside) -> None:
    with pytest.raises(BadSecret):
        SignedWebhook(secret, outside, SystemClock(), names)


async def test_a_mail_through_a_real_server() -> None:
    port = free_port()
    url = f"mailto://127.0.0.1:{port}/?from=examroom@example.org&to={{to}}&mode=insecure"
    mailing = Apprised(Channel.EMAIL, url, names, 5.0)
    to = Address(Channel.EMAIL, "email", "omar", "omar@example.org")
    async with mail_server(port) as mails:
        assert await mailing.send(NOTICE, to) == Outcome(Result.SENT)
        mails.refuse = True
        assert await mailing.send(NOTICE, to) == Outcome(Result.FAILED)
    assert await mailing.send(NOTICE, to) == Outcome(Result.FAILED)  # down
    mailing.stop()
    ((rcpt, raw),) = mails.got
    assert rcpt == "omar@example.org"
    mail = message_from_string(raw, policy=policy.default)
    assert mail["subject"] == f"examroom · P0 · {FR[AlertKind.PROTOCOL]}"
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "CH Test de Mâcon. Ouvrez examroom." in body.get_content()


async def test_an_sms_through_a_real_gateway(place: Receiver) -> None:
    url = f"json://127.0.0.1:{place.port}/sms?:to={{to}}"
    texting = Apprised(Channel.SMS, url, names, 5.0)
    english = Notice("0" * 32, AlertKind.OFFER, Urgency.P1, "mac", ROOM, "en")
    to = Address(Channel.SMS, "sms", "omar", "+33600000001", "en")
    assert await texting.send(english, to) == Outcome(Result.SENT)
    place.answers.append(Answer(500))
    assert await texting.send(english, to) == Outcome(Result.FAILED)
    said = json.loads(place.got[0].body)
    assert said["to"] == "+33600000001"
    assert said["message"] == f"P1 · {EN[AlertKind.OFFER]} · CH Test de Mâcon. Open examroom."
    bad = Address(Channel.SMS, "sms", "omar", "+336&x=1", "en")
    assert await texting.send(english, bad) == Outcome(Result.GONE)
    texting.stop()


@pytest.mark.parametrize("url", ["json://127.0.0.1/sms", "nosuch://{to}", "{to}"])
def test_a_gateway_that_apprise_does_not_know_is_said_at_the_start(url: str) -> None:
    with pytest.raises(BadUrl):
        Apprised(Channel.SMS, url, names, 5.0)


def test_every_kind_has_words_in_both_languages() -> None:
    assert set(FR) == set(EN) == set(AlertKind)


@pytest.mark.parametrize(
    "given",
    [
        {"room": "TEST-MARTIN Jean"},
        {"room": "test-martin"},
        {"site": "TEST MARTIN, stroke"},
        {"site": "mac\nTEST-MARTIN"},
        {"kind": "TEST-MARTIN"},
        {"kind": "protocol"},
        {"urgency": "TEST-MARTIN"},
        {"lang": "TEST-MARTIN"},
        {"id": "TEST-MARTIN"},
    ],
)
def test_a_notice_has_no_place_for_a_free_word(given: dict[str, str]) -> None:
    whole = {"id": "0" * 32, "kind": AlertKind.TEST, "urgency": Urgency.P1, "site": "mac"}
    whole |= {"room": "", "lang": "fr"}
    Notice(**whole)  # type: ignore[arg-type]  # the point is that wrong types are refused
    with pytest.raises(ValueError, match=r"list|language|hex|UUID|id"):
        Notice(**(whole | given))  # type: ignore[arg-type]  # as above


def test_what_looks_like_a_site_and_is_none_is_not_sent() -> None:
    smuggled = Notice("0" * 32, AlertKind.TEST, Urgency.P1, "TEST-MARTIN", "", "fr")
    assert "MARTIN" not in json.dumps(smuggled.told(names))
