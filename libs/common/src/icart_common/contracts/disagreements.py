"""Professional disagreement: raised by any agency, staged, answered, resolved (SC-20; S1, "Escalation")."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from icart_common.contracts.base import Actor, AgencyId, Inbound, LongText, Message, ShortText
from icart_common.contracts.ids import derived_id
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingEvent

_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
Stage = Literal["managers", "board"]
"""Who is to settle it: the managers of both agencies, then the safeguarding board."""


class RaiseDisagreement(BeginForContact):
    """An agency disagrees with a decision about a contact, open or closed."""

    TYPE: ClassVar[str] = "icart.screening.raise-disagreement.v1"

    agency: AgencyId
    about: ShortText = Field(min_length=1)
    """Which decision."""
    because: LongText = Field(min_length=1)
    wants: LongText = Field(min_length=1)
    """What the agency asks for instead."""


class AnswerDisagreement(ForContact):
    """The answer of whoever is to settle it at this stage; the agency accepts it, or raises it higher."""

    TYPE: ClassVar[str] = "icart.screening.answer-disagreement.v1"

    answer: LongText = Field(min_length=1)


class RaiseHigher(ForContact):
    """The agency is not content, or nobody answered in time: the board decides."""

    TYPE: ClassVar[str] = "icart.screening.raise-higher.v1"

    because: LongText = Field(min_length=1)


class ResolveDisagreement(ForContact):
    """How it ended, and what is done differently because of it."""

    TYPE: ClassVar[str] = "icart.screening.resolve-disagreement.v1"

    resolution: LongText = Field(min_length=1)
    upheld: bool
    """Whether the agency was right in the main."""
    learnt: LongText | None = None


class DisagreementSubmitted(Inbound):
    """An agency itself disagrees, or is not content with the managers' answer. On `inbound.replies.<agency>`."""

    TYPE: ClassVar[str] = "icart.reply.disagreement-submitted.v1"
    SUBJECT: ClassVar[str] = "disagreement"

    disagreement: UUID
    """The agency's own id. The same again changes nothing."""
    reference: Annotated[str, StringConstraints(max_length=40)]
    """Of the contact, as our letter gives it."""
    stage: Stage = "managers"
    """`board`: what the managers answered is not enough."""
    about: ShortText = Field(min_length=1)
    because: LongText = Field(min_length=1)
    wants: LongText = Field(min_length=1)

    @property
    def undertaking(self) -> UUID:
        """What it begins. It follows from the agency's own id, so that the same again is known, however long after."""
        return derived_id(_NO_TIME, self.authority, self.agency, self.disagreement)


class DisagreementEvent(UndertakingEvent):
    """What every word about a disagreement carries, so that the agency can be told."""

    agency: AgencyId
    reference: str
    """The contact's."""
    submitted: UUID | None = None
    """The agency's own id, when it raised it itself."""
    by: Actor | None = None
    """None: the agency's own message."""


class DisagreementRaised(DisagreementEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-raised.v1"

    about: ShortText
    because: LongText
    wants: LongText


class DisagreementAnswered(DisagreementEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-answered.v1"

    stage: Stage
    answer: LongText


class DisagreementRaisedHigher(DisagreementEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-raised-higher.v1"

    about: ShortText
    because: LongText
    wants: LongText


class DisagreementResolved(DisagreementEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-resolved.v1"

    stage: Stage
    resolution: LongText
    upheld: bool
    learnt: LongText | None = None


COMMANDS: Final[tuple[type[Message], ...]] = (RaiseDisagreement, AnswerDisagreement, RaiseHigher, ResolveDisagreement)
EVENTS: Final[tuple[type[Message], ...]] = (
    DisagreementRaised, DisagreementAnswered, DisagreementRaisedHigher, DisagreementResolved,
)  # fmt: skip
