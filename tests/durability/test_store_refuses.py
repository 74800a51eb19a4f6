"""While the store refuses nothing is delivered, everyone is told, and all is well after (W-19)."""

import pytest

from bench.store_refuses import hub_outcome


@pytest.mark.timeout(300)
async def test_a_locked_store_delivers_nothing_and_tells_everyone() -> None:
    done = await hub_outcome(5, rate=10)
    assert done.delivered == 0
    assert done.stored == done.told_stored == 0
    assert done.told_refused == done.published
    assert done.slowest_answer_s < 2.0
    assert done.well_after
