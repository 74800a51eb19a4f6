"""Who stands behind a session: stamped by the hub, never believed from a client."""

from dataclasses import dataclass, field

from hub.room.roles import Actor, Role
from persistence.credentials import Standing

LINE_ROLES = frozenset({Role.RADIOLOGIST, Role.REGULATOR, Role.COORDINATOR})
"""Roles that see the rooms of the sites of their on-call lines."""
SITE_ROLES = LINE_ROLES | {Role.TECHNOLOGIST, Role.PROXIMITY_PHYSICIAN}
"""Roles that see the rooms of a site without being asked in; all others see their own only."""


@dataclass(frozen=True, slots=True, repr=False)
class Principal:
    """A person in one role at one site, by one session or bearer token.

    `covers` are the sites whose rooms concern them: their own, and those of their lines where the
    role is one that lines ring. `expires` is RFC 3339 UTC, empty for never.
    """

    person: str
    name: str
    role: Role
    site: str
    covers: frozenset[str]
    session_id: str
    rate_free: bool = False
    service: bool = False
    lang: str = "fr"
    expires: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)

    def __repr__(self) -> str:
        return f"<Principal {self.role.value}>"

    def actor(self, device: str) -> Actor:
        """The same person as the one who acts, on `device`."""
        return Actor(self.person, self.name, self.role, self.site, device)

    @property
    def worklist_sites(self) -> frozenset[str]:
        """The sites whose rooms stand in this person's worklist unasked."""
        if self.role in LINE_ROLES:
            return self.covers
        return frozenset({self.site}) if self.role in SITE_ROLES else frozenset()


def principal_of(standing: Standing) -> Principal | None:
    """The principal of a live credential; None where its role is none of ours."""
    try:
        role = Role(standing.role)
    except ValueError:
        return None
    covers = {standing.site}
    if role in LINE_ROLES:
        covers.update(standing.line_sites)
    return Principal(
        person=standing.person,
        name=standing.name,
        role=role,
        site=standing.site,
        covers=frozenset(covers),
        session_id=standing.id,
        rate_free=standing.rate_free,
        service=standing.service,
        lang=standing.lang,
        expires=standing.expires,
        scopes=frozenset(standing.scopes.split()),
    )
