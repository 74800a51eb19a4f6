"""Installs the peers beside this file: npm packages, and NATS in an environment of its own."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
NATS_ENV = HERE / ".nats"
NATS = NATS_ENV / "bin" / "nats-server"


class PeerMissing(Exception):
    """A peer is not installed; the message says how to."""


def install() -> None:
    """Install what is missing. better-sqlite3 is compiled where no built one can be had."""
    if shutil.which("npm") and not MODULES.exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(HERE)]
        headers = Path("/usr/include/node")
        if headers.exists():  # Debian's headers: nothing to download
            command.append(f"--nodedir={headers.parent.parent}")
        subprocess.run(command, check=True, cwd=HERE)
    if not NATS.exists():
        venv.create(NATS_ENV, with_pip=True)
        wanted = str(HERE / "requirements.txt")
        pip = [str(NATS_ENV / "bin" / "pip"), "install", "--quiet", "-r", wanted]
        subprocess.run(pip, check=True)


def needed(path: Path | str | None, what: str) -> str:
    """`path` where it exists. Raises `PeerMissing`."""
    if path is None or not Path(path).exists():
        raise PeerMissing(f"{what} is missing: {sys.executable} -m bench peers")
    return str(path)
