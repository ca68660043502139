"""The people of a statutory notice, and the answer that is proposed for each, as its page and its form show them (ST-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from icart_common.policy.notices import SERVICES
from icart_common.policy.wording import day_in_words, listed


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """One of them; `found` is false until they have been looked up."""

    number: int
    """The reply speaks of `Person 1`."""
    ref: str
    name: str
    """Blank where the notice gives none."""
    born: date | None
    addresses: str
    found: bool
    services: tuple[str, ...] = ()
    """Those that know them, by their codes."""
    open_case: bool = False
    lead: str = ""
    """Whom to speak to where a case is open."""

    @property
    def called(self) -> str:
        """`Person 1, Corbin Wetherstone, born 6 May 1990`."""
        return f"Person {self.number}, {self.name or self.ref}" + (
            f", born {day_in_words(self.born)}" if self.born else ""
        )

    @property
    def proposed(self) -> str:
        """What was found, as a sentence."""
        if not self.found:
            return "Is being looked up"
        known = f"Known to {listed([SERVICES[one] for one in self.services])}" if self.services else "Not known"  # type: ignore[index]
        return known + (f"; open case, speak to {self.lead or 'its worker'}" if self.open_case else "")


def people_of(told: Mapping[str, Any]) -> tuple[AskedPerson, ...]:
    """In the order of the notice, from its row of the read models; of one that says no people, those who were looked up."""
    found = {
        ref: (tuple(services.split()), open_case, lead or "")
        for ref, services, open_case, lead in zip(
            told["refs"], told["services"], told["open_cases"], told["leads"], strict=True
        )
    }
    named = {
        ref: (" ".join(part for part in (given, family) if part), born, addresses)
        for ref, given, family, born, addresses in zip(
            told["people"], told["given_names"], told["family_names"], told["born"], told["addresses"], strict=True
        )
    }
    people = []
    for number, ref in enumerate(named or found, 1):
        name, born, addresses = named.get(ref, ("", None, ""))
        services, open_case, lead = found.get(ref, ((), False, ""))
        people.append(AskedPerson(number, ref, name, born, addresses, ref in found, services, open_case, lead))
    return tuple(people)
