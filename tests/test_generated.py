"""What is generated from the code is what the code would write today."""

from pathlib import Path

import pytest

from docs import generate
from docs.room_page import diagram
from hub.room import commands
from hub.room.safety import RULES
from hub.room.stages import Stage

FILES = [path for path, _ in generate.GENERATED]


def test_nothing_has_drifted() -> None:
    assert generate.drifted() == [], "run `make docs`"


def test_a_drifted_file_is_named_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert generate.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert [path for path in FILES if path not in told] == []
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / FILES[0]).write_text("by hand", encoding="utf-8")
    assert generate.main(["--check"]) == 1


def test_the_page_of_the_room_names_every_stage_command_and_rule() -> None:
    page = (generate.ROOT / "docs/room.md").read_text(encoding="utf-8")
    named = [*Stage, *commands.BY_KIND, *(rule.code for rule in RULES)]
    assert [one for one in named if f"`{one}`" not in page] == []
    assert all(stage.value in diagram() for stage in Stage)
