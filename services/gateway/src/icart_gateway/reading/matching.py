"""Why two people may be one, in words: each piece of evidence, and how much it says for or against (IN-17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from icart_common.contracts.referral import Person
from icart_common.policy.wording import born_in_words, name_in_words

STATES: Final = {
    "open": "open",
    "same": "decided: the same person",
    "different": "decided: not the same person",
    "withdrawn": "withdrawn",
    "proposed": "proposed, and waits for a second person",
    "made": "made",
    "refused": "refused",
    "undone": "undone",
    "recorded": "still being looked up",
    "checked": "checked, and waits for its answer",
    "answered": "answered: its reply has left",
}
"""How far a possible match, a merge or a statutory notice is, after `it is`."""
_WEIGHTS: Final = ((6.0, "very strongly"), (3.0, "strongly"), (1.0, "somewhat"), (0.0, "hardly"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One term of the comparison."""

    words: str
    says: str
    """`strongly for the same person`."""
    is_for: bool


def evidence(words: Iterable[str], bits: Iterable[float]) -> tuple[Evidence, ...]:
    """The terms, what says most first. A bit doubles, or halves, the odds that the two are one."""
    found = sorted(zip(words, bits, strict=True), key=lambda one: -abs(one[1]))
    return tuple(Evidence(term, f"{_weight(weight)} {_side(weight)}", weight > 0) for term, weight in found)


def side_by_side(one: Person | None, other: Person | None) -> tuple[tuple[str, str, str, str], ...]:
    """Rows for the two as they were last told at the door: what, the one's, the other's, whether the two agree."""
    left, right = _told(one), _told(other)
    return tuple((name, left[name], right[name], _agree(left[name], right[name])) for name in left)


def _told(person: Person | None) -> dict[str, str]:
    if person is None:
        return dict.fromkeys(
            ("Name", "Other names", "Born", "Sex", "Lives at", "Telephone", "School", "NHS number"), ""
        )
    return {
        "Name": name_in_words(person.given_name, person.family_name),
        "Other names": ", ".join(person.other_names),
        "Born": born_in_words(person.born, person.expected),
        "Sex": person.sex or "",
        "Lives at": "; ".join(one.on_one_line() for one in person.addresses),
        "Telephone": ", ".join(person.phones),
        "School": person.school or "",
        "NHS number": person.nhs_number or "",
    }


def _agree(one: str, other: str) -> str:
    if not (one and other):
        return ""
    return "the same" if one.casefold() == other.casefold() else "different"


def _weight(bits: float) -> str:
    return next(words for least, words in _WEIGHTS if abs(bits) >= least)


def _side(bits: float) -> str:
    return "for the same person" if bits > 0 else "against the same person"
