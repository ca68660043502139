"""A person lets a contact's clocks stand still, and run on, where the authority's pack lets them (section 8)."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, ShortText
from icart_common.contracts.screening import ContactCommand, ContactEvent


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


COMMANDS: Final = (PauseClocks, ResumeClocks)
EVENTS: Final = (ClocksPaused, ClocksResumed)
