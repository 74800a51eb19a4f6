"""Hostile files: each told by its reason, in bounded time and memory, and the hub goes on."""

import asyncio
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.imaging.look import Look
from hub.imaging.pool import Pool
from hub.imaging.problems import REASONS, ImageProblem
from tests.imaging.dicom import SOP, deflated, image, save
from tests.imaging.hostile import HOSTILE, SAMPLES, Make, nested

WHOLE = Look().as_json()
LONGEST_S = 5.0
OWN_MEMORY_MOST_KIB = 64 * 1024


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
