"""`python -m bench …`: every measurement of docs/performance.md."""

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvloop

from bench import growth, soak, store_refuses, web
from bench.compare import DEFAULT, SYSTEMS, as_json, compare, table
from bench.machine import machine_line, pin_self
from bench.peers.install import PeerMissing, install
from bench.slow_readers import slow_readers
from bench.w1 import QUICK, Plan

PARTS = ("closed", "four", "open", "idle", "away")


def say(text: str) -> None:
    """To whoever watches, now."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def _plan(args: argparse.Namespace) -> Plan:
    plan = QUICK if args.quick else Plan()
    return replace(plan, parts=frozenset(args.parts.split(",")))


def _w1(args: argparse.Namespace) -> int:
    """W1 on the hub alone."""
    return _compared(args, ["examroom"])


def _compare(args: argparse.Namespace) -> int:
    """W1 on the hub and its peers, interleaved."""
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as problem:
        say(f"peers not installed: {problem}")
    return _compared(args, args.systems.split(","))


def _compared(args: argparse.Namespace, names: list[str]) -> int:
    pin_self()
    found = compare(names, args.runs, _plan(args), say)
    text = table(found, Path(tempfile.gettempdir()))
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")
        args.out.with_suffix(".json").write_text(as_json(found), encoding="utf-8")
    return 1 if any(one.faults() for one in found) else 0


def _soak(args: argparse.Namespace) -> int:
    """Kills, a flapping link, slow readers: the whole count."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        say("kills …")
        killed = asyncio.run(soak.kills(Path(folder) / "kills", args.kills))
        say(killed.line())
        say("flapping link …")
        flapped = asyncio.run(soak.flapping(Path(folder) / "flapping", args.messages))
        say(flapped.line())
        for done in (killed, flapped):
            failed += bool(done.problems) or done.verified != "ok"
    return failed + _slow_readers(args)


def _slow_readers(args: argparse.Namespace) -> int:
    """200 of 1,000 clients stop reading."""
    say("slow readers …")
    pin_self()
    done = uvloop.run(slow_readers(args.clients, args.slow))
    say(done.line())
    during = done.during
    return int(bool(during.unfinished or during.disorder or done.caught_up != done.slow))


def _store_refuses(args: argparse.Namespace) -> int:
    """The store refuses for a while: who is shown what the history will not have?"""
    print(store_refuses.HEAD)
    ours = asyncio.run(store_refuses.hub_outcome(args.seconds))
    print(ours.line(), flush=True)
    try:
        print(asyncio.run(store_refuses.peer_outcome(args.seconds)).line())
    except PeerMissing as missing:
        say(f"left out: {missing}")
    return int(ours.delivered > 0 or ours.stored > 0 or not ours.well_after)


def _growth(args: argparse.Namespace) -> int:
    """The millionth event against the first, a long room against a short one, twice the rooms."""
    pin_self()
    for stored, per_cpu, p99 in uvloop.run(growth.store_growth(args.events)):
        say(f"{stored:,} events stored: {per_cpu:,.0f} deliveries/CPU-s, p99 {p99:.2f} ms at 500/s")
    for length, took in uvloop.run(growth.room_growth()).items():
        say(f"a room of {length:,} events joins in {took:.2f} ms")
    for rooms, cpu in uvloop.run(growth.room_count_growth(300)).items():
        say(f"{rooms} rooms at 3 messages/s each: {cpu:.0f} ms of CPU a second")
    return 0


def _web(args: argparse.Namespace) -> int:
    """The web client in headless Chromium: first load, room, event, scrolling, worklist."""
    asyncio.run(web.figures(say, args.events, args.rooms))
    return 0


def _peers(args: argparse.Namespace) -> int:
    """Install the peers beside the bench."""
    install()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=work.__doc__)
        one.set_defaults(work=work)
        return one

    for name, work in (("w1", _w1), ("compare", _compare)):
        one = command(name, work)
        one.add_argument("--runs", type=int, default=5 if name == "compare" else 1)
        one.add_argument("--quick", action="store_true", help="shorter parts")
        one.add_argument("--parts", default=",".join(PARTS))
        one.add_argument("--out", type=Path, help="write the table here, and .json beside it")
        if name == "compare":
            one.add_argument("--systems", default=",".join(DEFAULT), help=", ".join(SYSTEMS))
    one = command("soak", _soak)
    one.add_argument("--kills", type=int, default=200)
    one.add_argument("--messages", type=int, default=10_000)
    for slowed in (one, command("slow-readers", _slow_readers)):
        slowed.add_argument("--clients", type=int, default=1000)
        slowed.add_argument("--slow", type=int, default=200)
    command("store-refuses", _store_refuses).add_argument("--seconds", type=float, default=15.0)
    command("growth", _growth).add_argument("--events", type=int, default=1_000_000)
    one = command("web", _web)
    one.add_argument("--events", type=int, default=20_000)
    one.add_argument("--rooms", type=int, default=500)
    command("peers", _peers)
    return parser


def main() -> int:
    """Run what is asked for; 0 where nothing was out of order."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    args = _parser().parse_args(sys.argv[1:] or ["compare"])
    print(machine_line(), flush=True)
    result: int = args.work(args)
    return result


if __name__ == "__main__":
    sys.exit(main())
