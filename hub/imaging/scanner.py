"""Writes the synthetic study as DICOM files: `python -m hub.imaging.scanner FOLDER CASE`.

A process of its own, so that the hub never loads what it needs (synthetic.py starts it). CASE is
the JSON of `synthetic.Case`.
"""

import json
import sys
from pathlib import Path
from typing import Final

from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from hub.imaging import phantom
from hub.imaging.synthetic import SLICES, Case, path_of

SERIES: Final = (
    ("SANS INJECTION - SYNTHETIC", False, ((35, 80, "BRAIN"), (35, 40, "STROKE"))),
    ("ANGIOSCANNER - SYNTHETIC", True, ((200, 700, "ANGIO"), (35, 80, "BRAIN"))),
)
"""Description, contrast, and the windows that the files themselves give."""
_SPACING: Final = phantom.SPACING_MM
_BONE: Final = (500, 2000, "BONE")


def write(folder: Path, case: Case) -> None:
    """Write both series into `folder`, one file a slice."""
    for number, (description, contrast, windows) in enumerate(SERIES, 1):
        for instance in range(1, SLICES + 1):
            ds = _common(case)
            _series(ds, case, number, description, contrast)
            _slice(ds, case, number, instance, contrast)
            _windows(ds, (*windows, _BONE))
            path = path_of(folder, number, instance)
            path.parent.mkdir(parents=True, exist_ok=True)
            ds.save_as(path, enforce_file_format=True)


def _common(case: Case) -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.StudyInstanceUID = case.study
    ds.FrameOfReferenceUID = case.frame_of_reference()
    ds.PatientName = "TEST^SYNTHETIQUE"
    ds.PatientID = f"TEST-{case.seed.upper()}"[:64]
    ds.PatientBirthDate = "19500101"
    ds.PatientSex = "O"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = case.taken[:8]
    ds.StudyTime = case.taken[8:]
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
    ds.SeriesTime = case.taken[8:]
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
    ds.AcquisitionTime = ds.ContentTime = case.taken[8:]
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
    illness = phantom.Illness(case.right, case.severity, case.clot)
    pixels = phantom.stored(instance - 1, contrast=contrast, illness=illness)
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


if __name__ == "__main__":
    write(Path(sys.argv[1]), Case(**json.loads(sys.argv[2])))
