"""The machine under the measurements: processors, processes, their CPU time and their memory."""

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SERVER_CORE = 0
GENERATOR_CORE = 1
_TICK = os.sysconf("SC_CLK_TCK")


def pinned() -> tuple[str, ...]:
    """What to put before a server's command line, so that it has one core."""
    return ("taskset", "-c", str(SERVER_CORE))


def pin_self() -> None:
    """Keep the generator on the other core."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {GENERATOR_CORE})


def family(pid: int) -> Iterator[int]:
    """A process and everything that descends from it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def cpu_seconds(pids: list[int]) -> float:
    """CPU time of these processes, their living descendants and those they have waited for."""
    ticks = 0
    for pid in {one for root in pids for one in family(root)}:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICK


def rss_kib(pids: list[int]) -> int:
    """Resident memory of these processes and their descendants."""
    total = 0
    for pid in {one for root in pids for one in family(root)}:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
    return total


def machine_line() -> str:
    """One line that says what the figures were seen on."""
    model = ""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return (
        f"{os.cpu_count()} cores of {model or platform.machine()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}, Node {node.stdout.strip() or 'none'}"
    )


def fsync_ms(folder: Path, times: int = 200) -> float:
    """Median time of a 4 KiB write with fdatasync in `folder`, which decides about latency."""
    from statistics import median
    from time import perf_counter

    path = folder / "fsync.probe"
    block = os.urandom(4096)
    took = []
    with path.open("wb") as file:
        for _ in range(times):
            begun = perf_counter()
            file.write(block)
            file.flush()
            os.fdatasync(file.fileno())
            took.append((perf_counter() - begun) * 1000)
    path.unlink()
    return median(took)
