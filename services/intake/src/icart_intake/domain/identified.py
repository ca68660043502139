"""A person of a submission, and who that is to us."""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

from icart_common.contracts.family import Relative
from icart_common.contracts.intake import Known
from icart_common.contracts.people import MatchTerm
from icart_common.contracts.referral import Person
from icart_intake.domain.pairs import Pair
from icart_intake.domain.people import HISTORY_OF_CHILD, KnownPerson


class Identified(NamedTuple):
    """A person of a submission, and who that is to us."""

    person: Person
    who: KnownPerson
    """Merged people as the one who stays."""
    match: Literal["exact", "certain", "new"]
    member: UUID
    """To which of them the mention was put."""
    mention: UUID
    terms: tuple[MatchTerm, ...] = ()
    offers: tuple[Pair, ...] = ()
    withdrawn: tuple[Pair, ...] = ()
    relatives: tuple[Relative, ...] = ()
    household: tuple[UUID, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nobody known is certainly meant."""
        return self.match == "new"

    def postcodes(self) -> frozenset[str]:
        """Where the person lives, as the submission says, or else as is known."""
        said = {address.postcode.replace(" ", "") for address in self.person.addresses if address.postcode}
        return frozenset(said or self.who.facts.postcodes)

    def known(self, history: int) -> Known:
        """What a message says of the person; addresses, relatives and household go with the child alone."""
        whole = history == HISTORY_OF_CHILD
        return self.who.known(
            self.person.ref,
            self.match,
            history,
            mention=self.mention,
            terms=self.terms,
            possible=tuple(pair.id for pair in self.offers),
            addresses=self.who.homes if whole else (),
            relatives=self.relatives if whole else (),
            household=self.household if whole else (),
        )

    def with_surroundings(
        self, who: KnownPerson, relatives: tuple[Relative, ...], household: tuple[UUID, ...]
    ) -> Identified:
        """The same with all that the submission made known."""
        return self._replace(who=who, relatives=relatives, household=household)
