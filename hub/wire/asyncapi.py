"""The AsyncAPI 3 document: the socket, every frame in both directions."""

from functools import cache
from typing import Any

from hub import __version__
from hub.room.commands import BY_KIND as COMMANDS
from hub.wire.errors import FAULTS, Close
from hub.wire.frames import CLIENT_FRAMES, MAX_FRAME, SUBPROTOCOL, Pub, dumps
from hub.wire.schema import Schema, bodies, ref, struct
from hub.wire.shapes import CLIENT_SEES, shapes


def _client_frames() -> dict[str, Schema]:
    """Schemas by the `t` of the frame. A `pub` has one shape a kind."""
    frames = {str(cls.__struct_config__.tag): struct(cls) for cls in CLIENT_FRAMES}
    pub = struct(Pub)
    frames["pub"] = {
        "description": pub["description"],
        "anyOf": [
            pub
            | {
                "title": kind,
                "properties": pub["properties"]
                | {"kind": {"const": kind}, "body": ref(command.__name__)},
            }
            for kind, command in COMMANDS.items()
        ],
    }
    return frames


def _messages(schemas: dict[str, Schema], prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}.{name}": {"name": name, "payload": ref(f"{prefix}.{name}")} for name in schemas
    }


def _told(prefix: str, names: list[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/socket/messages/{prefix}.{name}"} for name in names]


def document() -> dict[str, Any]:
    """The whole document."""
    sent = _client_frames()
    known = shapes()
    received = {name: ref(name) for name in CLIENT_SEES}
    messages = _messages(sent, "client") | _messages(received, "server")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "examroom socket",
            "version": __version__,
            "description": "Text frames of UTF-8 JSON. Stored, then ok, then delivered; one "
            "gap-free integer per room; resume from any seq ever issued.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/ws",
                "bindings": {
                    "ws": {
                        "method": "GET",
                        "headers": {
                            "type": "object",
                            "properties": {"Sec-WebSocket-Protocol": {"const": SUBPROTOCOL}},
                        },
                    }
                },
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "clientSends": {
                "action": "receive",
                "channel": {"$ref": "#/channels/socket"},
                "messages": _told("client", list(sent)),
            },
            "hubSends": {
                "action": "send",
                "channel": {"$ref": "#/channels/socket"},
                "messages": _told("server", list(received)),
            },
        },
        "components": {
            "messages": messages,
            "schemas": bodies()
            | known
            | {f"client.{name}": schema for name, schema in sent.items()}
            | {f"server.{name}": schema for name, schema in received.items()},
        },
        "x-limits": {"frame_bytes": MAX_FRAME},
        "x-codes": {
            slug: {"code": fault.status, "retry": fault.retry, "fr": fault.fr, "en": fault.en}
            for slug, fault in FAULTS.items()
        },
        "x-close-codes": {
            str(int(close)): {"slug": close.slug, "reconnect": close.reconnect} for close in Close
        },
    }


@cache
def document_json() -> bytes:
    """The same, as bytes."""
    return dumps(document())
