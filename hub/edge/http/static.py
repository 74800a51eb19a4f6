"""The built web client, read into memory once: a path can name nothing but what was read.

Names under /assets carry a hash of their content, so they may be kept for ever; the page itself
is asked for each time and answered by its tag.
"""

import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hub.edge.problems import refuse

CLIENT = Path(__file__).parents[1] / "client"
"""Where the build of clients/web is put."""
NOT_BUILT = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>examroom</title>
<h1>examroom</h1>
<p>Le client web n'est pas construit : lancez <code>make setup</code>, puis redémarrez.</p>
<p lang="en">The web client is not built: run <code>make setup</code>, then restart.</p>
<p><a href="/openapi.json">/openapi.json</a> · <a href="/asyncapi.json">/asyncapi.json</a></p>
</html>
"""
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the client: plain, gzipped where the build made that too, its type and tag."""

    plain: bytes
    gz: bytes | None
    media_type: str
    etag: str


class Client:
    """All files of the client, by path."""

    def __init__(self, folder: Path = CLIENT) -> None:
        self._assets: dict[str, Asset] = {}
        if (folder / "index.html").is_file():
            for file in sorted(folder.rglob("*")):
                if file.is_file() and file.suffix not in (".gz", ".br"):
                    self._assets["/" + file.relative_to(folder).as_posix()] = _asset(file)
        else:
            page = NOT_BUILT.encode()
            self._assets["/index.html"] = Asset(page, None, "text/html", _tag(page))

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what no route did: an ASGI application."""
        if scope["type"] != "http":
            raise HTTPException(404)
        await self._file(Request(scope, receive))(scope, receive, send)

    def _file(self, request: Request) -> Response:
        """A file, or the page for every address that a person may open."""
        if request.method not in ("GET", "HEAD"):
            raise refuse("not_found")
        path = request.url.path
        asset = self._assets.get(path)
        if asset is None:
            if not _is_page(request, path):
                raise refuse("not_found")
            asset = self._assets["/index.html"]
        return _sent(request, asset, for_ever=path.startswith("/assets/"))


def _is_page(request: Request, path: str) -> bool:
    first = path.split("/")[1]
    if path == "/":
        return True
    named = "." in path.rsplit("/", 1)[-1]
    wanted = "text/html" in request.headers.get("accept", "")
    return wanted and not named and first not in ("api", "assets", "demo", "ws", "dicomweb")


def _sent(request: Request, asset: Asset, *, for_ever: bool) -> Response:
    headers = {
        "etag": asset.etag,
        "vary": "accept-encoding",
        "cache-control": "public, max-age=31536000, immutable" if for_ever else "no-cache",
    }
    if asset.etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    coding = request.headers.get("accept-encoding", "")
    if asset.gz is not None and "gzip" in [one.split(";")[0].strip() for one in coding.split(",")]:
        headers["content-encoding"] = "gzip"
        return Response(asset.gz, 200, headers, asset.media_type)
    return Response(asset.plain, 200, headers, asset.media_type)


def _asset(file: Path) -> Asset:
    plain = file.read_bytes()
    zipped = file.with_name(file.name + ".gz")
    guessed = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Asset(
        plain,
        zipped.read_bytes() if zipped.is_file() else None,
        guessed or "application/octet-stream",
        _tag(plain),
    )


def _tag(content: bytes) -> str:
    # weak: the same content goes out plain and gzipped
    return f'W/"{sha256(content).hexdigest()[:20]}"'
