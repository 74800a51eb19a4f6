"""DICOM files made for tests: whole ones, and ways to break them."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

STUDY = "2.25.1001"
SERIES = "2.25.1002"
SOP = "2.25.1003"


def image(pixels: Any = None, **given: Any) -> Dataset:
    """A monochrome CT slice of `pixels`; `given` sets or, where None, removes elements."""
    array = np.arange(64 * 48, dtype=np.int16).reshape(48, 64) if pixels is None else pixels
    ds = Dataset()
    ds.PatientName, ds.PatientID = "TEST^IMAGE", "TEST-1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID = STUDY, SERIES, SOP
    ds.SOPClassUID, ds.Modality = CTImageStorage, "CT"
    ds.SeriesNumber, ds.InstanceNumber = 1, 1
    ds.Rows, ds.Columns = array.shape[-2:]
    if array.ndim == 3:
        ds.NumberOfFrames = array.shape[0]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    bits = array.dtype.itemsize * 8
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, bits, bits - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    ds.PixelData = array.tobytes()
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for name, value in given.items():
        if value is None:
            del ds[name]
        else:
            setattr(ds, name, value)
    return ds


def save(path: Path, ds: Dataset, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write `ds` as a part 10 file."""
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.file_meta.MediaStorageSOPClassUID = ds.get("SOPClassUID", CTImageStorage)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.get("SOPInstanceUID", SOP)
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)
    return path


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Break a file that was whole."""
    path.write_bytes(change(path.read_bytes()))
    return path


def meta_end(raw: bytes) -> int:
    """Where the file meta information of a file of ours ends."""
    return 144 + int(struct.unpack("<L", raw[140:144])[0])


def deflated(path: Path, ds: Dataset, tail: bytes = b"") -> Path:
    """A deflated file, with `tail` behind its dataset."""
    save(path, ds)

    def change(raw: bytes) -> bytes:
        end = meta_end(raw)
        plain = str(ExplicitVRLittleEndian).encode()
        told = b"1.2.840.10008.1.2.1.99"
        head = raw[:end]
        at = head.index(plain)  # UI, two bytes of length before it
        padded = plain + b"\0" * (len(plain) % 2)
        swapped = head[: at - 2] + struct.pack("<H", len(told)) + told + head[at + len(padded) :]
        grown = len(swapped) - len(head)
        size = struct.unpack("<L", swapped[140:144])[0] + grown
        head = swapped[:140] + struct.pack("<L", size) + swapped[144:]
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return head + squeeze.compress(raw[end:]) + squeeze.compress(tail) + squeeze.flush()

    return rewrite(path, change)


def patched(raw: bytes, tag: tuple[int, int], vr: bytes, value: bytes) -> bytes:
    """`raw` with the value of a short explicit element replaced by one of the same length."""
    head = struct.pack("<HH", *tag) + vr + struct.pack("<H", len(value))
    at = raw.index(head) + len(head)
    return raw[:at] + value + raw[at + len(value) :]
