"""The hub never loads what decodes: a hostile file meets those libraries in a worker only."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydicom import uid

from hub.imaging.pixels import DECODERS as DECODERS_OF

ROOT = Path(__file__).resolve().parents[2]
DECODERS = ("pydicom", "numpy", "PIL", "gdcm", "openjpeg", "jpeg_ls", "libjpeg")


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*[one for one in {DECODERS!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["hub.app", "hub.cli", "hub.imaging.synthetic"])
def test_the_hub_loads_no_decoder(module: str) -> None:
    assert loaded_by(module) == set()


def test_the_worker_loads_them() -> None:
    assert loaded_by("hub.imaging.worker") >= {"pydicom", "numpy", "PIL"}


def test_no_decoder_is_gpl() -> None:
    """pylibjpeg reads JPEG by its GPL plugin only: of it, we take JPEG 2000 and RLE."""
    assert "pylibjpeg-libjpeg" not in (ROOT / "pyproject.toml").read_text()
    jpeg = [uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1]
    for syntax in (*jpeg, uid.JPEGLSLossless, uid.JPEGLSNearLossless):
        assert "pylibjpeg" not in DECODERS_OF[syntax]
