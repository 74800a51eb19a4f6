"""The printed report, read back as text and page by page."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hub.printing import Press, PrintFailed, sheet
from hub.room.report import Communication, Sealed
from tests.room import cast
from tests.room.cast import CTA, MARC, OMAR, Body, Case

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils reads the PDF: scripts/real-parts.sh"
)

TEXT = 'Œdème à côté de l\'artère, 38 °C, ≤ 5 mm → #import "x" *gras* $x$ `y` « évident »'
FINDINGS = "\n".join(f"Ligne {n} : {TEXT}" for n in range(70))
SAID: Body = {"findings": FINDINGS, "conclusion": "TEST-CONCLUSION : occlusion."}
SIGNED: Body = {"sections": SAID, "no_dose_reason": "console en panne"}


def signed(**changed: object) -> Case:
    """A long report with its doses, signed."""
    patient = {"birth_name": "TEST-LEFÈVRE", "given": "Zoë", "dob": "1951-03-12", "sex": "F"}
    case = cast.acquiring(CTA, patient=patient)
    case.do(MARC, "contrast.record", {"agent": "iohexol", "volume_ml": 60.5, "lot": "TEST-LOT"})
    case.do(MARC, "acquisition.end")
    case.do(MARC, "images.declare")
    head = {"phantom": "head_16", "ctdivol_mgy": 52, "dlp_mgy_cm": 890, "region": "Tête"}
    body = {"phantom": "body_32", "dlp_mgy_cm": 300.25, "name": "Thorax"}
    level = {"exam": "head", "quantity": "dlp", "phantom": "head_16", "level": 850.0,
             "words": ["tete"], "source": "TEST-SOURCE", "dated": "2026-01-01"}  # fmt: skip
    case.do(MARC, "dose.record", {"series": [head, body], "levels": [level]})
    case.do(OMAR, "reading.start")
    case.do(OMAR, "report.sign", {**SIGNED, **changed})
    return case


def content(case: Case) -> Sealed:
    """The report in force."""
    assert case.room.report
    return case.room.report.content


async def printed(
    folder: Path, of: Sealed, *addenda: Sealed, lang: str = "fr", newest: int = 0
) -> list[str]:
    """The text of each page."""
    page = sheet(of, addenda, lang=lang, timezone="Europe/Paris", site="CH Test", newest=newest)
    path = folder / "report.pdf"
    path.write_bytes(await Press().print(page))
    reader = await asyncio.create_subprocess_exec(
        "pdftotext", "-layout", str(path), "-", stdout=asyncio.subprocess.PIPE
    )
    read, _ = await reader.communicate()
    assert reader.returncode == 0
    return read.decode().rstrip("\f").split("\f")


def flowing(pages: list[str]) -> str:
    """The text without its line breaks."""
    return " ".join(" ".join(pages).split())


@needs_poppler
async def test_every_word_and_accent_comes_back_and_pages_are_counted(tmp_path: Path) -> None:
    pages = await printed(tmp_path, content(signed()))
    assert len(pages) >= 2
    for n, page in enumerate(pages, 1):
        assert f"page {n} de {len(pages)}" in page
        assert "COMPTE RENDU DÉFINITIF" in page, "labelled on every page"
        assert "TEST-LEFÈVRE Zoë 12/03/1951" in page, "named on every page"
    whole = flowing(pages)
    for n in range(70):
        assert f"Ligne {n} : {TEXT}" in whole
    assert "TEST-CONCLUSION : occlusion." in whole
    assert "Signé par Dr omar (téléradiologue de garde) le 22/11/2026 à 00:40 (UTC+1)" in whole
    assert content(signed()).content_hash in whole


@needs_poppler
async def test_doses_stand_with_their_phantoms_and_levels(tmp_path: Path) -> None:
    whole = "\n".join(await printed(tmp_path, content(signed())))
    assert "fantôme tête 16 cm" in whole and "fantôme corps 32 cm" in whole
    assert "PDL 850 (au-dessus)" in whole and "TEST-SOURCE, 2026-01-01" in whole
    assert "300,25" in whole and "1190" not in whole, "no sum over two phantoms"
    assert "iohexol, 60,5 mL, TEST-LOT, IV" in whole


@needs_poppler
async def test_in_english_the_labels_are_english_and_the_author_is_not_translated(
    tmp_path: Path,
) -> None:
    pages = await printed(tmp_path, content(signed()), lang="en")
    assert f"page 1 of {len(pages)}" in pages[0]
    assert "FINAL REPORT" in pages[0] and "Findings" in pages[0]
    assert "16 cm head phantom" in pages[0] and "300.25" in pages[0]
    assert (
        "Signed by Dr omar (on-call teleradiologist) on 22 Nov 2026 at 00:40 (UTC+1)" in pages[-1]
    )
    assert TEXT in flowing(pages)


@needs_poppler
async def test_a_preliminary_report_says_so_and_that_it_may_change(tmp_path: Path) -> None:
    case = cast.reported_prelim()
    pages = await printed(tmp_path, content(case), newest=2)
    assert "COMPTE RENDU PROVISOIRE" in pages[0] and "DÉFINITIF" not in pages[0]
    assert "non signé, susceptible d'être modifié" in pages[0]
    assert "Une version plus récente existe : n° 2" in pages[0]
    assert "Diffusé par Dr omar" in pages[0] and "Signé par" not in pages[0]


@needs_poppler
async def test_an_addendum_is_printed_with_its_report(tmp_path: Path) -> None:
    case = signed(sections={"conclusion": "TEST-CONCLUSION"})
    case.do(OMAR, "addendum.sign", {"text": "TEST-AVENANT :\nvu.", "reason": "IRM 2024"})
    added = case.room.addenda[0].content
    (page,) = await printed(tmp_path, content(case), added)
    assert "COMPTE RENDU DÉFINITIF + AVENANT" in page and "Version 2" in page
    assert "TEST-CONCLUSION" in page and "TEST-AVENANT :" in page and "IRM 2024" in page
    assert page.count("Signé par Dr omar") == 2


@needs_poppler
async def test_a_critical_result_says_to_whom_and_when_it_was_told(tmp_path: Path) -> None:
    told = Communication(
        name="Dr Léa Test",
        role="requester",
        at="2026-07-21T21:58:00.000Z",
        by="Dr Omar Test",
        method="phone",
        read_back=True,
    )
    said = replace(content(signed(sections={"conclusion": "x"})), communications=(told,))
    (page,) = await printed(tmp_path, said)
    page = " ".join(page.split())
    assert (
        "communiqué à Dr Léa Test (médecin demandeur) le 21/07/2026 à 23:58 (UTC+2), par "
        "téléphone, par Dr Omar Test, relu" in page
    )
    (page,) = await printed(tmp_path, said, lang="en")
    assert "communicated to Dr Léa Test (requesting physician) on 21 Jul 2026 at 23:58" in page


@needs_poppler
async def test_what_changed_since_the_preliminary_report_is_named(tmp_path: Path) -> None:
    case = cast.reported_prelim()
    case.do(OMAR, "report.sign", {**SIGNED, "sections": {"conclusion": "TEST autre"}})
    (page,) = await printed(tmp_path, content(case))
    assert "Modifié depuis le provisoire : Conclusion, Résultats, Indication" in page


@needs_poppler
async def test_a_character_without_a_glyph_does_not_keep_a_report_from_being_printed(
    tmp_path: Path,
) -> None:
    said = {"conclusion": "TEST-CONCLUSION 肺 😀 fin"}
    (page,) = await printed(tmp_path, content(signed(sections=said)))
    assert "TEST-CONCLUSION" in page and "fin" in page


async def test_the_same_version_is_the_same_file_and_archival() -> None:
    page = sheet(content(signed()), lang="fr", timezone="Europe/Paris")
    one, other = await Press().print(page), await Press().print(page)
    assert one == other
    assert b"<pdfaid:part>2</pdfaid:part>" in one
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in one


async def test_a_sheet_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PrintFailed) as late:
        await Press(print_s=0.0).print(sheet(content(signed()), lang="fr", timezone="UTC"))
    assert "TEST" not in str(late.value)


async def test_a_sheet_that_cannot_be_set_says_nothing_of_itself() -> None:
    with pytest.raises(PrintFailed) as failed:
        await Press().print({"signed_at": "", "title": "TEST-MARTIN"})
    assert "TEST" not in str(failed.value)
