"""`kill -9` under load loses, repeats and invents nothing (W-10 to W-13)."""

from pathlib import Path

import pytest

from bench.soak import kills


@pytest.mark.timeout(300)
async def test_killed_again_and_again_while_people_write(tmp_path: Path) -> None:
    done = await kills(tmp_path / "hub", 5, rooms=2)
    assert done.problems == []
    assert done.verified == "ok"
    assert done.broken_links >= 5 * 2
    assert done.messages > 2 * 4
