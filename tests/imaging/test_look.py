"""What a query may ask of a picture."""

import string
from itertools import chain

import pytest
from PIL import ImageFont

from hub.imaging.look import Look, of_query
from hub.imaging.picture import LABELS
from hub.imaging.problems import REASONS, ImageProblem


def test_an_empty_query_asks_for_the_picture_as_it_is() -> None:
    assert of_query({}) == Look()


@pytest.mark.parametrize(
    ("query", "window"),
    [
        ("40,80", (40.0, 80.0, "LINEAR")),
        ("-600,1600.5,linear", (-600.0, 1600.5, "LINEAR")),
        ("40,80,linear-exact", (40.0, 80.0, "LINEAR_EXACT")),
        ("40,80,SIGMOID", (40.0, 80.0, "SIGMOID")),
        ("40,1", (40.0, 1.0, "LINEAR")),
        ("40,0.5,LINEAR_EXACT", (40.0, 0.5, "LINEAR_EXACT")),
    ],
)
def test_window(query: str, window: tuple[float, float, str]) -> None:
    assert of_query({"window": query}).window == window


def test_viewport_arrows_and_invert() -> None:
    look = of_query(
        {"viewport": "512,384,10,20,-30,40", "arrows": "1,2;3.5,4,5,6;7,8,9,10,A2", "invert": "1"}
    )
    assert look.viewport == (512, 384)
    assert look.region == (10.0, 20.0, -30.0, 40.0)
    assert look.arrows == (
        (1.0, 2.0, None, None, ""),
        (3.5, 4.0, 5.0, 6.0, ""),
        (7.0, 8.0, 9.0, 10.0, "A2"),
    )
    assert look.invert
    assert Look.of_json(look.as_json()) == look


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", "40"),
        ("window", "40,80,LINEAR,1"),
        ("window", "40,0"),
        ("window", "40,0.5"),
        ("window", "40,-80"),
        ("window", "40,80,GAMMA"),
        ("window", "nan,80"),
        ("window", "40,inf"),
        ("window", "40,0,SIGMOID"),
        ("window", "1e300,80"),
        ("window", "a,b"),
        ("viewport", "512"),
        ("viewport", "0,512"),
        ("viewport", "512,15"),
        ("viewport", "100000,100000"),
        ("viewport", "512.5,512"),
        ("viewport", "inf,512"),
        ("viewport", "512,512,0,0,0,10"),
        ("viewport", "512,512,0,0,nan,10"),
        ("arrows", "1"),
        ("arrows", "1,2,3"),
        ("arrows", "1,2,3,4,MARTIN"),
        ("arrows", "1,2,3,4,é"),
        ("arrows", "1,1e99"),
        ("arrows", ";".join(["1,1"] * 33)),
        ("arrows", ";" * 100_000),
        ("invert", "maybe"),
    ],
)
def test_what_is_out_of_bounds_is_refused(name: str, value: str) -> None:
    with pytest.raises(ImageProblem) as refused:
        of_query({name: value})
    assert (refused.value.reason, refused.value.status) == ("bad_query", 400)


def test_looks_that_differ_have_keys_that_differ() -> None:
    queries: list[dict[str, str]] = [
        {},
        {"window": "40,80"},
        {"window": "40,80,SIGMOID"},
        {"viewport": "40,80"},
        {"viewport": "40,80,0,0,10,10"},
        {"arrows": "40,80"},
        {"invert": "1"},
    ]
    assert len({of_query(query).key() for query in queries}) == len(queries)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_problem_speaks_french_and_english(reason: str) -> None:
    problem = ImageProblem(reason)
    assert problem.detail == f"{problem.fr} / {problem.en}"
    assert problem.fr != problem.en
    assert 400 <= problem.status < 600


@pytest.mark.parametrize("words", ["arrêt", "occlusion", "é", "?"])
def test_no_free_words_are_drawn_into_a_picture(words: str) -> None:
    """The font has no accents, and a picture that is passed on takes its words along."""
    with pytest.raises(ImageProblem):
        Look(arrows=((1.0, 2.0, None, None, words),))


def test_what_may_be_drawn_is_in_the_font() -> None:
    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\ufffe"))
    drawn = {*string.ascii_letters, *string.digits, *"".join(chain(*LABELS)).replace(" ", "")}
    assert [one for one in sorted(drawn) if bytes(font.getmask(one)) == missing] == []
