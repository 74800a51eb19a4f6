"""Who may enter a room, and what they see of it."""

import pytest

from hub.room.access import may_enter
from hub.room.events import BY_KIND
from hub.room.roles import CARE, Actor, Role
from hub.room.room import Room
from hub.room.visibility import view, withheld
from tests.room import cast
from tests.room.cast import BASTIEN, CLAIRE, INES, LEA, MARC, OMAR, SITE, SOLENE, actor

NEAR = frozenset({SITE, "centre"})
FAR = frozenset({"elsewhere"})


@pytest.mark.parametrize(
    ("who", "covers", "enters"),
    [
        (LEA, FAR, True),
        (actor(Role.REQUESTER, "nora"), NEAR, False),
        (MARC, FAR, True),
        (actor(Role.TECHNOLOGIST, "yann", "elsewhere"), NEAR, False),
        (BASTIEN, FAR, True),
        (actor(Role.PROXIMITY_PHYSICIAN, "x", "elsewhere"), NEAR, False),
        (OMAR, NEAR, True),
        (OMAR, FAR, False),
        (actor(Role.REGULATOR), NEAR, True),
        (actor(Role.REGULATOR), FAR, False),
        (SOLENE, NEAR, True),
        (SOLENE, FAR, False),
        (INES, NEAR, False),
        *((actor(role), NEAR, False) for role in Role if role not in CARE),
    ],
)
def test_who_enters_by_role_and_site(who: Actor, covers: frozenset[str], enters: bool) -> None:
    assert may_enter(cast.requested().room, actor=who, covers=covers) is enters


def test_an_invitation_lets_in_and_a_removal_keeps_out_until_the_next() -> None:
    case = cast.claimed()
    case.do(OMAR, "member.invite", {"person": "ines"})
    assert may_enter(case.room, actor=INES, covers=FAR)
    case.do(OMAR, "member.remove", {"person": "ines"})
    assert not may_enter(case.room, actor=INES, covers=NEAR)
    case.do(OMAR, "member.remove", {"person": "marc"})
    assert not may_enter(case.room, actor=MARC, covers=NEAR)
    case.do(OMAR, "member.invite", {"person": "marc", "role": "technologist"})
    assert may_enter(case.room, actor=MARC, covers=NEAR)


def test_an_offer_lets_in_whom_it_is_made_to() -> None:
    case = cast.claimed()
    assert not may_enter(case.room, actor=CLAIRE, covers=FAR)
    case.do(OMAR, "case.reassign", {"to": "claire", "reason": "relève"})
    assert may_enter(case.room, actor=CLAIRE, covers=FAR)


def test_nobody_enters_a_room_that_is_not_there() -> None:
    assert not may_enter(Room(id="r"), actor=MARC, covers=NEAR)
    nowhere = actor(Role.TECHNOLOGIST, site="")
    assert not may_enter(Room(id="r"), actor=nowhere, covers=frozenset({""}))


@pytest.mark.parametrize("role", Role)
def test_identity_and_free_text_are_for_care(role: Role) -> None:
    hidden = {kind for kind in BY_KIND if withheld(kind, role)}
    if role in CARE:
        assert not hidden
    else:
        assert {"request.submitted", "message.posted", "incident.opened"} <= hidden
        assert "acquisition.started" not in hidden


def test_what_is_withheld_keeps_its_place_and_nothing_else() -> None:
    entry = cast.requested().journal[0]
    assert view(entry, Role.RADIOLOGIST) is entry
    hidden = view(entry, Role.PHYSICIST)
    assert (hidden.seq, hidden.at, hidden.event.kind) == (1, entry.at, "withheld")
