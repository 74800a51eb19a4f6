"""Messages repeated over a link that keeps breaking are stored once each (W-12)."""

from pathlib import Path

import pytest

from bench.soak import flapping


@pytest.mark.timeout(300)
async def test_each_message_once_however_often_it_was_sent(tmp_path: Path) -> None:
    done = await flapping(tmp_path / "hub", 1_000)
    assert done.problems == []
    assert done.verified == "ok"
    assert done.broken_links > 5
    assert done.answers > done.messages
