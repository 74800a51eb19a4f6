"""All tests of this folder run on a loop with a time of its own."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from tests.shell.clock import FACTORIES
from tests.shell.house import House


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, type[asyncio.AbstractEventLoop]]:
    """The loop that leaps."""
    return FACTORIES


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A hub without network, on a store in memory."""
    one = House()
    await one.start()
    yield one
    await one.end()
