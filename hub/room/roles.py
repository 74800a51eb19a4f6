"""The people of an exam, by the part they play in it (domain.md 4.1)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A part in the exam. One person may hold several; a session acts in exactly one."""

    REQUESTER = "requester"
    PROXIMITY_PHYSICIAN = "proximity_physician"
    TECHNOLOGIST = "technologist"
    REGULATOR = "regulator"
    RADIOLOGIST = "radiologist"
    SUBSPECIALIST = "subspecialist"
    COORDINATOR = "coordinator"
    PHYSICIST = "physicist"
    QUALITY = "quality"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SUPPORT = "support"
    SERVICE = "service"


CARE: frozenset[Role] = frozenset(
    {
        Role.REQUESTER,
        Role.PROXIMITY_PHYSICIAN,
        Role.TECHNOLOGIST,
        Role.REGULATOR,
        Role.RADIOLOGIST,
        Role.SUBSPECIALIST,
        Role.COORDINATOR,
    }
)
"""Roles that take part in the care of the patient, and so may see who the patient is."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: stamped by the server, never believed from a client.

    `person` is an opaque id, `site` the site the session acts for, `device` the id that the
    client minted for itself.
    """

    person: str
    name: str
    role: Role
    site: str
    device: str

    def __repr__(self) -> str:
        return f"<Actor {self.role.value}>"


SYSTEM = Actor(person="system", name="examroom", role=Role.SERVICE, site="", device="hub")
"""The hub itself, where a deadline acts and no person does."""
