"""What every answer carries and every request must show: headers, origins, cookies, sizes."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import logs
from hub.edge.http import build
from hub.edge.security import Origins, is_loopback
from persistence import directory
from tests.edge.house import FAR, PASSWORD, REQUEST, URL, House, house

LOGIN = {"login": "lea", "password": PASSWORD}
EVERYWHERE = [
    ("GET", "/"),
    ("GET", "/healthz"),
    ("GET", "/api/v1/rooms"),
    ("GET", "/nowhere"),
    ("DELETE", "/api/v1/tickets"),
    ("POST", "/api/v1/sessions"),
    ("GET", "/openapi.json"),
    ("OPTIONS", "/api/v1/tickets"),
]


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
async def test_every_answer_carries_the_headers(at: House, method: str, path: str) -> None:
    async with at.client() as http:
        answer = await http.request(method, path)
    csp = answer.headers["content-security-policy"]
    assert "default-src 'self'" in csp and "frame-ancestors 'none'" in csp
    assert "unsafe-inline" not in csp and "unsafe-eval" not in csp
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"


async def test_over_tls_hsts_and_a_host_cookie(at: House) -> None:
    async with at.client(url="https://exam.example") as http:
        answer = await http.post("/api/v1/sessions", json=LOGIN)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-examroom=")
        for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert word in cookie
        assert (await http.get("/api/v1/sessions/current")).status_code == 200


async def test_without_tls_the_cookie_is_still_strict(at: House) -> None:
    async with at.client() as http:
        cookie = (await http.post("/api/v1/sessions", json=LOGIN)).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie


async def test_a_trusted_proxy_tells_of_tls(tmp_path: Path) -> None:
    async with house(tmp_path, trust_proxy=True) as behind, behind.client() as http:
        told = await http.get("/healthz", headers={"x-forwarded-proto": "https"})
        assert "strict-transport-security" in told.headers


async def test_nobody_else_does(at: House) -> None:
    async with at.client() as http:
        told = await http.get("/healthz", headers={"x-forwarded-proto": "https"})
        assert "strict-transport-security" not in told.headers


# -- Origin and CSRF -------------------------------------------------------------------------

CROSSINGS = [
    ({"origin": URL}, 200),
    ({"origin": URL, "sec-fetch-site": "same-origin"}, 200),
    ({"sec-fetch-site": "same-origin"}, 200),
    ({}, 200),  # no browser of today, and nothing that one of old could have been made to send
    ({"content-type": "application/json"}, 200),
    ({"content-type": "application/x-www-form-urlencoded"}, 200),  # never JSON; what curl says
    ({"content-type": "text/plain"}, 403),
    ({"content-type": " Text/Plain; charset=utf-8"}, 403),
    ({"content-type": "multipart/form-data; boundary=x"}, 403),
    ({"content-type": "text/plain", "sec-fetch-site": "same-origin"}, 200),
    ({"content-type": "text/plain", "origin": URL}, 200),
    ({"referer": f"{URL}/rooms/r"}, 200),
    ({"referer": "https://evil.example/rooms"}, 403),
    ({"referer": f"{URL}.evil.example/"}, 403),
    ({"referer": "http://[broken"}, 403),
    ({"origin": "https://evil.example"}, 403),
    ({"origin": "http://127.0.0.1:8001"}, 403),
    ({"origin": "https://127.0.0.1:8000"}, 403),
    ({"origin": "null"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "same-site"}, 403),
    ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), CROSSINGS)
async def test_only_our_own_pages_change_anything(
    at: House, headers: dict[str, str], status: int
) -> None:
    async with at.client() as http:
        await http.post("/api/v1/sessions", json=LOGIN)
        answer = await http.post("/api/v1/tickets", headers=headers)
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["code"] == "forbidden"
        assert (await http.get("/api/v1/rooms", headers=headers)).status_code == 200


async def test_without_a_cookie_nothing_can_be_abused(at: House) -> None:
    """Bots bring a token, which no browser adds of itself, and say what they like of the body."""
    plain = {"content-type": "text/plain", "referer": "https://wiki.example/"}
    async with at.client() as http:
        token = await at.token("omar")
        bearer = {"authorization": f"Bearer {token}"}
        answer = await http.post("/api/v1/tickets", headers=bearer | plain)
        assert answer.status_code == 200


async def test_a_foreign_page_cannot_log_anyone_in_or_out(at: House) -> None:
    foreign = {"origin": "https://evil.example"}
    async with at.client() as http:
        answer = await http.post("/api/v1/sessions", json=LOGIN, headers=foreign)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        await http.post("/api/v1/sessions", json=LOGIN)
        assert (await http.delete("/api/v1/sessions", headers=foreign)).status_code == 403
        assert (await http.get("/api/v1/sessions/current")).status_code == 200


async def test_origins_that_the_operator_lists_are_ours(tmp_path: Path) -> None:
    listed = "https://exam.example, https://other.example/"
    async with house(tmp_path, origins=listed) as behind, behind.client() as http:
        await http.post("/api/v1/sessions", json=LOGIN)
        for origin in ("https://exam.example", "https://other.example"):
            answer = await http.post("/api/v1/tickets", headers={"origin": origin})
            assert answer.status_code == 200


def test_default_ports_are_the_same_origin() -> None:
    origins = Origins()
    assert origins.ours("https://exam.example", host="exam.example:443", secure=True)
    assert origins.ours("http://EXAM.example:80", host="exam.example", secure=False)
    assert not origins.ours("http://exam.example", host="exam.example", secure=True)
    assert not origins.ours("", host="", secure=False)
    assert not origins.ours("://", host="127.0.0.1", secure=False)
    assert not origins.ours("http://", host="", secure=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST:80"])
def test_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["", "0.0.0.0", "192.0.2.1", "localhost.evil.example", "evil"])
def test_not_loopback(address: str) -> None:
    assert not is_loopback(address)


# -- Problems --------------------------------------------------------------------------------


def _is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["detail"] == f"{told['fr']} / {told['en']}"
    assert told["title"] and told["type"]


async def test_refusals_have_one_shape(at: House) -> None:
    async with at.client() as http:
        _is_problem(await http.get("/api/v1/rooms"), 401, "not_authenticated")
        _is_problem(await http.get("/api/v1/nothing"), 404, "not_found")
        _is_problem(await http.post("/api/v1/nothing"), 404, "not_found")
        wrong = await http.put("/api/v1/tickets")
        _is_problem(wrong, 405, "method_not_allowed")
        assert wrong.headers["allow"] == "POST"
    async with at.by("lea") as http:
        _is_problem(await http.get("/api/v1/rooms?stage=nowhere"), 400, "bad_body")
        _is_problem(await http.get("/api/v1/rooms?limit=-1"), 400, "bad_body")
        _is_problem(await http.get("/api/v1/rooms/none"), 404, "no_room")
        _is_problem(await http.get("/api/v1/rooms/%00%ff"), 404, "no_room")
        _is_problem(await http.post("/api/v1/rooms", content=b"x" * 65_537), 413, "too_big")


async def test_a_body_that_hides_its_length_is_cut_off(at: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 1000

    async with at.by("lea") as http:
        _is_problem(await http.post("/api/v1/rooms", content=endless()), 413, "too_big")


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"login": "\xed\xa0\x80"}',
    b'"' + b"a" * 60_000 + b'"',
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b'{"login": 1, "password": {}}',
    b'{"login": "lea", "password": ""}',
    b'{"login": "\\ud800", "password": "\\ud800"}',
    b'{"login": "lea\\u0000", "password": "x"}',
    b'{"patient": {"birth_name": "x"}, "urgency": 1e400}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/rooms", "/api/v1/rooms/R/events"])
async def test_hostile_bodies_are_refused_in_words(at: House, path: str, body: bytes) -> None:
    room = await at.open_room() if "R" in path else ""
    async with at.by("lea") as http:
        answer = await http.post(path.replace("/R/", f"/{room}/"), content=body)
    assert answer.status_code in (400, 401, 413)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_login_that_is_throttled_says_when(at: House) -> None:
    async with at.client() as http:
        for _ in range(5):
            await http.post("/api/v1/sessions", json=LOGIN | {"password": "wrong"})
        answer = await http.post("/api/v1/sessions", json=LOGIN)
    _is_problem(answer, 429, "rate_limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.json()["retry_after_ms"] <= 60_001


async def test_head_and_options_answer_as_they_should(at: House) -> None:
    async with at.by("lea") as http:
        head, get = await http.head("/api/v1/rooms"), await http.get("/api/v1/rooms")
        assert head.status_code == 200 and head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]
        told = await http.options("/api/v1/rooms")
        assert told.status_code == 204
        assert set(told.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
        assert "access-control-allow-origin" not in told.headers


async def test_a_bug_is_answered_logged_once_and_tells_nothing(
    at: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("TEST-MARTIN is in this message")

    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    logs.setup("info", json=True)
    app = build(at.services, [Route("/broken", broken)])
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as http:
            answer = await http.get("/broken")
    finally:
        root.handlers[:] = before
    _is_problem(answer, 500, "internal")
    assert "TEST-MARTIN" not in answer.text
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and "RuntimeError" in lines[0] and "broken" in lines[0]
    assert "TEST-MARTIN" not in lines[0]


# -- Sessions over HTTP ----------------------------------------------------------------------


async def test_who_i_am_is_the_same_at_login_and_after(at: House) -> None:
    async with at.client() as http:
        first = (await http.post("/api/v1/sessions", json=LOGIN)).json()
        assert (await http.get("/api/v1/sessions/current")).json() == first
    assert first["person"] | {"lang": ""} == {
        "id": "lea",
        "name": "Dr Léa Test",
        "role": "requester",
        "site": "mac",
        "site_name": "CH Test de Mâcon",
        "timezone": "Europe/Paris",
        "lang": "",
    }
    assert first["phone"] == "03 53 01 00 10" and first["demo"] is False
    assert first["roles"][0]["role"] == "requester"
    assert first["expires_at"] == "2026-11-22T13:40:00.000Z"


async def test_a_session_names_the_sites_as_they_are_now(at: House) -> None:
    async with at.by("omar") as http:
        sites = (await http.get("/api/v1/sessions/current")).json()["sites"]
        assert {site: held["name"] for site, held in sites.items()} == {
            "mac": "CH Test de Mâcon",
            "autre": "CH Test Autre",
            "tele": "Télé Test",
        }
        assert sites["mac"] == {
            "name": "CH Test de Mâcon",
            "timezone": "Europe/Paris",
            "phone": "03 53 01 00 10",
        }
        moved = directory.Site("mac", "CH Test", "02 62 00 00 00", "Indian/Reunion")
        await at.change(directory.put_sites, [moved])
        sites = (await http.get("/api/v1/sessions/current")).json()["sites"]
        assert sites["mac"] == {
            "name": "CH Test",
            "timezone": "Indian/Reunion",
            "phone": "02 62 00 00 00",
        }


async def test_logging_out_takes_the_cookie_back(at: House) -> None:
    async with at.client() as http:
        value = (await http.post("/api/v1/sessions", json=LOGIN)).cookies["examroom"]
        answer = await http.delete("/api/v1/sessions")
        assert answer.status_code == 204 and "Max-Age=0" in answer.headers["set-cookie"]
    async with at.client(cookie=f"examroom={value}") as http:
        assert (await http.get("/api/v1/sessions/current")).status_code == 401


async def test_a_bearer_token_is_not_logged_out_by_a_cookie_call(at: House) -> None:
    async with at.by("omar") as http:
        assert (await http.delete("/api/v1/sessions")).status_code == 204
        assert (await http.get("/api/v1/sessions/current")).status_code == 200


async def test_tickets_for_cookies_and_tokens(at: House) -> None:
    async with at.client() as http:
        assert (await http.post("/api/v1/tickets")).status_code == 401
        await http.post("/api/v1/sessions", json=LOGIN)
        made = (await http.post("/api/v1/tickets")).json()
        assert made["expires_in"] == 30
        assert (await at.identity.redeem(made["ticket"])).person == "lea"
    async with at.by("omar") as http:
        ticket = (await http.post("/api/v1/tickets")).json()["ticket"]
        assert (await at.identity.redeem(ticket)).person == "omar"


async def test_a_token_that_may_only_read_changes_nothing(at: House) -> None:
    async with at.client(await at.token("lea", scopes="read")) as http:
        assert (await http.get("/api/v1/rooms")).status_code == 200
        _is_problem(await http.post("/api/v1/rooms", json=REQUEST), 403, "forbidden")
        _is_problem(await http.post("/api/v1/tickets"), 403, "forbidden")


async def test_a_wrong_token_is_not_made_good_by_a_cookie(at: House) -> None:
    async with at.client() as http:
        await http.post("/api/v1/sessions", json=LOGIN)
        wrong = await http.get("/api/v1/rooms", headers={"authorization": "Bearer nonsense"})
        _is_problem(wrong, 401, "not_authenticated")
        assert wrong.headers["www-authenticate"].startswith("Bearer")


async def test_figures_are_for_this_machine_or_an_operator(at: House) -> None:
    async with at.client() as http:
        assert b"examroom_commit_seconds_bucket" in (await http.get("/metrics")).content
    async with at.client(peer=FAR) as http:
        assert (await http.get("/metrics")).status_code == 401
    async with at.client(at.tokens["lea"], peer=FAR) as http:
        _is_problem(await http.get("/metrics"), 403, "wrong_role")
    async with at.client(at.tokens["adam"], peer=FAR) as http:
        assert (await http.get("/metrics")).status_code == 200
