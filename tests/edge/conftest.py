"""What the tests of the edge share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.edge.house import House, house


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[House]:
    """A running edge with its people."""
    async with house(tmp_path) as made:
        yield made
