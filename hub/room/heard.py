"""What was read back in free words, compared for the few words that must come back.

Case, accents and punctuation do not matter, nor a space before a unit; whole words do.
"""

import re
import unicodedata
from collections.abc import Iterable


def heard(text: str) -> str:
    """`text` without case, accents and punctuation, a decimal comma as a point."""
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    plain = re.sub(r"(?<=\d)(?=[a-zµ])", " ", plain)
    plain = re.sub(r"[^\w.]+|\.(?!\d)|(?<!\d)\.", " ", plain)
    return " ".join(plain.split())


def missing(words: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of `words` that `text` does not hold, as whole words."""
    said = f" {heard(text)} "
    return tuple(word for word in words if not heard(word) or f" {heard(word)} " not in said)
