"""Real DICOM files that pydicom's own wheel carries, for the demo: nothing is downloaded.

They are test files of long standing, without a patient behind their names. Left out are those
that another of them repeats under the same UIDs and those that no free decoder reads.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of the wheel, and what it shows."""

    name: str
    fr: str
    en: str


SAMPLES: Final = (
    Sample("CT_small.dcm", "TDM du rachis, 128²", "CT of the spine, 128²"),
    Sample("693_J2KI.dcm", "TDM cérébrale, JPEG 2000, 512²", "head CT, JPEG 2000, 512²"),
    Sample("J2K_pixelrep_mismatch.dcm", "TDM cérébrale, 512²", "head CT, 512²"),
    Sample("MR_small.dcm", "IRM, 64²", "MR, 64²"),
    Sample("JPEG2000.dcm", "scintigraphie osseuse", "bone scan"),
    Sample("examples_overlay.dcm", "IRM abdominale", "abdominal MR"),
    Sample("examples_ybr_color.dcm", "échographie, 30 images", "ultrasound, 30 frames"),
    Sample("examples_rgb_color.dcm", "échographie couleur", "colour ultrasound"),
    Sample("examples_palette.dcm", "échographie, palette", "ultrasound, palette colour"),
    Sample("examples_jpeg2k.dcm", "écho-Doppler, JPEG 2000", "Doppler ultrasound, JPEG 2000"),
)


def pydicom_samples() -> list[tuple[Sample, Path]]:
    """The samples that are there, with their paths."""
    found = find_spec("pydicom")  # looked for, not loaded
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "data" / "test_files"
    return [(one, folder / one.name) for one in SAMPLES if (folder / one.name).is_file()]
