"""What is said about an exam: the request, the protocol, the checks, the acts at the scanner.

Values only, shared by commands and events. Fields and words of domain.md 4.3; units stand in the
names (kg, cm, ml, ml_s, mm, s, kv, mgy). Every field that a tired person may not know is optional
and absent means "not said"; the answer "unknown" is an answer and is kept as one.
"""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, TypeVar

from hub.room.limits import Id, Items, Line, Number, OneOf, Prose, Short, Text, Uid

UNKNOWN = "unknown"

YesNo = Annotated[str, OneOf(("yes", "no", UNKNOWN))]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Value:
    """A value whose repr tells nothing: bodies hold patients, and logs must not."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Patient(Value):
    """Who is examined. `identity` is the INS status (RNIV): the INS is kept only when qualified."""

    birth_name: Annotated[str, Text(1, 120)]
    given: Short = ""
    used_name: Short = ""
    dob: Annotated[str, Text(0, 10)] = ""
    sex: Annotated[str, OneOf(("M", "F", "U"))] = "U"
    ipp: Short = ""
    ins: Short = ""
    identity: Annotated[
        str, OneOf(("provisional", "validated", "qualified", "merged", "suspect"))
    ] = "provisional"
    weight_kg: Annotated[float, Number(0.3, 500)] | None = None
    height_cm: Annotated[float, Number(20, 260)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Labs(Value):
    """Laboratory values that decide about contrast."""

    creatinine_umol_l: Annotated[float, Number(1, 3000)] | None = None
    egfr: Annotated[float, Number(0, 250)] | None = None
    egfr_formula: Short = ""
    egfr_date: Annotated[str, Text(0, 10)] = ""
    d_dimer_ng_ml: Annotated[float, Number(0, 1_000_000)] | None = None
    bhcg: Annotated[str, OneOf(("positive", "negative", UNKNOWN))] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contraindications(Value):
    """Answers asked before any contrast or magnet. None: not said. "unknown": asked, not known."""

    allergy_contrast: Annotated[str, OneOf(("none", "mild", "severe", UNKNOWN))] | None = None
    prior_reaction: Line = ""
    renal_known: YesNo | None = None
    metformin: YesNo | None = None
    pregnancy: Annotated[str, OneOf(("no", "yes", UNKNOWN, "na"))] | None = None
    last_period: Annotated[str, Text(0, 10)] = ""
    breastfeeding: YesNo | None = None
    hyperthyroid: YesNo | None = None
    implants: YesNo | None = None
    implant_list: Annotated[tuple[Short, ...], Items(0, 20)] = ()
    claustrophobia: YesNo | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IvAccess(Value):
    """The line through which contrast would go."""

    gauge: Annotated[str, OneOf(("none", "14G", "16G", "18G", "20G", "22G", "24G", "central"))]
    place: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request(Value):
    """What the emergency physician asks for (domain.md 4.3 `request.submit`)."""

    patient: Patient
    urgency: Annotated[str, OneOf(("P0", "P1", "P2", "P3"))]
    modality_wanted: Annotated[str, OneOf(("CT", "MR", "US", "CR", "DX", "XA", "NM", "PT"))]
    region: Annotated[tuple[Short, ...], Items(1, 12)]
    clinical_question: Annotated[str, Text(1, 4000)]
    site: Annotated[str, Text(0, 64)] = ""
    callback: Annotated[str, Text(0, 40)] = ""
    encounter: Short = ""
    indication: Line = ""
    indication_code: Short = ""
    history: Prose = ""
    symptom_onset: Annotated[str, Text(0, 40)] = ""
    last_known_well: Annotated[str, Text(0, 40)] = ""
    nihss: Annotated[int, Number(0, 42)] | None = None
    labs: Labs = field(default_factory=Labs)
    contraindications: Contraindications = field(default_factory=Contraindications)
    iv_access: IvAccess | None = None
    ventilation: Short = ""
    isolation: Short = ""
    priors: Line = ""
    information_given: Annotated[str, OneOf(("yes", "emergency", "refused", UNKNOWN))] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BolusTrack(Value):
    """Start on enhancement: region of interest, threshold in HU, delay after it in seconds."""

    vessel: Annotated[str, Text(1, 200)]
    threshold_hu: Annotated[float, Number(0, 1000)]
    extra_delay_s: Annotated[float, Number(0, 600)] = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Series(Value):
    """One pass of the scanner, or one MR sequence."""

    n: Annotated[int, Number(1, 99)]
    name: Annotated[str, Text(1, 120)]
    phase: Annotated[str, Text(1, 60)]
    coverage: Short = ""
    delay_s: Annotated[float, Number(0, 3600)] | None = None
    bolus_track: BolusTrack | None = None
    kv: Annotated[float, Number(40, 200)] | None = None
    mas: Annotated[float, Number(0, 2000)] | None = None
    modulation: Short = ""
    ref_mas: Annotated[float, Number(0, 2000)] | None = None
    pitch: Annotated[float, Number(0, 5)] | None = None
    rotation_s: Annotated[float, Number(0, 10)] | None = None
    collimation: Short = ""
    slice_mm: Annotated[float, Number(0.1, 20)] | None = None
    increment_mm: Annotated[float, Number(0.1, 20)] | None = None
    kernel: Annotated[tuple[Short, ...], Items(0, 8)] = ()
    recon_planes: Annotated[tuple[Short, ...], Items(0, 8)] = ()
    sequence: Short = ""
    plane: Short = ""
    fat_sat: bool | None = None
    gating: Short = ""
    breath: Short = ""
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contrast(Value):
    """Contrast medium ordered. Iodine in mgI/ml, gadolinium in mmol/kg."""

    agent: Annotated[str, Text(1, 200)]
    concentration_mgi_ml: Annotated[float, Number(0, 1000)] | None = None
    volume_ml: Annotated[float, Number(0, 500)] | None = None
    ml_per_kg: Annotated[float, Number(0, 10)] | None = None
    mmol_kg: Annotated[float, Number(0, 1)] | None = None
    rate_ml_s: Annotated[float, Number(0, 20)] | None = None
    saline_flush_ml: Annotated[float, Number(0, 500)] | None = None
    route: Annotated[str, OneOf(("iv", "oral", "rectal", "intrathecal", "other"))] = "iv"
    gauge_min: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseLimits(Value):
    """Ceilings for the acquisition; the reference level named is the local physicist's."""

    max_ctdivol_mgy: Annotated[float, Number(0, 1000)] | None = None
    max_dlp_mgy_cm: Annotated[float, Number(0, 100_000)] | None = None
    drl_ref: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Override(Value):
    """A safety rule set aside by a person, with a reason. `rule` is its code in `safety.py`."""

    rule: Annotated[str, Text(1, 200)]
    reason: Annotated[str, Text(3, 1000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Protocol(Value):
    """What the radiologist prescribes, whole and versioned (domain.md 4.3 `protocol.issue`)."""

    version: Annotated[int, Number(1, 10_000)]
    modality: Annotated[str, OneOf(("CT", "MR", "US", "CR", "DX", "XA", "NM", "PT"))]
    regions: Annotated[tuple[Short, ...], Items(1, 12)]
    series: Annotated[tuple[Series, ...], Items(1, 40)]
    template: Short = ""
    template_version: Annotated[int, Number(0, 10_000)] | None = None
    laterality: Short = ""
    coverage: Short = ""
    position: Short = ""
    contrast: Contrast | None = None
    limits: DoseLimits | None = None
    premedication: Line = ""
    instructions: Prose = ""
    stop_conditions: Line = ""
    checks_required: Annotated[tuple[Short, ...], Items(0, 20)] = ()
    release_rule: Line = ""
    overrides: Annotated[tuple[Override, ...], Items(0, 20)] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CheckItem(Value):
    """One answer of the checklist. `code` stands in `safety.CHECKLIST`."""

    code: Annotated[str, Text(1, 200)]
    answer: Annotated[str, OneOf(("ok", "not_ok", UNKNOWN, "na"))]
    source: Short = ""
    note: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContrastGiven(Value):
    """Contrast actually given, a prescription act to be kept (CSP R6316-4, 2°)."""

    agent: Annotated[str, Text(1, 200)]
    lot: Short = ""
    volume_ml: Annotated[float, Number(0, 500)] | None = None
    rate_ml_s: Annotated[float, Number(0, 20)] | None = None
    route: Annotated[str, OneOf(("iv", "oral", "rectal", "intrathecal", "other"))] = "iv"
    at: Annotated[str, Text(0, 40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrow(Value):
    """A mark on a picture, tip and tail in image pixels, origin at the top left corner."""

    x: Annotated[float, Number(-100_000, 100_000)]
    y: Annotated[float, Number(-100_000, 100_000)]
    from_x: Annotated[float, Number(-100_000, 100_000)] | None = None
    from_y: Annotated[float, Number(-100_000, 100_000)] | None = None
    text: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Voi(Value):
    """Window centre and width in stored units after the modality LUT (PS3.3 C.11.2)."""

    center: Annotated[float, Number(-1_000_000, 1_000_000)]
    width: Annotated[float, Number(1, 1_000_000)]
    function: Annotated[str, OneOf(("LINEAR", "LINEAR_EXACT", "SIGMOID"))] = "LINEAR"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Viewport(Value):
    """How the picture is looked at."""

    voi: Voi | None = None
    preset: Short = ""
    zoom: Annotated[float, Number(0.01, 100)] | None = None
    pan_x: Annotated[float, Number(-100_000, 100_000)] | None = None
    pan_y: Annotated[float, Number(-100_000, 100_000)] | None = None
    rotation: Annotated[float, Number(-360, 360)] | None = None
    hflip: bool = False
    invert: bool = False
    arrows: Annotated[tuple[Arrow, ...], Items(0, 32)] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ImageRef(Value):
    """A reference to the pixel: study, series, instance, frame (frames count from 1, as DICOM)."""

    study_uid: Uid
    series_uid: Annotated[str, Text(0, 64)] = ""
    sop_uid: Annotated[str, Text(0, 64)] = ""
    frame: Annotated[int, Number(1, 100_000)] | None = None
    viewport: Viewport | None = None
    label: Short = ""
    key: bool = False


ReadBack = Annotated[dict[str, Any], Items(1, 20)]
"""The critical fields as read: regions and phases always, contrast where the protocol holds it."""

Person = Id

V = TypeVar("V", bound=Value)


_NAMES: dict[type[Value], tuple[str, ...]] = {}
"""The fields of a class, looked up once."""


def bare(cls: type[V], value: Value) -> V:
    """`value` as a plain `cls`, without what a command or an event of that shape adds to it."""
    if type(value) is cls:
        return value
    names = _NAMES.get(cls) or _NAMES.setdefault(cls, tuple(f.name for f in fields(cls)))
    return cls(**{name: getattr(value, name) for name in names})
