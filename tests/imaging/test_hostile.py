"""Hostile files: each told by its reason, in bounded time and memory, and the hub goes on."""

import asyncio
import os
import resource
import signal
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, ImplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

from hub.imaging.look import Look
from hub.imaging.pool import Pool
from hub.imaging.problems import REASONS, ImageProblem
from tests.imaging.dicom import SOP, deflated, image, meta_end, patched, rewrite, save

SAMPLES = Path(pydicom.__file__).parent / "data" / "test_files"
WHOLE = Look().as_json()
LONGEST_S = 5.0
OWN_MEMORY_MOST_KIB = 64 * 1024

Make = Callable[[Path], Path]


async def opened(pool: Pool, path: Path) -> bytes:
    """What `images add` and then `/rendered` do to a file."""
    await pool.header(path)
    return await pool.picture(path, 1, WHOLE)


@contextmanager
def bounded() -> Iterator[None]:
    """Bounds time, and the memory of this process, which stands for the hub."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    yield
    assert time.monotonic() - began < LONGEST_S
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < OWN_MEMORY_MOST_KIB


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


@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused_by_its_reason(
    name: str, tmp_path: Path, pool: Pool, runner: asyncio.Runner
) -> None:
    make, reasons = HOSTILE[name]
    path = make(tmp_path / "hostile.dcm")
    with bounded(), pytest.raises(ImageProblem) as refused:
        runner.run(opened(pool, path))
    assert refused.value.reason in reasons
    good = save(tmp_path / "good.dcm", image())
    assert runner.run(opened(pool, good))[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    "make",
    [
        lambda path: save(path, image(WindowCenter=40, WindowWidth=0)),
        lambda path: save(path, image(WindowCenter="1", WindowWidth=["", "x"][0])),
        lambda path: deflated(path, image()),
        lambda path: save(path, image(RescaleSlope="0", RescaleIntercept="1e9")),
        nested(5),
    ],
    ids=["zero width", "empty width", "deflated", "slope 0", "nested a little"],
)
def test_is_shown_all_the_same(
    make: Make, tmp_path: Path, pool: Pool, runner: asyncio.Runner
) -> None:
    assert runner.run(opened(pool, make(tmp_path / "odd.dcm")))[:2] == b"\xff\xd8"


BASES = [
    SAMPLES / name
    for name in (
        "CT_small.dcm",
        "MR_small_RLE.dcm",
        "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        "SC_rgb_jpeg_gdcm.dcm",
        "SC_rgb_rle_2frame.dcm",
        "image_dfl.dcm",
        "rtdose_expb.dcm",
        "nested_priv_SQ.dcm",
        "no_meta_group_length.dcm",
    )
]
EDITS = st.lists(
    st.tuples(
        st.integers(0, 2**31),
        st.binary(min_size=1, max_size=6)
        | st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff", b"SQ", b"UN", b"OB"]),
        st.sampled_from(["over", "into", "cut"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(base=st.sampled_from(BASES), edits=EDITS, early=st.booleans())
def test_whatever_the_bytes_there_is_an_answer(
    base: Path,
    edits: list[tuple[int, bytes, str]],
    early: bool,
    tmp_path: Path,
    pool: Pool,
    runner: asyncio.Runner,
) -> None:
    raw = bytearray(base.read_bytes())
    for at, piece, how in edits:
        at = 132 + at % max(1, (2000 if early else len(raw)) - 132)
        if how == "cut":
            del raw[at : at + len(piece)]
        else:
            raw[at : at + (len(piece) if how == "over" else 0)] = piece
    path = tmp_path / "fuzzed.dcm"
    path.write_bytes(raw)
    began = time.monotonic()
    try:
        assert runner.run(opened(pool, path))[:2] == b"\xff\xd8"
    except ImageProblem as problem:
        assert problem.reason in REASONS - {"busy", "gone", "bad_query"}
    assert time.monotonic() - began < 2 * LONGEST_S


@settings(max_examples=40, deadline=None)
@given(raw=st.binary(max_size=400))
def test_random_bytes_behind_a_preamble(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory, pool: Pool, runner: asyncio.Runner
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.dcm"
    path.write_bytes(bytes(128) + b"DICM" + raw)
    with pytest.raises(ImageProblem):
        runner.run(opened(pool, path))


def workers() -> list[int]:
    """Our children that are workers."""
    tasks = Path("/proc/self/task").iterdir()
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    return [int(pid) for pid in children if b"hub.imaging.worker" in told_of(int(pid), "cmdline")]


def told_of(pid: int, what: str) -> bytes:
    """A file of /proc."""
    return Path(f"/proc/{pid}/{what}").read_bytes()


async def test_a_worker_that_hangs_is_killed_and_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it waits for ever
    good = save(tmp_path / "good.dcm", image())
    before = set(workers())
    pool = Pool(1, job_s=1.0)
    await pool.header(good)
    (hung,) = set(workers()) - before
    with pytest.raises(ImageProblem, match="too_slow"):
        await pool.header(pipe)
    assert hung not in workers()
    assert (await pool.picture(good, 1, WHOLE))[:2] == b"\xff\xd8"
    await pool.stop()
    assert set(workers()) == before


async def test_a_worker_that_dies_is_told_and_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    good = save(tmp_path / "good.dcm", image())
    before = set(workers())
    pool = Pool(1)
    await pool.header(good)
    (dying,) = set(workers()) - before
    job = asyncio.create_task(pool.header(pipe))
    await asyncio.sleep(0)
    os.kill(dying, signal.SIGSEGV)
    with pytest.raises(ImageProblem, match="crashed"):
        await job
    assert (await pool.picture(good, 1, WHOLE))[:2] == b"\xff\xd8"
    await pool.stop()


async def test_a_job_that_nobody_waits_for_leaves_no_answer_for_the_next(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    good = save(tmp_path / "good.dcm", image())
    pool = Pool(1)
    await pool.header(good)
    job = asyncio.create_task(pool.header(pipe))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert (await pool.header(good))["sop"] == SOP
    await pool.stop()


async def test_too_many_at_once_are_told_so_at_once(tmp_path: Path) -> None:
    good = save(tmp_path / "good.dcm", image())
    pool = Pool(1)
    jobs = [asyncio.create_task(pool.header(good)) for _ in range(200)]
    told = await asyncio.gather(*jobs, return_exceptions=True)
    refused = [one for one in told if isinstance(one, ImageProblem)]
    assert len(refused) == 200 - 128
    assert {one.reason for one in refused} == {"busy"}
    await pool.stop()


async def test_a_worker_can_neither_write_nor_swell(tmp_path: Path) -> None:
    before = set(workers())
    pool = Pool(1)
    await pool.header(save(tmp_path / "good.dcm", image()))
    (pid,) = set(workers()) - before
    limits = told_of(pid, "limits").decode()
    for name, most in (("Max file size", 0), ("Max address space", 1280 * 2**20)):
        line = next(line for line in limits.splitlines() if line.startswith(name))
        assert int(line.removeprefix(name).split()[1]) == most
    environment = told_of(pid, "environ")
    assert b"EXAMROOM" not in environment and b"HOME" not in environment
    await pool.stop()
