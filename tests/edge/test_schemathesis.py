"""The whole of REST under generated requests: no 500, nothing undescribed, no hang."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.wire import openapi
from tests.edge.house import URL, House, house

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
"""Which bodies must be refused is asked of the bodies themselves, in test_documents.py."""
SCHEMA = schemathesis.openapi.from_dict(openapi.document())
SCHEMA.config.update(base_url=URL)
OPERATIONS = [
    SCHEMA[path][method.upper()]
    for path, item in openapi.document()["paths"].items()
    for method in item
    if method != "parameters" and not path.endswith("/stream")  # a stream has no end
]


class Running:
    """A house on an event loop of its own: schemathesis calls from outside of any."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self._house = house(folder)
        self.at: House = self.loop.run_until_complete(self._house.__aenter__())
        self.room = self.loop.run_until_complete(self.at.open_room())

    def ask(self, asked: requests.PreparedRequest) -> httpx.Response:
        # the rate limit has its own tests; here every request is to be looked at
        self.at.clock.move(10)

        body = asked.body.encode() if isinstance(asked.body, str) else asked.body
        assert body is None or isinstance(body, bytes)
        # as somebody who is logged in: invented tokens would see nothing but 401
        without = ("content-length", "authorization", "cookie")
        headers = {k: str(v) for k, v in asked.headers.items() if k.lower() not in without}

        async def sent() -> httpx.Response:
            async with self.at.by("lea") as http:
                return await http.request(
                    asked.method or "GET",
                    asked.url or URL,
                    content=body,
                    headers=headers,
                )

        return self.loop.run_until_complete(asyncio.wait_for(sent(), 20))

    def close(self) -> None:
        self.loop.run_until_complete(self._house.__aexit__(None, None, None))
        self.loop.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(tmp_path_factory.mktemp("schemathesis"))
    yield made
    made.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_breaks_it(running: Running, operation: Any) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def every(case: Any) -> None:
        if "room" in case.path_parameters and len(str(case.path_parameters["room"])) % 4:
            case.path_parameters["room"] = running.room
        asked = requests.Request(**case.as_transport_kwargs(base_url=URL)).prepare()
        case.validate_response(running.ask(asked), checks=CHECKS)

    every()
