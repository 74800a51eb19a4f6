"""The request: sent, corrected, cancelled; and the questions about it."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from hub.room import refusals, rings
from hub.room.changes import differences
from hub.room.commands import (
    InformationAnswer,
    InformationAsk,
    RequestAmend,
    RequestCancel,
    RequestSubmit,
)
from hub.room.events import (
    InformationAnswered,
    InformationAsked,
    RequestAmended,
    RequestCancelled,
    RequestSubmitted,
)
from hub.room.exam import UNKNOWN, Patient, Request
from hub.room.limits import MOST_OPEN
from hub.room.refusals import Refused
from hub.room.safety import spoken
from hub.room.scene import Answer, Scene
from hub.room.stages import Stage

ASKED: tuple[str, ...] = (
    "patient.given",
    "patient.dob",
    "patient.sex",
    "patient.weight_kg",
    "callback",
    "labs.egfr",
    "contraindications.allergy_contrast",
    "contraindications.renal_known",
    "contraindications.metformin",
    "contraindications.pregnancy",
    "contraindications.breastfeeding",
    "contraindications.hyperthyroid",
    "contraindications.implants",
    "iv_access",
    "information_given",
)
"""What a radiologist asks for; each is listed as unknown where it is not said or not known."""

_NOT_SAID: tuple[Any, ...] = (None, "", UNKNOWN)

RECHECK = ("patient.", "labs.", "contraindications.", "iv_access")
"""What a completed checklist rests on: a change of these makes it void."""


def unknown_of(request: Request) -> tuple[str, ...]:
    """The fields of `ASKED` that the request leaves open."""
    return tuple(path for path in ASKED if _open(request, path))


def _open(request: Request, path: str) -> bool:
    held: Any = request
    for name in path.split("."):
        held = getattr(held, name)
    return held in _NOT_SAID or (path == "patient.sex" and held == "U")


def _values(request: Request, site: str) -> dict[str, Any]:
    """The fields of `request` as they are kept: the site of the room, no unqualified INS."""
    kept = {field.name: getattr(request, field.name) for field in fields(Request)}
    kept["site"] = site
    patient = request.patient
    if patient.ins and patient.identity != "qualified":  # RNIV: an INS only with its status
        values = {field.name: getattr(patient, field.name) for field in fields(Patient)}
        kept["patient"] = Patient(**{**values, "ins": ""})
    return kept


DAYS: tuple[str, ...] = ("patient.dob", "labs.egfr_date", "contraindications.last_period")
"""Calendar days, without a zone: to come is what is tomorrow everywhere on earth."""
MOMENTS: tuple[str, ...] = ("symptom_onset", "last_known_well")

EASTERNMOST = timedelta(hours=14)
"""The zone that is furthest ahead of UTC."""
SKEW = timedelta(minutes=10)
"""By which the clock of who writes may be ahead of ours."""


def in_future(request: Request, now: datetime) -> str:
    """The first field of `request` that holds a day or a moment still to come; "" for none.

    What is no date (a year alone is one, words are none) is left as it was written.
    """
    for path in (*DAYS, *MOMENTS):
        held: Any = request
        for name in path.split("."):
            held = getattr(held, name)
        if _to_come(held, now, day=path in DAYS):
            return path
    return ""


def _to_come(text: str, now: datetime, *, day: bool) -> bool:
    if not day:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return False
        if at.tzinfo is not None:
            return at > now + SKEW
    last = (now + EASTERNMOST).isoformat()
    return text[:4].isdigit() and text > last[: len(text)]


def _early(request: Request, now: datetime) -> Refused | None:
    if not (field := in_future(request, now)):
        return None
    return refusals.body(
        field,
        "Cette date est dans l'avenir : vérifiez-la et corrigez-la.",
        "That date is in the future: check it and correct it.",
    )


def submit(command: RequestSubmit, scene: Scene) -> Answer:
    """Opens the room, at the site that the session acts for, and rings the line."""
    if problem := _early(command, scene.now):
        return problem
    values = _values(command, scene.by.site or command.site)
    submitted = RequestSubmitted(**values, unknown=unknown_of(command))
    return (submitted, *rings.of_case(scene, after=1))


def amend(command: RequestAmend, scene: Scene) -> Answer:
    """Replaces the request; says what changed and what the rules say now. A ring that is on
    begins anew where the exam became more urgent."""
    room = scene.room
    after = Request(**_values(command, room.site))
    if problem := _early(after, scene.now):
        return problem
    changed = differences(Request, room.request or after, after)
    recheck = room.stage is Stage.READY and any(field.startswith(RECHECK) for field in changed)
    alerts = spoken(after, room.protocol.protocol, scene.now) if room.protocol else ()
    more_urgent = room.request is not None and after.urgency < room.request.urgency
    ringing = more_urgent and rings.case_is_rung(room)
    return (
        RequestAmended(
            **_values(after, room.site),
            reason=command.reason,
            unknown=unknown_of(after),
            changed=changed,
            alerts=alerts,
            recheck=recheck,
        ),
        *(rings.of_case(scene, after=1) if ringing else ()),
    )


def cancel(command: RequestCancel, scene: Scene) -> Answer:
    """Ends the exam before anything was acquired."""
    return (RequestCancelled(reason=command.reason),)


def ask(command: InformationAsk, scene: Scene) -> Answer:
    """Puts a question to the requester and stops the reader's clock."""
    if sum(one.answered is None for one in scene.room.questions) >= MOST_OPEN:
        return refusals.too_many_open("questions", "questions")
    return (InformationAsked(question=command.question),)


def answer(command: InformationAnswer, scene: Scene) -> Answer:
    """Answers an open question, the latest where none is named."""
    unanswered = [one.asked.seq for one in scene.room.questions if one.answered is None]
    seq = command.question_seq or (unanswered[-1] if unanswered else 0)
    if seq not in unanswered:
        return refusals.conflict(
            "Cette question n'est pas ou plus ouverte : répondez à une question ouverte, "
            "ou écrivez un message.",
            "That question is not open, or no longer: answer an open one, or post a message.",
        )
    return (InformationAnswered(answer=command.answer, question_seq=seq),)
