"""How a name sounds, near enough: the key under which names that are said alike are found together.

An own rule and no library's: keys are stored, and a library that hears better next year would lose everybody stored before.
Change it only together with a migration that makes the blocks again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LENGTH: Final = 6
"""Sounds that are kept: long names are mistyped at their end."""

_WHOLE: Final = (
    (re.compile("^mac(?=[^aeiouy])"), "mc"),
    (re.compile("^(?:kn|gn|pn)"), "n"),
    (re.compile("^wr"), "r"),
    (re.compile("^x"), "s"),
    (re.compile("^(?:ye|yi)"), "i"),
    (re.compile("(?<=[aeo])w(?![aeiouy])"), ""),
    (re.compile("(?<=m)p(?=[st])"), ""),
    (re.compile("sch|tsch|tch|sh|ch|cz"), "X"),
    (re.compile("ti(?=[ao])|ci(?=[ao])"), "X"),
    (re.compile("ph|bh|mh"), "f"),
    (re.compile("(?<=[aeiou])ght?|ght"), "t"),
    (re.compile("th|dh"), "t"),
    (re.compile("kh|gh|ck|q"), "k"),
    (re.compile("dg(?=[eiy])|g(?=[eiy])|zh|dj"), "j"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("x"), "ks"),
)  # fmt: skip
_LETTERS: Final = str.maketrans(
    {"c": "k", "z": "s", "w": "v", "v": "v", "f": "v", "d": "t", "p": "p", "b": "b", "y": "i"}
)
_VOWELS: Final = re.compile("[aeiouyh]")
_TWICE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=200_000)
def sound_of(name: str) -> str:
    """The key of a comparable name (see `names`), at most six letters; the name itself where its script has no rule.

    Letters that are said alike become one, vowels after the first sound are left out, doubled sounds count once:
    `mohammed`, `muhammad` and `mohamad` are one key.
    """
    text = name.replace(" ", "")
    if not text.isascii():
        return text
    for pattern, by in _WHOLE:
        text = pattern.sub(by, text)
    text = _TWICE.sub(r"\1", text.translate(_LETTERS))
    if not text:
        return ""
    first = "a" if text[0] in "aeiouy" else text[0]
    return _TWICE.sub(r"\1", first + _VOWELS.sub("", text[1:]))[:LENGTH]
