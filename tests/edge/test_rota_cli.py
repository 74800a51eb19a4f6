"""`examroom rota`: on the store, while a hub may be running on it."""

import json
from pathlib import Path

import pytest

from tests.edge.test_people_cli import done, run

CSV = (
    "line,person,start,end\n"
    "nuit,omar,2026-11-21T20:00,2026-11-22T08:00\n"
    "nuit,nina,2026-11-22T20:00,2026-11-23T08:00\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with a site, a line and two radiologists on it."""
    done(tmp_path, "site", "add", "mac", "CH Test", "--phone", "03 53 01 00 10")
    done(tmp_path, "line", "add", "nuit", "Nuit", "--tier", "group")
    for login in ("omar", "nina"):
        parts = ("--role", "radiologist", "--site", "mac")
        done(tmp_path, "user", "add", login, "--name", login.title(), *parts, "--generate")
    done(tmp_path, "line", "assign", "nuit", "--site", "mac", "--person", "omar")
    (tmp_path / "plan.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def test_import_show_gaps_simulate_changes(folder: Path) -> None:
    assert "2 shifts" in done(folder, "rota", "import", str(folder / "plan.csv"))
    shown = done(folder, "rota", "show", "--at", "2026-11-21T22:40:00Z")
    assert "Omar" in shown and "Nina" not in shown and "group" in shown
    result = run(folder, "rota", "gaps", "--at", "2026-11-21T22:40:00Z", "--days", "2")
    assert (result.exit_code, result.stdout.count("gap")) == (1, 2)
    asked = ("--site", "mac", "--urgency", "P0", "--at", "2026-11-21T22:40:00Z")
    played = done(folder, "rota", "simulate", *asked)
    assert "23:40:00" in played and "Omar" in played and "03 53 01 00 10" in played
    assert "shift.put" in done(folder, "rota", "changes")


@pytest.mark.parametrize("suffix", ["csv", "ics"])
def test_export_and_import_again(folder: Path, suffix: str) -> None:
    done(folder, "rota", "import", str(folder / "plan.csv"))
    file = folder / f"out.{suffix}"
    at = ("--at", "2026-11-21T00:00:00Z")
    assert "2 shifts" in done(folder, "rota", "export", str(file), *at)
    before = file.read_bytes()
    assert "2 shifts" in done(folder, "rota", "import", str(file))
    done(folder, "rota", "export", str(file), *at)
    if suffix == "csv":
        assert file.read_bytes() == before


def test_a_policy_is_kept_and_a_bad_file_is_refused_with_its_place(folder: Path) -> None:
    file = folder / "policy.json"
    steps = [{"targets": [{"kind": "line", "value": "nuit"}], "wait_s": 30}]
    file.write_text(json.dumps({"site": "mac", "urgency": "P0", "steps": steps}))
    assert "version 1" in done(folder, "rota", "policy", str(file))
    asked = ("--site", "mac", "--urgency", "P0")
    assert "case/mac/P0@1" in done(folder, "rota", "simulate", *asked)
    file.write_text(json.dumps({"steps": []}))
    assert run(folder, "rota", "policy", str(file)).exit_code == 1
    bad = folder / "bad.csv"
    bad.write_text("line,person,start,end\nnuit,omar,2026-11-21T20:00,2026-11-21T08:00\n")
    result = run(folder, "rota", "import", str(bad))
    assert result.exit_code == 1
    assert "row 2, end" in result.output
    assert run(folder, "rota", "simulate", "--site", "moon").exit_code == 1
    assert run(folder, "rota", "show", "--at", "soon").exit_code == 1
    assert run(folder, "line", "add", "x", "X", "--tier", "world").exit_code == 1
    assert run(folder, "line", "add", "x", "X", "--timezone", "Mars/X").exit_code == 1
