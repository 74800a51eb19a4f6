"""How a request is read: its person, its body, its query. What does not hold is a `Problem`."""

import re
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hub.edge.identity import Principal
from hub.edge.problems import Problem, refuse
from hub.edge.security import SAFE, is_secure
from hub.edge.services import Services
from hub.wire.errors import Err, bad_body
from hub.wire.frames import MAX_FRAME, dumps

T = TypeVar("T")

COOKIE = "examroom"
ROOM_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def cookie_name(secure: bool) -> str:
    """`__Host-` binds the cookie to this host and to TLS (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def services_of(request: Request) -> Services:
    """What the application was built with."""
    services: Services = request.app.state.services
    return services


async def principal_of(request: Request) -> Principal:
    """Who asks, by bearer token or cookie. Raises `Problem` not_authenticated."""
    services = services_of(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        principal = await services.identity.authenticate(token.strip())
    else:
        secure = is_secure(request.scope, services.settings)
        value = request.cookies.get(cookie_name(secure), "")
        principal = await services.identity.authenticate(value) if value else None
    if principal is None:
        raise refuse("not_authenticated")
    if principal.scopes and "write" not in principal.scopes and request.method not in SAFE:
        raise Problem(
            Err(
                "forbidden",
                "Ce jeton ne permet que la lecture : demandez-en un autre à votre administrateur.",
                "This token may only read: ask your administrator for another.",
            )
        )
    return principal


async def body_of(request: Request, most: int = MAX_FRAME) -> bytes:
    """The body, if it is not too big: told by its length, or found while reading."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > most:
        raise refuse("too_big")
    read = bytearray()
    try:
        async for chunk in request.stream():
            read += chunk
            if len(read) > most:
                raise refuse("too_big")
    except ClientDisconnect:
        raise Problem(bad_body("body", "not complete")) from None
    return bytes(read)


def decoded(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """The JSON of a body in its type. Raises `Problem` bad_body naming the field."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as wrong:
        text, _, path = str(wrong).partition(" - at `$")
        raise Problem(bad_body(path.rstrip("`").lstrip(".") or "body", text)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(bad_body("body", "not a JSON object")) from None


def number(request: Request, name: str, otherwise: int, *, most: int = 2**53) -> int:
    """A whole number of the query, from 0 to `most`."""
    given = request.query_params.get(name, "")
    if not given:
        return otherwise
    if not (given.isascii() and given.isdecimal()) or len(given) > 16 or int(given) > most:
        raise Problem(bad_body(name, f"a whole number from 0 to {most}"))
    return int(given)


def flag(request: Request, name: str) -> bool:
    """A yes or no of the query; absent is no."""
    given = request.query_params.get(name, "").lower()
    if given not in ("", "0", "1", "true", "false"):
        raise Problem(bad_body(name, "true or false"))
    return given in ("1", "true")


def word(request: Request, name: str, most: int = 64) -> str:
    """A short word of the query; absent is empty."""
    given = request.query_params.get(name, "")
    if len(given) > most or "\x00" in given or not given.isprintable():
        raise Problem(bad_body(name, f"at most {most} printable characters"))
    return given


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON."""
    return Response(dumps(value), status, headers, "application/json")


def raw(value: bytes, status: int = 200) -> Response:
    """JSON that is encoded already."""
    return Response(value, status, None, "application/json")


def granted(result: T | Err) -> T:
    """The result, or its refusal raised."""
    if isinstance(result, Err):
        raise Problem(result)
    return result
