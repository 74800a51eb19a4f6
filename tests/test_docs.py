"""What the hub has, the docs have: settings, commands, kinds, refusals, codes, promises, links.

Every promise W-n of the protocol is proved by a test that names it.
"""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer
from typer.core import TyperGroup

from hub.cli import application
from hub.metrics import Metrics
from hub.room import commands, events
from hub.room.limits import OneOf
from hub.settings import Settings
from hub.wire import rest
from hub.wire.errors import FAULTS, PICTURES, Close

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]

PROMISES = [f"W-{n}" for n in (*range(1, 6), *range(10, 24))]
LATER = {"W-20": "a bus between processes comes with several nodes"}

# request and answer of an HTTP call that no socket ever sees
HTTP_ONLY = {"method_not_allowed"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def all_commands() -> Iterator[str]:
    """`serve`, `user add`, …: every command that can be typed."""

    def below(group: TyperGroup, path: str) -> Iterator[str]:
        for name, command in group.commands.items():
            words = f"{path} {name}".strip()
            if isinstance(command, TyperGroup):
                yield from below(command, words)
            elif not command.hidden:
                yield words

    group = typer.main.get_command(application())
    assert isinstance(group, TyperGroup)
    return below(group, "")


def closed_values(of: object) -> Iterator[str]:
    """What a field marked `OneOf` may hold, in `of` and in what it is made of."""
    if isinstance(of, OneOf):
        yield from of.allowed
    elif is_dataclass(of) and isinstance(of, type):
        for hint in get_type_hints(of, include_extras=True).values():
            yield from closed_values(hint)
    for part in (*get_args(of), *getattr(of, "__metadata__", ())):
        yield from closed_values(part)


def test_the_protocol_lists_every_closed_value() -> None:
    section = page("protocol.md").partition("### Closed values")[2].partition("\n## ")[0]
    values = {one for command in commands.ROOM_COMMANDS for one in closed_values(command)}
    assert {"not_ok", "contrast_reaction", "suspect", "P0", "18G"} <= values
    assert {one for one in values if f"`{one}`" not in section} == set()
    assert f"`{rest.DEVICE}`" in section


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_operations_page(name: str) -> None:
    assert f"`EXAMROOM_{name.upper()}`" in page("operations.md")


def test_the_operations_page_has_the_defaults_that_hold() -> None:
    for name, field in Settings.model_fields.items():
        row = re.search(
            rf"\| `EXAMROOM_{name.upper()}` \|[^|]*\| ([^|]*) \|", page("operations.md")
        )
        assert row, name
        if field.default == "":
            continue  # filled in elsewhere, said in words
        said = str(field.default).lower().removesuffix(".0")
        assert row.group(1) == f"`{said}`", name


def test_every_figure_is_in_the_operations_page() -> None:
    figures = Metrics().render().decode()
    named = re.findall(r"^# TYPE (\S+)", figures, re.MULTILINE)
    assert named
    for figure in named:
        assert f"`{figure}`" in page("operations.md")


def test_the_operations_page_has_no_setting_that_is_not_there() -> None:
    known = {f"EXAMROOM_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"EXAMROOM_[A-Z_]+[A-Z]", page("operations.md")))
    assert named - known <= {"EXAMROOM_REQUIRE_ALL"}


@pytest.mark.parametrize("words", list(all_commands()))
def test_every_command_is_in_the_operations_page(words: str) -> None:
    assert f"`examroom {words}" in page("operations.md")


def test_the_operations_page_has_no_command_that_is_not_there() -> None:
    known = list(all_commands())
    rows = re.findall(r"^\| `examroom ([^`]+)`", page("operations.md"), re.MULTILINE)
    assert rows
    for row in rows:
        assert any(row == words or row.startswith(f"{words} ") for words in known), row


@pytest.mark.parametrize("kind", list(commands.BY_KIND))
def test_every_command_kind_is_in_the_protocol(kind: str) -> None:
    assert f"| `{kind}` |" in page("protocol.md")


@pytest.mark.parametrize("kind", list(events.BY_KIND))
def test_every_event_kind_is_in_the_protocol(kind: str) -> None:
    assert f"`{kind}`" in page("protocol.md")


@pytest.mark.parametrize("slug", sorted(FAULTS.keys() - HTTP_ONLY))
def test_every_refusal_is_in_the_protocol_with_its_status(slug: str) -> None:
    assert f"| {FAULTS[slug].status} | `{slug}` |" in page("protocol.md")


@pytest.mark.parametrize(("slug", "status"), PICTURES.items())
def test_every_code_of_pictures_is_in_the_protocol_with_its_status(slug: str, status: int) -> None:
    assert f"| {status} | `{slug}` |" in page("protocol.md")


@pytest.mark.parametrize("close", list(Close), ids=lambda close: close.slug)
def test_every_close_code_is_in_the_protocol(close: Close) -> None:
    said = {"never": "never", "backoff": "back off", "now": "at once", "reauth": "after a login"}
    assert f"| {close.value} | `{close.slug}` | {said[close.reconnect]} |" in page("protocol.md")


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_is_in_the_protocol(promise: str) -> None:
    assert f"**{promise} — " in page("protocol.md")


def named_by_tests() -> set[str]:
    """The promises that tests name, in words or as `test_w2_…`, this file left out."""
    sources = [
        *(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)),
        *(ROOT / "clients" / "web" / "tests").rglob("*.ts*"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r"\bW-\d+\b", text)) | {
        f"W-{number}" for number in re.findall(r"def test_w(\d+)_", text)
    }


@pytest.mark.parametrize("promise", [one for one in PROMISES if one not in LATER])
def test_every_promise_is_named_by_a_test(promise: str) -> None:
    assert promise in named_by_tests()


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("source", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        where, _, anchor = target.partition("#")
        aim = (source.parent / where).resolve() if where else source
        assert aim.exists(), target
        if anchor and aim.suffix == ".md":
            assert anchor in anchors(aim.read_text(encoding="utf-8")), target


def test_the_map_of_the_house_names_every_room_of_it() -> None:
    map_ = (ROOT / "README.md").read_text(encoding="utf-8")
    modules = [*(ROOT / "hub").glob("[a-z]*.py"), *(ROOT / "hub" / "room").glob("[a-z]*.py")]
    packages = [path.parent for path in (ROOT / "hub").glob("[a-z]*/__init__.py")]
    assert [one.name for one in modules if f"`{one.name}`" not in map_] == []
    assert [one.name for one in packages if f"`hub/{one.name}/`" not in map_] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_screenshot_is_a_real_picture() -> None:
    picture = DOCS / "images" / "room.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
