"""The pixels of the synthetic head: ellipsoids in patient millimetres, in Hounsfield units.

x grows to the patient's left, y to the back, z to the head (PS3.3 C.7.6.2.1.1), so that the left of
the patient is on the right of the picture, as radiologists read it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SIZE: Final = 256
SPACING_MM: Final = 0.9
STEP_MM: Final = 4.5
FOOT_MM: Final = -66.0
AIR: Final = -1024
WORDS: Final = "SYNTHETIC / SYNTHETIQUE"
"""Burned in; the acute accent is drawn by hand, for the font at hand has none."""

Plane = NDArray[np.float64]
Mask = NDArray[np.bool_]

_AXIS: Final = (np.arange(SIZE) - (SIZE - 1) / 2) * SPACING_MM
_X: Final = np.broadcast_to(_AXIS[None, :], (SIZE, SIZE))
_Y: Final = np.broadcast_to(_AXIS[:, None], (SIZE, SIZE))


def z_of(index: int) -> float:
    """Millimetres of slice `index` (from 0, foot to head)."""
    return FOOT_MM + index * STEP_MM


@dataclass(frozen=True, slots=True)
class Illness:
    """What ails the head (`synthetic.Case`)."""

    right: bool = False
    severity: float = 1.0
    clot: bool = True


def stored(index: int, *, contrast: bool, illness: Illness) -> NDArray[np.uint16]:
    """Slice `index` as stored: Hounsfield units above `AIR`."""
    z = z_of(index)
    field = _soften(_head(z, illness.severity))
    if contrast:
        _vessels(field, z, illness.clot)
    else:
        _arteries(field, z, illness.clot)
    if illness.right:
        field = field[:, ::-1].copy()
    noise = np.random.default_rng([index, int(contrast)])
    inside = field > -900
    field = field + _soften(noise.normal(0.0, 5.0, field.shape)) * inside
    field[_WORDS] = 1000
    shifted: NDArray[np.uint16] = np.clip(np.rint(field - AIR), 0, 4095).astype(np.uint16)
    return shifted


def _ellipse(
    at: tuple[float, float], radii: tuple[float, float], turn: float = 0.0, grow: Any = 1.0
) -> Mask:
    """Points within an ellipse around `at`, turned by `turn` degrees; none where a radius is 0."""
    if min(radii) <= 0:
        return np.zeros((SIZE, SIZE), bool)
    if not turn:
        across, down = ((_AXIS - at[0]) / radii[0]) ** 2, ((_AXIS - at[1]) / radii[1]) ** 2
        straight: Mask = across[None, :] + down[:, None] <= grow * grow
        return straight
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dx, dy = _AXIS - at[0], (_AXIS - at[1])[:, None]
    u = (dx * (c / radii[0]))[None, :] + dy * (s / radii[0])
    v = dy * (c / radii[1]) - (dx * (s / radii[1]))[None, :]
    inside: Mask = u * u + v * v <= grow * grow
    return inside


def _cut(z: float, centre: float, half: float) -> float:
    """How much of an ellipsoid's radius is left at height `z`: 1 in the middle, 0 outside."""
    return math.sqrt(max(0.0, 1.0 - ((z - centre) / half) ** 2))


_ANGLE: Final[Plane] = np.arctan2(_Y + 2, _X)
"""Around the middle of the head; the folds of the cortex follow it."""


def _head(z: float, severity: float) -> Plane:
    size = _cut(z, 0.0, 92.0) if z > 0 else 0.72 + 0.28 * _cut(z, 0.0, 80.0)
    wide, deep = 74 * size, 93 * size
    place = (0.0, -2.0)
    field = np.full((SIZE, SIZE), -1000.0)
    field[_ellipse(place, (wide, deep))] = 45  # skin
    field[_ellipse(place, (wide - 2, deep - 2))] = -85  # fat
    field[_ellipse(place, (wide - 4.5, deep - 4.5))] = 950  # outer table
    field[_ellipse(place, (wide - 6.5, deep - 6.5))] = 420  # diploe
    field[_ellipse(place, (wide - 9, deep - 9))] = 1050  # inner table
    wide, deep = wide - 11, deep - 11
    field[_ellipse(place, (wide, deep))] = 9  # subarachnoid space
    _brain(field, z, place, (wide, deep))
    _insult(field, z, severity)
    if z < -20:
        _base(field, z, place, (wide, deep))
    return field


def _brain(field: Plane, z: float, place: tuple[float, float], size: tuple[float, float]) -> None:
    wide, deep = size
    folds = np.sin(_ANGLE * 23 + z * 0.45) * 0.018 + np.sin(_ANGLE * 41 - z * 0.3) * 0.012
    field[_ellipse(place, (wide, deep), grow=0.965 + folds)] = 38  # cortex
    field[_ellipse(place, (wide, deep), grow=0.885 + folds * 2.4)] = 28.5  # white matter
    gap = _ellipse((0.0, place[1]), (1.1, deep))
    field[gap & (np.abs(_Y - place[1]) > deep * 0.45)] = 46  # falx
    for side in (-1, 1):
        _deep_grey(field, z, side)
    for side in (-1, 1):
        _ventricle(field, z, side)
    third = _cut(z, 8.0, 16.0)
    field[_ellipse((0.0, 4.0), (2.4 * third, 13 * third))] = 7


def _deep_grey(field: Plane, z: float, side: int) -> None:
    grey = _cut(z, 10.0, 20.0)
    field[_ellipse((side * 12.0, 14.0), (8.5 * grey, 13 * grey), side * 25)] = 37  # thalamus
    field[_ellipse((side * 23.0, -3.0), (6.5 * grey, 15 * grey), -side * 18)] = 38.5  # lentiform
    field[_ellipse((side * 12.0, -20.0), (5 * grey, 8 * grey), -side * 20)] = 38.5  # caudate
    island = _cut(z, 8.0, 22.0)
    ribbon = _ellipse((side * 36.0, 0.0), (3.2 * island, 20 * island), -side * 8)
    field[ribbon] = 38.5  # insula
    fissure = _ellipse((side * 41.5, -2.0), (2.2 * island, 21 * island), -side * 8)
    field[fissure] = 10


def _ventricle(field: Plane, z: float, side: int) -> None:
    body = _cut(z, 24.0, 20.0)
    field[_ellipse((side * 10.0, -24.0), (5.0 * body, 15 * body), side * 18)] = 7  # frontal horn
    field[_ellipse((side * 14.0, 22.0), (6.0 * body, 20 * body), -side * 16)] = 7  # trigone
    roof = _cut(z, 30.0, 12.0)
    field[_ellipse((side * 13.0, 0.0), (6.0 * roof, 30 * roof), -side * 3)] = 7  # body


def _insult(field: Plane, z: float, severity: float) -> None:
    """The territory of the left middle cerebral artery: less dense, its ribbon lost."""
    part = _cut(z, 18.0, 30.0)
    if part == 0:
        return
    u, v = (_X - 44) / (24 * part), (_Y - 4) / (38 * part)
    reach = 1.0 + 0.12 * np.sin(3 * np.arctan2(v, u) + z * 0.1)
    depth = np.clip((reach - np.sqrt(u * u + v * v)) * 3.0, 0.0, 1.0) * severity
    tissue = (field > 20) & (field < 60)
    swollen = field * (1 - depth) + 21.5 * depth
    field[tissue] = swollen[tissue]


def _base(field: Plane, z: float, place: tuple[float, float], size: tuple[float, float]) -> None:
    """Petrous bones, mastoid and sinus air, orbits, brain stem, cerebellum."""
    down = min(1.0, (-20 - z) / 12)
    field[_ellipse((0.0, 10.0), (13.0, 12.0))] = 33  # brain stem
    field[_ellipse((0.0, 24.0), (4.5 * down, 4.0 * down))] = 8  # fourth ventricle
    for side in (-1, 1):
        field[_ellipse((side * 38.0, 10.0), (26 * down, 7 * down), -side * 28)] = 900  # petrous
        field[_ellipse((side * 54.0, 22.0), (7 * down, 9 * down))] = 300
        field[_ellipse((side * 54.0, 22.0), (4 * down, 5 * down))] = -700  # mastoid cells
        field[_ellipse((side * 30.0, -62.0), (20 * down, 15 * down), side * 12)] = -90  # orbit
        field[_ellipse((side * 31.0, -66.0), (12 * down, 12 * down))] = 12  # globe
        rim = _ellipse((side * 30.0, -62.0), (22 * down, 17 * down), side * 12)
        field[rim & (field > 500)] = 850
        field[_ellipse((side * 8.0, -58.0), (6 * down, 14 * down))] = -950  # ethmoid cells
    field[_ellipse((0.0, -34.0), (10 * down, 7 * down))] = -950  # sphenoid sinus
    ring = _ellipse((0.0, -34.0), (12 * down, 9 * down)) & (field > -500)
    field[ring] = 800
    tables = _ellipse((place[0], place[1]), (size[0] + 7, size[1] + 7))
    inner = _ellipse((place[0], place[1]), size)
    field[tables & ~inner & (field > 100)] = 950


Path3 = Sequence[tuple[float, float, float]]


def _middle_artery(side: int, reach: float) -> Path3:
    """From the carotid's top outwards to the insula; `reach` 1 is all of it."""
    path = [
        (6.0, -16.0, -14.0),
        (14.0, -17.0, -11.0),
        (22.0, -16.0, -8.0),
        (30.0, -13.0, -6.0),
        (37.0, -8.0, -2.0),
        (41.0, -2.0, 6.0),
        (42.0, 6.0, 16.0),
        (44.0, 14.0, 26.0),
    ]
    return [(side * x, y, z) for x, y, z in path[: max(2, round(len(path) * reach))]]


def _tube(z: float, path: Path3, radius: float) -> Mask:
    """Points of the slice within `radius` of a broken line, seen through the slice's thickness."""
    found = np.zeros((SIZE, SIZE), bool)
    for (x0, y0, z0), (x1, y1, z1) in pairwise(path):
        steps = max(2, math.ceil(math.dist((x0, y0, z0), (x1, y1, z1)) / 0.6))
        for n in range(steps + 1):
            t = n / steps
            away = abs(z0 + (z1 - z0) * t - z) / (STEP_MM / 2 + radius)
            if away < 1:
                left = radius * math.sqrt(1 - away * away)
                _dot(found, x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, left)
    return found


def _dot(found: Mask, x: float, y: float, radius: float) -> None:
    """Add a small disc, looking only at the pixels around it."""
    first = int((x - radius - _AXIS[0]) / SPACING_MM), int((y - radius - _AXIS[0]) / SPACING_MM)
    side = int(2 * radius / SPACING_MM) + 3
    across, down = (slice(max(0, at), max(0, at) + side) for at in first)
    dx, dy = _AXIS[across][None, :] - x, _AXIS[down][:, None] - y
    found[down, across] |= dx * dx + dy * dy <= radius * radius


def _arteries(field: Plane, z: float, clot: bool) -> None:
    """The first segments of the middle cerebral arteries, the left one dense with clot."""
    for side in (-1, 1):
        dense = clot and side > 0
        path = _middle_artery(side, 0.63)[1:]
        field[_tube(z, path, 2.0 if dense else 1.4)] = 68 if dense else 42


def _vessels(field: Plane, z: float, clot: bool) -> None:
    for side in (-1, 1):
        # the clot lets nothing past the first segment on the left
        reach = 0.3 if clot and side > 0 else 1.0
        field[_tube(z, _middle_artery(side, reach), 1.9)] = 330
        field[_tube(z, [(side * 13.0, -12.0, -60.0), (side * 7.0, -16.0, -14.0)], 2.6)] = 360
        field[_tube(z, [(side * 6.0, -17.0, -13.0), (side * 2.0, -34.0, -4.0)], 1.4)] = 320
        field[_tube(z, [(side * 2.0, -34.0, -4.0), (side * 2.0, -48.0, 40.0)], 1.3)] = 310
        field[_tube(z, [(side * 2.0, -4.0, -14.0), (side * 16.0, 6.0, -8.0)], 1.3)] = 310
        field[_tube(z, [(side * 16.0, 6.0, -8.0), (side * 14.0, 50.0, 6.0)], 1.2)] = 300
    for side in (-1,) if clot else (-1, 1):  # branches over the hemisphere
        for turn in range(3):
            end = (side * (50.0 - 4 * turn), 18.0 - 22 * turn, 52.0)
            field[_tube(z, [(side * 44.0, 14.0 - 10 * turn, 22.0), end], 1.2)] = 280
    field[_tube(z, [(0.0, 0.0, -60.0), (0.0, -5.0, -14.0)], 2.2)] = 340  # basilar
    sinus = 0.93 * 93 * (_cut(z, 0.0, 92.0) if z > 0 else 0.0)
    if sinus > 20:
        field[_ellipse((0.0, sinus - 14), (4.0, 3.0))] = 190  # superior sagittal sinus


def _soften(field: Plane) -> Plane:
    """The blur of a scanner: a small binomial kernel in both directions."""
    wide = np.pad(field, 1, mode="edge")
    down = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    return (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 16


def _words() -> Mask:
    picture = Image.new("L", (SIZE, SIZE), 0)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(11)
    left = (SIZE - pen.textlength(WORDS, font=font)) / 2
    pen.text((left, 5), WORDS, fill=255, font=font)
    before = WORDS.rindex("ETIQUE")
    x = left + pen.textlength(WORDS[:before], font=font) + 3
    pen.line([(x, 5), (x + 3, 2)], fill=255)
    return np.asarray(picture) > 100


_WORDS: Final = _words()
