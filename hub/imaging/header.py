"""Opens a DICOM file and believes nothing that it says: bounds first, pixels later.

Runs in a worker only. `open_file` reads everything before the pixels, with deflated files
inflated under a bound, and `Header` holds what the index and the renderer need, checked.
"""

import os
import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydicom import Dataset, dcmread, uid
from pydicom.dataset import FileMetaDataset
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset
from pydicom.multival import MultiValue

from hub.imaging.problems import ImageProblem

INFLATED_MOST: Final = 192 * 2**20
"""Bytes of a deflated file once inflated."""
FRAME_BYTES_MOST: Final = 128 * 2**20
"""Bytes of one decoded frame."""
SAMPLES_MOST: Final = 64 * 2**20
"""Rows by columns by samples of one frame."""
SIDE_MOST: Final = 16_384
FRAMES_MOST: Final = 100_000

_SYNTAXES: Final = frozenset(uid.AllTransferSyntaxes)
_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)
_PIXEL_TAGS: Final = ((0x7FE0, 0x0010), (0x7FE0, 0x0008), (0x7FE0, 0x0009))
_UNDEFINED: Final = 0xFFFFFFFF


@dataclass(slots=True)
class Header:
    """What a file says of itself. `rows` is 0 where it holds no pixels."""

    study: str
    series: str
    sop: str
    sop_class: str
    syntax: str
    rows: int
    columns: int
    frames: int
    modality: str
    series_number: int | None
    series_description: str
    body_part: str
    number: int | None
    position: float | None
    study_date: str
    study_time: str
    study_description: str
    accession: str


@dataclass(slots=True)
class Opened:
    """A file read up to its pixels. `stream` is what the pixels are to be read from, in `syntax`,
    and `size` its length in bytes; `declared` is the transfer syntax of the file itself."""

    stream: BinaryIO
    size: int
    syntax: uid.UID
    declared: str
    ds: Dataset
    pixels_at: int


def is_uid(text: str) -> bool:
    """Whether `text` is a UID (PS3.5 section 9.1; leading zeros occur and are let through)."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


def open_file(path: Path) -> Opened:
    """Read the file up to its pixels. Raises `ImageProblem`. The caller closes `stream`."""
    try:
        stream: BinaryIO = path.open("rb")
    except FileNotFoundError:
        raise ImageProblem("gone") from None
    try:
        return _opened(stream)
    except BaseException:
        stream.close()
        raise


def _opened(stream: BinaryIO) -> Opened:
    try:
        meta, declared = _meta(stream)
        if declared == uid.DeflatedExplicitVRLittleEndian:
            return _inflated(stream, meta)
        stream.seek(0)
        ds = dcmread(stream, stop_before_pixels=True)
        size = os.fstat(stream.fileno()).st_size
        return Opened(stream, size, uid.UID(declared), declared, ds, stream.tell())
    except InvalidDicomError:
        raise ImageProblem("not_dicom") from None
    except RecursionError:
        raise ImageProblem("nested_too_deep") from None
    except EOFError:
        raise ImageProblem("truncated") from None


def _meta(stream: BinaryIO) -> tuple[FileMetaDataset, str]:
    """The file meta information, read up to its end, and the transfer syntax that it declares."""
    stream.seek(0)
    if stream.read(132)[128:] != b"DICM":
        raise ImageProblem("not_dicom")
    meta = read_dataset(stream, False, True, stop_when=lambda tag, vr, length: tag.group != 2)
    declared = text(meta, "TransferSyntaxUID")
    if declared not in _SYNTAXES:
        raise ImageProblem("unknown_syntax")
    return FileMetaDataset(meta), declared


def _inflated(stream: BinaryIO, meta: FileMetaDataset) -> Opened:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(stream.read(), INFLATED_MOST)
    except zlib.error:
        raise ImageProblem("unreadable") from None
    if len(plain) >= INFLATED_MOST:
        raise ImageProblem("inflates_too_much")
    if not inflater.eof:
        raise ImageProblem("truncated")
    stream.close()
    inner = BytesIO(plain)
    ds = dcmread(inner, stop_before_pixels=True, force=True)
    ds.file_meta = meta
    syntax = uid.ExplicitVRLittleEndian
    declared = str(uid.DeflatedExplicitVRLittleEndian)
    return Opened(inner, len(plain), syntax, declared, ds, inner.tell())


def read_header(opened: Opened) -> Header:
    """What the index keeps of a file; its pixels, where it has some, are checked against its
    length and the bounds. Raises `ImageProblem`."""
    ds = opened.ds
    if str(ds.file_meta.get("MediaStorageSOPClassUID", "")) == uid.MediaStorageDirectoryStorage:
        raise ImageProblem("directory")
    names = [_only(ds, f"{level}InstanceUID") for level in ("Study", "Series", "SOP")]
    if not all(is_uid(name) for name in names):
        raise ImageProblem("bad_uid")
    held = has_pixels(opened)
    if held:
        check_pixels(opened)
    return Header(
        study=names[0],
        series=names[1],
        sop=names[2],
        sop_class=text(ds, "SOPClassUID")[:64],
        syntax=opened.declared,
        rows=integer(ds, "Rows", 0) if held else 0,
        columns=integer(ds, "Columns", 0) if held else 0,
        frames=frames_of(ds) if held else 0,
        modality=text(ds, "Modality")[:16],
        series_number=_number_of(ds, "SeriesNumber"),
        series_description=text(ds, "SeriesDescription")[:64],
        body_part=text(ds, "BodyPartExamined")[:16],
        number=_number_of(ds, "InstanceNumber"),
        position=_position(ds),
        study_date=text(ds, "StudyDate")[:10],
        study_time=text(ds, "StudyTime")[:16],
        study_description=text(ds, "StudyDescription")[:64],
        accession=text(ds, "AccessionNumber")[:64],
    )


def has_pixels(opened: Opened) -> bool:
    """Whether an element of pixels follows what was read."""
    return _pixel_tag(opened) in _PIXEL_TAGS


def check_pixels(opened: Opened) -> None:
    """Refuse what declares more than the bounds or than the file holds."""
    ds = opened.ds
    rows, columns = integer(ds, "Rows", 0), integer(ds, "Columns", 0)
    samples = integer(ds, "SamplesPerPixel", 1)
    allocated, frames = integer(ds, "BitsAllocated", 0), frames_of(ds)
    if rows <= 0 or columns <= 0 or samples not in (1, 3) or allocated not in (1, 8, 16, 32, 64):
        raise ImageProblem("bad_pixels")
    bits = rows * columns * samples * allocated
    too_wide = rows > SIDE_MOST or columns > SIDE_MOST or frames > FRAMES_MOST
    if too_wide or rows * columns * samples > SAMPLES_MOST or bits > FRAME_BYTES_MOST * 8:
        raise ImageProblem("too_large")
    length, value_at = _pixel_length(opened)
    if length == _UNDEFINED:
        if not opened.syntax.is_encapsulated:
            raise ImageProblem("bad_pixels")
        return
    if opened.syntax.is_encapsulated:
        raise ImageProblem("bad_pixels")
    declared = (_stored_bits(ds, bits) * frames + 7) // 8
    if value_at + length > opened.size or value_at + declared > opened.size:
        raise ImageProblem("truncated")
    if length < declared:
        raise ImageProblem("bad_pixels")


def _stored_bits(ds: Dataset, bits: int) -> int:
    """YBR_FULL_422 keeps two samples a pixel where it says three (PS3.3 C.7.6.3.1.2)."""
    return bits // 3 * 2 if text(ds, "PhotometricInterpretation") == "YBR_FULL_422" else bits


def _pixel_tag(opened: Opened) -> tuple[int, int]:
    opened.stream.seek(opened.pixels_at)
    raw = opened.stream.read(4)
    if len(raw) < 4:
        return (0, 0)
    group, element = struct.unpack(f"{_order(opened)}HH", raw)
    return int(group), int(element)


def _pixel_length(opened: Opened) -> tuple[int, int]:
    """(declared length, where the value begins)."""
    long_form = not opened.syntax.is_implicit_VR
    opened.stream.seek(opened.pixels_at + (8 if long_form else 4))
    raw = opened.stream.read(4)
    if len(raw) < 4:
        raise ImageProblem("truncated")
    return int(struct.unpack(f"{_order(opened)}L", raw)[0]), opened.stream.tell()


def _order(opened: Opened) -> str:
    return "<" if opened.syntax.is_little_endian else ">"


def value_of(ds: Dataset, name: str) -> Any:
    """The value of an element, the first of several, None where it is absent or unreadable."""
    try:
        value = ds.get(name)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, NotImplementedError):
        return None  # one broken element does not make the others unreadable
    if isinstance(value, MultiValue | list):
        return value[0] if value else None
    return value


def text(ds: Dataset, name: str) -> str:
    """The element as text without control characters, empty where it is absent."""
    value = value_of(ds, name)
    plain = "".join(c for c in str(value) if c.isprintable()) if value is not None else ""
    return plain.strip()


def _only(ds: Dataset, name: str) -> str:
    """The element as text, empty where it holds several values: a backslash parts them."""
    return "" if isinstance(ds.get(name), MultiValue | list) else text(ds, name)


def number(ds: Dataset, name: str) -> float | None:
    """The element as a finite number, None where it is absent or none."""
    try:
        found = float(value_of(ds, name))
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) < 1e30 else None


def integer(ds: Dataset, name: str, otherwise: int) -> int:
    """The element as an integer."""
    found = number(ds, name)
    return otherwise if found is None else int(found)


def frames_of(ds: Dataset) -> int:
    """Number of Frames, 1 where it is absent or nonsense."""
    return max(1, integer(ds, "NumberOfFrames", 1))


def _number_of(ds: Dataset, name: str) -> int | None:
    found = number(ds, name)
    return int(found) if found is not None and abs(found) < 2**31 else None


def _position(ds: Dataset) -> float | None:
    """Millimetres along the normal of the slice, which orders the slices of a series."""
    try:
        across = [float(v) for v in ds.ImageOrientationPatient]
        place = [float(v) for v in ds.ImagePositionPatient]
        (a, b, c, d, e, f), (x, y, z) = across, place
    except (AttributeError, TypeError, ValueError, KeyError):
        return None
    found = (b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z
    return found if abs(found) < 1e9 else None
