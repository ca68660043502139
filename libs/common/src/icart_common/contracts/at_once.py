"""Risk of significant harm is met at once, and a suspected crime is the police's to know (SC-12, SC-13; S0, S4)."""

from __future__ import annotations

from typing import ClassVar, Final

from pydantic import Field

from icart_common.contracts.base import Actor, LongText, Message, ShortText, Slug
from icart_common.contracts.family import ChildTold
from icart_common.contracts.screening import ContactCommand, ContactEvent


class StepUpNow(ContactCommand):
    """To the social workers' desktop, immediate, whatever is still blank, unanswered or unauthorised (SC-13)."""

    TYPE: ClassVar[str] = "icart.screening.step-up-now.v1"

    reason: ShortText = Field(min_length=1)
    crime: LongText | None = Field(default=None, min_length=1)
    """What the police are told at once, when a crime against the child is suspected (SC-12)."""
    strategy: LongText | None = Field(default=None, min_length=1)
    """Why a strategy discussion is decided in the same moment (SC-14)."""


class TellPolice(ContactCommand):
    """A crime against the child is suspected: the police are told at once, whatever the queue (SC-12)."""

    TYPE: ClassVar[str] = "icart.screening.tell-police.v1"

    concern: LongText = Field(min_length=1)
    """What the police are told: never who told us."""


class ContactSteppedUp(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.stepped-up.v1"

    by: Actor
    reason: ShortText
    strand: Slug
    from_strand: Slug | None = None
    strategy: LongText | None = None


class PoliceTold(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.police-told.v1"

    by: Actor
    concern: LongText
    reference: str
    pack_version: str
    child: ChildTold


COMMANDS: Final[tuple[type[Message], ...]] = (StepUpNow, TellPolice)
EVENTS: Final[tuple[type[Message], ...]] = (ContactSteppedUp, PoliceTold)
