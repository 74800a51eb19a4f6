"""Shapes of what the hub sends, for the documents; the tests hold real answers against them."""

from hub.room.events import BY_KIND as EVENTS
from hub.room.roles import Role
from hub.room.stages import Stage, Urgency
from hub.wire import rota
from hub.wire.errors import FAULTS, Close
from hub.wire.schema import Schema, array, optional, record, ref

TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
ROLE: Schema = {"type": "string", "enum": [role.value for role in Role]}
KINDS = [*EVENTS]


def const(t: str) -> Schema:
    """The `t` of a frame."""
    return {"const": t}


def shapes() -> dict[str, Schema]:
    """Components: what REST answers and what the socket sends."""
    return _people() | _worklist() | _room_frames() | _connection_frames() | rota.shapes()


def _people() -> dict[str, Schema]:
    part = record("A part", role="string", site="string", site_name="string")
    person = record(
        "The person of the session", id="string", name="string", role=ROLE, site="string",
        site_name="string", timezone="string", lang="string",
    )  # fmt: skip
    colleague = record(
        "A colleague in a part", person="string", name="string", role="string", site="string",
        site_name="string",
    )  # fmt: skip
    site = record("A site", name="string", timezone="string", phone="string")
    sites = {"type": "object", "additionalProperties": site}
    actor = record(
        "Who acted, stamped by the hub",
        person="string", name="string", role=ROLE, site="string", device="string",
    )  # fmt: skip
    one_click = record(
        "Somebody of the demo",
        person="string", name="string", role="string", site_name="string", link="string",
    )  # fmt: skip
    return {
        "Me": record(
            "Who this session acts as", person=person, roles=array(part), sites=sites,
            expires_at={"type": ["string", "null"]}, server_time=TIME, phone="string",
            demo="boolean",
        ),
        "People": record("Colleagues", people=array(colleague)),
        "Actor": actor,
        "Config": record(
            "Known before login", version="string", demo="boolean", phone="string",
            cast=array(one_click),
        ),
    }  # fmt: skip


def _worklist() -> dict[str, Schema]:
    row = record(
        "A room in the worklist; outside of care without identity and free text",
        room="string",
        seq="integer",
        site="string",
        stage={"enum": [stage.value for stage in Stage]},
        urgency={"enum": [*(urgency.value for urgency in Urgency), ""]},
        is_open="boolean",
    )
    asked = optional(
        record(
            "What one person is asked by name: to come in, to take over",
            person="string",
            act={"enum": ["member.invite", "case.claim"]},
            since=TIME,
        ),
        by="string",
        text="string",
    )
    return {
        "Row": optional(row, asked=array(asked)),
        "Figures": record(
            "Figures of punctuality", by=array({"type": "string"}), to="string",
            from_="string", rows=array({"type": "object"}),
        ),
        "Wall": record(
            "The wall board", at="string", sites=array({"type": "string"}), names="boolean",
            counts="object", rooms=array({"type": "object"}),
        ),
        "Worklist": record("A page of the worklist", rooms=array(ref("Row")), next="string"),
    }  # fmt: skip


def _room_frames() -> dict[str, Schema]:
    evt = record(
        "A stored event", t=const("evt"), room="string", seq="integer", id="string", at=TIME,
        kind={"enum": KINDS}, body="object",
    )  # fmt: skip
    evt["properties"]["from"] = ref("Actor")
    evt["required"].append("from")
    present = record(
        "Somebody in the room", person="string", name="string", role=ROLE, site="string",
        state={"enum": list(rota.STATES)}, since="string",
        devices=array({"type": "string"}),
    )  # fmt: skip
    pres = record("Who is here: `people` whole, then changes", t=const("pres"), room="string")
    people = array(present)
    sent = {"from": ref("Actor"), "body": {}}
    eph = record("Pointer, viewport, typing", t=const("eph"), room="string", key="string")
    sig = record("Negotiation of a call", t=const("sig"), room="string", call="string")
    return {
        "evt": optional(evt, cid="string"),
        "page": record(
            "A piece of the past", t=const("page"), room="string", events=array(ref("evt")),
            more="boolean",
        ),
        "joined": record(
            "The fold of events 1 to `head`", t=const("joined"), re="string", room="string",
            epoch="string", head="integer", state=ref("Room"),
        ),
        "rcpt": record(
            "What somebody's device has, and what they saw", t=const("rcpt"), room="string",
            person="string", device="string", got="integer", seen="integer",
        ),
        "pres": optional(
            pres, people=people, joined=people, changed=people, left=array({"type": "string"})
        ),
        "eph": optional(eph, **sent),
        "sig": optional(sig, **sent),
        "row": record(
            "A room of the worklist changed", t=const("row"), room="string", summary=ref("Row")
        ),
    }  # fmt: skip


def _connection_frames() -> dict[str, Schema]:
    err = record(
        "Refused", t=const("err"), code="integer", slug={"enum": [*FAULTS]}, detail="string",
        fr="string", en="string", retry="boolean",
    )  # fmt: skip
    return {
        "welcome": record(
            "The connection stands", t=const("welcome"), conn="string", person="object",
            heartbeat_ms="integer", limits="object", caps=array({"type": "string"}),
            server_time=TIME,
        ),
        "ok": optional(
            record("Done; an act is on the disk", t=const("ok"), re="string"),
            seq="integer",
            dup="boolean",
        ),
        "err": optional(err, re="string", retry_after_ms="integer", seq="integer"),
        "pong": record("Here I am", t=const("pong"), n="integer"),
        "hb": record(
            "Heartbeat; heads are read from the store", t=const("hb"), n="integer",
            server_time=TIME, heads={"type": "object", "additionalProperties": {"type": "integer"}},
        ),
        "note": optional(
            record(
                "How things go",
                t=const("note"),
                slug={"enum": ["lagging", "degraded", "draining", "recovered"]},
            ),
            room="string",
        ),
        "bye": record(
            "The last frame", t=const("bye"), code={"enum": [int(close) for close in Close]},
            slug="string", reconnect={"enum": ["now", "backoff", "reauth", "never"]},
            after_ms="integer", resume="boolean",
        ),
    }  # fmt: skip


CLIENT_SEES = (
    "welcome", "joined", "page", "evt", "ok", "err", "rcpt", "eph", "sig", "pres", "hb", "note",
    "row", "pong", "bye",
)  # fmt: skip
"""Every frame that the hub sends."""
