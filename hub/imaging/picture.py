"""From shades to a JPEG: region, size, arrows, and the words that every picture carries.

Runs in a worker only.
"""

import math
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hub.imaging.look import Arrow, Look
from hub.imaging.pixels import Shades

LABELS: Final = (
    (
        "consultation, pas de diagnostic",
        "reference viewing, not for primary diagnosis",
    ),
    ("pas de diagnostic", "not for diagnosis"),
    ("non diag.",),
)
"""What is burned into a corner, the longest that fits."""

QUALITY: Final = 85
_INK: Final = (255, 214, 10)
_EDGE: Final = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an image pixel comes to lie on the picture: `out = (in - origin) * scale`."""

    origin: tuple[float, float]
    scale: tuple[float, float]
    size: tuple[int, int]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the image, on the picture."""
        return (x - self.origin[0]) * self.scale[0], (y - self.origin[1]) * self.scale[1]


def place(columns: int, rows: int, aspect: float, look: Look) -> Placing:
    """Fit the image, or the region asked for, into the viewport, keeping its proportions.
    Without a viewport one column is one pixel of the picture."""
    x, y, width, height = look.region or (0.0, 0.0, float(columns), float(rows))
    tall = abs(height) * aspect
    wide = abs(width)
    fit = min(look.viewport[0] / wide, look.viewport[1] / tall) if look.viewport else 1.0
    longest = max(wide, tall) * fit
    fit *= min(1.0, 4096 / longest)
    size = max(1, round(wide * fit)), max(1, round(tall * fit))
    return Placing((x, y), (size[0] / width, size[1] / height), size)


def draw(shades: Shades, aspect: float, look: Look) -> bytes:
    """The JPEG of `shades` as `look` asks for it."""
    rows, columns = shades.shape[:2]
    placing = place(columns, rows, aspect, look)
    picture = _sized(Image.fromarray(np.ascontiguousarray(shades)), placing, look)
    if look.invert:
        picture = picture.point(lambda shade: 255 - shade)
    if look.arrows:
        picture = picture.convert("RGB")
        for arrow in look.arrows:
            _arrow(picture, placing, arrow)
    _label(picture)
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0 if picture.mode == "RGB" else -1)
    return out.getvalue()


def _sized(image: Image.Image, placing: Placing, look: Look) -> Image.Image:
    whole = (0.0, 0.0, float(image.width), float(image.height))
    x, y, width, height = look.region or whole
    if (x, y, width, height) == whole:
        if placing.size == image.size:
            return image
        smaller = placing.size[0] < image.width
        how = Image.Resampling.LANCZOS if smaller else Image.Resampling.BICUBIC
        return image.resize(placing.size, how, reducing_gap=3.0 if smaller else None)
    step_x, step_y = 1 / placing.scale[0], 1 / placing.scale[1]
    return image.transform(
        placing.size,
        Image.Transform.AFFINE,
        (step_x, 0.0, x, 0.0, step_y, y),
        resample=Image.Resampling.BICUBIC,
    )


def _arrow(picture: Image.Image, placing: Placing, arrow: Arrow) -> None:
    x, y, tail_x, tail_y, mark = arrow
    tip = placing.at(x, y)
    reach = max(24.0, min(picture.size) / 8)
    if tail_x is None or tail_y is None:
        tail = (tip[0] + reach * 0.7, tip[1] - reach * 0.7)
    else:
        tail = placing.at(tail_x, tail_y)
    length = math.dist(tip, tail)
    if not (_near(tip, picture) or _near(tail, picture)) or length < 1:
        return
    pen = ImageDraw.Draw(picture)
    thick = max(2, round(min(picture.size) / 200))
    along = (tail[0] - tip[0]) / length, (tail[1] - tip[1]) / length
    head = min(length, 5.0 * thick)
    neck = tip[0] + along[0] * head, tip[1] + along[1] * head
    barbs = [
        (neck[0] - along[1] * side * head / 2, neck[1] + along[0] * side * head / 2)
        for side in (-1, 1)
    ]
    for colour, wider in ((_EDGE, 2), (_INK, 0)):
        pen.line([neck, tail], fill=colour, width=thick + wider)
        pen.polygon([tip, *barbs], fill=colour, outline=_EDGE if wider else None, width=wider or 1)
    if mark:
        size = max(12, round(min(picture.size) / 24))
        spot = tail[0] + along[0] * size * 0.7, tail[1] + along[1] * size * 0.7
        pen.text(
            spot,
            mark,
            fill=_INK,
            font=_font(size),
            anchor="mm",
            stroke_width=2,
            stroke_fill=_EDGE,
        )


def _near(point: tuple[float, float], picture: Image.Image) -> bool:
    """Whether a point lies on the picture or close by: drawing far outside costs time."""
    return all(-side <= at <= 2 * side for at, side in zip(point, picture.size, strict=True))


def _label(picture: Image.Image) -> None:
    """Burn the words into the lower left corner, on a ground of their own."""
    size = max(9, min(18, round(picture.width / 46)))
    font = _font(size)
    for words in LABELS:
        wide = max(font.getlength(line) for line in words) + 6
        tall = len(words) * (size + 3) + 2
        if wide <= picture.width and tall <= picture.height / 3:
            break
    else:
        return
    pen = ImageDraw.Draw(picture)
    grey = picture.mode == "L"
    top = picture.height - tall
    pen.rectangle((0, top, wide, picture.height), fill=0 if grey else _EDGE)
    for n, line in enumerate(words):
        pen.text((3, top + 1 + n * (size + 3)), line, fill=200 if grey else (200,) * 3, font=font)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType: no text can be drawn")
    return font
