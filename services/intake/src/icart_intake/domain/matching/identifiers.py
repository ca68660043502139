"""National numbers and whether they check: a number that does not is kept, asked about, and is no evidence for anybody."""

from __future__ import annotations

from typing import Final

_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""Check letters by remainder: the alphabet without I, O and S (Department for Education, "Unique pupil numbers", annex)."""


def nhs_number_checks(number: str) -> bool:
    """Whether the tenth digit of an NHS number is what the first nine lead to (NHS Data Dictionary, "NHS number").

    The nine are weighted 10 to 2; eleven less the remainder by eleven is the tenth, where eleven counts as nought, and
    ten is no digit. One wrong digit, or two that changed place, never check.
    """
    if len(number) != 10 or not (number.isascii() and number.isdigit()) or len(set(number)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(number[9])


def upn_checks(upn: str) -> bool:
    """Whether the letter that a UPN begins with is what the other twelve characters lead to.

    They are weighted 2 to 13; the remainder by 23 chooses the letter. A temporary UPN ends in a letter, which counts by its
    place among the same letters.
    """
    if len(upn) != 13 or upn[0] not in _UPN_LETTERS or not (upn.isascii() and upn[1:12].isdigit()):
        return False
    last = int(upn[12]) if upn[12].isdigit() else _UPN_LETTERS.find(upn[12])
    if last < 0:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(upn[1:12], range(2, 13), strict=True)) + last * 13
    return _UPN_LETTERS[total % 23] == upn[0]
