"""Reference levels and templates of reports: every row has its source, and a broken one is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.library import BadTemplate, written

LEVEL: dict[str, Any] = {
    "exam": "head", "quantity": "dlp", "phantom": "head_16", "level": 700,
    "words": ["head"], "source": "TEST physicien", "dated": "2026-01-01", "validated": True,
}  # fmt: skip


def test_every_shipped_level_has_source_and_date_and_says_that_nobody_validated_it() -> None:
    shipped = written.levels()
    assert len(shipped) >= 6
    for level in shipped:
        assert level.source and level.dated and level.words
        assert not level.validated


def test_a_level_of_the_site_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ours.json").write_text(json.dumps({"levels": [LEVEL]}))
    held = [one for one in written.levels(tmp_path) if (one.exam, one.quantity) == ("head", "dlp")]
    assert [(one.level, one.validated) for one in held] == [(700, True)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phantom": "body"}, "levels[1].phantom"),
        ({"quantity": "sv"}, "levels[1].quantity"),
        ({"source": ""}, "levels[1].source"),
        ({"dated": ""}, "levels[1].dated"),
        ({"level": "many"}, "levels[1]"),
    ],
)
def test_a_broken_level_names_its_file_and_row(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    (tmp_path / "ours.json").write_text(json.dumps({"levels": [LEVEL | change]}))
    with pytest.raises(BadTemplate) as broken:
        written.levels(tmp_path)
    assert "ours.json" in str(broken.value) and said in str(broken.value)


def test_every_shipped_template_is_in_both_languages_and_dated() -> None:
    shipped = written.templates()
    assert {one["code"] for one in shipped} >= {"general", "ct-head", "ct-stroke"}
    for one in shipped:
        assert one["example"] is True
        assert one["source"]["date"]
        assert one["sections"]["fr"].keys() == one["sections"]["en"].keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"words": None}, "words"),
        ({"sections": {"fr": {"technique": 1}, "en": {}}}, "sections.fr"),
        ({"sections": {"fr": {}}}, "sections.en"),
        ({"name": {"fr": "TEST"}}, "name.en"),
        ({"more": 1}, "more"),
    ],
)
def test_a_broken_template_names_its_field(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    good = json.loads((written.HERE / "reports" / "ct-head.json").read_text())
    broken = {key: value for key, value in (good | change).items() if value is not None}
    (tmp_path / "ours.json").write_text(json.dumps(broken))
    with pytest.raises(BadTemplate) as problem:
        written.templates(tmp_path)
    assert said in str(problem.value)
