"""Who stands behind a connection, as the rooms need to know them."""

from typing import Protocol

from hub.room.roles import Actor, Role
from hub.room.visibility import withheld


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


def outside_care(role: Role) -> bool:
    """Whether this role sees no identity and no free text."""
    return withheld("request.submitted", role)
