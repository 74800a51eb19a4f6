"""Shades by the book: PS3.3 C.11 verified on known numbers."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset
from pydicom.sequence import Sequence

from hub.imaging.header import open_file, read_header
from hub.imaging.look import Look, Window
from hub.imaging.picture import draw, place
from hub.imaging.pixels import Shades, apply_window, decode, file_window, shades
from hub.imaging.problems import ImageProblem
from tests.imaging.dicom import image, save


def rendered(tmp_path: Path, ds: Dataset, window: Window | None = None, frame: int = 1) -> Any:
    """The shades of a frame, as lists."""
    opened = open_file(save(tmp_path / "one.dcm", ds))
    with opened.stream:
        found = shades(decode(opened, frame), opened.ds, frame, window)
    return found.tolist()


def row(*values: float, kind: Any = np.int16) -> Any:
    return np.array([values], dtype=kind)


def expected(value: float, window: Window) -> int:
    """C.11.2.1.2.1, .3.2 and .3.1, written out a second time."""
    c, w, function = window
    if function == "SIGMOID":
        return round(255 / (1 + math.exp(min(700.0, -4 * (value - c) / w))))
    if function == "LINEAR":
        if value <= c - 0.5 - (w - 1) / 2:
            return 0
        if value > c - 0.5 + (w - 1) / 2:
            return 255
        return round(((value - (c - 0.5)) / (w - 1) + 0.5) * 255)
    if value <= c - w / 2:
        return 0
    return 255 if value > c + w / 2 else round(((value - c) / w + 0.5) * 255)


@pytest.mark.parametrize(
    "window",
    [
        (40.0, 80.0, "LINEAR"),
        (40.0, 1.0, "LINEAR"),
        (40.5, 2.0, "LINEAR"),
        (-600.0, 1600.0, "LINEAR"),
        (40.0, 80.0, "LINEAR_EXACT"),
        (40.0, 0.25, "LINEAR_EXACT"),
        (40.0, 80.0, "SIGMOID"),
        (0.0, 1e-6, "SIGMOID"),
    ],
)
@pytest.mark.parametrize("kind", [np.int16, np.float32, np.int32])
def test_windows_are_those_of_the_standard(window: Window, kind: Any) -> None:
    values = np.arange(-2000, 2001, dtype=kind)
    found = apply_window(values, window)
    assert found.dtype == np.uint8
    for value, shade in zip(values.tolist(), found.tolist(), strict=True):
        assert abs(shade - expected(value, window)) <= 1  # ties may round either way
    assert found.tolist() == sorted(found.tolist())


def test_the_standards_own_example_of_a_linear_window() -> None:
    # C.11.2.1.2.1: c=2048, w=4096 is y = ((x - 2047.5) / 4095 + 0.5) * 255 over all of 12 bits
    found = apply_window(row(0, 2047, 2048, 4095, kind=np.uint16), (2048.0, 4096.0, "LINEAR"))
    assert found.tolist() == [[0, 127, 128, 255]]
    # w=1 is a step: black below c - 0.5, white above
    assert apply_window(row(99, 100, 101), (100.0, 1.0, "LINEAR")).tolist() == [[0, 255, 255]]


def test_slope_and_intercept_come_before_the_window(tmp_path: Path) -> None:
    ds = image(row(0, 1024, 1064, 1104, 4000), RescaleSlope=1, RescaleIntercept=-1024)
    assert rendered(tmp_path, ds, (40.0, 80.0, "LINEAR_EXACT")) == [[0, 0, 128, 255, 255]]
    ds = image(row(0, 10, 20), RescaleSlope=0.5, RescaleIntercept=5)
    assert rendered(tmp_path, ds, (10.0, 10.0, "LINEAR_EXACT")) == [[0, 128, 255]]


def test_the_window_of_the_file_is_the_default_and_its_first(tmp_path: Path) -> None:
    ds = image(row(0, 40, 80, 1000), WindowCenter=[40, 500], WindowWidth=[80, 2000])
    assert rendered(tmp_path, ds) == rendered(tmp_path, ds, (40.0, 80.0, "LINEAR"))
    ds.VOILUTFunction = "SIGMOID"
    assert rendered(tmp_path, ds) == rendered(tmp_path, ds, (40.0, 80.0, "SIGMOID"))


@pytest.mark.parametrize("width", [0, -5, "0.5"])
def test_a_window_that_cannot_be_is_replaced_by_the_spread(tmp_path: Path, width: Any) -> None:
    ds = image(row(*range(100)), WindowCenter=40, WindowWidth=width)
    assert file_window(ds, 1) is None
    found = rendered(tmp_path, ds)[0]
    assert found[0] == 0
    assert found[-1] == 255
    assert found == sorted(found)


def test_signed_and_unsigned(tmp_path: Path) -> None:
    signed = image(row(-1000, 0, 1000))
    assert rendered(tmp_path, signed, (0.0, 2000.0, "LINEAR_EXACT")) == [[0, 128, 255]]
    unsigned = image(row(0, 32768, 65535, kind=np.uint16))
    assert rendered(tmp_path, unsigned, (32767.5, 65535.0, "LINEAR_EXACT")) == [[0, 128, 255]]


def test_bits_above_the_pixel_do_not_count(tmp_path: Path) -> None:
    dirty = row(0x0000, 0xF800, 0x7FFF, kind=np.uint16)  # an old overlay in the four high bits
    ds = image(dirty, BitsStored=12, HighBit=11, PixelRepresentation=0)
    assert rendered(tmp_path, ds, (2047.5, 4095.0, "LINEAR_EXACT")) == [[0, 128, 255]]
    ds = image(row(0x0800, 0x0000, 0x07FF), BitsStored=12, HighBit=11, PixelRepresentation=1)
    assert rendered(tmp_path, ds, (-0.5, 4095.0, "LINEAR_EXACT"))[0] == [0, 128, 255]


def test_monochrome1_is_turned_round(tmp_path: Path) -> None:
    ds = image(row(0, 50, 100), PhotometricInterpretation="MONOCHROME1")
    assert rendered(tmp_path, ds, (50.0, 100.0, "LINEAR_EXACT")) == [[255, 127, 0]]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_black_and_does_not_stretch_the_window(tmp_path: Path, photometric: str) -> None:
    ds = image(row(-2000, *range(100)), PhotometricInterpretation=photometric)
    ds.add_new("PixelPaddingValue", "SS", -2000)
    found = rendered(tmp_path, ds)[0]
    assert found[0] == 0
    inner = found[1:] if photometric == "MONOCHROME2" else found[:0:-1]
    assert inner[0] == 0
    assert inner[-1] == 255
    assert 120 < inner[50] < 136
    ds.add_new("PixelPaddingRangeLimit", "SS", 10)
    assert rendered(tmp_path, ds)[0][:12] == [0] * 12


def test_frames_are_counted_from_one(tmp_path: Path) -> None:
    ds = image(np.stack([np.full((2, 2), n * 10, np.int16) for n in range(3)]))
    window = (10.0, 20.0, "LINEAR_EXACT")
    for frame, shade in ((1, 0), (2, 128), (3, 255)):
        assert rendered(tmp_path, ds, window, frame) == [[shade] * 2] * 2
    for frame in (0, -1, 4):
        with pytest.raises(ImageProblem, match="no_such_frame"):
            rendered(tmp_path, ds, window, frame)


def test_enhanced_objects_keep_rescale_and_window_for_each_frame(tmp_path: Path) -> None:
    ds = image(np.stack([row(0, 40, 80), row(0, 40, 80)]))
    groups = []
    for slope, centre in ((1, 40), (10, 400)):
        rescale, window, group = Dataset(), Dataset(), Dataset()
        rescale.RescaleSlope, rescale.RescaleIntercept = slope, 0
        window.WindowCenter, window.WindowWidth = centre, 2 * centre
        group.PixelValueTransformationSequence = Sequence([rescale])
        group.FrameVOILUTSequence = Sequence([window])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    first, second = (rendered(tmp_path, ds, frame=frame)[0] for frame in (1, 2))
    assert first[0] == second[0] == 0
    assert first[-1] == second[-1] == 255
    assert abs(first[1] - second[1]) <= 1
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups[:1] * 2)
    assert rendered(tmp_path, ds, frame=2) == rendered(tmp_path, ds, frame=1)


def test_colours_and_palettes(tmp_path: Path) -> None:
    red_green = np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)
    ds = image(np.zeros((1, 2), np.uint8), PhotometricInterpretation="RGB", SamplesPerPixel=3)
    ds.PlanarConfiguration, ds.PixelData = 0, red_green.tobytes()
    assert rendered(tmp_path, ds, (1.0, 1.0, "LINEAR")) == red_green.tolist()
    ds.PlanarConfiguration, ds.PixelData = 1, bytes([255, 0, 0, 255, 0, 0])
    assert rendered(tmp_path, ds) == red_green.tolist()
    ds = image(np.array([[0, 1, 2, 3]], np.uint8), PhotometricInterpretation="PALETTE COLOR")
    for colour, table in (("Red", (0, 255, 0, 9)), ("Green", (0, 0, 255, 9)), ("Blue", (0,) * 4)):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [4, 0, 16])
        words = np.array(table, "<u2") * 257
        setattr(ds, f"{colour}PaletteColorLookupTableData", words.tobytes())
    assert rendered(tmp_path, ds)[0] == [[0, 0, 0], [255, 0, 0], [0, 255, 0], [9, 9, 0]]


@pytest.mark.parametrize(
    ("value", "kind"), [(7, np.int16), (0, np.uint8), (np.nan, np.float32), (np.inf, np.float32)]
)
def test_a_flat_picture_is_a_picture(tmp_path: Path, value: float, kind: Any) -> None:
    flat = np.full((4, 4), value, kind)
    ds = image(np.zeros((4, 4), np.int32) if kind == np.float32 else flat)
    if kind == np.float32:
        ds.FloatPixelData = flat.tobytes()
        del ds.PixelData, ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    found = rendered(tmp_path, ds)
    assert len({shade for line in found for shade in line}) == 1


@pytest.mark.parametrize(
    ("columns", "rows", "aspect", "viewport", "size"),
    [
        (512, 512, 1.0, None, (512, 512)),
        (512, 256, 1.0, (100, 100), (100, 50)),
        (256, 512, 1.0, (100, 100), (50, 100)),
        (64, 64, 1.0, (512, 300), (300, 300)),
        (100, 50, 2.0, (400, 400), (400, 400)),
        (100, 100, 1.0, (101, 400), (101, 101)),
        (1, 16384, 1.0, None, (1, 4096)),
    ],
)
def test_proportions_are_kept(
    columns: int,
    rows: int,
    aspect: float,
    viewport: tuple[int, int] | None,
    size: tuple[int, int],
) -> None:
    assert place(columns, rows, aspect, Look(viewport=viewport)).size == size


def opened(jpeg: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(jpeg)).convert("RGB")).astype(int)


def test_arrows_point_where_they_should_in_every_size() -> None:
    black: Shades = np.zeros((200, 200), np.uint8)
    for look, tip in (
        (Look(arrows=((60.0, 90.0, 120.0, 90.0, ""),)), (60, 90)),
        (Look(viewport=(400, 400), arrows=((60.0, 90.0, 120.0, 90.0, ""),)), (120, 180)),
        (
            Look(
                viewport=(200, 200),
                region=(50.0, 50.0, 100.0, 100.0),
                arrows=((60.0, 90.0, 120.0, 90.0, ""),),
            ),
            (20, 80),
        ),
    ):
        lit = opened(draw(black, 1.0, look))
        yellow = (lit[:, :, 0] > 180) & (lit[:, :, 1] > 140) & (lit[:, :, 2] < 90)
        ys, xs = np.nonzero(yellow)
        first = int(xs.argmin())
        assert abs(int(xs[first]) - tip[0]) <= 3
        assert abs(int(ys[first]) - tip[1]) <= 3


def test_a_negative_region_mirrors() -> None:
    left_white: Shades = np.zeros((100, 100), np.uint8)
    left_white[:, :50] = 255
    plain = opened(draw(left_white, 1.0, Look(viewport=(100, 100))))
    mirrored = Look(viewport=(100, 100), region=(100.0, 0.0, -100.0, 100.0))
    turned = opened(draw(left_white, 1.0, mirrored))
    assert plain[20, 10, 0] > 200 > 50 > plain[20, 90, 0]
    assert turned[20, 90, 0] > 200 > 50 > turned[20, 10, 0]


def test_invert_turns_shades_round() -> None:
    grey: Shades = np.full((100, 100), 250, np.uint8)
    assert opened(draw(grey, 1.0, Look(invert=True)))[10, 50, 0] < 15


@pytest.mark.parametrize("side", [64, 100, 256, 512, 2048])
@pytest.mark.parametrize("viewport", [None, (512, 512)])
def test_every_picture_says_that_it_is_not_for_diagnosis(
    side: int, viewport: tuple[int, int] | None
) -> None:
    white: Shades = np.full((side, side), 255, np.uint8)
    lit = opened(draw(white, 1.0, Look(viewport=viewport)))
    corner = lit[-lit.shape[0] // 4 :, : lit.shape[1] // 2, 0]
    assert (corner < 40).sum() > 30  # its ground
    assert (lit[: lit.shape[0] // 2, :, 0] > 200).all()  # and nowhere else


def test_arrows_far_outside_cost_nothing() -> None:
    black: Shades = np.zeros((64, 64), np.uint8)
    far = tuple((1e6, -1e6, 1e6 - 1, 1e6, "") for _ in range(32))
    assert (opened(draw(black, 1.0, Look(arrows=far)))[:32] < 30).all()


def test_header_of_a_whole_file(tmp_path: Path) -> None:
    ds = image(
        np.zeros((3, 8, 6), np.int16),
        SeriesDescription="TEST series",
        ImagePositionPatient=[1, 2, 30.5],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
    )
    opened_file = open_file(save(tmp_path / "one.dcm", ds))
    with opened_file.stream:
        header = read_header(opened_file)
    assert (header.rows, header.columns, header.frames, header.number) == (8, 6, 3, 1)
    assert (header.position, header.series_description) == (30.5, "TEST series")
    assert "TEST^IMAGE" not in str(header)
