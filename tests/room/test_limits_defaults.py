"""What a field has of itself keeps its bounds: `limits.check` does not look at it again."""

from dataclasses import MISSING, fields

import pytest

from hub.room import commands
from hub.room.limits import marks_of


@pytest.mark.parametrize("kind", sorted(commands.BY_KIND))
def test_a_default_keeps_the_bounds_of_its_field(kind: str) -> None:
    command = commands.BY_KIND[kind]
    marks = {name: own for name, own, _ in marks_of(command)}
    for field in fields(command):
        if field.default is not MISSING and field.default is not None:
            assert [mark.problem(field.default) for mark in marks[field.name]] == [None] * len(
                marks[field.name]
            ), field.name
