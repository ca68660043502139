"""The words that everything printed has in common, as messages use them."""

from icart_common.policy.wording import (
    NOT_GIVEN,
    NOT_KNOWN_YET,
    born_in_words,
    day_in_words,
    instant_in_words,
    listed,
    london_day,
    name_in_words,
)

__all__ = [
    "NOT_GIVEN", "NOT_KNOWN_YET", "born_in_words", "day_in_words", "instant_in_words", "listed", "london_day",
    "name_in_words",
]  # fmt: skip
