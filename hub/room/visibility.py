"""What a reader's role may see: identity and free text are for the people in care (W-11)."""

from hub.room.events import Recorded, Withheld
from hub.room.roles import CARE, Role

PLAIN: frozenset[str] = frozenset(
    {
        "case.claimed",
        "acquisition.started",
        "deadline.predicted",
        "deadline.passed",
        "withheld",
    }
)
"""Kinds of event that hold neither identity nor free text."""

REPORT_READERS: dict[str, frozenset[Role]] = {
    "draft": frozenset(),
    "preliminary": CARE,
    "final": CARE,
    "addendum": CARE,
}
"""Who may read a report in each state, once in the room. A draft is its author's alone; what is
issued or signed is for the people in care, labelled for what it is."""

_WITHHELD = Withheld()


def withheld(kind: str, role: Role) -> bool:
    """Whether an event of `kind` reaches `role` as `withheld`: its seq, and nothing of it."""
    return role not in CARE and kind not in PLAIN


def view(recorded: Recorded, role: Role) -> Recorded:
    """`recorded` as `role` may see it."""
    if not withheld(recorded.event.kind, role):
        return recorded
    return Recorded(seq=recorded.seq, at=recorded.at, by=recorded.by, event=_WITHHELD)
