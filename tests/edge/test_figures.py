"""Figures and logs: enough to run the hub by, nothing about anybody."""

import json
import logging
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hub import logs
from hub.metrics import BOUNDS, Latencies, Metrics
from tests.edge.house import PASSWORD, House


def _samples(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    text = metrics.render().decode()
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_histograms_add_up() -> None:
    metrics = Metrics()
    metrics.commit(0.004, 7)
    metrics.commit(99.0, 1)
    metrics.delivered(0.0005, 1000)
    seen = _samples(metrics)
    assert seen["examroom_commit_seconds_count", ()] == 2
    assert seen["examroom_commit_seconds_bucket", ("0.003",)] == 0
    assert seen["examroom_commit_seconds_bucket", ("0.005",)] == 1
    assert seen["examroom_commit_seconds_bucket", ("+Inf",)] == 2
    assert seen["examroom_committed_events_total", ()] == 8
    assert seen["examroom_deliver_seconds_bucket", ("0.0005",)] == 1000
    assert seen["examroom_deliver_seconds_sum", ()] == pytest.approx(0.5)


def test_a_bound_belongs_to_its_bucket() -> None:
    held = Latencies()
    for bound in BOUNDS:
        held.observe(bound)
    family = held.family("test", "test")
    counts = [sample.value for sample in family.samples if sample.name == "test_bucket"]
    assert counts == [*range(1, len(BOUNDS) + 1), len(BOUNDS)]


def test_counters_and_gauges() -> None:
    metrics = Metrics()
    metrics.refused("unsafe")
    metrics.refused("unsafe")
    metrics.resume("caught_up")
    metrics.shed(3)
    metrics.closed("too_slow")
    metrics.gauge("rooms_live", "rooms", lambda: 5)
    seen = _samples(metrics)
    assert seen["examroom_refused_total", ("unsafe",)] == 2
    assert seen["examroom_resumes_total", ("caught_up",)] == 1
    assert seen["examroom_shed_frames_total", ()] == 3
    assert seen["examroom_closes_total", ("too_slow",)] == 1
    assert seen["examroom_rooms_live", ()] == 5


async def test_the_hub_counts_and_names_nobody(at: House) -> None:
    room = await at.open_room()
    await at.say("lea", room, "TEST text")
    await at.say("nora", room, "TEST text")
    async with at.client() as http:
        await http.post("/api/v1/sessions", json={"login": "lea", "password": PASSWORD})
        await http.post("/api/v1/sessions", json={"login": "lea", "password": "wrong"})
        text = (await http.get("/metrics")).text
    seen = _samples(at.services.metrics)
    assert seen["examroom_committed_events_total", ()] == 2
    assert seen["examroom_refused_total", ("forbidden",)] == 1
    assert seen["examroom_logins_total", ("ok",)] == 1
    assert seen["examroom_logins_total", ("not_authenticated",)] == 1
    assert seen["examroom_http_requests_total", ("201",)] == 1
    for secret in ("lea", "nora", "TEST", room, "mac"):
        assert f'"{secret}' not in text


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    held = logging.getLogger()
    before, level = list(held.handlers), held.level
    yield held
    held.handlers[:] = before
    held.setLevel(level)


def test_logs_are_json_lines_of_allowed_fields(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.setup("info", json=True)
    log = logs.get("test")
    log.info("room opened", room="r1", seq=3, patient="TEST-MARTIN", text="TEST words")
    log.debug("not shown")
    try:
        raise ValueError("TEST-MARTIN")
    except ValueError:
        log.exception("failed", slug="unsafe")
        logging.getLogger("of.a.library").exception("failed there")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["room opened", "failed", "failed there"]
    assert (lines[0]["room"], lines[0]["seq"], lines[0]["level"]) == ("r1", 3, "info")
    assert lines[1]["error"] == lines[2]["error"] == "ValueError"
    assert "test_figures.py" in lines[1]["where"]
    assert "TEST" not in json.dumps(lines)


def test_before_setup_nothing_gets_out_unfiltered(caplog: pytest.LogCaptureFixture) -> None:
    logs.get("test").warning("odd", patient="TEST-MARTIN", room="r1")
    assert "TEST-MARTIN" not in caplog.text and "r1" in caplog.text
