"""The worker: a process of its own that reads headers and draws pictures, and may be killed.

It reads requests from standard input and answers on standard output, one at a time, each a length
and its bytes (frames.py). It cannot write to any file, cannot take more memory or processor time
than its limits, and what its libraries print goes nowhere, since that may hold patient data.
"""

import json
import logging
import os
import resource
import sys
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Final

from PIL import Image
from pydicom import config

from hub.imaging.frames import pack, read
from hub.imaging.header import open_file, read_header
from hub.imaging.look import Look
from hub.imaging.picture import draw
from hub.imaging.pixels import decode, shades
from hub.imaging.problems import ImageProblem

MEMORY_MOST: Final = 1280 * 2**20
"""Address space, the libraries' own some 250 MiB included."""
CPU_MOST_S: Final = 4
"""Processor seconds of one job, about: whole seconds since the worker began. The pool's clock on
the wall stops what waits instead."""


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _limit()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    config.settings.reading_validation_mode = config.IGNORE
    Image.MAX_IMAGE_PIXELS = 2**26
    serve(sys.stdin.buffer, answers)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def _limit_next_job() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_MOST_S
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def serve(requests: BinaryIO, answers: Any) -> None:
    """Answer every request of `requests` on `answers`."""
    while (request := read(requests)) is not None:
        _limit_next_job()
        answers.write(pack(*answer(json.loads(request))))


def answer(request: dict[str, Any]) -> tuple[bytes, bytes]:
    """(JSON, picture) for one request. Never raises for what a file holds."""
    try:
        if request["job"] == "header":
            return json.dumps({"header": _header(Path(request["path"]))}).encode(), b""
        look = Look.of_json(request["look"])
        return b"{}", _picture(Path(request["path"]), request["frame"], look)
    except ImageProblem as problem:
        reason, kind = problem.reason, type(problem.__cause__).__name__
    except MemoryError:
        reason, kind = _swollen(request["job"]), "MemoryError"
    except RecursionError:
        reason, kind = "nested_too_deep", "RecursionError"
    except Exception as exc:  # a hostile file may raise anything; the kind is told to the log
        reason, kind = "unreadable", type(exc).__name__
    return json.dumps({"problem": reason, "kind": kind}).encode(), b""


def _swollen(job: str) -> str:
    """What more memory than is allowed was needed for: an element of absurd length, or pixels."""
    return "unreadable" if job == "header" else "too_large"


def _header(path: Path) -> dict[str, Any]:
    opened = open_file(path)
    with opened.stream:
        return asdict(read_header(opened))


def _picture(path: Path, frame: int, look: Look) -> bytes:
    opened = open_file(path)
    with opened.stream:
        decoded = decode(opened, frame)
        return draw(shades(decoded, opened.ds, frame, look.window), decoded.aspect, look)


if __name__ == "__main__":
    main()
