"""What a command does not need it does not load: a night operator waits for no import."""

import subprocess
import sys
from pathlib import Path

import pytest

from persistence.sqlite import SqliteJournal

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("hub.app", "sqlalchemy", "alembic", "starlette", "uvicorn", "pydantic", "argon2", "numpy")


def loaded_by(code: str) -> set[str]:
    """Which of the heavy ones a new Python has loaded after `code`."""
    asked = f"import sys; {code}; print(*[one for one in {HEAVY!r} if one in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def running(*words: str) -> str:
    """Code that runs a command to its end."""
    return (
        "from hub.cli import application; "
        f"application()({list(words)!r}, prog_name='examroom', standalone_mode=False)"
    )


def test_the_command_line_loads_no_hub_and_no_store() -> None:
    assert loaded_by("import hub.cli") == set()


def test_neither_does_help() -> None:
    assert loaded_by(running("--help")) == set()


@pytest.mark.parametrize("words", [("verify",), ("user", "list"), ("site", "list")])
async def test_a_command_on_a_store_loads_the_store_alone(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    journal = SqliteJournal(f"sqlite:///{tmp_path / 'examroom.db'}")
    await journal.start(lambda settled: None)
    await journal.stop()
    loaded = loaded_by(running(*words, "--data", str(tmp_path)))
    assert "sqlalchemy" in loaded
    assert loaded <= {"sqlalchemy", "pydantic"}
