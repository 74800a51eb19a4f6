"""What a site decides for itself, as JSON in its row of the directory."""

from typing import Any, Literal

import msgspec


class SitePolicy(msgspec.Struct, frozen=True):
    """`release`: who releases the patient. `wall_names`: whether the wall board names patients."""

    release: Literal["either", "radiologist", "technologist"] = "either"
    wall_names: bool = False


_decode = msgspec.json.Decoder(SitePolicy).decode


def policy_of(text: str) -> SitePolicy:
    """The policy written in `text`; the shipped one where it says nothing, or nothing readable."""
    try:
        return _decode(text or "{}")
    except msgspec.DecodeError:
        return SitePolicy()


def written(text: str, changes: dict[str, Any]) -> str:
    """The JSON `text` of a policy with `changes`; what else it holds stays."""
    try:
        held = msgspec.json.decode(text or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        held = {}
    return msgspec.json.encode(held | changes).decode()
