"""What each level of a comparison is called, for the person who decides."""

from __future__ import annotations

from typing import Final, NamedTuple

from icart_intake.domain.matching.levels import ADDRESS, BESIDE, BORN, FAMILY, MOTHER, PHONE, SAME, Levels


class Term(NamedTuple):
    """One reason for or against: `str()` gives it as "date of birth: day and month swapped, +3.1"."""

    field: str
    """One of `levels.FIELDS`; or `family`'s pull, `sibling`; or a number that does not check."""
    level: str
    words: str
    weight: float
    """In bits: what it adds to the score. One bit makes "the same person" twice as likely as it was."""

    def __str__(self) -> str:
        return f"{self.words}, {self.weight:+.1f}"


WORDS: Final[dict[str, dict[str, str]]] = {
    "nhs": {"same": "NHS number: the same", "differ": "NHS number: another one"},
    "upn": {"same": "UPN: the same", "differ": "UPN: another one"},
    "given": {
        "same": "given name: the same",
        "common": "given name: the same, and a common one",
        "form": "given name: a form of the same name",
        "words": "given name: one has a further name",
        "sound": "given name: sounds the same",
        "close": "given name: nearly the same spelling",
        "swapped": "given name: stands as the surname",
        "start": "given name: one is an initial or a beginning of the other",
        "differ": "given name: another one",
    },
    "family": {
        "same": "surname: the same",
        "common": "surname: the same, and a common one",
        "part": "surname: one is a part of the other",
        "sound": "surname: sounds the same",
        "close": "surname: nearly the same spelling",
        "swapped": "surname: stands as the given name",
        "differ": "surname: another one",
    },
    "born": {
        "same": "date of birth: the same",
        "swapped": "date of birth: day and month swapped",
        "digit": "date of birth: one digit differs, or two changed place",
        "parts": "date of birth: two of day, month and year agree",
        "near": "date of birth: near enough to the estimated or expected one",
        "differ": "date of birth: another one",
    },
    "sex": {"same": "sex: the same", "differ": "sex: another one"},
    "address": {
        "same": "address: the same",
        "postcode": "address: the same postcode",
        "lines": "address: the same lines, another postcode or none",
        "near": "address: nearby, or one character of the postcode differs",
        "differ": "address: another one",
    },
    "phone": {
        "same": "telephone number: the same",
        "digit": "telephone number: one digit differs",
        "differ": "telephone number: another one",
    },
    "school": {"same": "school: the same", "differ": "school: another one"},
    "mother": {
        "same": "mother: the same name",
        "like": "mother: a similar name",
        "differ": "mother: another name",
    },
    "beside": {"same": "other children named: one in common", "differ": "other children named: none in common"},
    "listed": {"named": "given name: that of a brother or sister who is named beside the other"},
}

_SHARED: Final = (
    (ADDRESS, 1, "address"), (FAMILY, 4, "surname"), (MOTHER, 1, "mother"), (PHONE, SAME, "telephone number"),
    (BESIDE, SAME, "brothers and sisters"),
)  # fmt: skip
"""What a household shares: the field, the last level that counts as shared, its word."""


def sibling_term(levels: Levels, weight: float) -> Term:
    """The term that takes back what brothers and sisters share, for example the address and the surname."""
    shared = [word for field, last, word in _SHARED if 0 <= levels[field] <= last]
    listed = " and ".join(filter(None, [", ".join(shared[:-1]), *shared[-1:]])) or "nearly everything"
    twin = levels[BORN] == SAME
    who = "a twin" if twin else "a brother or sister"
    return Term("sibling", "twin" if twin else "sibling", f"may be {who}: they share {listed}", weight)


NHS_FAILS: Final = Term("nhs", "does-not-check", "NHS number: one does not check, and is not counted", 0.0)
UPN_FAILS: Final = Term("upn", "does-not-check", "UPN: one does not check, and is not counted", 0.0)
