"""Bodies, sensible or not, of what is asked of critical results, opinions, reviews, handovers."""

from typing import Any

from hypothesis import strategies as st

from tests.room.cast import Body

Texts = st.SearchStrategy[str]


def _of(**known: Any) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(known)


def loop_bodies(
    persons: Texts, texts: Texts, seqs: st.SearchStrategy[int]
) -> dict[str, st.SearchStrategy[Body]]:
    """Kind -> bodies that name these persons, texts and places in the journal."""
    return {
        "critical.raise": st.fixed_dictionaries(
            {"category": st.integers(1, 3), "finding": st.just("TEST hématome gauche")},
            optional={"words": st.just(["gauche"]), "to": persons, "images": st.just([])},
        ),
        "critical.attempt": _of(
            critical=seqs, method=st.just("phone"), outcome=st.sampled_from(["reached", "busy"])
        ),
        "critical.acknowledge": st.fixed_dictionaries(
            {"critical": seqs, "read_back": st.sampled_from(["", "à Gauche", "à droite"])},
            optional={
                "method": st.sampled_from(["room", "phone"]),
                "recipient": st.just({"name": "TEST-X", "role": "interne", "number": "5150"}),
            },
        ),
        "critical.close": _of(critical=seqs, reason=st.sampled_from(["", "dit"])),
        "opinion.ask": st.fixed_dictionaries(
            {"question": st.just("TEST ?")}, optional={"to": persons, "specialty": texts}
        ),
        "opinion.accept": _of(opinion=seqs),
        "opinion.decline": _of(opinion=seqs, reason=texts),
        "opinion.answer": _of(opinion=seqs, text=texts),
        "opinion.conclude": _of(opinion=seqs, concordance=st.sampled_from(["agree", "major"])),
        "opinion.withdraw": _of(opinion=seqs, reason=texts),
        "review.record": _of(grade=st.sampled_from(["agree", "minor"]), text=texts),
        "handover.offer": _of(to=persons, minutes=st.integers(1, 60)),
        "handover.accept": _of(),
        "handover.decline": _of(reason=texts),
        "handover.withdraw": _of(),
    }
