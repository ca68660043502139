"""A person lets the clocks of a contact, or of an undertaking, stand still and run on, where the pack lets them (section 8)."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, Instant, ShortText
from icart_common.contracts.screening import ContactCommand, ContactEvent
from icart_common.contracts.undertakings import ForContact, UndertakingEvent


class PauseClocks(ContactCommand):
    """Stop the contact's clocks that the pack lets pause: nobody here can go on until something comes from elsewhere."""

    TYPE: ClassVar[str] = "icart.screening.pause-clocks.v1"

    reason: ShortText = Field(min_length=1)


class ResumeClocks(ContactCommand):
    """Let the contact's clocks that stand still run on."""

    TYPE: ClassVar[str] = "icart.screening.resume-clocks.v1"

    reason: ShortText = Field(min_length=1)


class ClocksPaused(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.clocks-paused.v1"

    by: Actor
    reason: ShortText
    rules: tuple[str, ...]
    """The clocks that stand still, by their ids in the pack."""
    clocks: tuple[UUID, ...]
    """The same clocks by their own ids."""


class ClocksResumed(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.clocks-resumed.v1"

    by: Actor
    reason: ShortText
    rules: tuple[str, ...]
    """The clocks that run on; one that ended meanwhile is not among them."""
    clocks: tuple[UUID, ...]


class PauseUndertakingClocks(ForContact):
    """Stop the clocks of an undertaking that the pack lets pause: a school that is closed cannot answer a check."""

    TYPE: ClassVar[str] = "icart.screening.pause-undertaking-clocks.v1"

    reason: ShortText = Field(min_length=1)


class ResumeUndertakingClocks(ForContact):
    """Let the undertaking's clocks that stand still run on."""

    TYPE: ClassVar[str] = "icart.screening.resume-undertaking-clocks.v1"

    reason: ShortText = Field(min_length=1)


class UndertakingClocksPaused(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.undertaking-clocks-paused.v1"

    by: Actor
    reason: ShortText
    rules: tuple[str, ...]
    """The clocks that stand still, by their ids in the pack."""
    clocks: tuple[UUID, ...]
    """The same clocks by their own ids."""


class UndertakingClocksResumed(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.undertaking-clocks-resumed.v1"

    by: Actor
    reason: ShortText
    rules: tuple[str, ...]
    """The clocks that run on; one that ended meanwhile is not among them."""
    clocks: tuple[UUID, ...]
    stood_still_since: Instant
    due: Instant | None = None
    """Until when what is awaited has time now. None: for what awaits nothing, or beyond the years whose holidays are known."""


COMMANDS: Final = (PauseClocks, ResumeClocks, PauseUndertakingClocks, ResumeUndertakingClocks)
EVENTS: Final = (ClocksPaused, ClocksResumed, UndertakingClocksPaused, UndertakingClocksResumed)
