"""The bodies of REST calls, as types: decoded and checked in one step, described by the same."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from hub.room.criticality import HANDOVER_MIN
from hub.room.report import Draft
from hub.wire.frames import RoomId, Seq, Token

DEVICE = "rest"
"""The device of an act over REST that names none."""

Short = Annotated[str, Meta(max_length=64)]


class Login(Struct):
    """A login; `role` and `site` choose among the parts of a person, absent: their first."""

    login: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]
    totp: Short = ""
    role: Short = ""
    site: Short = ""


class Act(Struct):
    """A `pub` frame, with the device that the socket would have named in its `hello`."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    cid: Token | None = None
    t: str = "pub"
    room: RoomId | None = None
    body: Raw = Raw(b"{}")
    after: Seq | None = None
    device: Token = DEVICE


class DraftSave(Struct):
    """A draft saved over the version that its author had: 0 for the first."""

    version: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    draft: Draft
    device: Token = DEVICE


class Relief(Struct):
    """What is done with handovers, in `rooms` or in all that it can be done in.

    `to`, `note` and `minutes` go with an offer; `reason` with a refusal or a withdrawal.
    """

    rooms: Annotated[list[RoomId], Meta(max_length=400)] | None = None
    to: Annotated[str, Meta(max_length=64)] = ""
    note: Annotated[str, Meta(max_length=1000)] = ""
    minutes: Annotated[int, Meta(ge=1, le=720)] = HANDOVER_MIN
    reason: Annotated[str, Meta(max_length=1000)] = ""
    cid: Token | None = None
    device: Token = DEVICE


class Opening(Struct):
    """What stands beside the members of a `request.submit`."""

    cid: Token | None = None
    device: Token = DEVICE


class PushKeys(Struct):
    """The keys of a `PushSubscription`, in base64url (RFC 8291)."""

    p256dh: Annotated[str, Meta(min_length=80, max_length=100, pattern="^[A-Za-z0-9_=-]*$")]
    auth: Annotated[str, Meta(min_length=16, max_length=32, pattern="^[A-Za-z0-9_=-]*$")]


class Subscribing(Struct):
    """A device to be alerted: what `PushSubscription.toJSON()` gives, and two words beside."""

    endpoint: Annotated[str, Meta(min_length=10, max_length=2000)]
    keys: PushKeys
    lang: Annotated[str, Meta(max_length=12)] = "fr"
    label: Annotated[str, Meta(max_length=80)] = ""


login = msgspec.json.Decoder(Login)
act = msgspec.json.Decoder(Act)
draft = msgspec.json.Decoder(DraftSave)
relief = msgspec.json.Decoder(Relief)
opening = msgspec.json.Decoder(Opening)
subscribing = msgspec.json.Decoder(Subscribing)
token = msgspec.json.Decoder(Token)
