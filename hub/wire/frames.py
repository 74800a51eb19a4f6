"""The frames of the socket: what a client may send, as types; what the hub sends, as bytes.

wire.md section 3. Client frames are decoded and validated in one step; bodies stay raw until the
kind says what they are. Server frames are built from parts that were encoded once.
"""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from hub.wire.errors import Close, Err

MAX_FRAME = 64 * 1024
"""Bytes of a client's frame (W-3)."""
SUBPROTOCOL = "v1.examroom"
"""W-1."""

Token = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}(?![\s\S])")]
"""An id minted by a client: cid, device, re (W-5). Not `$`, which lets a line feed follow: such ids
stand in frames and in the chain's headers as they are."""
RoomId = Annotated[str, Meta(min_length=1, max_length=64)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Key = Annotated[str, Meta(min_length=1, max_length=64)]


class Hello(Struct, tag="hello", tag_field="t"):
    """The first frame: who, on what device, with what app.

    `instance` names one running client, anew at each start: its newer socket replaces its older
    one (4009).
    """

    ticket: Annotated[str, Meta(min_length=1, max_length=512)]
    device: Token
    app: Annotated[str, Meta(max_length=200)] = ""
    caps: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=64)] = []
    instance: Token | None = None


class Join(Struct, tag="join", tag_field="t"):
    """Enter a room; `after` asks for the events that came after that seq."""

    re: Token
    room: RoomId
    epoch: Annotated[str, Meta(max_length=64)] | None = None
    after: Seq | None = None


class Leave(Struct, tag="leave", tag_field="t"):
    """Leave a room, deliberately."""

    re: Token
    room: RoomId


class Pub(Struct, tag="pub", tag_field="t"):
    """An act. `after`: I had seen up to this seq (W-16)."""

    cid: Token
    room: RoomId
    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    body: Raw = Raw(b"{}")
    after: Seq | None = None


class Got(Struct, tag="got", tag_field="t"):
    """This device has everything up to `upto`."""

    room: RoomId
    upto: Seq


class Seen(Struct, tag="seen", tag_field="t"):
    """This person had everything up to `upto` on a visible screen."""

    room: RoomId
    upto: Seq


class Eph(Struct, tag="eph", tag_field="t"):
    """Pointer, viewport, typing: the latest wins per key."""

    room: RoomId
    key: Key
    body: Raw = Raw(b"null")


class Sig(Struct, tag="sig", tag_field="t"):
    """Negotiation of a call."""

    re: Token
    room: RoomId
    call: Key
    body: Raw = Raw(b"null")


class Refresh(Struct, tag="refresh", tag_field="t"):
    """A new ticket for the session that goes on."""

    ticket: Annotated[str, Meta(min_length=1, max_length=512)]
    re: Token | None = None


class Ping(Struct, tag="ping", tag_field="t"):
    """Are you there?"""

    n: Annotated[int, Meta(ge=-(2**53), le=2**53)] = 0


class Watch(Struct, tag="watch", tag_field="t"):
    """Send me the rows of the worklist as they change."""

    re: Token


class Status(Struct, tag="status", tag_field="t"):
    """What I am: online, reading, busy, dnd, away; until when, and who is rung instead."""

    re: Token
    state: Annotated[str, Meta(min_length=1, max_length=16)]
    until: Annotated[str, Meta(max_length=40)] = ""
    forward: Annotated[str, Meta(max_length=64)] = ""


ClientFrame = Hello | Join | Leave | Pub | Got | Seen | Eph | Sig | Refresh | Ping | Watch | Status
CLIENT_FRAMES: tuple[type[Struct], ...] = (
    Hello, Join, Leave, Pub, Got, Seen, Eph, Sig, Refresh, Ping, Watch, Status,
)  # fmt: skip
_TAGS = {cls.__struct_config__.tag for cls in CLIENT_FRAMES}


class Refs(Struct):
    """What an answer to a broken frame can still name."""

    t: Any = None
    re: Any = None
    cid: Any = None


_client = msgspec.json.Decoder(ClientFrame)
_refs = msgspec.json.Decoder(Refs)
_token = msgspec.json.Decoder(Token)
dumps = msgspec.json.Encoder().encode


class BadFrame(Exception):
    """A frame that cannot be taken: the answer to send, and the `re` it names if any."""

    def __init__(self, slug: str, re: str | None, problem: str) -> None:
        super().__init__(slug)
        self.slug = slug
        self.re = re
        self.problem = problem


def decode(text: bytes | memoryview) -> ClientFrame:
    """A client's frame. Raises `BadFrame`; the socket stays open (W-4)."""
    try:
        frame: ClientFrame = _client.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise _explain(text, problem) from None
    return frame


def _explain(text: bytes | memoryview, problem: Exception) -> BadFrame:
    try:
        refs = _refs.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BadFrame("bad_frame", _only_reference(text), "not a JSON object")
    re = next((held for held in (refs.cid, refs.re) if _is_token(held)), None)
    if not isinstance(refs.t, str):
        return BadFrame("bad_frame", re, "no field t")
    if refs.t not in _TAGS:
        return BadFrame("unknown_frame", re, "unknown t")
    return BadFrame("bad_frame", re, str(problem) if "`$" in str(problem) else "bad field")


_REFERENCE = re.compile(rb'"(?:cid|re)"\s*:\s*"([A-Za-z0-9_-]{1,40})"')


def _only_reference(text: bytes | memoryview) -> str | None:
    """The id in a text that is no JSON (half a surrogate pair in a message, say), where it holds
    just one: its sender must learn which of their acts will never be taken."""
    found = set(_REFERENCE.findall(text))
    return found.pop().decode() if len(found) == 1 else None


def _is_token(held: Any) -> bool:
    if not isinstance(held, str):
        return False
    try:
        _token.decode(dumps(held))
    except msgspec.ValidationError:
        return False
    return True


# -- Server frames ---------------------------------------------------------------------------


def evt(
    room: str, seq: int, id: str, at: str, actor: bytes, kind: str, body: bytes, cid: str
) -> bytes:
    """An event, from the bytes that are stored: nothing in it is encoded a second time."""
    head = f'{{"t":"evt","room":"{room}","seq":{seq},"id":"{id}","at":"{at}","from":'
    tail = f',"cid":"{cid}"}}' if cid else "}"
    kind = f',"kind":"{kind}","body":'
    return b"".join((head.encode(), actor, kind.encode(), body, tail.encode()))


def ok(re: str, seq: int | None = None, *, dup: bool = False) -> bytes:
    """The answer to an act that is stored, or to anything that was carried out."""
    place = "" if seq is None else f',"seq":{seq}'
    again = ',"dup":true' if dup else ""
    return f'{{"t":"ok","re":"{re}"{place}{again}}}'.encode()


def error(refusal: Err, re: str | None = None, **more: Any) -> bytes:
    """The answer to an act that was refused."""
    frame: dict[str, Any] = {"t": "err"}
    if re is not None:
        frame["re"] = re
    frame |= {
        "code": refusal.status,
        "slug": refusal.slug,
        "detail": refusal.detail,
        "fr": refusal.fr,
        "en": refusal.en,
        "retry": refusal.retry,
    }
    if refusal.retry_after_ms is not None:
        frame["retry_after_ms"] = refusal.retry_after_ms
    if refusal.seq is not None:
        frame["seq"] = refusal.seq
    return dumps(frame | more)


def joined(re: str, room: str, epoch: str, head: int, state: bytes) -> bytes:
    """The whole room at `head`."""
    return b'{"t":"joined","re":"%b","room":"%b","epoch":"%b","head":%d,"state":%b}' % (
        re.encode(),
        room.encode(),
        epoch.encode(),
        head,
        state,
    )


def page(room: str, events: list[bytes], *, more: bool) -> bytes:
    """A piece of the past, as whole `evt` frames."""
    return b'{"t":"page","room":"%b","events":[%b],"more":%b}' % (
        room.encode(),
        b",".join(events),
        b"true" if more else b"false",
    )


def note(slug: str, room: str | None = None) -> bytes:
    """A change in how things go: lagging, degraded, draining, recovered."""
    return dumps({"t": "note", "slug": slug} | ({"room": room} if room else {}))


def bye(close: Close, *, after_ms: int = 0, resume: bool = True) -> bytes:
    """The last frame, before the close code that proxies may swallow."""
    return dumps(
        {
            "t": "bye",
            "code": int(close),
            "slug": close.slug,
            "reconnect": close.reconnect,
            "after_ms": after_ms,
            "resume": resume,
        }
    )
