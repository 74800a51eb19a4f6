"""The folder of images: what comes in, where it is kept, whose it is."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest

from hub.imaging.folder import FolderImages
from hub.imaging.look import Look
from hub.imaging.pool import Pool
from hub.imaging.problems import ImageProblem
from hub.imaging.synthetic import SLICES, Case, write
from persistence.sqlite import SqliteJournal
from tests.imaging.dicom import SERIES, SOP, STUDY, image, rewrite, save


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    """A real store."""
    journal = SqliteJournal(f"sqlite:///{tmp_path / 'store' / 'examroom.db'}")
    await journal.start(lambda settled: None)
    yield journal
    await journal.stop()


@pytest.fixture
async def images(tmp_path: Path, journal: SqliteJournal) -> AsyncIterator[FolderImages]:
    """A folder beside it."""
    images = FolderImages(tmp_path / "images", journal, pool=Pool(1))
    await images.start()
    yield images
    await images.stop()


def kept(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "images").rglob("*") if path.is_file())


def all_but_the_store(tmp_path: Path) -> set[Path]:
    return {path for path in tmp_path.rglob("*") if "store" not in path.parts}


async def test_a_file_is_kept_under_its_digest_and_found_by_its_uids(
    tmp_path: Path, images: FolderImages
) -> None:
    path = save(tmp_path / "in" / "TEST-MARTIN 2.25.1003.dcm", image())
    report = await images.add([path])
    assert (report.new, report.same, report.skipped, report.studies) == (1, 0, [], {STUDY})
    (found,) = kept(tmp_path)
    assert found.read_bytes() == path.read_bytes()
    assert re.fullmatch(r"[0-9a-f]{64}\.dcm", found.name)
    assert await images.has(STUDY, SERIES, SOP)
    assert await images.has(STUDY)
    assert not await images.has(STUDY, SOP)
    assert await images.series_of(STUDY) == [
        {
            "uid": SERIES,
            "modality": "CT",
            "description": "",
            "number": 1,
            "body_part": "",
            "instances": [
                {
                    "sop": SOP,
                    "n": 1,
                    "frames": 1,
                    "rows": 48,
                    "columns": 64,
                    "sop_class": "1.2.840.10008.5.1.4.1.1.2",
                    "position": None,
                }
            ],
        }
    ]
    jpeg, etag = await images.rendered(study=STUDY, series=SERIES, sop=SOP)
    assert jpeg[:2] == b"\xff\xd8"
    assert re.fullmatch(r'"[0-9a-f]{40}"', etag)


async def test_again_changes_nothing(tmp_path: Path, images: FolderImages) -> None:
    path = save(tmp_path / "in" / "one.dcm", image())
    await images.add([path], "room-a")
    before = kept(tmp_path)
    report = await images.add([path, path.parent], "room-a")
    assert (report.new, report.same, report.skipped) == (0, 2, [])
    assert kept(tmp_path) == before


async def test_the_first_bytes_of_an_instance_stay(tmp_path: Path, images: FolderImages) -> None:
    await images.add([save(tmp_path / "in" / "one.dcm", image())])
    first = await images.rendered(study=STUDY)
    other = save(tmp_path / "in" / "two.dcm", image(np.full((48, 64), 9, np.int16)))
    report = await images.add([other])
    assert report.skipped == [(other, "other_bytes")]
    assert await images.rendered(study=STUDY) == first


async def test_folders_are_walked_and_what_is_skipped_is_told(
    tmp_path: Path, images: FolderImages
) -> None:
    folder = tmp_path / "in"
    save(folder / "a" / "one.dcm", image())
    save(folder / "b" / "c" / "IM000001", image(SOPInstanceUID="2.25.7"))
    (folder / "DICOMDIR").write_bytes(b"anything")
    (folder / "notes.txt").write_text("TEST")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "missing")
    cut = rewrite(save(folder / "cut.dcm", image(SOPInstanceUID="2.25.8")), lambda raw: raw[:-9])
    bad = save(folder / "bad.dcm", image(SeriesInstanceUID=None))
    report = await images.add([folder, tmp_path / "missing"])
    assert report.new == 2
    assert set(report.skipped) == {
        (folder / "DICOMDIR", "directory"),
        (folder / "notes.txt", "not_dicom"),
        (cut, "truncated"),
        (bad, "bad_uid"),
        (tmp_path / "missing", "not_there"),
    }
    assert len(kept(tmp_path)) == 2


async def test_nothing_is_written_outside_the_store(tmp_path: Path, images: FolderImages) -> None:
    folder = tmp_path / "in"
    for n, uid in enumerate(["../../../x", "/etc/passwd", "2.25.1/../9", "..", "2.25.1\\..\\9"]):
        ds = image(SOPInstanceUID="2.25.1234567890123")
        path = save(folder / f"{n}.dcm", ds)
        padded = uid.encode().ljust(18, b"\0")

        def swap(raw: bytes, padded: bytes = padded) -> bytes:
            return raw.replace(b"2.25.1234567890123", padded)

        rewrite(path, swap)
    before = all_but_the_store(tmp_path)
    report = await images.add([folder])
    assert {reason for _, reason in report.skipped} == {"bad_uid"}
    assert all_but_the_store(tmp_path) == before


async def test_a_copy_left_by_a_crash_goes_but_not_one_being_written(
    tmp_path: Path, images: FolderImages
) -> None:
    incoming = tmp_path / "images" / "incoming"
    old, fresh = incoming / "old", incoming / "fresh"
    old.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(old, (1, 1))
    await images.start()
    assert [path.name for path in incoming.iterdir()] == ["fresh"]


async def test_a_study_belongs_to_one_room(tmp_path: Path, images: FolderImages) -> None:
    first = save(tmp_path / "in" / "one.dcm", image())
    second = save(tmp_path / "in" / "two.dcm", image(SOPInstanceUID="2.25.7"))
    assert await images.room_of(STUDY) == ""
    await images.add([first])
    assert await images.studies_of("room-a") == []
    assert await images.attach(STUDY, "room-a")
    assert await images.attach(STUDY, "room-a")
    assert not await images.attach(STUDY, "room-b")
    assert await images.room_of(STUDY) == "room-a"
    report = await images.add([second], "room-b")
    assert report.skipped == [(second, "elsewhere")]
    assert len(await images.instances(STUDY)) == 1
    assert (await images.add([second])).new == 1
    (study,) = await images.studies_of("room-a")
    assert (study["uid"], study["modalities"], study["series"]) == (STUDY, ["CT"], 1)
    assert study["instances"] == 2
    assert await images.studies_of("room-b") == []


async def test_an_operator_is_believed_more_than_a_share_of_what_was_not_there(
    tmp_path: Path, images: FolderImages
) -> None:
    assert await images.attach(STUDY, "room-b")  # somebody there named a UID
    await images.add([save(tmp_path / "in" / "one.dcm", image())], "room-a")
    assert await images.room_of(STUDY) == "room-a"
    assert not await images.attach(STUDY, "room-b")


async def test_a_borrowed_uid_opens_nothing(tmp_path: Path, images: FolderImages) -> None:
    """A file of another study that bears our series and instance UID stays in its own study."""
    await images.add([save(tmp_path / "in" / "one.dcm", image())], "room-a")
    ours = await images.rendered(study=STUDY, series=SERIES, sop=SOP)
    thief = image(np.full((8, 8), 3, np.int16), StudyInstanceUID="2.25.666")
    assert (await images.add([save(tmp_path / "in" / "two.dcm", thief)], "room-b")).new == 1
    assert await images.rendered(study=STUDY, series=SERIES, sop=SOP) == ours
    with pytest.raises(ImageProblem, match="unknown"):
        await images.rendered(study="2.25.666", series="2.25.1", sop=SOP)


async def test_what_is_not_there_is_told(tmp_path: Path, images: FolderImages) -> None:
    await images.add([save(tmp_path / "in" / "one.dcm", image())])
    await images.add(
        [save(tmp_path / "in" / "sr.dcm", image(PixelData=None, SOPInstanceUID="2.25.9"))]
    )
    unknown: list[tuple[dict[str, Any], str]] = [
        ({"study": "2.25.404"}, "unknown"),
        ({"study": STUDY, "series": "2.25.404"}, "unknown"),
        ({"study": STUDY, "sop": "../../etc/passwd"}, "unknown"),
        ({"study": "' OR 1=1 --"}, "unknown"),
        ({"study": STUDY, "series": SERIES, "sop": "2.25.9"}, "no_pixels"),
    ]
    for asked, reason in unknown:
        with pytest.raises(ImageProblem, match=reason):
            await images.rendered(**asked)
    for frame in (0, 2, -1, 10**9):
        with pytest.raises(ImageProblem, match="no_such_frame"):
            await images.rendered(study=STUDY, series=SERIES, sop=SOP, frame=frame)
    (file, *_) = [path for path in kept(tmp_path) if path.stat().st_size > 6000]
    file.unlink()
    with pytest.raises(ImageProblem, match="gone"):
        await images.rendered(study=STUDY, series=SERIES, sop=SOP)


async def test_tags_tell_pictures_apart_and_pictures_are_drawn_once(
    tmp_path: Path, images: FolderImages
) -> None:
    ds = image(np.stack([np.full((64, 64), n, np.int16) for n in range(2)]))
    await images.add([save(tmp_path / "in" / "one.dcm", ds)])
    asked: list[dict[str, Any]] = [
        {"frame": 1},
        {"frame": 2},
        {"frame": 1, "window": (1.0, 2.0, "LINEAR_EXACT")},
        {"frame": 1, "viewport": (128, 128)},
        {"frame": 1, "arrows": ((1.0, 2.0, None, None, "A"),)},
    ]
    told = [await images.rendered(study=STUDY, **one) for one in asked]
    assert len({etag for _, etag in told}) == len(asked)
    located = await images.locate(STUDY, SERIES, SOP)
    several = await asyncio.gather(*(images.picture(located, Look(invert=True)) for _ in range(50)))
    assert len({id(jpeg) for jpeg in several}) == 1
    for file in kept(tmp_path):
        file.unlink()
    assert await images.picture(located, Look(invert=True)) is several[0]  # out of the cache
    assert await images.rendered(study=STUDY, frame=1) == told[0]


async def test_the_cache_is_bounded(tmp_path: Path, journal: SqliteJournal) -> None:
    images = FolderImages(tmp_path / "images", journal, pool=Pool(1), cache_bytes=40_000)
    await images.add([save(tmp_path / "in" / "one.dcm", image())])
    located = await images.locate(STUDY, SERIES, SOP)
    first = await images.picture(located, Look(window=(0.0, 100.0, "LINEAR")))
    for centre in range(1, 60):
        await images.picture(located, Look(window=(float(centre), 100.0, "LINEAR")))
        assert images.cached_bytes <= 40_000
    again = await images.picture(located, Look(window=(0.0, 100.0, "LINEAR")))
    assert again == first
    assert again is not first
    await images.stop()


async def test_what_hung_is_not_tried_again_at_once(tmp_path: Path, journal: SqliteJournal) -> None:
    images = FolderImages(tmp_path / "images", journal, pool=Pool(1, job_s=0.5))
    await images.add([save(tmp_path / "in" / "one.dcm", image())])
    (file,) = kept(tmp_path)
    file.unlink()
    os.mkfifo(file)
    located = await images.locate(STUDY, SERIES, SOP)
    with pytest.raises(ImageProblem, match="too_slow"):
        await images.picture(located, Look())
    async with asyncio.timeout(0.2):  # less than a worker needs to hang again
        for _ in range(20):
            with pytest.raises(ImageProblem, match="too_slow"):
                await images.picture(located, Look(invert=True))
    await images.stop()


async def test_the_synthetic_study(tmp_path: Path, images: FolderImages) -> None:
    case = Case()
    paths = await asyncio.to_thread(write, tmp_path / "in", case)
    report = await images.add([tmp_path / "in"], "room-a")
    assert (report.new, report.skipped, report.studies) == (2 * SLICES, [], {case.study})
    plain, angio = await images.series_of(case.study)
    assert [one["sop"] for one in plain["instances"]] == [
        case.sop(1, n) for n in range(1, SLICES + 1)
    ]
    assert (angio["uid"], angio["number"]) == (case.series(2), 2)
    located = await images.locate(case.study)
    assert located.sop == case.sop(1, SLICES // 2 + 1)
    ds = pydicom.dcmread(paths[13])
    assert str(ds.PatientName).startswith("TEST^")
    assert ds.StudyInstanceUID.startswith("2.25.") and ds.StudyInstanceUID.is_valid
    units = ds.pixel_array.astype(int) + int(ds.RescaleIntercept)
    x, y = (int(v) for v in case.artery)
    assert units[y - 3 : y + 4, x - 5 : x + 6].max() > 55  # the clot
    assert units[118:134, 172:184].mean() < units[118:134, 72:84].mean() - 5  # the insult
    assert (units[:20] > 900).sum() > 100  # the burned-in words
    assert ds.BurnedInAnnotation == "YES"
    again = await asyncio.to_thread(write, tmp_path / "again", case)
    assert again[5].read_bytes() == paths[5].read_bytes()
    right = Case("other", right=True, severity=0.0)
    other = pydicom.dcmread((await asyncio.to_thread(write, tmp_path / "right", right))[13])
    assert other.StudyInstanceUID != ds.StudyInstanceUID
    mirrored = other.pixel_array.astype(int) + int(other.RescaleIntercept)
    x, y = (int(v) for v in right.artery)
    assert mirrored[y - 3 : y + 4, x - 5 : x + 6].max() > 55
