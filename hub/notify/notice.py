"""What may leave the house about an alert, and where it goes: types that hold no free text.

A `Notice` cannot be made with anything but words out of closed lists and opaque ids, so that no
mistake elsewhere can put a patient into a push, an e-mail, an SMS or a webhook. The one text in
what is sent, the name of the site, is looked up by id in the directory at the last moment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hub.room.alerts import AlertKind
from hub.room.stages import Urgency

LANGS = ("fr", "en")
LABEL = 60
"""Characters of a site's name that are sent."""

MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""A mail address, with nothing in it that a header or an URL could trip over."""
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164."""

_ID = re.compile(r"[0-9a-f]{32}")
_ROOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SITE = re.compile(r"[A-Za-z0-9_.-]{1,64}")

Labels = Callable[[str], str]
"""The name of a site by its id, as the directory has it; empty where there is none."""


class Channel(StrEnum):
    """A way to a person."""

    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


class Result(StrEnum):
    """How an attempt ended. `failed` is tried again; all others are final."""

    SENT = "sent"
    """Taken over by the next hop. Whether somebody saw it only a receipt in the room tells."""
    FAILED = "failed"
    GONE = "gone"
    """This address will never work again (RFC 8030 7.3): it is forgotten."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an attempt; `retry_after_s` as the other side asked for it."""

    result: Result
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a person can be reached. `id` is opaque and may be recorded; `to` may not.

    `to` is an endpoint, a mail address, a phone number in E.164 or an URL; `keys` are `p256dh`
    and `auth` of a push subscription (RFC 8291), else empty.
    """

    channel: Channel
    id: str
    person: str
    to: str
    lang: str = "fr"
    keys: tuple[str, str] = ("", "")

    def __repr__(self) -> str:
        return f"<Address {self.channel.value}>"


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told. Raises `ValueError` for whatever is not of a closed list or opaque.

    `id`: 32 hex digits, the same for every attempt; `site`: an id of the directory; `room`: a
    UUID, or empty where the name of the room is none; `lang`: `fr` or `en`.
    """

    id: str
    kind: AlertKind
    urgency: Urgency
    site: str
    room: str
    lang: str

    def __post_init__(self) -> None:
        if not (isinstance(self.kind, AlertKind) and isinstance(self.urgency, Urgency)):
            raise ValueError("kind and urgency come out of their lists")
        if self.lang not in LANGS:
            raise ValueError("no such language")
        if not _ID.fullmatch(self.id):
            raise ValueError("the id is 32 hex digits")
        if self.room and not _ROOM.fullmatch(self.room):
            raise ValueError("the room is a UUID")
        if self.site and not _SITE.fullmatch(self.site):
            raise ValueError("the site is an id")

    def told(self, labels: Labels) -> dict[str, str]:
        """The members of the payload, the same on every channel."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "urgency": self.urgency.value,
            "site": label_of(labels, self.site),
            "room": self.room,
            "lang": self.lang,
        }


def opaque(room: str) -> str:
    """`room` where its name is a UUID, which says nothing; otherwise nothing is said."""
    return room if _ROOM.fullmatch(room) else ""


def site_id(site: str) -> str:
    """`site` where it looks like an id of the directory; otherwise nothing is said."""
    return site if _SITE.fullmatch(site) else ""


def label_of(labels: Labels, site: str) -> str:
    """The name of a site in one short line."""
    return " ".join(labels(site).split())[:LABEL] if site else ""
