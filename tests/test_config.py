"""`examroom check-config` and `config-doc`: mistakes are found before the night."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli import application
from hub.settings import Settings

NOBODY = 65534


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(application(), words, env=environment)


def check(folder: Path, *words: str, **environment: str) -> tuple[int, list[str]]:
    """The exit code, and the lines."""
    done = run("check-config", "--data", str(folder), *words, **environment)
    return done.exit_code, done.stdout.splitlines()


def test_the_defaults_are_well_and_nothing_is_made(tmp_path: Path) -> None:
    assert check(tmp_path / "not" / "there") == (0, ["ok"])
    assert list(tmp_path.iterdir()) == []


PROBLEMS: list[tuple[tuple[str, ...], dict[str, str], str]] = [
    (("--workers", "2"), {}, "needs a shared bus"),
    (("--bus", "redis://localhost"), {}, "memory://"),
    (("--database", "postgresql://x"), {}, "sqlite"),
    (("--database", "sqlite:///:memory:"), {}, "forgets"),
    ((), {"EXAMROOM_PORT": "80000"}, "EXAMROOM_PORT"),
    ((), {"EXAMROOM_RATE_PER_S": "TEST-SECRET"}, "EXAMROOM_RATE_PER_S"),
    ((), {"EXAMROOM_ORIGINS": "https://ok.example,exam.example"}, "exam.example is no origin"),
    ((), {"EXAMROOM_ORIGINS": "https://exam.example/path"}, "is no origin"),
]


@pytest.mark.parametrize(("words", "environment", "named"), PROBLEMS)
def test_what_would_not_work_is_named(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], named: str
) -> None:
    code, lines = check(tmp_path, *words, **environment)
    assert code == 1
    assert any(line.startswith("problem: ") and named in line for line in lines), lines
    assert "TEST-SECRET" not in str(lines)


def test_a_file_in_the_way_and_a_broken_template_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "in the way" in check(tmp_path / "file" / "data")[1][0]
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "mine.json").write_text("{}")
    code, lines = check(tmp_path)
    assert code == 1 and "mine.json" in lines[0]


@pytest.fixture
def plain_user(tmp_path: Path) -> Iterator[Path]:
    """A folder that its user may not write; root, whom nothing binds, becomes nobody for it."""
    tmp_path.chmod(0o500)
    if not os.geteuid():
        os.seteuid(NOBODY)
    yield tmp_path
    if not os.getuid():
        os.seteuid(0)
    tmp_path.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_named(plain_user: Path) -> None:
    code, lines = check(plain_user / "data")
    assert code == 1
    assert any("cannot be written" in line for line in lines)


WARNINGS: list[tuple[tuple[str, ...], dict[str, str], str]] = [
    ((), {"EXAMROOM_HARTBEAT_MS": "5000"}, "EXAMROOM_HARTBEAT_MS is no setting"),
    ((), {"EXAMROOM_HEARTBEAT_MS": "60000"}, "W-14"),
    ((), {"EXAMROOM_STORE_TIMEOUT_S": "5"}, "W-19"),
    ((), {"EXAMROOM_REVOCATION_S": "30"}, "W-22"),
    (("--host", "0.0.0.0"), {}, "without TLS"),
    ((), {"EXAMROOM_TRUST_PROXY": "1"}, "EXAMROOM_ORIGINS"),
]


@pytest.mark.parametrize(("words", "environment", "named"), WARNINGS)
def test_what_is_most_likely_not_meant_is_said(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], named: str
) -> None:
    code, lines = check(tmp_path, *words, **environment)
    assert (code, len(lines), lines[-1]) == (0, 2, "ok")
    assert lines[0].startswith("warning: ") and named in lines[0]
    assert check(tmp_path, *words, "--strict", **environment) == (1, lines[:1])


def test_the_promised_bounds_hold_for_the_defaults(tmp_path: Path) -> None:
    assert check(tmp_path, "--strict") == (0, ["ok"])


def test_config_doc_has_every_setting_with_its_default() -> None:
    lines = run("config-doc").stdout.splitlines()
    for name, field in Settings.model_fields.items():
        place = next(n for n, line in enumerate(lines) if f"EXAMROOM_{name.upper()}=" in line)
        assert lines[place - 1] == f"# {field.description}"
    # as a file of systemd or a shell it changes nothing until a line is uncommented
    assert all(line.startswith("#") or not line for line in lines)
    assert "#EXAMROOM_TRUST_PROXY=false" in lines
