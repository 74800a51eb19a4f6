"""The laws of the house as tests: directions, circles, doors, the pure zone, size and words.

Every import counts: at the top, inside a function, under TYPE_CHECKING.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import hub
import persistence

ROOT = Path(__file__).resolve().parent.parent
OURS = ("hub", "persistence", "signalling")
LONGEST = 400

ALONE: Mapping[str, tuple[str, ...]] = {
    "hub.room": ("hub.room", "hub.oncall"),
    "hub.oncall": ("hub.oncall", "hub.room.exam", "hub.room.limits", "hub.room.times"),
    "persistence": ("persistence",),
    "signalling": ("signalling",),
    "hub.wire": ("hub.wire", "hub.room", "hub.oncall", "hub"),
    "hub.library": ("hub.library", "hub.wire", "hub.room"),
    "hub.bus": ("hub.bus", "hub.ports"),
}
"""Package -> the only modules of ours that it may import."""

VISITORS: Mapping[str, tuple[str, ...]] = {
    "hub.edge": ("hub.edge", "hub.app", "hub.cli", "hub.demo", "hub.load"),
    "hub.app": ("hub.cli", "hub.demo"),
    "hub.cli": ("hub.cli", "hub.__main__"),
    "hub.demo": ("hub.demo", "hub.cli"),
    "hub.load": ("hub.load", "hub.cli"),
    "persistence.sqlite": ("hub.app", "hub.cli"),
    "hub.notify.push": ("hub.notify.house",),
    "hub.notify.apprised": ("hub.notify.house",),
    "hub.notify.webhook": ("hub.notify.house",),
    "hub.notify.outside": ("hub.notify.house", "hub.notify.push", "hub.notify.webhook"),
    "hub.bus.memory": ("hub.app",),
    "hub.bus.redis": ("hub.app",),
}
"""Module -> the only ones that may import it. Adapters are named by the composition root, and by
the commands that work on a store without a hub."""

DOORS: Mapping[str, tuple[str, ...]] = {
    "starlette": ("hub.edge", "hub.app", "hub.cli"),
    "uvicorn": ("hub.edge", "hub.app", "hub.cli"),
    "uvloop": ("hub.edge", "hub.cli"),
    "httptools": ("hub.edge",),
    "websockets": ("hub.edge", "hub.demo.wire", "hub.load", "hub.cli.terminal"),
    "argon2": ("hub.edge.identity",),
    "redis": ("hub.bus.redis",),
    "sqlalchemy": ("persistence",),
    "alembic": ("persistence",),
    "pydicom": ("hub.imaging",),
    "pylibjpeg": ("hub.imaging",),
    "PIL": ("hub.imaging",),
    "numpy": ("hub.imaging",),
    "typst": ("hub.printing",),
    "typer": ("hub.cli",),
    "rich": ("hub.cli",),
    "pydantic": ("hub.settings",),
    "pydantic_settings": ("hub.settings",),
    "pywebpush": ("hub.notify.push",),
    "py_vapid": ("hub.notify.push",),
    "cryptography": ("hub.notify.push",),
    "httpx": ("hub.notify.outside",),
    "standardwebhooks": ("hub.notify.webhook",),
    "apprise": ("hub.notify.apprised",),
    "prometheus_client": ("hub.metrics",),
    "icalendar": ("hub.calendars",),
    "structlog": ("hub",),
    "msgspec": ("hub", "persistence.entries"),
    "uuid_utils": ("hub.app", "hub.edge", "hub.cli", "hub.demo"),
}
"""Library -> where it may be imported. A library without a door may not be imported at all."""

NOT_PURE = frozenset(
    {"asyncio", "time", "random", "uuid", "logging", "os", "io", "pathlib", "socket", "threading",
     "subprocess", "secrets", "tempfile", "sys", "urllib", "http"}
)  # fmt: skip
"""Of the standard library, what the pure zone may not touch."""
PURE = ("hub.room", "hub.oncall")
"""The domain: no I/O, no clock, no chance."""

CLOCK_CALLS = frozenset({"now", "utcnow", "today"})
FORBIDDEN_NAMES = re.compile(
    r"(Manager|Handler|Processor|Helper|Helpers|Util|Utils|Data|Info|Base)$"
)


@cache
def sources() -> Mapping[str, Path]:
    """Module name -> file, of the product."""
    found = {}
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: str, path: Path) -> Iterator[str]:
    """Every module that the file names in an import, wherever it stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for name in node.names:
                whole = f"{base}.{name.name}"
                yield whole if whole in sources() else base


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Module of ours -> the modules of ours that it imports."""
    return {
        module: frozenset(name for name in imported(module, path) if name.split(".")[0] in OURS)
        for module, path in sources().items()
    }


def within(module: str, places: tuple[str, ...]) -> bool:
    """Whether `module` is one of `places` or in one of them. `hub` alone means the package file."""
    return any(
        module == place or (module.startswith(f"{place}.") and place not in ("hub",))
        for place in places
    )


@pytest.mark.parametrize("package", ALONE)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in graph().items()
        if within(module, (package,))
        for name in sorted(names)
        if not within(name, ALONE[package])
    ]
    assert wrong == []


@pytest.mark.parametrize("visited", VISITORS)
def test_a_module_is_imported_only_from_where_it_may(visited: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in graph().items()
        if not within(module, (visited, *VISITORS[visited]))
        for name in sorted(names)
        if within(name, (visited,))
    ]
    assert wrong == []


def test_no_import_goes_in_a_circle() -> None:
    circles = [sorted(group) for group in _groups(graph()) if len(group) > 1]
    assert circles == []
    assert [module for module, names in graph().items() if module in names] == []


def _groups(edges: Mapping[str, frozenset[str]]) -> list[set[str]]:
    """Strongly connected groups, by Kosaraju's two passes."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(start: str, along: Mapping[str, set[str]], into: list[str]) -> None:
        stack = [(start, iter(sorted(along.get(start, ()))))]
        seen.add(start)
        while stack:
            module, rest = stack[-1]
            for name in rest:
                if name not in seen:
                    seen.add(name)
                    stack.append((name, iter(sorted(along.get(name, ())))))
                    break
            else:
                into.append(module)
                stack.pop()

    forward = {module: set(names) for module, names in edges.items()}
    backward: dict[str, set[str]] = {}
    for module, names in forward.items():
        for name in names:
            backward.setdefault(name, set()).add(module)
    for module in sorted(forward):
        if module not in seen:
            visit(module, forward, order)
    seen.clear()
    groups: list[set[str]] = []
    for module in reversed(order):
        if module not in seen:
            group: list[str] = []
            visit(module, backward, group)
            groups.append(set(group))
    return groups


def test_circles_are_found_where_there_are_some() -> None:
    edges = {
        "a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a", "d"}),
        "d": frozenset[str](), "e": frozenset({"d"}),
    }  # fmt: skip
    assert sorted(map(sorted, _groups(edges))) == [["a", "b", "c"], ["d"], ["e"]]


def test_every_library_has_its_door() -> None:
    wrong = []
    for module, path in sources().items():
        for name in imported(module, path):
            library = name.split(".")[0]
            if library in OURS or library in sys.stdlib_module_names:
                continue
            doors = DOORS.get(library, ())
            if not any(module == door or module.startswith(f"{door}.") for door in doors):
                wrong.append(f"{module} imports {library}")
    assert sorted(set(wrong)) == []


def test_the_domain_is_pure() -> None:
    wrong = []
    for module, path in sources().items():
        if not within(module, PURE):
            continue
        for name in imported(module, path):
            top = name.split(".")[0]
            if top in NOT_PURE or (top not in OURS and top not in sys.stdlib_module_names):
                wrong.append(f"{module} imports {name}")
        wrong += [f"{module}:{line} asks a clock" for line in _clock_calls(path)]
    assert wrong == []


def _clock_calls(path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
    ]


def _python() -> list[Path]:
    folders = (*OURS, "tests", "bench", "docs", "scripts")
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]  # peers of the bench


def _web() -> list[Path]:
    source = ROOT / "clients" / "web" / "src"
    files = [*source.rglob("*.ts"), *source.rglob("*.tsx"), *source.rglob("*.css")]
    return sorted(path for path in files if "generated" not in path.parts)


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (*_python(), *_web())
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _python()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_names_say_what_a_thing_is() -> None:
    wrong = [
        f"{module}.{node.name}"
        for module, path in sources().items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and FORBIDDEN_NAMES.search(node.name)
    ]
    assert wrong == []


def test_the_packages_imported_are_ours() -> None:
    for package in (hub, persistence):
        assert Path(str(package.__file__)).is_relative_to(ROOT)


def test_law_two_hub_alone_does_not_open_every_door() -> None:
    """`within` treats `hub` as the package file, so that ALONE cannot be widened by mistake."""
    assert not within("hub.rooms", ALONE["hub.wire"])
    assert within("hub.room.exam", ALONE["hub.wire"])
    assert within("hub", ALONE["hub.wire"])
