"""Professional disagreement: raised by any agency, staged, answered, resolved (SC-20; S1, "Escalation")."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from pydantic import Field

from icart_common.contracts.base import Actor, AgencyId, LongText, Message, ShortText
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingEvent

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


class DisagreementRaised(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-raised.v1"

    by: Actor
    agency: AgencyId
    about: ShortText
    because: LongText
    wants: LongText


class DisagreementAnswered(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-answered.v1"

    by: Actor
    stage: Stage
    answer: LongText


class DisagreementRaisedHigher(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-raised-higher.v1"

    by: Actor
    because: LongText


class DisagreementResolved(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.disagreement-resolved.v1"

    by: Actor
    stage: Stage
    resolution: LongText
    upheld: bool
    learnt: LongText | None = None


COMMANDS: Final[tuple[type[Message], ...]] = (RaiseDisagreement, AnswerDisagreement, RaiseHigher, ResolveDisagreement)
EVENTS: Final[tuple[type[Message], ...]] = (
    DisagreementRaised,
    DisagreementAnswered,
    DisagreementRaisedHigher,
    DisagreementResolved,
)
