"""Reports on paper: what a sheet says, in French and English, and the press that sets it.

The one door of Typst. A sheet is made of a sealed report and nothing else, so the same version is
printed the same whatever the room has become. The press runs apart, off the event loop.
"""

from hub.printing.press import Press, PrintFailed
from hub.printing.sheet import sheet

__all__ = ["Press", "PrintFailed", "sheet"]
