"""The devices of a person over HTTP: their own, for as long as their session."""

from pathlib import Path

import httpx
import pytest

from hub.app import BadSettings, Hub
from hub.notify.notice import Result
from hub.settings import Settings
from hub.wire import openapi
from persistence import credentials, directory, reaching
from tests.edge.house import PASSWORD, House, house
from tests.edge.test_people_cli import done, run
from tests.notify.receivers import Answer, Device, receiver

ROOT = "/api/v1/push/subscriptions"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


def body(endpoint: str = ENDPOINT, **more: object) -> dict[str, object]:
    return {"endpoint": endpoint, "keys": Device().keys, **more}


async def kept(http: httpx.AsyncClient) -> list[dict[str, object]]:
    held: list[dict[str, object]] = (await http.get(ROOT)).json()["subscriptions"]
    return held


async def test_a_device_is_registered_listed_and_taken_away(at: House) -> None:
    async with at.by("omar") as http:
        key = (await http.get("/api/v1/push/key")).json()["key"]
        assert len(key) == 87  # 65 bytes in base64url
        made = await http.post(ROOT, json=body(lang="en", label="  Phone\n of Omar "))
        assert made.status_code == 201
        id = made.json()["id"]
        (one,) = await kept(http)
        assert one["id"] == id and one["current"] is True
        assert (one["lang"], one["label"]) == ("en", "Phone of Omar")
        assert "fcm" not in str(one)  # the endpoint is a secret of the device
        assert (await http.delete(f"{ROOT}/{id}")).status_code == 204
        assert await kept(http) == []
        assert (await http.delete(f"{ROOT}/{id}")).status_code == 404


async def test_nobody_touches_the_device_of_another(at: House) -> None:
    async with at.by("omar") as omar, at.by("lea") as lea:
        id = (await omar.post(ROOT, json=body())).json()["id"]
        assert await kept(lea) == []
        assert (await lea.delete(f"{ROOT}/{id}")).status_code == 404
        assert (await lea.post(f"{ROOT}/{id}/test")).status_code == 404
        assert len(await kept(omar)) == 1


@pytest.mark.parametrize("path", ["/api/v1/push/key", ROOT])
async def test_a_stranger_gets_nothing(at: House, path: str) -> None:
    async with at.client() as http:
        assert (await http.get(path)).status_code == 401


async def test_the_same_device_again_is_the_same(at: House) -> None:
    async with at.by("omar") as http:
        first = (await http.post(ROOT, json=body())).json()["id"]
        assert (await http.post(ROOT, json=body())).json()["id"] == first
        assert len(await kept(http)) == 1


async def test_a_shared_computer_alerts_who_is_logged_in_now(at: House) -> None:
    async with at.by("omar") as omar, at.by("lea") as lea:
        await omar.post(ROOT, json=body())
        await lea.post(ROOT, json=body())
        assert await kept(omar) == []
        assert len(await kept(lea)) == 1


async def test_so_many_devices_and_no_more(at: House) -> None:
    async with at.by("omar") as http:
        for n in range(reaching.MOST_DEVICES + 2):
            at.clock.move(1)
            await http.post(ROOT, json=body(f"{ENDPOINT}{n}", label=str(n)))
        labels = [one["label"] for one in await kept(http)]
        assert labels == [str(n) for n in range(2, reaching.MOST_DEVICES + 2)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://127.0.0.1:6379/"},
        {"endpoint": "https://169.254.169.254/latest/meta-data"},
        {"endpoint": "https://example.org/push"},
        {"endpoint": ""},
        {"keys": {"p256dh": "A" * 87, "auth": "A" * 22}},  # no point of the curve
        {"keys": {"p256dh": Device().keys["p256dh"], "auth": "A" * 16}},  # 12 bytes
        {"keys": {"p256dh": "é" * 87, "auth": "A" * 22}},
        {"keys": {}},
        {"label": "x" * 81},
    ],
)
async def test_what_could_not_be_asked_is_refused(at: House, wrong: dict[str, object]) -> None:
    async with at.by("omar") as http:
        answer = await http.post(ROOT, json=body() | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")


async def test_logging_out_takes_the_device_with_it(at: House) -> None:
    at.identity.on_change(lambda _: at.services.rooms.spawn(sweep(at)))
    async with at.client() as http:
        who = {"login": "omar", "password": PASSWORD}
        assert (await http.post("/api/v1/sessions", json=who)).status_code == 200
        assert (await http.post(ROOT, json=body())).status_code == 201
        async with at.by("omar") as other:
            assert [one["current"] for one in await kept(other)] == [False]
            await http.delete("/api/v1/sessions")
            assert await kept(other) == []
    await at.services.rooms.settle()
    assert await at.services.reaching.addresses.sweep() == 0  # it was taken away already


async def sweep(at: House) -> None:
    await at.services.reaching.addresses.sweep()


@pytest.mark.parametrize("how", ["revoked", "disabled", "ungranted", "expired"])
async def test_w22_a_session_that_is_over_alerts_no_device(at: House, how: str) -> None:
    token = await at.token("omar", days=1)
    async with at.client(token) as http:
        await http.post(ROOT, json=body())
        id = next(
            one.id
            for one in await at.directory.change(
                lambda to: credentials.of_person(to, "omar", "2026-11-21T00:00:00.000Z")
            )
            if one.expires
        )
    if how == "revoked":
        await at.change(credentials.end, id, "2026-11-21T23:41:00.000Z")
    elif how == "disabled":
        await at.change(directory.set_disabled, "omar", True)
    elif how == "ungranted":
        await at.change(directory.ungrant, "omar", "radiologist", "tele")
    else:
        at.clock.move(2 * 86_400)
    now = at.clock.now().isoformat(timespec="milliseconds")[:23] + "Z"
    assert await at.directory.change(lambda to: reaching.everywhere(to, now)) == []
    assert await at.services.reaching.addresses.sweep() == 1


async def test_a_trial_arrives_and_its_outcome_is_told(tmp_path: Path) -> None:
    async with receiver() as place, house(tmp_path, notify_loopback=True) as at:
        device = Device()
        async with at.by("omar") as http:
            asked = {"endpoint": f"{place.url}/omar", "keys": device.keys, "lang": "en"}
            id = (await http.post(ROOT, json=asked)).json()["id"]
            assert (await http.post(f"{ROOT}/{id}/test")).json() == {"outcome": "sent"}
            told = device.opened(place.got[0])
            assert (told["kind"], told["lang"], told["room"]) == ("test", "en", "")
            place.answers.append(Answer(410))
            assert (await http.post(f"{ROOT}/{id}/test")).json() == {"outcome": "gone"}
            assert await kept(http) == []
            id = (await http.post(ROOT, json=asked)).json()["id"]
            assert (await http.post(f"{ROOT}/{id}/test")).status_code == 200
            refused = await http.post(f"{ROOT}/{id}/test")
            assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        await at.services.reaching.stop()


def test_the_document_knows_every_outcome() -> None:
    path = openapi.document()["paths"][f"{ROOT}/{{id}}/test"]["post"]
    schema = path["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["outcome"]["enum"] == [result.value for result in Result]


def test_contacts_are_set_shown_and_taken_back_by_the_operator(tmp_path: Path) -> None:
    done(tmp_path, "site", "add", "mac", "CH Test")
    part = ("--role", "radiologist", "--site", "mac")
    done(tmp_path, "user", "add", "omar", "--name", "Omar Test", *part, "--generate")
    done(tmp_path, "user", "contact", "omar", "--email", "omar@example.org")
    shown = done(tmp_path, "user", "contact", "omar", "--phone", "+33600000001")
    assert "omar@example.org" in shown and "+33600000001" in shown
    assert "+336" not in done(tmp_path, "user", "contact", "omar", "--phone", "")
    for wrong in (("--phone", "0600000001"), ("--email", "a@b\nBcc: c@d")):
        assert run(tmp_path, "user", "contact", "omar", *wrong).exit_code == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"push_contact": "me"}, "PUSH_CONTACT"),
        ({"notify_email": "mailto://mail.example.org"}, "NOTIFY_EMAIL"),
        ({"notify_sms": "nosuch://{to}"}, "NOTIFY_SMS"),
        ({"notify_webhook": "http://example.org/"}, "NOTIFY_WEBHOOK"),
        ({"notify_webhook": "http://127.0.0.1/"}, "NOTIFY_WEBHOOK"),
        ({"notify_webhook": "https://example.org/"}, "NOTIFY_WEBHOOK_SECRET"),
    ],
)
def test_a_channel_that_cannot_work_stops_the_start(
    tmp_path: Path, given: dict[str, str], says: str
) -> None:
    with pytest.raises(BadSettings, match=says):
        Hub(Settings.model_validate({"data": tmp_path, **given}))


def test_secrets_of_channels_are_not_in_the_repr_of_settings() -> None:
    secret = {"notify_sms": "clicksend://u:hush@{to}", "notify_webhook_secret": "hush"}
    assert "hush" not in repr(Settings.model_validate(secret))
