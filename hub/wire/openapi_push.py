"""The part of the OpenAPI document about the devices on which a person is alerted."""

from hub.wire import rest
from hub.wire.operations import Operation, json_answer, operation
from hub.wire.schema import array, record, struct


def devices() -> dict[str, Operation]:
    """Paths and their operations."""
    root = "/api/v1/push"
    one = record(
        "A device of mine", id="string", label="string", lang="string", created="string",
        current="boolean",
    )  # fmt: skip
    mine = record("My devices", subscriptions=array(one))
    outcome = {"enum": ["sent", "failed", "gone", "refused"]}
    named = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    }
    subscribing = struct(rest.Subscribing)
    subscribing["properties"]["keys"] = struct(rest.PushKeys)
    return {
        f"{root}/key": {
            "get": operation(
                "pushKey",
                "The key that a browser subscribes with",
                {"200": json_answer(record("The VAPID key", key="string"), "base64url")},
            )
        },
        f"{root}/subscriptions": {
            "get": operation(
                "devices", "Devices on which I am alerted", {"200": json_answer(mine, "")}
            ),
            "post": operation(
                "subscribe",
                "Alert me on this device, until this session ends",
                {"201": json_answer(record("Kept", id="string"), "kept")},
                body=subscribing,
            ),
        },
        f"{root}/subscriptions/{{id}}": {
            "parameters": [named],
            "delete": operation(
                "unsubscribe", "Not on this device", {"204": {"description": "forgotten"}}
            ),
        },
        f"{root}/subscriptions/{{id}}/test": {
            "parameters": [named],
            "post": operation(
                "tryDevice",
                "Send a trial",
                {"200": json_answer(record("How it went", outcome=outcome), "tried")},
            ),
        },
    }
