"""Whether consent is recorded whole, for each person with parental responsibility: by whom, when, how; or why not (CO-1). And
whether it stands when they said different things."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Sourced, Words

OF_EACH: Final = "consent-of"
HOW: Final = "consent-how"
WHY_NOT: Final = "consent-why-not"


class ConsentRecord(Sourced):
    """What a professional is asked when consent is recorded but not whole. Nobody is refused for it."""

    of_each: Words
    """Nothing is said about somebody with parental responsibility."""
    how: Words
    """Given or refused, but not to whom, when and how."""
    why_not: Words
    """Not sought, and no reason."""
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    not_asked_of_kinds: tuple[AgencyKind, ...] = ()


class ParentalConsent(Sourced):
    """When consent stands, of what those who hold parental responsibility said (CO-1, CO-2)."""

    stands: Literal["while-nobody-refuses", "once-somebody-gives"]

    def stands_on(self, said: Collection[str]) -> bool:
        """Whether it does: `said` is the status of each one's consent."""
        return "given" in said and (self.stands == "once-somebody-gives" or "refused" not in said)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A question about one person's consent; `path` is the person's place in the referral."""

    id: str
    path: str
    question: str


def consent_gaps(asked: ConsentRecord, referral: object) -> tuple[int, list[Incomplete]]:
    """How many consents were looked at, and what is incomplete. Nothing at all recorded is another question's matter."""
    people = list(_members(referral, "people"))
    consents = {_get(consent, "person"): consent for consent in _members(referral, "consents")}
    if not consents:
        return 0, []
    found = []
    looked_at = 0
    for number, person in enumerate(people):
        consent = consents.get(_get(person, "ref"))
        if consent is None and not _get(person, "parental_responsibility"):
            continue
        looked_at += 1
        question = question_about(asked, consent)
        if question:
            found.append(Incomplete(question[0], f"people[{number}].consent", question[1]))
    return looked_at, found


def question_about(asked: ConsentRecord, consent: object | None) -> tuple[str, str] | None:
    """Id and words of what is still to be asked about one person's consent; None when it is whole."""
    if consent is None:
        return OF_EACH, asked.of_each
    if _get(consent, "status") == "not-sought":
        return None if _said(consent, "why_not") else (WHY_NOT, asked.why_not)
    whole = all(_said(consent, name) for name in ("sought_by", "when", "how"))
    return None if whole else (HOW, asked.how)


def _members(referral: object, name: str) -> Iterable[object]:
    value = _get(referral, name)
    return value if isinstance(value, tuple | list) else ()


def _get(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _said(value: object, name: str) -> bool:
    found = _get(value, name)
    return bool(found.strip() if isinstance(found, str) else found)
