"""OpenAPI and AsyncAPI say what the hub does: same types, same bounds, same addresses."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # has no types
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.routing import Route

from hub.imaging.problems import REASONS, ImageProblem
from hub.room.commands import BY_KIND as COMMANDS
from hub.room.events import BY_KIND as EVENTS
from hub.room.limits import BadBody
from hub.wire import asyncapi, openapi, schema
from hub.wire.bodies import decode_command
from hub.wire.errors import FAULTS, PICTURES, Close
from hub.wire.frames import CLIENT_FRAMES
from tests.edge.house import PASSWORD, REQUEST, House

OPENAPI = json.loads(openapi.document_json())
ASYNCAPI = json.loads(asyncapi.document_json())
NOT_IN_IT = re.compile(r"/demo/")
REGISTRY = Registry().with_resource("urn:api", DRAFT202012.create_resource(OPENAPI))


def _valid(instance: object, schema: dict[str, Any]) -> None:
    moved = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    Draft202012Validator(moved, registry=REGISTRY).validate(instance)


def _component(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _references(held: object) -> Iterator[str]:
    if isinstance(held, dict):
        for key, value in held.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(held, list):
        for value in held:
            yield from _references(value)


@pytest.mark.parametrize("document", [OPENAPI, ASYNCAPI], ids=["openapi", "asyncapi"])
def test_schemas_are_schemas_and_references_lead_somewhere(document: dict[str, Any]) -> None:
    for held in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(held)
    for reference in set(_references(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_address_is_described_with_its_methods(at: House) -> None:
    served = {
        (route.path, method)
        for route in at.app.routes
        if isinstance(route, Route) and not NOT_IN_IT.search(route.path)
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (path, method.upper())
        for path, item in OPENAPI["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert served == described


def test_every_kind_and_frame_and_code_is_described() -> None:
    acts = OPENAPI["paths"]["/api/v1/rooms/{room}/events"]["post"]["requestBody"]
    kinds = {one["title"] for one in acts["content"]["application/json"]["schema"]["anyOf"]}
    assert kinds == set(COMMANDS)
    schemas = ASYNCAPI["components"]["schemas"]
    assert set(schemas["evt"]["properties"]["kind"]["enum"]) == set(EVENTS)
    for frame in CLIENT_FRAMES:
        assert f"client.{frame.__struct_config__.tag}" in schemas
    assert set(ASYNCAPI["x-codes"]) == set(FAULTS)
    assert set(ASYNCAPI["x-close-codes"]) == {str(int(close)) for close in Close}


def test_the_codes_of_pictures_are_described_with_their_status() -> None:
    raised = [ImageProblem(reason) for reason in REASONS]
    assert {one.slug for one in raised} - FAULTS.keys() == PICTURES.keys()
    for one in raised:
        known = PICTURES.get(one.slug) or FAULTS[one.slug].status
        assert one.status == known
    answer = OPENAPI["components"]["responses"]["Problem"]["content"]["application/problem+json"]
    assert set(answer["schema"]["properties"]["code"]["enum"]) >= PICTURES.keys()


def test_bounds_stand_in_the_document() -> None:
    schemas = OPENAPI["components"]["schemas"]
    text = schemas["MessagePost"]["properties"]["text"]
    assert (text["minLength"], text["maxLength"]) == (1, 8000)
    number = schemas["ProtocolAcknowledge"]["properties"]["eta_min"]["anyOf"][0]
    assert (number["minimum"], number["maximum"]) == (0, 1440)
    many = schemas["ProtocolIssue"]["properties"]["regions"]
    assert (many["minItems"], many["maxItems"], many["items"]["maxLength"]) == (1, 12, 200)
    assert schemas["RequestSubmit"]["properties"]["urgency"]["enum"] == ["P0", "P1", "P2", "P3"]


TEXTS = st.text(max_size=12) | st.sampled_from(["x" * 200, "x" * 201, "x" * 8001, " ", "P0", "CT"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 100_001) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
VALID: dict[str, dict[str, Any]] = {
    "request.submit": REQUEST,
    "message.post": {"text": "TEST"},
    "protocol.acknowledge": {
        "version": 1,
        "content_hash": "ab",
        "read_back": {"regions": ["head"], "phases": ["none"]},
    },
    "image.share": {"study_uid": "1.2.3", "frame": 1},
    "acquisition.end": {"contrast_given": [{"agent": "TEST", "volume_ml": 60}]},
}


@given(st.data())
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_document_allows_what_the_hub_allows(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(VALID)))
    fields = [field.name for field in msgspec.inspect.type_info(COMMANDS[kind]).fields]  # type: ignore[attr-defined]  # a DataclassType
    change = data.draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=2))
    body = VALID[kind] | change
    try:
        decode_command(kind, json.dumps(body).encode())
        taken = True
    except BadBody:
        taken = False
    try:
        _valid(body, _component(COMMANDS[kind].__name__))
        described = True
    except jsonschema.ValidationError:
        described = False
    assert taken == described, body


async def test_real_answers_are_as_described(at: House) -> None:
    def told(answer: httpx.Response, path: str, method: str = "get") -> None:
        operation = OPENAPI["paths"][path][method]["responses"]
        said = (
            operation.get(str(answer.status_code)) or OPENAPI["components"]["responses"]["Problem"]
        )
        media, described = next(iter(said["content"].items()))
        assert answer.headers["content-type"].partition(";")[0] == media
        if media.endswith("json"):
            _valid(answer.json(), described["schema"])

    room = await at.open_room()
    await at.say("lea", room, "TEST")
    async with at.client() as http:
        entered = await http.post("/api/v1/sessions", json={"login": "lea", "password": PASSWORD})
        told(entered, "/api/v1/sessions", "post")
        for path in OPENAPI["paths"]:
            if path in ("/metrics", "/api/v1/tickets") or path.endswith("/stream"):
                continue
            if "get" in OPENAPI["paths"][path]:
                # a study that is not there: pictures themselves are looked at in tests/imaging
                told(
                    await http.get(re.sub("{[^}]+}", "2.25.1", path.replace("{room}", room))), path
                )
        told(await http.post("/api/v1/tickets"), "/api/v1/tickets", "post")
        refused = await http.get("/api/v1/rooms/none")
        _valid(refused.json(), schema.problem())
        page = (await http.get(f"/api/v1/rooms/{room}/events")).json()
    for event in page["events"]:
        _valid(event, _component("evt"))
        _valid(event["body"], _component(EVENTS[event["kind"]].__name__))
    stored = await at.say("lea", room, "TEST")
    told(stored, "/api/v1/rooms/{room}/events", "post")
