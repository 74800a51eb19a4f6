"""A corpus of hostile files, each with the reasons for which it may be refused."""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, ImplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

from tests.imaging.dicom import SOP, deflated, image, meta_end, patched, rewrite, save

SAMPLES = Path(pydicom.__file__).parent / "data" / "test_files"

Make = Callable[[Path], Path]


def sized(rows: int, columns: int, **given: Any) -> Make:
    """A header that declares more than the file holds."""
    return lambda path: save(path, image(Rows=rows, Columns=columns, **given))


def cut(keep: Callable[[bytes], int]) -> Make:
    return lambda path: rewrite(save(path, image()), lambda raw: raw[: keep(raw)])


def huge_palette(path: Path) -> Path:
    """64 megapixels of palette colour, honest about it: decoded they need a gigabyte."""
    ds = image(np.zeros((1, 2), np.uint8), PhotometricInterpretation="PALETTE COLOR")
    ds.Rows = ds.Columns = 8_000
    for colour in ("Red", "Green", "Blue"):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [2, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", b"\0" * 4)
    length = 8_000 * 8_000
    save(path, ds)
    rewrite(path, lambda raw: raw[:-6] + struct.pack("<L", length))
    os.truncate(path, path.stat().st_size + length)
    return path


def nested(depth: int) -> Make:
    """Sequences of undefined length, one in the other."""

    def make(path: Path) -> Path:
        begin = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
        begin += struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
        ends = struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)

        def change(raw: bytes) -> bytes:
            at = raw.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
            return raw[:at] + begin * depth + ends * depth + raw[at:]

        return rewrite(save(path, image()), change)

    return make


def long_element(path: Path) -> Path:
    """An element of nearly 4 GiB in a file of 7 kB."""
    head = struct.pack("<HH2sHL", 0x0009, 0x0010, b"OB", 0, 0xFFFFFF00)

    def change(raw: bytes) -> bytes:
        at = raw.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
        return raw[:at] + head + raw[at:]

    return rewrite(save(path, image()), change)


def bomb(path: Path) -> Path:
    """A quarter of a gibibyte of zeros, deflated to a quarter of a megabyte."""
    return deflated(path, image(), tail=bytes(2**28))


def wrong_uid(value: str) -> Make:
    def make(path: Path) -> Path:
        padded = value.encode().ljust(10, b"\0")
        assert len(padded) == len(SOP) + len(SOP) % 2
        return rewrite(save(path, image()), lambda raw: patched(raw, (8, 0x18), b"UI", padded))

    return make


def codestream(name: str, syntax: str, at: bytes, offset: int, sides: bytes) -> Make:
    """A sample whose compressed stream declares other sides than its header."""

    def make(path: Path) -> Path:
        path.write_bytes((SAMPLES / name).read_bytes())
        assert str(pydicom.dcmread(path).file_meta.TransferSyntaxUID) == syntax

        def change(raw: bytes) -> bytes:
            start = raw.index(at, meta_end(raw)) + offset
            return raw[:start] + sides + raw[start + len(sides) :]

        return rewrite(path, change)

    return make


def encapsulated(frame: bytes, syntax: str) -> Make:
    def make(path: Path) -> Path:
        ds = image()
        ds.PixelData = encapsulate([frame])
        ds["PixelData"].VR = "OB"
        ds["PixelData"].is_undefined_length = True
        return save(path, ds, syntax)

    return make


HOSTILE: dict[str, tuple[Make, set[str]]] = {
    "empty": (lambda path: rewrite(save(path, image()), lambda raw: b""), {"not_dicom"}),
    "text": (lambda path: rewrite(save(path, image()), lambda raw: b"x" * 9999), {"not_dicom"}),
    "preamble only": (cut(lambda raw: 132), {"unknown_syntax"}),
    "cut in the meta": (cut(lambda raw: 200), {"unknown_syntax", "truncated", "unreadable"}),
    "cut in the header": (cut(lambda raw: meta_end(raw) + 60), {"truncated", "bad_uid"}),
    "cut in the pixels": (cut(lambda raw: len(raw) - 100), {"truncated"}),
    "65535 by 65535": (sized(65_535, 65_535), {"too_large"}),
    "16384 by 16384": (sized(16_384, 16_384), {"too_large"}),
    "8000 by 8000 of nothing": (sized(8_000, 8_000), {"truncated"}),
    "no rows": (sized(0, 64), {"bad_pixels"}),
    "a billion frames": (sized(48, 64, NumberOfFrames=10**9), {"too_large"}),
    "99999 frames of one": (sized(48, 64, NumberOfFrames=99_999), {"truncated"}),
    "seven samples": (sized(48, 64, SamplesPerPixel=7), {"bad_pixels"}),
    "13 bits allocated": (sized(48, 64, BitsAllocated=13), {"bad_pixels"}),
    "fewer pixels than declared": (
        lambda path: rewrite(save(path, image(Rows=96)), lambda raw: raw + bytes(64 * 48 * 2)),
        {"bad_pixels"},
    ),
    "no pixels": (lambda path: save(path, image(PixelData=None)), {"no_pixels"}),
    "no sides": (lambda path: save(path, image(Rows=None, Columns=None)), {"bad_pixels"}),
    "deflate bomb": (bomb, {"inflates_too_much"}),
    "deflate cut": (
        lambda path: rewrite(deflated(path, image()), lambda raw: raw[:-40]),
        {"truncated"},
    ),
    "deflate of rubbish": (
        lambda path: rewrite(
            deflated(path, image()), lambda raw: raw[: meta_end(raw)] + b"\xff" * 4000
        ),
        {"unreadable"},
    ),
    "nested 20000 deep": (nested(20_000), {"nested_too_deep", "unreadable"}),
    "element of 4 GiB": (long_element, {"unreadable"}),
    "path as UID": (wrong_uid("../../x"), {"bad_uid"}),
    "path as UID, absolute": (wrong_uid("/etc/pw"), {"bad_uid"}),
    "empty UID": (wrong_uid(""), {"bad_uid"}),
    "unknown syntax": (
        lambda path: rewrite(
            save(path, image()),
            lambda raw: patched(raw, (2, 0x10), b"UI", b"1.2.840.10008.1.2.9\0"),
        ),
        {"unknown_syntax", "bad_pixels", "bad_uid", "truncated"},
    ),
    "implicit told, explicit kept": (
        lambda path: rewrite(
            save(path, image(), ImplicitVRLittleEndian),
            lambda raw: raw[: meta_end(raw)] + save(path, image()).read_bytes()[meta_end(raw) :],
        ),
        {"unreadable"},
    ),
    "palette of gigabytes": (huge_palette, {"too_large", "too_slow"}),
    "JPEG 2000 of 4 Gpx": (
        codestream(
            "MR_small_jp2klossless.dcm",
            "1.2.840.10008.1.2.4.90",
            b"\xff\x4f\xff\x51",
            8,
            struct.pack(">LL", 65_535, 65_535),
        ),
        {"bad_pixels", "too_large", "crashed", "too_slow"},
    ),
    "JPEG of 4 Gpx": (
        codestream(
            "SC_rgb_jpeg_dcmtk.dcm",
            "1.2.840.10008.1.2.4.50",
            b"\xff\xc0",
            5,
            struct.pack(">HH", 65_500, 65_500),
        ),
        {"bad_pixels", "too_large", "crashed", "too_slow"},
    ),
    "JPEG of rubbish": (encapsulated(b"\xff\xd8\xff\xe0" * 500, JPEGBaseline8Bit), {"bad_pixels"}),
    "JPEG 2000 of rubbish": (encapsulated(b"\xff\x4f\xff\x51" * 500, JPEG2000), {"bad_pixels"}),
    "RLE of rubbish": (encapsulated(b"\x0f\0\0\0" + b"\xff" * 500, RLELossless), {"bad_pixels"}),
    "RLE of nothing": (encapsulated(b"\0\0", RLELossless), {"bad_pixels"}),
}
