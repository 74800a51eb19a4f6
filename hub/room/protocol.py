"""The protocol as a safe command: its content hash, its critical fields, and their read-back."""

import json
import math
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from hub.room import refusals
from hub.room.exam import Protocol, bare
from hub.room.refusals import Refused
from hub.room.words import Words

_EMPTY: tuple[Any, ...] = (None, "", (), [], {})


def content_hash(protocol: Protocol) -> str:
    """SHA-256, in hex, over the canonical JSON of the protocol: version and all fields.

    Canonical: what is empty left out at every depth, keys sorted, `,` and `:` without spaces,
    characters as themselves, a whole number without a decimal point.
    """
    text = json.dumps(
        canonical(asdict(bare(Protocol, protocol))),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    # a lone surrogate is text that UTF-8 cannot spell; hash it rather than fall over it
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical(value: Any) -> Any:
    """`value` of `asdict` as it is hashed: what is empty left out at every depth."""
    if isinstance(value, dict):
        pairs = ((key, canonical(held)) for key, held in value.items())
        return {key: held for key, held in pairs if held not in _EMPTY}
    if isinstance(value, list | tuple):
        return [canonical(held) for held in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def critical_fields(protocol: Protocol) -> dict[str, Any]:
    """What an acknowledgement reads back: regions and phases, contrast where it is ordered."""
    critical: dict[str, Any] = {
        "regions": list(protocol.regions),
        "phases": list(dict.fromkeys(series.phase for series in protocol.series)),
    }
    contrast = protocol.contrast
    if contrast is not None:
        held = {
            "volume_ml": contrast.volume_ml,
            "rate_ml_s": contrast.rate_ml_s,
            "agent": contrast.agent,
        }
        critical["contrast"] = {name: value for name, value in held.items() if value not in _EMPTY}
    return critical


LABELS: dict[str, Words] = {
    "regions": ("régions", "regions"),
    "phases": ("phases", "phases"),
    "contrast.volume_ml": ("volume de contraste", "contrast volume"),
    "contrast.rate_ml_s": ("débit de contraste", "contrast rate"),
    "contrast.agent": ("produit de contraste", "contrast agent"),
}

_FLAT = {"volume_ml": ("contrast_volume_ml", "volume_ml"),
         "rate_ml_s": ("contrast_rate_ml_s", "rate_ml_s"),
         "agent": ("contrast_agent", "agent")}  # fmt: skip
"""Other spellings of the contrast fields, accepted beside `contrast{…}`."""


def read_back_problem(protocol: Protocol, read_back: dict[str, Any]) -> Refused | None:
    """Why `read_back` is not a read-back of `protocol`; None where every critical field agrees.

    Regions and phases agree as sets, without regard to case; numbers by value. Contrast read back
    where none is ordered disagrees as well.
    """
    critical = critical_fields(protocol)
    for name in ("regions", "phases"):
        said = _terms(read_back.get(name))
        if said is None:
            return _missing(name)
        if said != _terms(critical[name]):
            return refusals.read_back_differs(name, LABELS[name])
    ordered = critical.get("contrast", {})
    for name in ("volume_ml", "rate_ml_s"):
        if problem := _amount_problem(name, ordered.get(name), _said(read_back, name)):
            return problem
    agent = _said(read_back, "agent")
    if agent not in _EMPTY and _terms([agent]) != _terms([ordered.get("agent", "")]):
        return refusals.read_back_differs("contrast.agent", LABELS["contrast.agent"])
    return None


def _amount_problem(name: str, ordered: float | None, said: Any) -> Refused | None:
    field = f"contrast.{name}"
    if said in _EMPTY:
        return None if ordered is None else _missing(field)
    if _amount(said) == (ordered or 0.0):
        return None
    return refusals.read_back_differs(field, LABELS[field])


def _missing(field: str) -> Refused:
    fr, en = LABELS[field]
    return refusals.body(
        f"read_back.{field}",
        f"Relecture incomplète : ajoutez {fr}, tel que vous le lisez au protocole.",
        f"The read-back is incomplete: add {en}, as you read it in the protocol.",
    )


def _said(read_back: dict[str, Any], name: str) -> Any:
    nested = read_back.get("contrast")
    if isinstance(nested, dict) and nested.get(name) not in _EMPTY:
        return nested[name]
    return next((read_back[key] for key in _FLAT[name] if read_back.get(key) not in _EMPTY), None)


def _terms(value: Any) -> frozenset[str] | None:
    """A list of terms to compare, or None where it is no such list or an empty one."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple) or not all(isinstance(term, str) for term in value):
        return None
    terms = frozenset(" ".join(term.casefold().split()) for term in value)
    return terms or None


def _amount(value: Any) -> float:
    """The number said; NaN, which agrees with nothing, where it is none."""
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, str):
        value = value.strip().replace(",", ".")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
