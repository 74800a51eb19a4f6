"""The wire in TypeScript is what the server's types say."""

from pathlib import Path

import pytest

from hub.wire import typescript
from hub.wire.typescript import OUT, main, render


def test_the_file_in_the_client_has_not_drifted() -> None:
    assert OUT.read_text(encoding="utf-8") == render(), "run `npm --prefix clients/web run types`"


def test_a_class_is_whole_in_the_state_and_sparse_in_a_body() -> None:
    text = render()
    assert "export interface MessagePostBody {\n  text: string;\n  lang?: string;\n" in text
    assert 'urgency: "P0" | "P1" | "P2" | "P3";' in text
    assert "  protocol: InForce | null;\n" in text
    assert '  "protocol.issue": ProtocolIssueBody;' in text


def test_check_says_that_a_file_has_drifted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "wire.ts"
    monkeypatch.setattr(typescript, "OUT", stale)
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
