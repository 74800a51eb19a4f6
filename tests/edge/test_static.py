"""The built client: kept for ever where its name says so, never anything that was not built."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from hub.edge.http.static import Client
from hub.edge.problems import HANDLERS

PAGE = {"accept": "text/html,application/xhtml+xml"}
SCRIPT = b"export const test = 1;" * 50


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "client" / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("outside")
    folder = tmp_path / "client"
    (folder / "index.html").write_text("<!doctype html><title>examroom</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-abc123.js").write_bytes(SCRIPT)
    (folder / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(SCRIPT))
    return folder


def _client(folder: Path) -> httpx.AsyncClient:
    app = Starlette(exception_handlers=HANDLERS)
    app.router.default = Client(folder).answer
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_assets_are_kept_for_ever_and_come_zipped(built: Path) -> None:
    async with _client(built) as http:
        zipped = await http.get("/assets/index-abc123.js")
        plain = await http.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip" and zipped.content == SCRIPT
    assert "content-encoding" not in plain.headers and plain.content == SCRIPT
    for answer in (zipped, plain):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "accept-encoding"


async def test_the_page_is_asked_for_each_time(built: Path) -> None:
    async with _client(built) as http:
        page = await http.get("/")
        again = await http.get("/", headers={"if-none-match": page.headers["etag"]})
    assert page.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/room/0192", "/login", "/worklist"])
async def test_addresses_of_the_client_are_its_page(built: Path, path: str) -> None:
    async with _client(built) as http:
        assert "<title>examroom</title>" in (await http.get(path, headers=PAGE)).text


@pytest.mark.parametrize(
    "path",
    ["/assets/gone-123.js", "/api/v1/nothing", "/robots.txt", "/../secret.txt",
     "/assets/..%2f..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "//etc/passwd.txt"],
)  # fmt: skip
async def test_nothing_else_is_there(built: Path, path: str) -> None:
    async with _client(built) as http:
        answer = await http.get(path, headers=PAGE)
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"
    assert "outside" not in answer.text


async def test_without_a_build_the_page_says_how(tmp_path: Path) -> None:
    async with _client(tmp_path) as http:
        answer = await http.get("/")
    assert answer.status_code == 200 and "make setup" in answer.text
