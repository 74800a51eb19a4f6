"""One loop and one pool of workers for all synchronous tests of images: a worker takes half a
second to load."""

import asyncio
from collections.abc import Iterator

import pytest

from hub.imaging.pool import Pool


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """A loop for synchronous tests."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def pool(runner: asyncio.Runner) -> Iterator[Pool]:
    """Two workers with the limits of the product."""
    pool = Pool()
    yield pool
    runner.run(pool.stop())
