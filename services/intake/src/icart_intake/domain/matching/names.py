"""How much two names agree. Answers are kept: the same few names meet again and again."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from icart_intake.domain.matching.forms import groups_of
from icart_intake.domain.matching.levels import BLANK, FAMILY, GIVEN, level_of
from icart_intake.domain.matching.seen import is_initial
from icart_intake.domain.matching.sound import sound_of

_KEPT: Final = 500_000
_GIVEN_FORM, _GIVEN_SOUND, _GIVEN_CLOSE = level_of(GIVEN, "form"), level_of(GIVEN, "sound"), level_of(GIVEN, "close")
_GIVEN_WORDS, _GIVEN_START, _GIVEN_DIFFER = (level_of(GIVEN, name) for name in ("words", "start", "differ"))
_FAMILY_PART, _FAMILY_SOUND, _FAMILY_CLOSE = (
    level_of(FAMILY, "part"),
    level_of(FAMILY, "sound"),
    level_of(FAMILY, "close"),
)
_FAMILY_DIFFER: Final = level_of(FAMILY, "differ")


@lru_cache(maxsize=_KEPT)
def given_level(one: str, other: str) -> int:
    """The level of two given names; the same one, unless it is an initial, is `same`, common or not. Symmetric."""
    if not one or not other:
        return BLANK
    if one == other:
        return _GIVEN_START if is_initial(one) else 0
    if groups_of(one) & groups_of(other):
        return _GIVEN_FORM
    if _is_part(one, other):
        return _GIVEN_WORDS
    if _sound_alike(one, other):
        return _GIVEN_SOUND
    if is_close(one, other):
        return _GIVEN_CLOSE
    return _GIVEN_START if _is_start(one, other) else _GIVEN_DIFFER


@lru_cache(maxsize=_KEPT)
def family_level(one: str, other: str) -> int:
    """The level of two family names; the same one is `same` here, whether it is common or not. Symmetric."""
    if not one or not other:
        return BLANK
    if one == other:
        return 0
    if _is_part(one, other):
        return _FAMILY_PART
    if _sound_alike(one, other):
        return _FAMILY_SOUND
    return _FAMILY_CLOSE if is_close(one, other) else _FAMILY_DIFFER


def is_close(one: str, other: str) -> bool:
    """Whether one slip (a letter more, less, other, or two that changed place) makes one of the other; two in long names."""
    longest = max(len(one), len(other))
    allowed = 0 if longest < 3 else 1 if longest < 7 else 2
    return allowed > 0 and OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _sound_alike(one: str, other: str) -> bool:
    # The key of a short name is one or two sounds, which many names share: then the first letters must agree as well.
    key = sound_of(one)
    if key != sound_of(other):
        return False
    return len(key) > 2 or (one[:2] == other[:2] and abs(len(one) - len(other)) < 3)


def _is_part(one: str, other: str) -> bool:
    """Whether all words of one are words of the other (`mary` of `mary jane`, `moss` of `moss lowbridge`)."""
    if " " not in one and " " not in other:
        return False
    ones, others = set(one.split()), set(other.split())
    return ones <= others or others <= ones


def _is_start(one: str, other: str) -> bool:
    """Whether one is the initial of the other, or its first three letters or more."""
    short, long = sorted((one, other), key=len)
    return len(short) in {1, 3, 4, 5} and long.startswith(short)
