"""The profile of a family and its adults: flags gathered from the case system and from the checks (SC-22; S1)."""

from __future__ import annotations

from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, LongText, Message, Part, ShortText, Slug
from icart_common.contracts.referral import LocalRef
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingEvent

FlagAnswer = Literal["yes", "no", "not-known"]


class Flagged(Part):
    """One flag as it was established."""

    flag: Slug
    person: LocalRef | None = None
    """None for what is said of the whole family."""
    answer: FlagAnswer
    source: ShortText
    """Who said it: `case-system`, the agency's id, or as whoever recorded it wrote it."""
    check: UUID | None = None
    """The check whose answer said it."""


class BeginProfile(BeginForContact):
    """Begin the profile of a contact's family: of these adults, by their refs."""

    TYPE: ClassVar[str] = "icart.screening.begin-profile.v1"

    adults: tuple[LocalRef, ...] = Field(min_length=1, max_length=20)


class RecordProfileFlag(ForContact):
    """What a check, or somebody, said of the family or one of its adults. What is said last stands."""

    TYPE: ClassVar[str] = "icart.screening.record-profile-flag.v1"

    flag: Slug
    person: LocalRef | None = None
    answer: FlagAnswer
    source: ShortText = Field(min_length=1)
    check: UUID | None = None


class CompleteProfile(ForContact):
    """Every flag is established, were it as not known: what it comes to."""

    TYPE: ClassVar[str] = "icart.screening.complete-profile.v1"

    summary: LongText = Field(min_length=1)


class ProfileBegun(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.profile-begun.v1"

    by: Actor
    adults: tuple[LocalRef, ...]
    known: tuple[Flagged, ...] = ()
    """What the case system had said already."""


class ProfileFlagRecorded(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.profile-flag-recorded.v1"

    by: Actor | None = None
    """None when an agency's answer said it as a fact that the pack knows."""
    said: Flagged


class ProfileCompleted(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.profile-completed.v1"

    by: Actor
    flags: tuple[Flagged, ...]
    summary: LongText


COMMANDS: Final[tuple[type[Message], ...]] = (BeginProfile, RecordProfileFlag, CompleteProfile)
EVENTS: Final[tuple[type[Message], ...]] = (ProfileBegun, ProfileFlagRecorded, ProfileCompleted)
