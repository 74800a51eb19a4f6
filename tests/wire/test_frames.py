"""Frames without a socket: the alphabet of ids, and what is said of a broken frame."""

import json

import pytest

from hub.wire import frames


def test_w5_ids_minted_by_clients_have_one_alphabet() -> None:
    for good in ("a", "A-z_9", "x" * 40):
        frames.decode(json.dumps({"t": "join", "re": good, "room": "r"}).encode())
    for bad in ("", "é", "a b", "a.b", "x" * 41):
        with pytest.raises(frames.BadFrame):
            frames.decode(json.dumps({"t": "join", "re": bad, "room": "r"}).encode())
