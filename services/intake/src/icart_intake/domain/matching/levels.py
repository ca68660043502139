"""How much two facts agree, as one of a few levels for each field, the best first. A blank on either side is no level."""

from __future__ import annotations

from typing import Final

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "nhs": ("same", "differ"),
    "upn": ("same", "differ"),
    "given": ("same", "common", "form", "words", "sound", "close", "swapped", "start", "differ"),
    "family": ("same", "common", "part", "sound", "close", "swapped", "differ"),
    "born": ("same", "swapped", "digit", "parts", "near", "differ"),
    "sex": ("same", "differ"),
    "address": ("same", "postcode", "lines", "near", "differ"),
    "phone": ("same", "digit", "differ"),
    "school": ("same", "differ"),
    "mother": ("same", "like", "differ"),
    "beside": ("same", "differ"),
    "listed": ("named",),
}
"""Every field that is compared, with its levels from the best agreement to none. The order of a comparison's levels."""

NHS, UPN, GIVEN, FAMILY, BORN, SEX, ADDRESS, PHONE, SCHOOL, MOTHER, BESIDE, LISTED = range(len(FIELDS))
BLANK: Final = -1
"""The level of a field that is missing on a side."""

PERSONAL: Final = (NHS, UPN, GIVEN, BORN, SEX, LISTED)
"""What tells brothers and sisters apart."""
SHARED: Final = (FAMILY, ADDRESS, PHONE, SCHOOL, MOTHER, BESIDE)
"""What a household shares: by itself it tells a family from strangers, and nobody in it from another."""

Levels = tuple[int, ...]
"""One level for each field, in the order of `FIELDS`."""


def level_of(field: int, name: str) -> int:
    """The number of a level by its name, for example `level_of(GIVEN, "form")`."""
    return tuple(FIELDS.values())[field].index(name)


SAME: Final = 0
GIVEN_FORM: Final = level_of(GIVEN, "form")
GIVEN_WORDS: Final = level_of(GIVEN, "words")
"""The last level at which two given names are one: no parents give both to twins."""
GIVEN_DIFFER: Final = level_of(GIVEN, "differ")
BORN_DIFFER: Final = level_of(BORN, "differ")
BORN_SWAPPED: Final = level_of(BORN, "swapped")
