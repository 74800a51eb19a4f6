"""`examroom images add`, as an operator types it."""

import asyncio
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hub.cli import images as command
from hub.imaging.problems import REASONS
from persistence.entries import Append, Draft, Stored, Stream
from persistence.sqlite import SqliteJournal
from tests.imaging.dicom import STUDY, image, save

ROOM = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a hub that has one room."""

    async def open_room() -> None:
        journal = SqliteJournal(f"sqlite:///{tmp_path / 'data' / 'examroom.db'}")
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await journal.start(lambda appends: settled.set_result(None))
        at = "2026-01-01T02:00:00.000Z"
        draft = Draft(Stream.JOURNAL, ROOM, 1, at, "id-1", b"{}", "request.submitted", "", b"{}")
        append = Append([draft])
        journal.submit(append)
        await settled
        assert append.outcome == Stored()
        await journal.stop()

    asyncio.run(open_room())
    return tmp_path / "data"


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["images", *words])
    return result.exit_code, result.output


def test_files_come_in_and_again_changes_nothing(data: Path, tmp_path: Path) -> None:
    save(tmp_path / "in" / "one.dcm", image())
    (tmp_path / "in" / "notes.txt").write_text("x")
    words = ("add", str(tmp_path / "in"), "--room", ROOM, "--data", str(data))
    code, told = run(*words)
    assert code == 0, told
    assert "1 new, 0 known already, 1 skipped, 1 studies" in told
    assert f"study {STUDY}" in told
    assert "notes.txt: not a DICOM file" in told
    assert "TEST^" not in told
    code, told = run(*words)
    assert (code, "0 new, 1 known already" in told) == (0, True)


def test_a_room_that_is_not_there_is_refused(data: Path, tmp_path: Path) -> None:
    path = save(tmp_path / "in" / "one.dcm", image())
    code, told = run("add", str(path), "--room", "nowhere", "--data", str(data))
    assert code == 2
    assert "No room nowhere" in told
    assert not (data / "images").exists()


def test_nothing_taken_in_is_a_failure(data: Path, tmp_path: Path) -> None:
    code, told = run("add", str(tmp_path / "missing"), "--data", str(data))
    assert code == 1
    assert "no such file or folder" in told


def test_every_reason_has_its_words() -> None:
    never = {"unknown", "no_such_frame", "gone", "bad_query", "no_pixels"}
    assert REASONS - never <= set(command.WHY)
