"""What all tests share: a skip is a failure where everything is required.

`EXAMROOM_REQUIRE_ALL=1` (set by `.ci/run`) turns every skip into a failure: a machine that lacks
a real part must say so and not look green. Without it, tests of a missing part are skipped.
"""

import os
import shutil
from collections.abc import Generator
from typing import TypeVar

import pytest

CHROMIUM = "chromium"
REQUIRE_ALL = os.environ.get("EXAMROOM_REQUIRE_ALL") == "1"

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `browser` need Chromium."""
    if shutil.which(CHROMIUM):
        return
    missing = pytest.mark.skip(reason="Chromium is missing (Debian: apt-get install chromium)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of one test."""
    report = yield
    return report if hasattr(report, "wasxfail") else _failed_where_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The report of reading one file: a whole module may skip itself."""
    return _failed_where_skipped((yield))


def _failed_where_skipped(report: Report) -> Report:
    if REQUIRE_ALL and report.outcome == "skipped":
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"EXAMROOM_REQUIRE_ALL=1 and this was skipped: {reason}"
    return report
