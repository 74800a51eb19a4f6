"""How soon a critical result has to be received, by category, and who is called until it is: data.

The categories are those of actionable findings in radiology (Larson et al., JACR 2014, taken up by
the American College of Radiology): 1 within minutes and by direct word, 2 within hours, 3 within
days. The minutes and the steps are proposals of ours [est]: the Joint Commission (NPSG.02.03.01)
asks each site to write down its own, and each site validates these before use.
"""

from dataclasses import dataclass

from hub.room.roles import Role

DATED = "2026-11"


@dataclass(frozen=True, slots=True)
class Step:
    """`minutes` after it was raised, `roles` of the site are called too."""

    minutes: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of critical results.

    `limit_min` after it was identified, a named person has to have received it. The steps and
    `exhausted_min` count from when it was raised; from the latter on the hub says every
    `repeat_min`: phone this number. `direct`: by direct word, with words that have to come back.
    """

    number: int
    limit_min: int
    steps: tuple[Step, ...]
    exhausted_min: int
    repeat_min: int
    read_back: bool
    direct: bool
    source: str


_ON_SITE = (Role.REQUESTER, Role.PROXIMITY_PHYSICIAN)
_DESK = (Role.COORDINATOR,)
_LARSON = "Larson 2014 (ACR Actionable Reporting Work Group)"

CATEGORIES: dict[int, Category] = {
    1: Category(
        1, 15, (Step(3, _ON_SITE), Step(6, _DESK)), 10, 10,
        read_back=True, direct=True, source=f"{_LARSON}: minutes, direct verbal; figures [est]",
    ),
    2: Category(
        2, 120, (Step(30, _ON_SITE), Step(60, _DESK)), 90, 60,
        read_back=True, direct=False, source=f"{_LARSON}: hours; figures [est]",
    ),
    3: Category(
        3, 4320, (Step(1440, _ON_SITE), Step(2160, _DESK)), 2880, 1440,
        read_back=False, direct=False, source=f"{_LARSON}: days; figures [est]",
    ),
}  # fmt: skip
"""In every category the last word comes before the limit: who is told to phone still has time."""

HANDOVER_MIN = 30
"""Minutes after which a handover that nobody answered lapses [est]."""
