"""A head that nobody has: two CT series drawn from ellipsoids, for demonstrations and tests.

32 slices without contrast, with a hypodense insult and a dense middle cerebral artery, and 32 with
contrast in the vessels, that artery cut off. "SYNTHETIC / SYNTHÉTIQUE" is burned into every slice.
The same case gives the same bytes and the same UIDs (root 2.25).
"""

import json
import subprocess
import sys
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from hub.imaging.pool import environment

SLICES: Final = 32
"""In each of the two series."""


@dataclass(frozen=True, slots=True)
class Case:
    """A synthetic study. `seed` tells one from another; the insult is on the left unless `right`,
    and `severity` runs from 0 (not to be seen) to 1 (plain). The clot is best seen in instances 13
    to 15 of series 1, at `artery`; without it and with severity 0 the head is a healthy one."""

    seed: str = "stroke"
    right: bool = False
    severity: float = 1.0
    clot: bool = True
    taken: str = "20260101020000"
    """By the scanner's own clock: a DICOM DT to the second (PS3.5 table 6.2-1)."""

    @property
    def artery(self) -> tuple[float, float]:
        """The dense artery in instance 14 of series 1: x and y in image pixels."""
        return (99.0, 112.0) if self.right else (157.0, 112.0)

    @property
    def study(self) -> str:
        """Study Instance UID."""
        return self._uid("study")

    def series(self, number: int) -> str:
        """Series Instance UID of series 1 (without contrast) or 2 (angiography)."""
        return self._uid(f"series {number}")

    def sop(self, number: int, instance: int) -> str:
        """SOP Instance UID of `instance` (from 1, foot to head) in series `number`."""
        return self._uid(f"series {number} instance {instance}")

    def _uid(self, what: str) -> str:
        made = uuid.uuid5(uuid.NAMESPACE_URL, f"https://examroom.invalid/{self.seed}/{what}")
        return f"2.25.{made.int}"  # PS3.5 annex B.2

    def frame_of_reference(self) -> str:
        """Both series lie in the same space."""
        return self._uid("frame of reference")


def path_of(folder: Path, number: int, instance: int) -> Path:
    """The file of `instance` in series `number`."""
    return folder / f"series-{number}" / f"slice-{instance:02d}.dcm"


def write(folder: Path, case: Case | None = None) -> list[Path]:
    """Write both series into `folder`, one file a slice, and tell their paths. Blocking, some
    seconds."""
    case = case or Case()
    words = [str(folder.absolute()), json.dumps(asdict(case))]
    subprocess.run(  # noqa: S603 (our own module, and no shell)
        [sys.executable, "-P", "-m", "hub.imaging.scanner", *words],
        check=True,
        env=environment(),
    )
    numbers = [(number, n) for number in (1, 2) for n in range(1, SLICES + 1)]
    return [path_of(folder, number, n) for number, n in numbers]
