"""Who does not read costs bounded memory and slows nobody (W-17)."""

import pytest

from bench.slow_readers import slow_readers

BOUND_KIB = 256
SLACK_KIB = 48 * 1024
"""What a process under load grows by anyway: rooms, buffers of the quick, the store's cache."""


@pytest.mark.timeout(300)
async def test_some_stop_reading_and_nobody_else_notices() -> None:
    done = await slow_readers(80, 16, rate=60, seconds=8)
    assert done.during.unfinished == 0
    assert done.during.disorder == 0
    assert done.rss_most_kib - done.rss_before_kib < done.slow * BOUND_KIB + SLACK_KIB
    assert done.caught_up == done.slow
