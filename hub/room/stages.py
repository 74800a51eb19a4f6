"""The stages of an exam, in order, and whose move each one waits for (domain.md 4.2).

Rule: everything that says which command leads from which stage to which stands in `permissions.py`;
everything that says who is waited for in a stage, and for how long, stands here.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where an exam stands. One value at a time."""

    REQUESTED = "requested"
    INFO_NEEDED = "info_needed"
    CLAIMED = "claimed"
    JUSTIFIED = "justified"
    PROTOCOLLED = "protocolled"
    PROTOCOL_ACKNOWLEDGED = "protocol_acknowledged"
    READY = "ready"
    ACQUIRING = "acquiring"
    ACQUIRED = "acquired"
    IMAGES_AVAILABLE = "images_available"
    READING = "reading"
    REPORTED_PRELIM = "reported_prelim"
    REPORTED_FINAL = "reported_final"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    REFUSED = "refused"
    SUBSTITUTED = "substituted"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


class Urgency(StrEnum):
    """How soon the answer is needed: P0 vital, P1 within 30 min, P2 within 60 min, P3 today."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
