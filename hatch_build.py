"""Builds the web client into the wheel where it is not built yet.

An editable install leaves it alone: `make setup` builds the client there. `EXAMROOM_NO_CLIENT=1`
makes a wheel without it, whose pages say how to build one.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClientHook(BuildHookInterface):  # type: ignore[type-arg] # hatchling's own example has none
    """`npm ci && npm run build` in clients/web."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is put together."""
        root = Path(self.root)
        if version == "editable" or os.environ.get("EXAMROOM_NO_CLIENT") == "1":
            return
        if not (root / "hub/edge/client/index.html").is_file():
            self._build(root / "clients/web")
        build_data["artifacts"].append("hub/edge/client/**")  # ignored by git, wanted here

    def _build(self, web: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "The web client is not built and npm is missing: install Node.js 20.19 or newer, "
                "or set EXAMROOM_NO_CLIENT=1 for a wheel without it."
            )
        self.app.display_info("Building the web client")
        for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=web, check=True)  # noqa: S603 (our own words)
