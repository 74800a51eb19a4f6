"""The hub and its peers in one run, interleaved; medians and ranges as a Markdown table."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import uvloop

from bench.hub_system import HubSystem
from bench.machine import fsync_ms, machine_line
from bench.peers.install import PeerMissing
from bench.peers.nats import Nats
from bench.peers.socketio import SocketIo
from bench.system import System
from bench.w1 import Figures, Plan, measure

SYSTEMS: dict[str, Callable[[], System]] = {
    "examroom": HubSystem,
    "socketio": lambda: SocketIo("none"),
    "socketio-sqlite": lambda: SocketIo("sqlite"),
    "socketio-sqlite-normal": lambda: SocketIo("sqlite-normal"),
    "socketio-streams": lambda: SocketIo("streams"),
    "nats": lambda: Nats("always"),
    "nats-default": lambda: Nats("2m"),
}
DEFAULT = ("examroom", "socketio", "socketio-sqlite", "socketio-streams", "nats")

COLUMNS = (
    ("closed deliveries/s", "deliveries/s, one core", "{:,.0f}"),
    ("closed deliveries/CPU-s", "deliveries / server-CPU-s", "{:,.0f}"),
    ("four deliveries/CPU-s", "same, four publishers a room", "{:,.0f}"),
    ("200/s p50 ms", "p50 ms at 200/s", "{:.2f}"),
    ("200/s p99 ms", "p99 ms at 200/s", "{:.2f}"),
    ("1000/s p50 ms", "p50 ms at 1,000/s", "{:.2f}"),
    ("1000/s p99 ms", "p99 ms at 1,000/s", "{:.2f}"),
    ("KiB/idle connection", "KiB / idle connection", "{:.1f}"),
    ("1,000 missed ms", "1,000 missed, ms", "{:.1f}"),
    ("joins/s", "connect + join / s", "{:,.0f}"),
)
FAULTS = ("out of order", "unfinished")


@dataclass(slots=True)
class Runs:
    """What a system gave, run by run."""

    name: str
    kind: str
    figures: list[Figures] = field(default_factory=list)

    def values(self, key: str) -> list[float]:
        """A figure of every run that has it."""
        return [run[key] for run in self.figures if key in run]

    def faults(self) -> float:
        """Arrivals out of order and messages that did not arrive, over all runs."""
        return sum(v for run in self.figures for k, v in run.items() if k.endswith(FAULTS))


def compare(names: Sequence[str], runs: int, plan: Plan, say: Callable[[str], None]) -> list[Runs]:
    """Every system in turn, `runs` times over. A system that is not installed is left out."""
    found = {name: Runs(SYSTEMS[name]().name, SYSTEMS[name]().kind) for name in names}
    for run in range(1, runs + 1):
        for name in list(found):
            try:
                figures = uvloop.run(measure(SYSTEMS[name](), plan))
            except PeerMissing as missing:
                say(f"left out: {missing}")
                del found[name]
                continue
            found[name].figures.append(figures)
            shown = ", ".join(
                f"{key} {form.format(figures[key])}" for key, _, form in COLUMNS if key in figures
            )
            say(f"[{run}/{runs}] {found[name].name}: {shown}")
    return list(found.values())


def table(found: Sequence[Runs], folder: Path) -> str:
    """Medians, ranges in brackets, as Markdown with the machine's line under it."""
    columns = [column for column in COLUMNS if any(one.values(column[0]) for one in found)]
    lines = [
        "| class | system | " + " | ".join(title for _, title, _ in columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    for one in found:
        cells = [_cell(one.values(key), form) for key, _, form in columns]
        lines.append(f"| {one.kind} | {one.name} | " + " | ".join(cells) + " |")
    runs = max((len(one.figures) for one in found), default=0)
    lines += [
        "",
        f"{machine_line()}; fdatasync of 4 KiB {fsync_ms(folder):.2f} ms (median).",
        f"{datetime.now(UTC):%Y-%m-%d}; medians of {runs} runs, ranges in brackets.",
    ]
    for one in found:
        if faults := one.faults():
            lines.append(f"\n{one.name}: {faults:.0f} arrivals out of order or missing.")
    return "\n".join(lines) + "\n"


def _cell(values: Sequence[float], form: str) -> str:
    if not values:
        return "–"
    middle = form.format(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))}–{form.format(max(values))})"


def as_json(found: Sequence[Runs]) -> str:
    """Every figure of every run."""
    return json.dumps(
        {one.name: {"kind": one.kind, "runs": one.figures} for one in found}, indent=1
    )
