"""Reading and report: one reader, versions that cannot be moved, what is signed is delivered."""

from dataclasses import replace

import pytest

from hub.room import reading_events as r
from hub.room.prefill import number, prefilled
from hub.room.reports import in_force, sealed_hash
from hub.room.roles import Actor, Role
from hub.room.stages import Stage
from hub.room.visibility import REPORT_READERS, withheld
from tests.room import cast
from tests.room.cast import CLAIRE, CTA, LEA, MARC, OMAR, RENE, SOLENE, WRITTEN, Case


def test_one_reads_at_a_time_and_the_other_is_told_who() -> None:
    case = cast.reading()
    refusal = case.refused(CLAIRE, "reading.start")
    assert refusal.slug == "already_claimed"
    assert "Dr omar" in refusal.detail_fr
    assert case.refused(OMAR, "reading.start").slug == "wrong_stage"
    assert case.refused(CLAIRE, "report.sign", WRITTEN).slug == "forbidden"
    case.do(CLAIRE, "reading.start", {"reason": "Dr omar ne répond plus"})
    event = case.journal[-1].event
    assert isinstance(event, r.ReadingStarted)
    assert (event.from_person, event.from_name) == ("omar", "Dr omar")
    assert case.stage() is Stage.READING
    refusal = case.refused(OMAR, "report.sign", WRITTEN)
    assert "Dr claire" in refusal.detail_fr
    assert case.do(CLAIRE, "report.sign", WRITTEN).stage is Stage.REPORTED_FINAL


def test_an_exam_of_another_is_read_with_a_reason() -> None:
    case = cast.images_available()
    assert case.refused(RENE, "reading.start").slug == "already_claimed"
    case.do(RENE, "reading.start", {"reason": "Dr omar au bloc"})
    event = case.journal[-1].event
    assert isinstance(event, r.ReadingStarted)
    assert event.from_person == ""


def test_a_reading_that_is_left_is_anybodys() -> None:
    case = cast.reading()
    assert case.refused(CLAIRE, "reading.stop").slug == "forbidden"
    assert case.do(OMAR, "reading.stop").stage is Stage.IMAGES_AVAILABLE
    assert case.room.reader is None
    assert case.do(OMAR, "reading.start").stage is Stage.READING


def test_a_final_report_of_x_rays_tells_the_dose_or_why_not() -> None:
    case = cast.reading()
    silent = {"sections": {"conclusion": "TEST"}}
    assert "no_dose_reason" in case.refused(OMAR, "report.sign", silent).detail_en
    case.do(OMAR, "report.issue", silent)
    told = {"sections": {"conclusion": "TEST", "dose": "PDL 800 mGy·cm (16 cm)"}}
    assert case.do(OMAR, "report.sign", told).stage is Stage.REPORTED_FINAL


def test_a_dose_that_the_room_holds_goes_into_the_report() -> None:
    case = cast.images_available()
    case.do(MARC, "dose.record", {"series": [{"phantom": "head_16", "dlp_mgy_cm": 800}]})
    case.do(OMAR, "reading.start")
    case.do(OMAR, "report.sign", {"sections": {"conclusion": "TEST"}})
    assert case.room.report
    assert case.room.report.content.dose
    assert case.room.report.content.dose.series[0].phantom == "head_16"


def test_no_dose_is_owed_for_a_magnet() -> None:
    case = cast.images_available(modality_wanted="MR")
    held = case.room.protocol
    assert held
    protocol = replace(held, protocol=replace(held.protocol, modality="MR"))
    case.room = cast.with_fields(case.room, protocol=protocol)
    case.do(OMAR, "reading.start")
    case.do(OMAR, "report.sign", {"sections": {"conclusion": "TEST"}})


@pytest.mark.parametrize("kind", ["report.issue", "report.sign"])
def test_a_report_has_a_conclusion(kind: str) -> None:
    body = {"sections": {"findings": "TEST", "conclusion": "  "}, "no_dose_reason": "x"}
    assert "sections.conclusion" in cast.reading().refused(OMAR, kind, body).detail_fr


def test_the_final_report_names_the_preliminary_one_and_what_it_changes() -> None:
    case = cast.reported_prelim()
    prelim = case.room.report
    assert prelim
    assert prelim.content.status == "preliminary"
    changed = {**WRITTEN["sections"], "conclusion": "TEST autre"}
    stale = case.refused(OMAR, "report.sign", {**WRITTEN, "version": 1})
    assert (stale.slug, stale.seq) == ("stale_after", case.room.seq)
    case.do(OMAR, "report.sign", {**WRITTEN, "version": 2, "sections": changed})
    assert case.room.report
    final = case.room.report.content
    assert (final.version, final.status, final.of_version) == (2, "final", 1)
    assert final.of_hash == prelim.content.content_hash
    assert final.changed == ("conclusion",)


def test_what_is_signed_is_what_is_delivered_and_acknowledged() -> None:
    case = cast.received()
    signed, delivered, received = (entry.event for entry in case.journal[-3:])
    assert isinstance(signed, r.ReportSigned)
    assert isinstance(delivered, r.ReportDelivered)
    assert isinstance(received, r.ReportAcknowledged)
    assert signed.content_hash == delivered.content_hash == received.content_hash
    assert (delivered.to, delivered.channel) == ("lea", "room")
    assert case.room.receipt
    assert case.room.receipt.acknowledged.person == "lea"


def test_the_hash_is_over_everything_that_is_sealed() -> None:
    case = cast.reported_final()
    assert case.room.report
    content = case.room.report.content
    assert content.patient
    assert content.patient.birth_name == "TEST-MARTIN"
    assert content.signer_name == "Dr omar"
    assert sealed_hash(content) == content.content_hash
    for other in (
        replace(content, signer="claire"),
        replace(content, sections=replace(content.sections, conclusion="TEST autre")),
        replace(content, patient=replace(content.patient, birth_name="TEST-AUTRE")),
        replace(content, signed_at="2026-11-21T23:59:00.000Z"),
    ):
        assert sealed_hash(other) != content.content_hash


def test_a_sealed_report_does_not_follow_a_later_request() -> None:
    case = cast.reported_final()
    assert case.room.report
    before = case.room.report.content
    case.do(OMAR, "addendum.sign", {"text": "TEST-AVENANT"})
    assert case.room.report.content == before
    newest = in_force(case.room)
    assert newest
    assert (newest.content.status, newest.content.of_hash) == ("addendum", before.content_hash)


def test_an_addendum_is_received_anew_under_its_own_name() -> None:
    case = cast.received()
    assert case.do(OMAR, "addendum.sign", {"text": "TEST-AVENANT"}).stage is Stage.REPORTED_FINAL
    assert case.room.receipt is None
    old = case.refused(LEA, "report.acknowledge", {"version": 1})
    assert (old.slug, old.seq) == ("stale_after", case.room.seq)
    assert case.refused(LEA, "report.acknowledge", {"content_hash": "0" * 64}).slug == "stale_after"
    case.do(LEA, "report.acknowledge", {"version": 2, "action": "hospitalisé"})
    assert case.stage() is Stage.ACKNOWLEDGED
    assert [one.status for one in case.room.report_versions] == ["final", "addendum"]
    assert case.refused(OMAR, "addendum.sign", {"text": "x", "version": 2}).slug == "stale_after"


def test_a_delivery_by_another_way_names_a_version_that_exists() -> None:
    case = cast.reported_final()
    case.do(SOLENE, "report.deliver", {"channel": "fax", "to": "urgences", "version": 1})
    assert case.room.deliveries[-1].channel == "fax"
    stray = {"channel": "fax", "to": "urgences", "version": 7}
    assert "version" in case.refused(SOLENE, "report.deliver", stray).detail_en


def test_contrast_is_told_once_and_a_reaction_is_an_incident() -> None:
    case = cast.acquiring(CTA)
    given = {"agent": "iohexol", "lot": "TEST-LOT", "volume_ml": 60, "rate_ml_s": 3.5}
    case.do(MARC, "contrast.record", given)
    case.do(MARC, "reaction.report", {"text": "urticaire", "severity": "mild"})
    assert [one.category for one in case.room.incidents] == ["contrast_reaction"]
    case.do(MARC, "acquisition.end")
    case.do(MARC, "images.declare", {"complete": False})
    case.do(MARC, "images.declare", {"instances": 480})
    assert case.room.arrival
    assert case.room.arrival.first.seq < case.room.arrival.last.seq
    case.do(OMAR, "reading.start")
    case.do(OMAR, "report.sign", WRITTEN)
    assert case.room.report
    assert [one.lot for one in case.room.report.content.contrast_given] == ["TEST-LOT"]


@pytest.mark.parametrize(
    ("policy", "may", "may_not"),
    [("radiologist", OMAR, MARC), ("technologist", MARC, OMAR), ("", MARC, None)],
)
def test_the_patient_is_released_by_whom_the_site_says(
    policy: str, may: Actor, may_not: Actor | None
) -> None:
    case = cast.images_available()
    if may_not:
        assert case.refused(may_not, "patient.release", {"policy": policy}).slug == "forbidden"
    case.do(may, "patient.release", {"policy": policy})
    assert case.room.released
    assert case.refused(may, "patient.release", {"policy": policy}).slug == "wrong_stage"


def test_a_room_closes_before_its_report_is_received_with_a_reason_only() -> None:
    case = cast.reported_final()
    assert "reason" in case.refused(LEA, "room.close").detail_en
    case.do(LEA, "report.acknowledge")
    assert case.do(LEA, "room.close").stage is Stage.CLOSED


def test_who_may_read_what_before_the_signature_stands_in_one_table() -> None:
    assert REPORT_READERS["draft"] == frozenset()
    for role in Role:
        for status, kind in (("preliminary", "report.issued"), ("final", "report.signed")):
            assert (role in REPORT_READERS[status]) == (not withheld(kind, role))


def test_what_the_room_knows_is_filled_in() -> None:
    case = cast.acquiring(CTA, indication="TEST-INDICATION", priors="IRM 2024")
    case.do(MARC, "contrast.record", {"agent": "iohexol", "volume_ml": 60, "rate_ml_s": 3.5})
    case.do(MARC, "acquisition.end", {"series_done": [2]})
    dose = {"series": [{"phantom": "body_32", "ctdivol_mgy": 8.25, "dlp_mgy_cm": 300, "name": "A"}]}
    case.do(MARC, "dose.record", dose)
    said = prefilled(case.room, "fr")
    assert said.indication == "TEST-INDICATION\nTEST-QUESTION occlusion ?"
    assert said.technique == "CT CTA, arterial"
    assert said.contrast == "iohexol, 60 mL, 3,5 mL/s, IV"
    assert said.comparison == "IRM 2024"
    assert "IDSV 8,25 mGy, PDL 300 mGy·cm (fantôme corps 32 cm)" in said.dose
    assert "CTDIvol 8.25 mGy" in prefilled(case.room, "en").dose
    assert prefilled(Case().room, "fr") == prefilled(Case().room, "en")
    assert number(3.0, "fr") == "3"
