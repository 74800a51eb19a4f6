"""From stored pixels to shades on a screen: decoding, modality values, VOI (PS3.3 C.11).

Runs in a worker only. Decoders are named one by one, so that what happens to be installed beside
us never decides how a picture looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, uid
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi
from pydicom.pixels.utils import pixel_array

from hub.imaging.header import Opened, check_pixels, frames_of, has_pixels, integer, number, text
from hub.imaging.look import FUNCTIONS, Window
from hub.imaging.problems import ImageProblem

Shades = NDArray[np.uint8]
Values = NDArray[Any]

DECODERS: Final[Mapping[str, tuple[str, ...]]] = {
    uid.ImplicitVRLittleEndian: ("",),
    uid.ExplicitVRLittleEndian: ("",),
    uid.ExplicitVRBigEndian: ("",),
    uid.JPEGBaseline8Bit: ("pillow", "gdcm"),
    uid.JPEGExtended12Bit: ("pillow", "gdcm"),
    uid.JPEGLossless: ("gdcm",),
    uid.JPEGLosslessSV1: ("gdcm",),
    uid.JPEGLSLossless: ("pyjpegls",),
    uid.JPEGLSNearLossless: ("pyjpegls",),
    uid.JPEG2000Lossless: ("pylibjpeg",),
    uid.JPEG2000: ("pylibjpeg",),
    uid.HTJ2KLossless: ("pylibjpeg",),
    uid.HTJ2KLosslessRPCL: ("pylibjpeg",),
    uid.HTJ2K: ("pylibjpeg",),
    uid.RLELossless: ("pylibjpeg", "pydicom"),
}
"""Transfer syntax to the decoders tried for it, in order: MIT, BSD and HPND licences only."""


@dataclass(slots=True)
class Frame:
    """One frame decoded. `values` is (rows, columns) of modality values, or (rows, columns, 3) of
    uint8 colours. `padding` marks pixels that stand for nothing; `aspect` is the height of a pixel
    over its width."""

    values: Values
    padding: NDArray[np.bool_] | None
    inverted: bool
    aspect: float

    @property
    def in_colour(self) -> bool:
        """Whether the pixels are colours already."""
        return self.values.ndim == 3


def decode(opened: Opened, index: int) -> Frame:
    """Frame `index` (from 1) of the file. Raises `ImageProblem`, or whatever a decoder does."""
    ds = opened.ds
    if not has_pixels(opened):
        raise ImageProblem("no_pixels")
    check_pixels(opened)
    if not 1 <= index <= frames_of(ds):
        raise ImageProblem("no_such_frame")
    stored = _stored(opened, index - 1)
    photometric = text(ds, "PhotometricInterpretation")
    aspect = _aspect(ds)
    if photometric == "PALETTE COLOR":
        return Frame(_eight_bit(apply_color_lut(stored, ds)), None, False, aspect)
    if stored.ndim == 3:
        return Frame(_eight_bit(stored, integer(ds, "BitsStored", 8)), None, False, aspect)
    stored = _within_bits(stored, opened)
    return Frame(
        values=_modality(stored, ds, index),
        padding=_padding(stored, ds),
        inverted=photometric == "MONOCHROME1",
        aspect=aspect,
    )


def _stored(opened: Opened, index: int) -> Values:
    plugins = DECODERS.get(opened.syntax)
    twelve_bit = opened.syntax == uid.JPEGExtended12Bit and integer(opened.ds, "BitsStored", 8) > 8
    if plugins is None or twelve_bit:  # no decoder under a licence that we may take reads 12 bits
        raise ImageProblem("unknown_syntax")
    failure: Exception | None = None
    for plugin in plugins:
        opened.stream.seek(0)
        try:
            return pixel_array(
                opened.stream,
                index=index,
                decoding_plugin=plugin,
                transfer_syntax_uid=opened.syntax,
            )
        except MemoryError:
            raise
        except Exception as exc:  # each decoder raises its own kinds; the last one is told
            failure = exc
    raise ImageProblem("bad_pixels") from failure


def _within_bits(stored: Values, opened: Opened) -> Values:
    """Only the bits that belong to the pixel: old files keep overlays in the others."""
    allocated = integer(opened.ds, "BitsAllocated", 16)
    bits = integer(opened.ds, "BitsStored", allocated)
    high = integer(opened.ds, "HighBit", bits - 1)
    whole = bits == allocated or not 0 < bits <= high + 1 <= allocated
    if whole or opened.syntax.is_encapsulated or stored.dtype.kind not in "iu":
        return stored
    left, right = allocated - (high + 1), allocated - bits
    shifted: Values = np.right_shift(np.left_shift(stored, left), right)
    return shifted


def _group(ds: Dataset, name: str, index: int) -> Dataset:
    """The functional group `name` of frame `index` in an enhanced object, or the dataset."""
    per_frame = ds.get("PerFrameFunctionalGroupsSequence") or []
    shared = ds.get("SharedFunctionalGroupsSequence") or []
    for groups in (per_frame[index - 1 : index], shared[:1]):
        for group in groups:
            if found := group.get(name):
                item: Dataset = found[0]
                return item
    return ds


def _modality(stored: Values, ds: Dataset, index: int) -> Values:
    """Rescale slope and intercept, or the modality LUT (PS3.3 C.11.1)."""
    if "ModalityLUTSequence" in ds:
        values: Values = apply_modality_lut(stored, ds)
        return values
    group = _group(ds, "PixelValueTransformationSequence", index)
    slope, intercept = number(group, "RescaleSlope"), number(group, "RescaleIntercept")
    if slope in (None, 0.0, 1.0) and intercept in (None, 0.0):
        return stored
    scaled: Values = stored.astype(np.float64 if stored.dtype.itemsize > 2 else np.float32)
    scaled *= slope or 1.0
    scaled += intercept or 0.0
    return scaled


def _padding(stored: Values, ds: Dataset) -> NDArray[np.bool_] | None:
    """Pixels outside the picture (PS3.3 C.7.5.1.1.2), None where there are none."""
    first = number(ds, "PixelPaddingValue")
    if first is None:
        return None
    limit = number(ds, "PixelPaddingRangeLimit")
    low, high = sorted((first, first if limit is None else limit))
    mask: NDArray[np.bool_] = (stored >= low) & (stored <= high)
    return mask if mask.any() else None


def _aspect(ds: Dataset) -> float:
    for name in ("PixelSpacing", "ImagerPixelSpacing", "PixelAspectRatio"):
        try:
            down, across = (float(v) for v in ds.get(name) or ())
        except (TypeError, ValueError):
            continue
        if across > 0 and down > 0 and 0.125 <= down / across <= 8:
            return down / across
    return 1.0


def _eight_bit(colours: Values, bits: int = 0) -> Shades:
    bits = bits or colours.dtype.itemsize * 8
    if colours.dtype.kind not in "iu":
        raise ImageProblem("bad_pixels")
    if colours.dtype == np.uint8:
        return colours
    return (colours >> max(0, bits - 8)).clip(0, 255).astype(np.uint8)


def shades(frame: Frame, ds: Dataset, index: int, window: Window | None) -> Shades:
    """The frame as 0 (black) to 255, by `window`, else by the file's own VOI, else by its values.
    Colours come back as they are (PS3.3 C.11.2 holds for monochrome only)."""
    if frame.in_colour:
        return frame.values
    shown = _by_table(frame, ds) if window is None and _wants_table(ds) else None
    if shown is None:
        chosen = window or file_window(ds, index) or spread(frame)
        shown = apply_window(frame.values, chosen)
    if frame.inverted:
        shown = np.bitwise_not(shown)
    if frame.padding is not None:
        shown[frame.padding] = 0
    return shown


def _wants_table(ds: Dataset) -> bool:
    return "VOILUTSequence" in ds and "WindowWidth" not in ds


def _by_table(frame: Frame, ds: Dataset) -> Shades:
    looked = np.asarray(apply_voi(frame.values.astype(np.int32), ds), dtype=np.float32)
    low, high = float(looked.min()), float(looked.max())
    return apply_window(looked, ((low + high) / 2, max(high - low, 1.0), "LINEAR_EXACT"))


def file_window(ds: Dataset, index: int) -> Window | None:
    """The first window that the file itself gives, None where it gives none that can be used."""
    group = _group(ds, "FrameVOILUTSequence", index)
    centre, width = number(group, "WindowCenter"), number(group, "WindowWidth")
    function = text(group, "VOILUTFunction") or "LINEAR"
    if centre is None or width is None or function not in FUNCTIONS:
        return None
    usable = width >= 1 if function == "LINEAR" else width > 0
    return (centre, width, function) if usable else None


def spread(frame: Frame) -> Window:
    """The window between the 1st and the 99th percentile of what is not padding."""
    values = frame.values if frame.padding is None else frame.values[~frame.padding]
    values = values.reshape(-1)
    values = values[:: max(1, values.size // 100_000)]
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    if values.size == 0:
        return (0.0, 1.0, "LINEAR_EXACT")
    low, high = (float(v) for v in np.percentile(values, (1, 99)))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    return ((low + high) / 2, max(high - low, 1e-6), "LINEAR_EXACT")


def apply_window(values: Values, window: Window) -> Shades:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3, from 0 to 255, rounded to the nearest."""
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
        edges = np.iinfo(values.dtype)
        table = _curve(np.arange(edges.min, edges.max + 1, dtype=np.float64), window)
        return table[values.astype(np.int32) - edges.min]
    return _curve(values, window)


def _curve(values: Values, window: Window) -> Shades:
    centre, width, function = window
    x = values if values.dtype.kind == "f" else values.astype(np.float64)
    with np.errstate(all="ignore"):  # a hostile float may overflow: it is clipped below
        if function == "SIGMOID":
            y = 255 / (1 + np.exp(np.clip(-4 * (x - centre) / width, -80, 80)))
        elif function == "LINEAR_EXACT":
            y = ((x - centre) / width + 0.5) * 255
        elif width <= 1:
            y = np.where(x > centre - 0.5, 255.0, 0.0)
        else:
            y = ((x - (centre - 0.5)) / (width - 1) + 0.5) * 255
    shown: Shades = np.rint(np.clip(np.nan_to_num(y), 0, 255)).astype(np.uint8)
    return shown
