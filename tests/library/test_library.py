"""The protocol library: what ships can be prescribed, and a broken file says where it is broken."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.library import BadTemplate, Library
from hub.library.library import SHIPPED
from hub.room.commands import ProtocolIssue
from hub.wire.bodies import decode_command

WANTED = {
    "ct-head", "ct-stroke", "ct-pulmonary-angiography", "ct-abdomen-pelvis-portal", "ct-aorta",
    "ct-whole-body-trauma", "ct-urinary-stones", "ct-cervical-spine", "ct-chest",
    "ct-mesenteric-ischaemia", "ct-head-paediatric", "mr-head-stroke", "mr-spine-cord-compression",
}  # fmt: skip


def shipped() -> list[dict[str, Any]]:
    return Library().templates()


def ct_head() -> dict[str, Any]:
    template: dict[str, Any] = json.loads((SHIPPED / "ct-head.json").read_text())
    return template


def put(folder: Path, template: object, name: str = "own.json") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(template))
    return folder


def test_the_commonest_emergency_examinations_are_there() -> None:
    assert {t["code"] for t in shipped()} >= WANTED


@pytest.mark.parametrize("template", shipped(), ids=lambda t: t["code"])
def test_a_shipped_template_is_a_protocol_once_a_version_is_added(template: dict[str, Any]) -> None:
    body = json.dumps({**template["protocol"], "version": 1}).encode()
    command = decode_command("protocol.issue", body)
    assert isinstance(command, ProtocolIssue)
    assert command.template == template["code"]
    assert [s.n for s in command.series] == list(range(1, len(command.series) + 1))


@pytest.mark.parametrize("template", shipped(), ids=lambda t: t["code"])
def test_a_shipped_template_says_that_it_is_an_example(template: dict[str, Any]) -> None:
    assert template["example"] is True
    assert "valider localement par le site" in template["note"]["fr"]
    assert "validated locally by the site" in template["note"]["en"]
    assert template["source"]["date"]


@pytest.mark.parametrize("template", shipped(), ids=lambda t: t["code"])
def test_a_shipped_template_tells_a_technologist_what_to_do(template: dict[str, Any]) -> None:
    protocol = template["protocol"]
    assert protocol["coverage"] and protocol["position"] and protocol["stop_conditions"]
    assert "identity" in protocol["checks_required"]
    injected = [
        s for s in protocol["series"] if s["phase"] not in ("non-contrast", "perfusion", "delayed")
    ]
    for series in protocol["series"]:
        assert series.get("slice_mm"), series["name"]
        if template["modality"] == "CT":
            assert series.get("kv") and (series.get("mas") or series.get("ref_mas"))
            assert series.get("kernel") and series.get("recon_planes")
        else:
            assert series.get("sequence") and series.get("plane")
    if template["modality"] == "CT":
        for series in injected:
            assert "delay_s" in series or "bolus_track" in series, series["name"]
        assert bool(injected) == ("contrast" in protocol)
    if contrast := protocol.get("contrast"):
        assert {"volume_ml", "ml_per_kg", "mmol_kg"} & contrast.keys()
        assert contrast["rate_ml_s"] and contrast["gauge_min"] and contrast["saline_flush_ml"]
        assert "allergy" in protocol["checks_required"]


def test_modality_and_site_choose(tmp_path: Path) -> None:
    own = ct_head() | {"site": "ch-a", "version": 2}
    own["name"] = {"fr": "Crâne de chez nous", "en": "Our head"}
    own["protocol"] = own["protocol"] | {"template_version": 2}
    library = Library(put(tmp_path / "library", own))
    assert {t["modality"] for t in library.templates("MR")} == {"MR"}
    at_a = {t["code"]: t for t in library.templates("CT", "ch-a")}
    at_b = {t["code"]: t for t in library.templates("CT", "ch-b")}
    assert at_a["ct-head"]["name"]["fr"] == "Crâne de chez nous"
    assert at_b["ct-head"]["version"] == 1
    assert len(at_a) == len(at_b)


def test_of_two_versions_the_newer_is_offered_and_the_older_is_still_found(tmp_path: Path) -> None:
    newer = ct_head() | {"version": 7, "example": False}
    newer["protocol"] = newer["protocol"] | {"template_version": 7}
    library = Library(put(tmp_path / "library", newer))
    offered = {t["code"]: t for t in library.templates()}
    assert offered["ct-head"]["version"] == 7
    assert offered["ct-head"]["example"] is False
    old = library.find("ct-head", 1)
    assert old is not None and old["version"] == 1
    assert library.find("ct-head", 3) is None


def test_no_folder_is_no_error(tmp_path: Path) -> None:
    assert len(Library(tmp_path / "nowhere").templates()) == len(shipped())


def broken(**changes: Any) -> dict[str, Any]:
    return ct_head() | {"version": 2} | changes


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ([], "file"),
        (broken(version=0), "version"),
        (broken(version=True), "version"),
        (broken(version=1), "version"),
        (broken(code=""), "code"),
        (broken(site=None), "site"),
        (broken(example="yes"), "example"),
        (broken(colour="red"), "colour"),
        (broken(name={"fr": "Crâne"}), "name.en"),
        (broken(source={"fr": "x", "en": "x"}), "source.date"),
        (broken(keywords="trauma"), "keywords"),
        (broken(protocol=[]), "protocol"),
        (broken(protocol=ct_head()["protocol"] | {"version": 3}), "protocol.version"),
        (broken(protocol=ct_head()["protocol"] | {"template_version": 9}), "template_version"),
        (broken(protocol=ct_head()["protocol"] | {"series": []}), "protocol.series"),
        (broken(protocol=ct_head()["protocol"] | {"kv": 120}), "protocol.kv"),
        (
            broken(protocol=ct_head()["protocol"] | {"series": [{"n": 1, "name": "x"}]}),
            "protocol.series",
        ),
        (
            broken(
                protocol=ct_head()["protocol"]
                | {"series": [{"n": 1, "name": "x", "phase": "non-contrast", "kV": 120}]}
            ),
            "protocol.series[1].kV",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_template_says_its_file_and_field(
    tmp_path: Path, template: object, field: str
) -> None:
    with pytest.raises(BadTemplate) as raised:
        Library(put(tmp_path / "library", template))
    assert "own.json" in str(raised.value)
    assert field in raised.value.field


def test_a_missing_field_and_text_that_is_no_json(tmp_path: Path) -> None:
    template = ct_head()
    del template["source"]
    with pytest.raises(BadTemplate, match="source"):
        Library(put(tmp_path / "one", template))
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "x.json").write_text("{")
    with pytest.raises(BadTemplate, match=r"x\.json.*not JSON"):
        Library(folder)
    (folder / "x.json").write_bytes(b" " * 70_000)
    with pytest.raises(BadTemplate, match="larger"):
        Library(folder)


def test_the_same_version_twice_is_refused(tmp_path: Path) -> None:
    template = ct_head() | {"site": "ch-a"}
    folder = put(tmp_path / "library", template, "a.json")
    put(folder, template, "b.json")
    with pytest.raises(BadTemplate, match=r"b\.json: version: the same as in a\.json"):
        Library(folder)
