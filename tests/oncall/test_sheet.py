"""A rota goes to CSV and comes back; a sheet from elsewhere is read, or refused with its row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.oncall.rota import BadRota, Override, Shift
from hub.oncall.sheet import Planned, from_csv, to_csv
from tests.oncall.test_rota import ZONES

ids = st.text("abcdefghij-_0123456789", min_size=1, max_size=12)
notes = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20
).map(lambda text: " ".join(text.split()))  # fmt: skip
times = st.tuples(st.integers(1, 14), st.integers(15, 28), st.integers(0, 23)).map(
    lambda held: (f"2026-10-{held[0]:02}T{held[2]:02}:00", f"2026-10-{held[1]:02}T02:30")
)
shifts = st.builds(
    lambda id, line, person, when, zone, order, note: Shift(
        shift=id, line=line, person=person, start=when[0], end=when[1], timezone=zone,
        order=order, note=note,
    ),
    ids, ids, ids, times, st.sampled_from(list(ZONES)), st.integers(1, 9), notes,
)  # fmt: skip
overrides = st.builds(
    lambda id, line, person, when, zone, instead, swap, reason: Override(
        override=id, line=line, person=person, start=when[0], end=when[1], timezone=zone,
        instead_of=instead, swap=swap, reason=reason,
    ),
    ids, ids, st.just("") | ids, times, st.sampled_from(list(ZONES)), st.just("") | ids,
    st.just("") | ids, notes,
)  # fmt: skip


@given(st.lists(shifts, max_size=5), st.lists(overrides, max_size=5))
def test_there_and_back(given: list[Shift], more: list[Override]) -> None:
    assert from_csv(to_csv(given, more)) == Planned(tuple(given), tuple(more))


def test_no_cell_is_a_formula() -> None:
    one = Shift(
        shift="s", line="l", person="p", start="2026-10-01T08:00", end="2026-10-01T20:00",
        note='=HYPERLINK("http://…")',
    )  # fmt: skip
    assert ",\"'=HYPERLINK" in to_csv([one])


def test_a_sheet_of_a_spreadsheet_in_french() -> None:
    text = "\ufeffLine;Person;Start;End\r\nnuit;omar;2026-11-21T20:00;2026-11-22T08:00\r\n;;;\r\n"
    assert from_csv(text, "Indian/Reunion").shifts == (
        Shift(
            shift="", line="nuit", person="omar", start="2026-11-21T20:00",
            end="2026-11-22T08:00", timezone="Indian/Reunion",
        ),
    )  # fmt: skip


HEAD = "kind,line,person,start,end,order,timezone\n"
GOOD = "nuit,omar,2026-11-21T20:00,2026-11-22T08:00"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "header"),
        ("line,person\n", "header"),
        (f"{HEAD}shift,nuit,,2026-11-21T20:00,2026-11-22T08:00,,\n", "row 2, person"),
        (f"{HEAD}shift,{GOOD},1,\nshift,{GOOD},0,\n", "row 3, order"),
        (f"{HEAD}shift,{GOOD},x,\n", "row 2, order"),
        (f"{HEAD}holiday,{GOOD},1,\n", "row 2, kind"),
        (f"{HEAD}shift,,omar,2026-11-21T20:00,2026-11-22T08:00,1,\n", "row 2, line"),
        (f"{HEAD}shift,nuit,omar,2026-11-21T20:00,2026-11-21T08:00,1,\n", "row 2, end"),
        (f"{HEAD}override,nuit,,2026-11-21T20:00,,1,\n", "row 2, end"),
        (f"{HEAD}shift,{GOOD},1,Mars/Olympus\n", "row 2, timezone"),
    ],
)
def test_sheets_that_are_refused(text: str, field: str) -> None:
    with pytest.raises(BadRota) as bad:
        from_csv(text)
    assert bad.value.field == field
