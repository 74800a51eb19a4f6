"""The opening handshake of the socket (RFC 6455 section 4.2, W-1): bytes in, bytes out.

The websockets library judges it. Nearly every handshake is plain and right, though, and a morning
after an outage is a thousand of them: one that leaves no question open is answered here at a tenth
of the cost, and everything else is left to the library, whose refusals say what is wrong.
"""

import binascii
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from websockets.exceptions import InvalidUpgrade, NegotiationError
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from hub.wire.frames import SUBPROTOCOL

OriginOk = Callable[[Mapping[str, str]], bool]
"""Whether the page that asks, by `origin`, `host` and what a proxy says, may open a socket."""

_PLAIN = re.compile(rb"GET /ws(\?[!-~]*)? HTTP/1\.1\r\n((?:[A-Za-z0-9-]+: ?[ -~]*\r\n)+)\r\n")
_KEY = re.compile(r"[A-Za-z0-9+/]{22}==")
_SWITCHING = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {{}}\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
)


def answer(head: bytes, origin_ok: OriginOk) -> tuple[bytes, bool]:
    """The answer to a whole request head, and whether the socket is open."""
    if (accept := _plainly_right(head, origin_ok)) is not None:
        return _SWITCHING.format(accept).encode(), True
    response = _judged(head, origin_ok)
    return response.serialize(), response.status_code == HTTPStatus.SWITCHING_PROTOCOLS


def _plainly_right(head: bytes, origin_ok: OriginOk) -> str | None:
    """`Sec-WebSocket-Accept` of a handshake that every reader would take the same way."""
    plain = _PLAIN.fullmatch(head)
    if plain is None:
        return None
    lines = plain[2].decode("ascii").split("\r\n")[:-1]
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    key = headers.get("sec-websocket-key", "")
    right = (
        len(headers) == len(lines)  # no header twice
        and headers.get("upgrade", "").lower() == "websocket"
        and headers.get("connection", "").lower() in ("upgrade", "keep-alive, upgrade")
        and headers.get("sec-websocket-version") == "13"
        and headers.get("sec-websocket-protocol") == SUBPROTOCOL
        and _KEY.fullmatch(key) is not None
        and len(binascii.a2b_base64(key)) == 16
        and "host" in headers
        and not headers.keys() & {"content-length", "transfer-encoding"}
        and origin_ok(headers)
    )
    return accept_key(key) if right else None


def _judged(head: bytes, origin_ok: OriginOk) -> Response:
    protocol = ServerProtocol(subprotocols=[Subprotocol(SUBPROTOCOL)])
    protocol.receive_data(head)
    request = next((e for e in protocol.events_received() if isinstance(e, Request)), None)
    if request is None:
        return protocol.reject(400, "Unreadable request.\n")
    if request.path.partition("?")[0] != "/ws":
        return protocol.reject(404, "The socket is at /ws.\n")
    headers = request.headers
    asked = {name.lower(): ",".join(headers.get_all(name)) for name in headers}
    if not origin_ok(asked):
        return protocol.reject(403, "This origin may not open a socket here.\n")
    if SUBPROTOCOL not in [
        one.strip() for one in asked.get("sec-websocket-protocol", "").split(",")
    ]:
        return protocol.reject(400, f"Subprotocols known here: {SUBPROTOCOL}\n")
    try:
        return protocol.accept(request)
    except (InvalidUpgrade, NegotiationError) as problem:
        return protocol.reject(400, f"{problem}\n")
