"""What a request and a protocol say about the patient, as the few facts that safety rules read.

What was not said and what is not known are both the fact `unknown`, or None for a number; a rule
that needs a stated value never fires on them.
"""

import unicodedata
from datetime import date, datetime
from typing import Any

from hub.room.exam import UNKNOWN, Protocol, Request

IONISING = frozenset({"CT", "CR", "DX", "XA", "NM", "PT"})
IODINATED = frozenset({"CT", "CR", "DX", "XA"})

FAR_FROM_UTERUS: tuple[str, ...] = (
    "head", "brain", "skull", "neck", "cervical", "face", "sinus", "orbit", "temporal", "wrist",
    "hand", "elbow", "arm", "shoulder", "knee", "ankle", "foot", "leg", "tete", "crane", "cerveau",
    "cerebral", "encephale", "cou", "tsa", "massif facial", "rocher", "poignet", "main", "coude",
    "bras", "epaule", "genou", "cheville", "pied", "jambe",
)  # fmt: skip
"""Words of regions whose field is far from the uterus; a region that has none of them is taken to
be of the trunk."""

ACTIVE_IMPLANTS: tuple[str, ...] = (
    "pacemaker", "stimulateur", "pace-maker", "defibrillat", "icd", "dai", "neurostimul",
    "cochlea", "pump", "pompe", "clip", "intraocular", "intra-oculaire", "intraoculaire",
)  # fmt: skip
"""Words of implants that are dangerous in a magnet until their model is found to be allowed."""

EGFR_DAYS = 7
"""Age in days from which an eGFR is old in an acute illness."""

FERTILE_YEARS = (11, 55)


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in split if not unicodedata.combining(char))


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Whether `text` holds one of `words`, without regard to case and accents."""
    told = _plain(text)
    return any(word in told for word in words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _said(value: Any) -> Any:
    return UNKNOWN if value in (None, "") else value


def _trunk(protocol: Protocol) -> bool:
    return not all(mentions(region, FAR_FROM_UTERUS) for region in protocol.regions)


def _could_be_pregnant(request: Request, now: datetime) -> bool:
    if request.patient.sex == "M":
        return False
    born = _day(request.patient.dob)
    if born is None:
        return True
    years = (now.date() - born).days / 365.25
    return FERTILE_YEARS[0] <= years <= FERTILE_YEARS[1]


def _pregnant(request: Request) -> str:
    said = request.contraindications.pregnancy
    if said == "yes" or request.labs.bhcg == "positive":
        return "yes"
    return "no" if said in ("no", "na") or request.labs.bhcg == "negative" else UNKNOWN


def facts(request: Request, protocol: Protocol, now: datetime) -> dict[str, Any]:
    """Fact -> value: booleans, numbers or None, and the words of the answers."""
    contrast, risk, labs = protocol.contrast, request.contraindications, request.labs
    modality = protocol.modality
    magnetic = modality == "MR"
    per_kg = contrast is not None and bool(contrast.ml_per_kg or contrast.mmol_kg)
    gadolinium = contrast is not None and (magnetic or bool(contrast.mmol_kg))
    drawn = _day(labs.egfr_date)
    implants = " ; ".join(risk.implant_list)
    return {
        "mr": magnetic,
        "ionising": modality in IONISING,
        "trunk": _trunk(protocol),
        "contrast": contrast is not None,
        "iodine": contrast is not None and not gadolinium and modality in IODINATED,
        "gadolinium": gadolinium,
        "rate_ml_s": contrast.rate_ml_s if contrast else None,
        "dose_by_weight": per_kg,
        "weight_known": request.patient.weight_kg is not None,
        "egfr": labs.egfr,
        "renal_known": labs.egfr is not None or labs.creatinine_umol_l is not None,
        "egfr_old": drawn is not None and (now.date() - drawn).days > EGFR_DAYS,
        "metformin": _said(risk.metformin),
        "allergy": _said(risk.allergy_contrast),
        "pregnant": _pregnant(request),
        "could_be_pregnant": _could_be_pregnant(request, now),
        "breastfeeding": _said(risk.breastfeeding),
        "hyperthyroid": _said(risk.hyperthyroid),
        "implants": _said(risk.implants),
        "implant_active": mentions(implants, ACTIVE_IMPLANTS),
        "implant_named": bool(implants.strip()),
        "claustrophobia": _said(risk.claustrophobia),
        "gauge": request.iv_access.gauge if request.iv_access else UNKNOWN,
        "identity": request.patient.identity,
    }
