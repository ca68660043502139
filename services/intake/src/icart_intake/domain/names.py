"""Names made comparable: case, accents, apostrophes, hyphens and white space do not tell two people apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
"""Letters that have no decomposition, as people who lack the key type them."""
_ACCENTS: Final = re.compile("[̀-ͯ]")
"""Combining marks of Latin, Greek and Cyrillic. The vowel signs of other scripts are letters and stay."""
_APOSTROPHES: Final = re.compile("['`´‘’ʼʹ′＇\u200b-\u200f\ufeff\u00ad]")
"""Apostrophes as keyboards write them, and characters that cannot be seen."""
_SAYS_NOTHING: Final = frozenset({"unknown", "not known", "nk", "n k", "n a", "tbc", "unnamed"})
"""What forms hold in place of a name."""


@lru_cache(maxsize=50_000)
def comparable(text: str) -> str:
    """A name in the form in which names are compared; empty when it says nothing. Doing it twice changes nothing."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = text
        for _ in range(2):  # a folded letter may have a decomposition of its own
            plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain).translate(_LETTERS))
        plain = unicodedata.normalize("NFC", plain)
    spaced = "".join(
        letter if letter.isalnum() or unicodedata.category(letter)[0] == "M" else " "
        for letter in _APOSTROPHES.sub("", plain)
    )
    name = " ".join(spaced.split())
    return "" if name in _SAYS_NOTHING else name


def full_names(given: str | None, family: str | None, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Every full name that a person goes by, comparable, each once.

    Another name of one word stands for the given name; one of several words is a full name.
    """
    first, last = comparable(given or ""), comparable(family or "")
    found = [f"{first} {last}".strip()]
    for other in map(comparable, others):
        found.append(other if " " in other else f"{other} {last}".strip() if other else "")
    return tuple(sorted({name for name in found if name}))
