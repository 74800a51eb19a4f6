"""Every DICOM file in pydicom's wheel is shown, or refused with its reason."""

import asyncio
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from PIL import Image

from hub.imaging.look import Look
from hub.imaging.pool import Pool
from hub.imaging.problems import ImageProblem
from hub.imaging.samples import SAMPLES, pydicom_samples

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())

REFUSED = {
    "DICOMDIR": "directory",
    "DICOMDIR-bigEnd": "directory",
    "DICOMDIR-empty.dcm": "directory",
    "DICOMDIR-implicit": "directory",
    "DICOMDIR-nooffset": "directory",
    "DICOMDIR-nopatient": "directory",
    "DICOMDIR-reordered": "directory",
    "ExplVR_BigEndNoMeta.dcm": "not_dicom",
    "ExplVR_LitEndNoMeta.dcm": "not_dicom",
    "JPEG2000-embedded-sequence-delimiter.dcm": "bad_pixels",
    "JPEG-lossy.dcm": "unknown_syntax",
    "JPEGLSNearLossless_08.dcm": "bad_uid",
    "JPEGLSNearLossless_16.dcm": "bad_uid",
    "JPGExtended.dcm": "unknown_syntax",
    "MR_truncated.dcm": "truncated",
    "SC_rgb_jls_lossy_line.dcm": "bad_uid",
    "SC_rgb_jls_lossy_sample.dcm": "bad_uid",
    "SC_rgb_jpeg.dcm": "bad_pixels",
    "UN_sequence.dcm": "bad_uid",
    "badVR.dcm": "bad_pixels",
    "empty_charset_LEI.dcm": "bad_uid",
    "meta_missing_tsyntax.dcm": "unknown_syntax",
    "nested_priv_SQ.dcm": "bad_uid",
    "no_meta.dcm": "not_dicom",
    "no_meta_group_length.dcm": "bad_uid",
    "priv_SQ.dcm": "bad_uid",
    "reportsi.dcm": "no_pixels",
    "reportsi_with_empty_number_tags.dcm": "no_pixels",
    "rtplan.dcm": "no_pixels",
    "rtplan_truncated.dcm": "no_pixels",
    "rtstruct.dcm": "not_dicom",
    "test-SR.dcm": "no_pixels",
    "waveform_ecg.dcm": "no_pixels",
}
"""12-bit lossy JPEG has no decoder under a licence that we may take."""


async def drawn(pool: Pool, path: Path) -> list[bytes]:
    """The first frame and the last."""
    header = await pool.header(path)
    look = Look(viewport=(256, 256)).as_json()
    frames = sorted({1, max(1, header["frames"])})
    return [await pool.picture(path, frame, look) for frame in frames]


def reason_for(path: Path) -> str:
    if path.parent.name.startswith("SE"):
        return "no_pixels"  # the thirty-six of TINY_ALPHA are headers only
    other = path.suffix in (".txt", ".dump", ".json", ".icc", ".gz") or path.name == "README"
    return "not_dicom" if other else REFUSED.get(path.name, "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_every_file_is_shown_or_refused_by_name(
    path: Path, pool: Pool, runner: asyncio.Runner
) -> None:
    reason = reason_for(path)
    if reason:
        with pytest.raises(ImageProblem) as refused:
            runner.run(drawn(pool, path))
        assert refused.value.reason == reason
        return
    for jpeg in runner.run(drawn(pool, path)):
        picture = Image.open(BytesIO(jpeg))
        assert picture.format == "JPEG"
        assert max(picture.size) == 256
        low, high = picture.convert("L").getextrema()
        assert isinstance(low, int | float) and isinstance(high, int | float)
        assert high - low > 50  # not a blank


def test_the_files_of_the_demo_are_in_the_wheel_and_are_shown() -> None:
    assert [one.name for one, _ in pydicom_samples()] == [one.name for one in SAMPLES]
    assert not [one.name for one in SAMPLES if one.name in REFUSED]


def test_compressed_twins_look_like_their_original(pool: Pool, runner: asyncio.Runner) -> None:
    """The lossless twins of one slice decode to the same picture, byte for byte."""
    twins = [
        "MR_small.dcm",
        "MR_small_RLE.dcm",
        "MR_small_bigendian.dcm",
        "MR_small_implicit.dcm",
        "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
    ]
    pictures = [runner.run(drawn(pool, FOLDER / name))[0] for name in twins]
    assert len(set(pictures)) == 1
