"""The dose of an exam: sums that never mix phantoms, and values beside their reference levels.

A reference level is for one acquisition of a standard adult or child, so each series is compared by
itself; what is above is a warning for people to judge, never a refusal (domain.md 1.3).
"""

from collections.abc import Iterable
from datetime import date, datetime

from hub.room import refusals
from hub.room.exam import bare
from hub.room.facts import IONISING, mentions
from hub.room.reading_commands import DoseRecord
from hub.room.reading_events import DoseRecorded
from hub.room.refusals import Refused
from hub.room.report import Compared, Dose, DoseSeries, PhantomSum, ReferenceLevel
from hub.room.room import Room
from hub.room.scene import Answer, Scene

UNITS = {"ctdivol": "mGy", "dlp": "mGy.cm"}
ADULT_YEARS = 18


def record(command: DoseRecord, scene: Scene) -> Answer:
    """The dose with its sums and comparisons. A record that replaces another says why."""
    if problem := _senseless(command) or _unexplained(command, scene.room):
        return problem
    return (
        DoseRecorded(
            series=command.series,
            total_dlp_mgy_cm=command.total_dlp_mgy_cm,
            device=command.device,
            source=command.source,
            rdsr_uid=command.rdsr_uid,
            sums=sums(command.series),
            compared=compared(bare(Dose, command), command.levels, _age(scene.room, scene.now)),
            reason=command.reason,
        ),
    )


def _senseless(dose: Dose) -> Refused | None:
    for n, series in enumerate(dose.series, 1):
        if series.ctdivol_mgy is None and series.dlp_mgy_cm is None:
            return refusals.body(
                f"series[{n}]",
                "Une série sans dose : donnez son IDSV ou son PDL.",
                "A series without a dose: give its CTDIvol or its DLP.",
            )
    if dose.total_dlp_mgy_cm is not None and len({one.phantom for one in dose.series}) > 1:
        return refusals.body(
            "total_dlp_mgy_cm",
            "Un total qui mêle deux fantômes ne veut rien dire : donnez le PDL de chaque série.",
            "A total over two phantoms means nothing: give the DLP of each series.",
        )
    return None


def _unexplained(command: DoseRecord, room: Room) -> Refused | None:
    if room.dose is None or command.reason.strip():
        return None
    return refusals.body(
        "reason",
        "Une dose est déjà saisie : dites pourquoi celle-ci la remplace.",
        "A dose is recorded already: say why this one replaces it.",
    )


def sums(series: Iterable[DoseSeries]) -> tuple[PhantomSum, ...]:
    """The DLP of each phantom, in mGy·cm; a phantom without any DLP is left out."""
    held: dict[str, float] = {}
    for one in series:
        if one.dlp_mgy_cm is not None:
            held[one.phantom] = round(held.get(one.phantom, 0.0) + one.dlp_mgy_cm, 2)
    return tuple(PhantomSum(phantom=name, dlp_mgy_cm=held[name]) for name in sorted(held))


def compared(dose: Dose, levels: Iterable[ReferenceLevel], age: str = "") -> tuple[Compared, ...]:
    """Each series beside the levels of its region, its phantom and the age of the patient.

    `age` is `adult` or `child`, empty where it is not known: then adult levels are shown.
    """
    known = [level for level in levels if level.age == (age or "adult")]
    found = []
    for place, series in enumerate(dose.series, 1):
        said = f"{series.region} {series.name}" if series.region else series.name
        measured = {"ctdivol": series.ctdivol_mgy, "dlp": series.dlp_mgy_cm}
        for level in known:
            value = measured.get(level.quantity)
            if value is None or level.phantom != series.phantom:
                continue
            if mentions(said, level.words):
                found.append(_beside(place, value, level))
    return tuple(found)


def _beside(place: int, value: float, level: ReferenceLevel) -> Compared:
    return Compared(
        series=place,
        quantity=level.quantity,
        measured=value,
        level=level.level,
        unit=UNITS[level.quantity],
        phantom=level.phantom,
        exam=level.exam,
        source=level.source,
        dated=level.dated,
        validated=level.validated,
        above=value > level.level,
    )


def _age(room: Room, now: datetime) -> str:
    try:
        born = date.fromisoformat(room.request.patient.dob[:10]) if room.request else None
    except ValueError:
        return ""
    if born is None:
        return ""
    return "adult" if (now.date() - born).days >= ADULT_YEARS * 365.25 else "child"


def owed(room: Room) -> bool:
    """Whether the report of this exam must tell a dose, and the room holds none (arrêté of
    22 September 2006, art. 1: an act with ionising radiation)."""
    modality = room.protocol.protocol.modality if room.protocol else ""
    modality = modality or (room.request.modality_wanted if room.request else "")
    return modality in IONISING and room.dose is None
