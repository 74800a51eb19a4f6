"""What every answer carries and every request must show: headers, origin, CSRF, one log line.

Origins (W-1, OWASP CSRF): a browser names the page behind every unsafe request and every socket,
so what names a foreign page is refused (the rule of Go's `CrossOriginProtection`). What names none
is no browser of today. Where it brings a cookie all the same, it is taken for a browser of old: its
`Referer` must not be foreign, and its body must be none that a form can make without asking us
first and that reads as JSON. The session cookie is SameSite=Strict besides.
"""

import time
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import logs
from hub.edge.problems import internal, problem
from hub.metrics import Metrics
from hub.settings import Settings
from hub.wire.errors import Err

FORMS = ("text/plain", "multipart/form-data")
"""Types of body that a form sends and whose text its page chooses. The third, urlencoded, can never
be JSON (HTML, form submission: every brace is escaped), and is what plain HTTP clients say of
anything."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    ),
)
"""Sent with every answer. Calls will open camera and microphone to 'self'."""
FOREIGN = Err(
    "forbidden",
    "Demande venue d'une autre page : ouvrez examroom directement.",
    "Request from another page: open examroom directly.",
)

log = logs.get("hub.edge")


class Origins:
    """Which pages may speak to the hub."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._extra = frozenset(origin.strip().rstrip("/").lower() for origin in extra if origin)

    def ours(self, origin: str, *, host: str, secure: bool) -> bool:
        """Whether the page of `origin` is served by us: same scheme, host and port, or listed."""
        given = origin.strip().lower()
        own = f"{'https' if secure else 'http'}://{host.strip().lower()}"
        return (bool(host) and _default_port(given) == _default_port(own)) or given in self._extra

    def may_change(self, method: str, headers: Mapping[str, str], *, secure: bool) -> bool:
        """Whether a request may change something, by where it comes from."""
        if method in SAFE:
            return True
        origin = headers.get("origin", "")
        if origin:
            return self.ours(origin, host=headers.get("host", ""), secure=secure)
        site = headers.get("sec-fetch-site", "")
        if site or "cookie" not in headers:
            return site in ("", "same-origin", "none")
        if headers.get("content-type", "").strip().lower().startswith(FORMS):
            return False
        page = headers.get("referer", "")
        return not page or self.ours(_origin(page), host=headers.get("host", ""), secure=secure)


def _origin(page: str) -> str:
    try:
        parts = urlsplit(page)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _default_port(origin: str) -> str:
    for scheme, port in (("http://", ":80"), ("https://", ":443")):
        if origin.startswith(scheme):
            return origin.removesuffix(port)
    return origin


def origins_of(settings: Settings) -> Origins:
    """The origins that the operator allows besides our own."""
    return Origins(settings.origins.split(","))


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether the browser came over TLS, to us or to the proxy that is trusted."""
    if settings.trust_proxy:
        told = Headers(scope=scope).get("x-forwarded-proto", "")
        if told:
            return told.split(",")[-1].strip().lower() in ("https", "wss")
    return str(scope.get("scheme", "http")) in ("https", "wss")


def peer(scope: Scope, settings: Settings) -> str:
    """The address of the client: the last hop that the trusted proxy saw, or the socket's."""
    if settings.trust_proxy:
        told = Headers(scope=scope).get("x-forwarded-for", "")
        if told:
            return told.split(",")[-1].strip()
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_loopback(address: str) -> bool:
    """Whether an address, or a host as in a URL, is this very machine."""
    host = (urlsplit(f"//{address}").hostname or "") if ":" in address else address
    if host.lower() == "localhost" or address == "::1":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """The outermost layer: nothing gets out without its headers, nothing unsafe in from afar."""

    def __init__(self, app: ASGIApp, *, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._origins = origins_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        secure = is_secure(scope, self._settings)
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(scope=message), str(scope["path"]), secure)
            await send(message)

        try:
            if self._origins.may_change(scope["method"], Headers(scope=scope), secure=secure):
                await self._app(scope, receive, dressed)
            else:
                await problem(FOREIGN)(scope, receive, dressed)
        except Exception as bug:
            log.error("request failed", exc_info=bug, method=scope["method"], route=_route(scope))
            if status:
                raise  # too late for an answer: the server cuts the connection
            await internal()(scope, receive, dressed)
        finally:
            taken = time.perf_counter() - began
            if not scope.get("examroom.stream"):
                self._metrics.request(status, taken)
            log.debug(
                "request",
                method=scope["method"],
                route=_route(scope),
                status=status,
                ms=round(taken * 1000, 1),
            )


def _route(scope: Scope) -> str:
    # the pattern, not the path: what a stranger typed does not belong into a log
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "none"


def _dress(headers: MutableHeaders, path: str, secure: bool) -> None:
    for name, value in HEADERS:
        headers.setdefault(name, value)
    if not path.startswith("/assets/"):
        headers.setdefault("cache-control", "no-store")
    if secure:
        headers.setdefault("strict-transport-security", "max-age=31536000")
