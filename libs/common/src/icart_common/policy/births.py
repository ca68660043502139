"""Whether a date of birth can be one, of whoever is named and whoever names them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from icart_common.contracts.base import Problem
from icart_common.contracts.referral import Person

LONGEST_PREGNANCY: Final = timedelta(weeks=41)
OVERDUE: Final = timedelta(weeks=4)


def faults_of_birth(person: Person, path: str, today: date) -> Iterator[Problem]:
    """What is wrong with the dates of somebody's birth, said or expected. `path` is where the person stands."""
    if person.born and person.born > today:
        yield Problem(
            path=f"{path}.born",
            found="a date in the future",
            expected="a date of birth, up to today",
            fix="check the year; of a child not yet born, give the expected date in `expected`",
        )
    if person.expected and not today - OVERDUE <= person.expected <= today + LONGEST_PREGNANCY:
        late = person.expected < today
        yield Problem(
            path=f"{path}.expected",
            found="a date long past" if late else "a date too far ahead",
            expected="a date of birth that is expected within the next 41 weeks",
            fix="give the date of birth in `born`, if the child is born" if late else "check the month and the year",
        )
