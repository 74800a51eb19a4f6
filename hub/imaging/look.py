"""How a picture is asked for: window, viewport, region, arrows; read from a query, bounded.

Words and order of values are those of DICOMweb rendered resources (PS3.18 section 8.3.5); arrows
are ours: `arrows=x,y[,fromx,fromy[,mark]];…` in image pixels, origin at the top left corner. A
mark is at most two letters or digits, since nothing about a patient may stand in a URL.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.imaging.problems import ImageProblem

Window = tuple[float, float, str]
Arrow = tuple[float, float, float | None, float | None, str]

FUNCTIONS: Final = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
VIEWPORT_LEAST: Final = 16
VIEWPORT_MOST: Final = 4096
ARROWS_MOST: Final = 32
_NUMBER_MOST: Final = 1_000_000.0
MARK: Final = re.compile(r"[0-9A-Za-z]{0,2}")
"""The font at hand has no accents: "arrêt" would lose its ê. Free words stand beside the picture,
as text, and are never drawn into it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked of one frame. None: as the file says, whole, at its own size.

    `window` is centre, width and VOI LUT function; `viewport` width and height in which the
    picture is fitted; `region` x, y, width and height of the part shown, in image pixels, a
    negative width or height mirroring it (PS3.18 8.3.5.1.3).
    """

    window: Window | None = None
    viewport: tuple[int, int] | None = None
    region: tuple[float, float, float, float] | None = None
    arrows: tuple[Arrow, ...] = ()
    invert: bool = False

    def __post_init__(self) -> None:
        if not (self._window_ok() and self._viewport_ok() and self._arrows_ok()):
            raise ImageProblem("bad_query")

    def _window_ok(self) -> bool:
        if self.window is None:
            return True
        centre, width, function = self.window
        least = 1.0 if function == "LINEAR" else math.nextafter(0.0, 1.0)
        return function in FUNCTIONS and _within(centre) and least <= width <= _NUMBER_MOST

    def _viewport_ok(self) -> bool:
        size = self.viewport or ()
        region = self.region or ()
        return (
            all(VIEWPORT_LEAST <= side <= VIEWPORT_MOST for side in size)
            and all(_within(value) for value in region)
            and all(abs(side) >= 1 for side in region[2:])
        )

    def _arrows_ok(self) -> bool:
        return len(self.arrows) <= ARROWS_MOST and all(
            _within(x)
            and _within(y)
            and (tail_x is None) == (tail_y is None)
            and (tail_x is None or _within(tail_x))
            and (tail_y is None or _within(tail_y))
            and MARK.fullmatch(mark) is not None
            for x, y, tail_x, tail_y, mark in self.arrows
        )

    def key(self) -> str:
        """The same text for the same look, for caches and entity tags."""
        return json.dumps(self.as_json(), separators=(",", ":"))

    def as_json(self) -> list[Any]:
        """What goes to a worker."""
        return [
            list(self.window) if self.window else None,
            list(self.viewport) if self.viewport else None,
            list(self.region) if self.region else None,
            [list(arrow) for arrow in self.arrows],
            self.invert,
        ]

    @staticmethod
    def of_json(value: Sequence[Any]) -> "Look":
        """The inverse of `as_json`."""
        window, viewport, region, arrows, invert = value
        return Look(
            window=tuple(window) if window else None,
            viewport=tuple(viewport) if viewport else None,
            region=tuple(region) if region else None,
            arrows=tuple(tuple(arrow) for arrow in arrows),
            invert=bool(invert),
        )


@dataclass(frozen=True, slots=True)
class Located:
    """A frame that is there. `digest` changes when its bytes do; `fixed` is False where the answer
    to the same question may be another one as images arrive (the middle slice of a series)."""

    study: str
    series: str
    sop: str
    frame: int
    digest: str
    fixed: bool


def of_query(query: Mapping[str, str]) -> Look:
    """The look that a query asks for. Raises `ImageProblem("bad_query")`."""
    viewport, region = _viewport(query.get("viewport", ""))
    return Look(
        window=_window(query.get("window", "")),
        viewport=viewport,
        region=region,
        arrows=_arrows(query.get("arrows", "")),
        invert=_flag(query.get("invert", "")),
    )


def _within(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= _NUMBER_MOST


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ImageProblem("bad_query") from None


def _flag(text: str) -> bool:
    if text not in ("", "0", "1", "true", "false"):
        raise ImageProblem("bad_query")
    return text in ("1", "true")


def _window(text: str) -> Window | None:
    if not text:
        return None
    parts = text.split(",")
    if len(parts) not in (2, 3):
        raise ImageProblem("bad_query")
    function = parts[2].strip().upper().replace("-", "_") if len(parts) == 3 else "LINEAR"
    return _number(parts[0]), _number(parts[1]), function or "LINEAR"


def _viewport(
    text: str,
) -> tuple[tuple[int, int] | None, tuple[float, float, float, float] | None]:
    if not text:
        return None, None
    parts = text.split(",")
    if len(parts) not in (2, 6):
        raise ImageProblem("bad_query")
    width, height, *rest = (_number(part) for part in parts)
    if not (width.is_integer() and height.is_integer()):
        raise ImageProblem("bad_query")
    region = (rest[0], rest[1], rest[2], rest[3]) if rest else None
    return (int(width), int(height)), region


def _arrows(text: str) -> tuple[Arrow, ...]:
    return tuple(_arrow(part) for part in text.split(";")[: ARROWS_MOST + 1]) if text else ()


def _arrow(text: str) -> Arrow:
    parts = text.split(",")
    if len(parts) not in (2, 4, 5):
        raise ImageProblem("bad_query")
    mark = parts[4] if len(parts) == 5 else ""
    x, y, *tail = (_number(part) for part in parts[:4])
    return x, y, tail[0] if tail else None, tail[1] if tail else None, mark
