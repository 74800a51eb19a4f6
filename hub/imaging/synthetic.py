"""A head that nobody has: two CT series drawn from ellipsoids, for demonstrations and tests.

32 slices without contrast, with a hypodense insult on the left and a dense middle cerebral artery,
and 32 with contrast in the vessels, the left artery cut off. "SYNTHETIC / SYNTHÉTIQUE" is burned
into every slice. The same seed gives the same bytes and the same UIDs (root 2.25).
"""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from hub.imaging import phantom

SLICES: Final = 32
SERIES: Final = (
    ("SANS INJECTION - SYNTHETIC", False, ((35, 80, "BRAIN"), (35, 40, "STROKE"))),
    ("ANGIOSCANNER - SYNTHETIC", True, ((200, 700, "ANGIO"), (35, 80, "BRAIN"))),
)
"""Description, contrast, and the windows that the files themselves give."""
_SPACING: Final = phantom.SPACING_MM
_BONE: Final = (500, 2000, "BONE")


@dataclass(frozen=True, slots=True)
class Case:
    """A synthetic study. `seed` tells one from another; the insult is on the left unless `right`,
    and `severity` runs from 0 (not to be seen yet) to 1 (plain). The dense artery is best seen in
    instances 13 to 15 of series 1, at `artery`."""

    seed: str = "stroke"
    right: bool = False
    severity: float = 1.0

    @property
    def artery(self) -> tuple[float, float]:
        """The dense artery in instance 14 of series 1: x and y in image pixels."""
        return (99.0, 112.0) if self.right else (157.0, 112.0)

    @property
    def study(self) -> str:
        """Study Instance UID."""
        return self._uid("study")

    def series(self, number: int) -> str:
        """Series Instance UID of series 1 (without contrast) or 2 (angiography)."""
        return self._uid(f"series {number}")

    def sop(self, number: int, instance: int) -> str:
        """SOP Instance UID of `instance` (from 1, foot to head) in series `number`."""
        return self._uid(f"series {number} instance {instance}")

    def _uid(self, what: str) -> str:
        made = uuid.uuid5(uuid.NAMESPACE_URL, f"https://examroom.invalid/{self.seed}/{what}")
        return f"2.25.{made.int}"  # PS3.5 annex B.2

    def frame_of_reference(self) -> str:
        """Both series lie in the same space."""
        return self._uid("frame of reference")


def write(folder: Path, case: Case | None = None) -> list[Path]:
    """Write both series into `folder`, one file a slice, and tell their paths."""
    case = case or Case()
    written = []
    for number, (description, contrast, windows) in enumerate(SERIES, 1):
        below = folder / f"series-{number}"
        below.mkdir(parents=True, exist_ok=True)
        for instance in range(1, SLICES + 1):
            ds = _common(case)
            _series(ds, case, number, description, contrast)
            _slice(ds, case, number, instance, contrast)
            _windows(ds, (*windows, _BONE))
            path = below / f"slice-{instance:02d}.dcm"
            ds.save_as(path, enforce_file_format=True)
            written.append(path)
    return written


def _common(case: Case) -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.StudyInstanceUID = case.study
    ds.FrameOfReferenceUID = case.frame_of_reference()
    ds.PatientName = "TEST^SYNTHETIQUE"
    ds.PatientID = f"TEST-{case.seed.upper()}"[:64]
    ds.PatientBirthDate = "19500101"
    ds.PatientSex = "O"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20260101"
    ds.StudyTime = "020000"
    ds.StudyID = "TEST"
    ds.AccessionNumber = ""
    ds.ReferringPhysicianName = ""
    ds.StudyDescription = "TDM CEREBRAL - SYNTHETIC"
    ds.Manufacturer = "examroom (synthetic)"
    ds.InstitutionName = "TEST"
    ds.BurnedInAnnotation = "YES"
    ds.PositionReferenceIndicator = "OM"
    ds.PatientPosition = "HFS"
    return ds


def _series(ds: Dataset, case: Case, number: int, description: str, contrast: bool) -> None:
    ds.SOPClassUID = CTImageStorage
    ds.Modality = "CT"
    ds.SeriesInstanceUID = case.series(number)
    ds.SeriesNumber = number
    ds.SeriesDescription = description
    ds.SeriesTime = f"0200{number:02d}"
    ds.BodyPartExamined = "HEAD"
    ds.ProtocolName = "TEST"
    ds.KVP = 100 if contrast else 120
    ds.ConvolutionKernel = "SYNTHETIC"
    ds.SliceThickness = phantom.STEP_MM
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    if contrast:
        ds.ContrastBolusAgent = "TEST"


def _slice(ds: Dataset, case: Case, number: int, instance: int, contrast: bool) -> None:
    ds.SOPInstanceUID = case.sop(number, instance)
    ds.InstanceNumber = instance
    ds.AcquisitionNumber = number
    ds.AcquisitionTime = ds.ContentTime = f"0200{number:02d}"
    z = phantom.z_of(instance - 1)
    half = phantom.SIZE * _SPACING / 2
    ds.ImagePositionPatient = [-half + _SPACING / 2, -half + _SPACING / 2, z]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.SliceLocation = z
    ds.PixelSpacing = [_SPACING, _SPACING]
    ds.Rows = ds.Columns = phantom.SIZE
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = phantom.AIR, 1, "HU"
    pixels = phantom.stored(
        instance - 1, contrast=contrast, right=case.right, severity=case.severity
    )
    ds.PixelData = pixels.tobytes()
    ds["PixelData"].VR = "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = CTImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = UID(ds.SOPInstanceUID)


def _windows(ds: Dataset, windows: tuple[tuple[int, int, str], ...]) -> None:
    ds.WindowCenter = [centre for centre, _, _ in windows]
    ds.WindowWidth = [width for _, width, _ in windows]
    ds.WindowCenterWidthExplanation = [name for _, _, name in windows]
