"""What differs between two versions of the same thing, as dotted fields."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hub.room.exam import Value, bare

_EMPTY: tuple[Any, ...] = (None, "", (), [], {})


def differences(cls: type[Value], before: Value, after: Value) -> tuple[str, ...]:
    """Dotted fields of `cls` in which `after` differs from `before`, sorted: `labs.egfr`,
    `series[2].kv`. Lists of objects are compared by place, counted from 1; others as a whole."""
    return tuple(sorted(_walk("", asdict(bare(cls, before)), asdict(bare(cls, after)))))


def _walk(path: str, one: Any, other: Any) -> Iterator[str]:
    if one == other or (one in _EMPTY and other in _EMPTY):
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from _walk(f"{path}.{key}" if path else str(key), one.get(key), other.get(key))
    elif _objects(one) or _objects(other):
        for n in range(max(len(one), len(other))):
            here = one[n] if n < len(one) else None
            there = other[n] if n < len(other) else None
            yield from _walk(f"{path}[{n + 1}]", here, there)
    else:
        yield path


def _objects(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], dict)
