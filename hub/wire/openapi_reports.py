"""The part of the OpenAPI document about reports: drafts, templates, the printed report."""

from hub.room.report import Draft
from hub.wire import rest
from hub.wire.operations import ROOM, Operation, json_answer, operation, parameter, text_answer
from hub.wire.schema import Schema, array, record, ref, struct

_LANG = parameter("lang", {"enum": ["fr", "en"]}, "absent: French")
_PERIOD = [
    parameter("from", {"type": "string", "maxLength": 10}, "first day; absent: 30 days before"),
    parameter("to", {"type": "string", "maxLength": 10}, "the day after the last; absent: today"),
    parameter("site", {"type": "string", "maxLength": 64}, "this site only"),
    parameter("by", {"type": "string", "maxLength": 64}, "of site, urgency, hour; or all"),
]
_MODALITY = parameter("modality", {"type": "string", "maxLength": 8}, "CT, MR …")


def _save() -> Schema:
    shape = struct(rest.DraftSave)
    return shape | {"properties": shape["properties"] | {"draft": ref(Draft.__name__)}}


def reports() -> dict[str, Operation]:
    """Paths and their operations."""
    held: Schema = {"anyOf": [ref(Draft.__name__), {"type": "null"}]}
    kept = record("My draft", version="integer", saved_at="string", device="string", draft=held)
    saved = record("Saved", version="integer", saved_at="string")
    return {
        "/api/v1/rooms/{room}/draft": {
            "parameters": [ROOM],
            "get": operation("draft", "My draft of the report", {"200": json_answer(kept, "it")}),
            "put": operation(
                "saveDraft",
                "Save my draft over the version that I had",
                {"200": json_answer(saved, "on the disk")},
                body=_save(),
            ),
            "delete": operation("dropDraft", "Drop my draft", {"204": {"description": "gone"}}),
        },
        "/api/v1/rooms/{room}/report/prefill": {
            "parameters": [ROOM],
            "get": operation(
                "prefill",
                "Sections as far as the room knows them",
                {"200": json_answer(record("Sections", sections=ref("Sections")), "sections")},
                query=[_LANG],
            ),
        },
        "/api/v1/rooms/{room}/report.pdf": {
            "parameters": [ROOM],
            "get": operation(
                "reportPdf",
                "A version of the report as it was sealed; absent: the newest",
                {"200": {"description": "PDF/A-2a", "content": {"application/pdf": {}}}},
                query=[
                    parameter("version", {"type": "integer", "minimum": 1}, "as counted"),
                    _LANG,
                ],
            ),
        },
        "/api/v1/wall": {
            "get": operation(
                "wall",
                "Open exams of my sites, the nearest limit first; patients where the site says so",
                {"200": json_answer(ref("Wall"), "the board")},
                query=[parameter("site", {"type": "string", "maxLength": 64}, "this site only")],
            )
        },
        "/api/v1/figures": {
            "get": operation(
                "figures",
                "Response times, in time and breached, by site, urgency and hour",
                {"200": json_answer(ref("Figures"), "figures")},
                query=_PERIOD,
            )
        },
        "/api/v1/figures.csv": {
            "get": operation(
                "figuresCsv",
                "The same rows as CSV",
                {"200": text_answer("text/csv", "RFC 4180, with a head")},
                query=_PERIOD,
            )
        },
        "/api/v1/report-templates": {
            "get": operation(
                "reportTemplates",
                "Templates of reports",
                {"200": json_answer(record("Templates", templates=array({})), "templates")},
                query=[_MODALITY],
            )
        },
    }
