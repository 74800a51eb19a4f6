"""Doses: the phantom goes with every value, sums never mix two, levels warn and never decide."""

from typing import Any

import pytest

from hub.room.dose import compared, sums
from hub.room.report import Dose, DoseSeries, ReferenceLevel
from tests.room import cast
from tests.room.cast import MARC, OMAR, Body

HEAD: Body = {"phantom": "head_16", "ctdivol_mgy": 52, "dlp_mgy_cm": 890, "region": "Tête"}
BODY: Body = {"phantom": "body_32", "ctdivol_mgy": 8, "dlp_mgy_cm": 300.25, "name": "Thorax"}
LEVEL: Body = {
    "exam": "head", "quantity": "dlp", "phantom": "head_16", "level": 850.0, "words": ["tete"],
    "source": "TEST", "dated": "2026-01-01",
}  # fmt: skip


def test_sums_are_by_phantom_and_there_is_none_over_two() -> None:
    case = cast.acquired()
    case.do(MARC, "dose.record", {"series": [HEAD, BODY, BODY]})
    assert case.room.dose
    told = {one.phantom: one.dlp_mgy_cm for one in case.room.dose.dose.sums}
    assert told == {"head_16": 890, "body_32": 600.5}
    mixed = {"series": [HEAD, BODY], "total_dlp_mgy_cm": 1190, "reason": "x"}
    refusal = case.refused(MARC, "dose.record", mixed)
    assert (refusal.slug, "total_dlp_mgy_cm" in refusal.detail_fr) == ("bad_body", True)
    case.do(MARC, "dose.record", {"series": [HEAD], "total_dlp_mgy_cm": 890, "reason": "corrigé"})


def test_a_series_without_any_dose_and_a_record_that_replaces_unexplained() -> None:
    case = cast.acquired()
    assert (
        "series[1]"
        in case.refused(MARC, "dose.record", {"series": [{"phantom": "head_16"}]}).detail_en
    )
    case.do(MARC, "dose.record", {"series": [HEAD]})
    assert "reason" in case.refused(OMAR, "dose.record", {"series": [HEAD]}).detail_en
    case.do(OMAR, "dose.record", {"series": [BODY], "reason": "mauvais patient"})
    assert case.room.dose
    assert case.room.dose.reason == "mauvais patient"


def test_a_series_stands_beside_the_level_of_its_region_and_phantom() -> None:
    case = cast.acquired()
    case.do(MARC, "dose.record", {"series": [BODY, HEAD], "levels": [LEVEL]})
    assert case.room.dose
    (beside,) = case.room.dose.dose.compared
    assert (beside.series, beside.measured, beside.level, beside.unit) == (2, 890, 850, "mGy.cm")
    assert beside.above
    assert (beside.source, beside.dated, beside.validated) == ("TEST", "2026-01-01", False)


LEVELS = tuple(
    ReferenceLevel(exam="head", quantity="dlp", phantom="head_16", level=value, source="s",
                   dated="d", words=("head",), age=age)
    for value, age in ((850.0, "adult"), (400.0, "child"))
)  # fmt: skip


@pytest.mark.parametrize(
    ("dob", "found"), [("1950-01-01", [850]), ("2020-01-01", [400]), ("", [850]), ("hier", [850])]
)
def test_a_child_is_compared_with_children(dob: str, found: list[float]) -> None:
    patient = {"birth_name": "TEST-MARTIN", "dob": dob}
    case = cast.acquired(patient=patient)
    told = [{**LEVEL, "words": ["tete"], "level": one.level, "age": one.age} for one in LEVELS]
    case.do(MARC, "dose.record", {"series": [HEAD], "levels": told})
    assert case.room.dose
    assert [one.level for one in case.room.dose.dose.compared] == found


def test_nothing_is_compared_where_the_phantom_differs_or_nothing_was_measured() -> None:
    def one(**changed: Any) -> tuple[Any, ...]:
        series = DoseSeries(**{"phantom": "head_16", "region": "head", **changed})
        return compared(Dose(series=(series,)), LEVELS)

    assert one(dlp_mgy_cm=900.0)
    assert not one(dlp_mgy_cm=900.0, phantom="body_32")
    assert not one(ctdivol_mgy=60.0)
    assert not one(dlp_mgy_cm=900.0, region="knee")
    assert sums([DoseSeries(phantom="head_16", ctdivol_mgy=60.0)]) == ()
