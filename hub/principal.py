"""Who stands behind a connection, as the rooms need to know them."""

from typing import Protocol

import msgspec

from hub.room.roles import SYSTEM, Actor, Role
from hub.room.visibility import withheld

_encode = msgspec.json.Encoder().encode


class Principal(Protocol):
    """Who is behind a connection, as the identity of the edge has it."""

    @property
    def person(self) -> str:
        """Opaque id."""

    @property
    def name(self) -> str:
        """As shown to others."""

    @property
    def role(self) -> Role:
        """The one role of this session."""

    @property
    def site(self) -> str:
        """The site this session acts for."""

    @property
    def covers(self) -> frozenset[str]:
        """Sites whose rooms concern this role."""

    @property
    def worklist_sites(self) -> frozenset[str]:
        """Sites whose rooms stand in the worklist unasked."""

    @property
    def rate_free(self) -> bool:
        """Free of limits (people made by `seed`)."""

    @property
    def session_id(self) -> str:
        """What ends when the session is ended."""

    @property
    def expires(self) -> str:
        """When the session ends of itself, RFC 3339 UTC; empty for never."""

    def actor(self, device: str) -> Actor:
        """The same person, acting on `device`."""


class Author:
    """Somebody on a device, ready to act: what every act of theirs needs, made once for all."""

    __slots__ = ("_told", "actor", "covers", "principal")

    def __init__(self, principal: Principal | None, actor: Actor) -> None:
        # None where the hub itself acts.
        self.principal = principal
        self.actor = actor
        # The same as `from` has it in events, once it was asked for: most people listen.
        self._told = b""
        # Sites that the role covers, for the question whether they may be here at all.
        self.covers: frozenset[str] = principal.covers if principal else frozenset()

    @property
    def told(self) -> bytes:
        """`actor` as `from` has it in events."""
        told = self._told
        if not told:
            told = self._told = _encode(self.actor)
        return told


def author(principal: Principal, device: str) -> Author:
    """The author of what `principal` does on `device`."""
    return Author(principal, principal.actor(device))


HUB = Author(None, SYSTEM)
"""The hub itself, where a deadline acts and no person does."""


def outside_care(role: Role) -> bool:
    """Whether this role sees no identity and no free text."""
    return withheld("request.submitted", role)
