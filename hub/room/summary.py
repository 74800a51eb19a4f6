"""What the worklist shows of a room: one row, small, told again whenever the room moves."""

from dataclasses import asdict
from typing import Any

from hub.oncall.engine import Ring
from hub.room.measures import promises
from hub.room.opinions import unfinished
from hub.room.pursuit import is_open
from hub.room.room import By, Room
from hub.room.stages import Stage

SHORT = 140
"""Characters of the clinical question that fit a row."""


def patient_label(room: Room) -> str:
    """The patient as a row names them: birth name, given name, sex, year of birth."""
    if room.request is None:
        return ""
    patient = room.request.patient
    parts = (patient.birth_name, patient.given, patient.sex, patient.dob[:4])
    return " ".join(part for part in parts if part and part != "U")


def summary(room: Room) -> dict[str, Any]:
    """The row of `room`, of JSON values. It names a patient: for the people in care only."""
    request, move = room.request, room.next_move
    total = room.clocks.get("total")
    checked = room.checklist.answers.alerts if room.checklist else ()
    prescribed = room.protocol.alerts if room.protocol else ()
    return {
        "room": room.id,
        "seq": room.seq,
        "site": room.site,
        "stage": room.stage.value,
        "stage_since": room.stage_since,
        "urgency": request.urgency if request else "",
        "modality": request.modality_wanted if request else "",
        "region": list(request.region) if request else [],
        "question": _short(request.clinical_question) if request else "",
        "patient_label": patient_label(room),
        "identity": request.patient.identity if request else "",
        "requested_at": room.requested.at if room.requested else "",
        "limit_at": total.limit_at if total and not total.stopped_at else "",
        "owner": _who(room.owner),
        "requester": _who(room.requested),
        "next_move": _listed(asdict(move)) if move else None,
        "clocks": promises(room),
        "pause": room.pause.cause if room.pause else "",
        "rings": [_ring(one) for one in room.rings if one.on],
        "asked": [
            {
                "person": person,
                "act": one.act,
                "by": one.asked.name,
                "since": one.asked.at,
                "text": _short(one.text),
            }
            for person, one in room.asked.items()
        ],
        "alerts": len({alert.rule for alert in (*prescribed, *checked)}),
        "incidents": len(room.incidents),
        "critical": _critical(room),
        "opinions": len(unfinished(room)),
        "is_open": room.seq > 0 and room.stage is not Stage.CLOSED,
    }


def _critical(room: Room) -> dict[str, Any] | None:
    """The gravest critical result that nobody has received yet, and how many there are."""
    held = [one for one in room.criticals if is_open(one)]
    if not held:
        return None
    first = min(held, key=lambda one: (one.category, one.limit_at))
    return {
        "open": len(held),
        "category": first.category,
        "limit_at": first.limit_at,
        "exhausted": first.exhausted > 0,
        "phone": first.phone,
    }


def _who(by: By | None) -> dict[str, str] | None:
    return {"person": by.person, "name": by.name} if by else None


def _ring(ring: Ring) -> dict[str, Any]:
    """A ring that is on, as a row tells it: no question, for a row has no room for one."""
    return {
        "ring": ring.ring,
        "purpose": ring.purpose,
        "state": ring.state,
        "step": ring.step,
        "alerts": ring.alerts,
        "since": ring.started_at,
        "people": list(ring.ringing),
        "phone": ring.phone,
        "until": ring.ends_at,
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


def _listed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(held) if isinstance(held, tuple) else held for name, held in values.items()}
