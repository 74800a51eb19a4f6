"""The protocol templates that a radiologist chooses from, per site and modality, by version.

Shipped templates come first; files of the site (`DATA/library/*.json`) add to them or replace them.
A template that names a `site` is seen by that site only and hides the common one of the same code.
Of one code and site the highest version is offered, the older ones stay readable.
"""

from pathlib import Path
from typing import Any

from hub.library.template import BadTemplate, read

__all__ = ["BadTemplate", "Library"]

SHIPPED = Path(__file__).parent / "templates"

Template = dict[str, Any]


class Library:
    """All templates of a hub, read and checked once.

    Raises `BadTemplate` naming the file and the field at construction, so that a broken file is
    found at start and never in the middle of a night.
    """

    def __init__(self, folder: Path | None = None, *, shipped: Path = SHIPPED) -> None:
        """Read the shipped templates and, where it exists, the site's own `folder`."""
        self._by_key: dict[tuple[str, str, int], Template] = {}
        """(site, code, version) to template; site is empty for all sites."""
        self._add(shipped)
        common = {(t["code"], t["version"]) for t in self._by_key.values()}
        if folder is not None and folder.is_dir():
            self._add(folder, may_replace=common)

    def _add(self, folder: Path, may_replace: set[tuple[str, int]] | None = None) -> None:
        fresh: dict[tuple[str, str, int], Path] = {}
        for path in sorted(folder.glob("*.json")):
            template = read(path)
            key = (template["site"], template["code"], template["version"])
            if key in fresh:
                raise BadTemplate(path, "version", f"the same as in {fresh[key].name}")
            if may_replace and not key[0] and (key[1], key[2]) in may_replace:
                raise BadTemplate(
                    path, "version", f"{key[2]} is the shipped one: give yours a higher version"
                )
            fresh[key] = path
            self._by_key[key] = template

    def templates(self, modality: str = "", site: str = "") -> list[Template]:
        """What is offered at `site` for `modality` (empty: all), by modality then French name.

        The newest version of each code; the site's own hides the common one whatever its version.
        """
        offered: dict[str, Template] = {}
        for (where, code, _), template in sorted(self._by_key.items(), key=lambda item: item[0]):
            wanted = where in ("", site) and modality in ("", template["modality"])
            if wanted:  # "" sorts before any site and versions rise: the last one in wins
                offered[code] = template
        return sorted(offered.values(), key=lambda t: (t["modality"], t["name"]["fr"]))

    def find(self, code: str, version: int, site: str = "") -> Template | None:
        """That very version, the site's own before the common one; None where there is none."""
        own = self._by_key.get((site, code, version))
        return own or self._by_key.get(("", code, version))
