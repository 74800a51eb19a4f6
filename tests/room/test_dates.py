"""No day and no moment of a request lies in the future, whatever zone it was written in."""

from datetime import timedelta
from typing import Any

import pytest

from hub.room.times import spelled
from tests.room import cast
from tests.room.cast import LEA, NIGHT

NOW = NIGHT
"""21 November 2026, 23:40 UTC: the 22nd already in most of Europe and all of Asia."""

TO_COME: list[tuple[str, dict[str, Any]]] = [
    ("patient.dob", {"patient": {"birth_name": "TEST-MARTIN", "dob": "2026-11-23"}}),
    ("patient.dob", {"patient": {"birth_name": "TEST-MARTIN", "dob": "2027"}}),
    ("labs.egfr_date", {"labs": {"egfr": 60, "egfr_date": "2027-01-02"}}),
    ("contraindications.last_period", {"contraindications": {"last_period": "2026-12-01"}}),
    ("symptom_onset", {"symptom_onset": spelled(NOW + timedelta(minutes=11))}),
    ("last_known_well", {"last_known_well": "2026-11-22T02:00:00+01:00"}),
    ("last_known_well", {"last_known_well": "2026-11-23T00:00"}),
]
PAST: list[dict[str, Any]] = [
    {"patient": {"birth_name": "TEST-MARTIN", "dob": "2026-11-22"}},
    {"patient": {"birth_name": "TEST-MARTIN", "dob": "2026"}},
    {"patient": {"birth_name": "TEST-MARTIN", "dob": "inconnue"}},
    {"labs": {"egfr": 60, "egfr_date": "2026-11-22"}},
    {"symptom_onset": spelled(NOW + timedelta(minutes=9))},
    {"last_known_well": "2026-11-22T00:40:00+01:00"},
    {"last_known_well": "2026-11-22T01:30"},
    {"last_known_well": "au coucher"},
]


@pytest.mark.parametrize(("field", "change"), TO_COME)
def test_a_date_to_come_is_refused_with_its_field_and_what_to_do(
    field: str, change: dict[str, Any]
) -> None:
    refused = cast.Case().refused(LEA, "request.submit", {**cast.REQUEST, **change})
    assert refused.slug == "bad_body"
    assert f"corrigez-la. ({field})" in refused.detail_fr
    assert f"correct it. ({field})" in refused.detail_en
    case = cast.claimed()
    refused = case.refused(LEA, "request.amend", {**cast.REQUEST, **change, "reason": "TEST"})
    assert f"({field})" in refused.detail_fr


@pytest.mark.parametrize("change", PAST)
def test_today_somewhere_a_clock_that_is_ahead_and_words_are_taken(change: dict[str, Any]) -> None:
    assert cast.requested(**change).room.seq == 1
