"""`examroom images`: bring DICOM files into the hub's own folder."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from hub.cli.serve import settings_from

if TYPE_CHECKING:
    from hub.imaging.folder import Report
    from hub.settings import Settings

WHY = {
    "directory": "DICOMDIR, an index without pictures",
    "not_there": "no such file or folder",
    "not_dicom": "not a DICOM file",
    "no_access": "may not be read",
    "too_big": "larger than this hub takes",
    "elsewhere": "its study belongs to another room",
    "other_bytes": "the same instance is here with other bytes; the first is kept",
    "bad_uid": "a UID is missing or malformed",
    "unreadable": "damaged",
    "truncated": "truncated: fewer bytes than declared",
    "nested_too_deep": "sequences nested too deep",
    "inflates_too_much": "too large once inflated",
    "too_large": "dimensions too large",
    "bad_pixels": "pixels do not match the header",
    "unknown_syntax": "no transfer syntax",
    "too_slow": "takes too long to read",
    "crashed": "makes the reader fail",
    "busy": "no worker could be started",
}
"""Why a file was skipped, in the words of an operator."""

_out = Console(highlight=False, soft_wrap=True)
_err = Console(highlight=False, soft_wrap=True, stderr=True)


def register(app: typer.Typer) -> None:
    """Add `examroom images`."""
    images = typer.Typer(no_args_is_help=True, help="DICOM files of the hub's own folder.")
    images.command("add")(add)
    app.add_typer(images, name="images")


def add(
    paths: Annotated[list[Path], typer.Argument(help="DICOM files, or folders of them")],
    room: Annotated[str, typer.Option(help="attach their studies to this room")] = "",
    database: Annotated[str, typer.Option(help="sqlite:///…; default: the hub's")] = "",
    data: Annotated[Path | None, typer.Option(help="folder of the hub; default ./data")] = None,
) -> None:
    """Copy DICOM files in and index them, while the hub runs or not; again changes nothing."""
    settings = settings_from(database=database or None, data=data)
    code = asyncio.run(_add(settings, paths, room))
    if code:
        raise typer.Exit(code)


async def _add(settings: "Settings", paths: list[Path], room: str) -> int:
    from hub.imaging.folder import FolderImages
    from persistence.entries import Stream
    from persistence.sqlite import SqliteJournal

    journal = SqliteJournal(settings.database_url)
    await journal.start(lambda settled: None)
    try:
        if room and not await journal.head(Stream.JOURNAL, room):
            _err.print(f"No room {room}: nothing was added.", markup=False)
            return 2
        images = FolderImages(settings.data / "images", journal)
        try:
            report = await images.add(paths, room)
        finally:
            await images.stop()
    finally:
        await journal.stop()
    return say(report)


def say(report: "Report") -> int:
    """Tell what was done; the exit code: 1 where nothing could be taken in."""
    for path, reason in report.skipped:
        _err.print(f"skipped {path}: {WHY.get(reason, reason)}", markup=False)
    counted = Counter(WHY.get(reason, reason) for _, reason in report.skipped)
    _out.print(
        f"{report.new} new, {report.same} known already, {len(report.skipped)} skipped, "
        f"{len(report.studies)} studies",
        markup=False,
    )
    for study in sorted(report.studies):
        _out.print(f"study {study}", markup=False)
    for why, n in counted.most_common():
        _out.print(f"skipped {n}: {why}", markup=False)
    return 1 if report.skipped and not (report.new or report.same) else 0
