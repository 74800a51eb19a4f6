"""The report of an exam and the dose of it, as values: what is written, and what is sealed.

`Report` is what an author writes; `Sealed` is what is signed and delivered: whole, so that the same
report is read and printed later whatever the room has become. Doses carry their phantom everywhere:
a CTDIvol without it says nothing, and sums over two phantoms are never made.
"""

from dataclasses import dataclass, field
from typing import Annotated

from hub.room.exam import ContrastGiven, Patient, Value
from hub.room.limits import Items, Line, Number, OneOf, Prose, Short, Text

Phantom = Annotated[str, OneOf(("head_16", "body_32"))]
"""IEC 60601-2-44: the head phantom of 16 cm (DCM 113690) or the body phantom of 32 cm (113691)."""
Milligray = Annotated[float, Number(0, 10_000)]
MilligrayCm = Annotated[float, Number(0, 1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseSeries(Value):
    """One irradiation event as the console tells it: CTDIvol in mGy, DLP in mGy·cm."""

    phantom: Phantom
    ctdivol_mgy: Milligray | None = None
    dlp_mgy_cm: MilligrayCm | None = None
    n: Annotated[int, Number(1, 99)] | None = None
    name: Short = ""
    region: Short = ""
    kv: Annotated[float, Number(40, 200)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dose(Value):
    """The dose of the whole exam. `total_dlp_mgy_cm` is the console's, for one phantom only."""

    series: Annotated[tuple[DoseSeries, ...], Items(1, 40)]
    total_dlp_mgy_cm: MilligrayCm | None = None
    device: Short = ""
    source: Annotated[str, OneOf(("manual", "console", "rdsr"))] = "manual"
    rdsr_uid: Annotated[str, Text(0, 64)] = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PhantomSum(Value):
    """The DLP of all series measured in one phantom."""

    phantom: str
    dlp_mgy_cm: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReferenceLevel(Value):
    """A diagnostic reference level, for one acquisition of an adult or a child, with its source.

    `words` are the words of a region that it is for. A row that its site has not validated says so.
    """

    exam: str
    quantity: str
    phantom: str
    level: float
    source: str
    dated: str
    words: tuple[str, ...] = ()
    age: str = "adult"
    validated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Compared(Value):
    """A measured value beside a reference level: a warning where `above`, never a decision.

    `series` is the place of the series in the record, from 1. `unit` is mGy or mGy.cm.
    """

    series: int
    quantity: str
    measured: float
    level: float
    unit: str
    phantom: str
    exam: str
    source: str
    dated: str
    validated: bool = False
    above: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseBlock(Dose):
    """The dose as it stands in the room and in the report: with its sums and comparisons."""

    sums: tuple[PhantomSum, ...] = ()
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sections(Value):
    """The parts of a report, as text."""

    indication: Prose = ""
    technique: Prose = ""
    contrast: Prose = ""
    dose: Prose = ""
    comparison: Prose = ""
    findings: Prose = ""
    conclusion: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report(Value):
    """What an author writes. `version` is the next integer of the room; the hub counts if absent.

    `no_dose_reason` where the exam used X-rays and no dose is known.
    """

    sections: Sections
    version: Annotated[int, Number(1, 10_000)] | None = None
    lang: Annotated[str, OneOf(("fr", "en"))] = "fr"
    template: Short = ""
    no_dose_reason: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Draft(Report):
    """A report that is being written, or an addendum to one. Nobody but its author reads it."""

    sections: Sections = field(default_factory=Sections)
    addendum: Prose = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Communication(Value):
    """A critical result that reached a named person: "communicated to … on … at …"."""

    name: str
    role: str
    at: str
    by: str = ""
    category: str = ""
    method: str = ""
    read_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Examined(Value):
    """What was examined, as it stood when the report was sealed. Times RFC 3339 UTC."""

    modality: str = ""
    regions: tuple[str, ...] = ()
    site: str = ""
    question: str = ""
    requested_at: str = ""
    requester: str = ""
    acquired_at: str = ""
    technologist: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sealed(Value):
    """A version of the report, whole. `content_hash` is over everything else in it.

    `status` is `preliminary`, `final` or `addendum`. `of_version` and `of_hash` name the version
    that it follows, so that an addendum cannot be moved to another report; `changed` lists the
    sections of a final report that differ from the preliminary one. `addendum` is its text.
    """

    version: int
    status: str
    content_hash: str = ""
    lang: str = "fr"
    template: str = ""
    sections: Sections = field(default_factory=Sections)
    addendum: str = ""
    reason: str = ""
    signer: str = ""
    signer_name: str = ""
    signer_role: str = ""
    signed_at: str = ""
    patient: Patient | None = None
    exam: Examined | None = None
    contrast_given: tuple[ContrastGiven, ...] = ()
    dose: DoseBlock | None = None
    no_dose_reason: str = ""
    communications: tuple[Communication, ...] = ()
    of_version: int = 0
    of_hash: str = ""
    changed: tuple[str, ...] = ()
