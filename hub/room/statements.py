"""What the report says of critical results: to whom, when, by whom, how, read back."""

from datetime import tzinfo

from hub.room.loops import Critical
from hub.room.report import Communication
from hub.room.room import Room
from hub.room.times import moment
from hub.room.words import CRITICAL_METHODS, ROLES, Words


def statement(one: Critical, zone: tzinfo) -> Words:
    """ "Communicated to … on … at … by …, read back", French and English, in the time of `zone`.

    Where nobody has received it yet, it says so.
    """
    proof = one.receipt
    if proof is None:
        return (
            f"Résultat critique (catégorie {one.category}) : réception non confirmée à ce jour.",
            f"Critical result (category {one.category}): not acknowledged so far.",
        )
    at = moment(proof.received_at).astimezone(zone)
    clock = f" ({at.tzname()})"
    held = next((words for role, words in ROLES.items() if role.value == proof.role), None)
    role = held or (proof.role, proof.role)
    how = CRITICAL_METHODS[proof.method]
    back_fr = f", relu : « {proof.read_back.strip()} »" if proof.read_back.strip() else ""
    back_en = f", read back: “{proof.read_back.strip()}”" if proof.read_back.strip() else ""
    fr = (
        f"Résultat critique (catégorie {one.category}) communiqué par {proof.communicator} à "
        f"{proof.name}, {role[0]}, le {at:%d/%m/%Y} à {at:%H:%M}{clock} {how[0]}{back_fr}."
    )
    en = (
        f"Critical result (category {one.category}) communicated by {proof.communicator} to "
        f"{proof.name}, {role[1]}, on {at:%Y-%m-%d} at {at:%H:%M}{clock} {how[1]}{back_en}."
    )
    return fr, en


def communications(room: Room) -> tuple[Communication, ...]:
    """The critical results that reached a named person, as a report seals them."""
    return tuple(
        Communication(
            name=proof.name,
            role=proof.role,
            at=proof.received_at,
            by=proof.communicator,
            category=str(one.category),
            method=proof.method,
            read_back=bool(proof.read_back.strip()),
        )
        for one in room.criticals
        if (proof := one.receipt) is not None
    )
