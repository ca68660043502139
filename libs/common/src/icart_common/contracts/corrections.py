"""A record that holds an error, and a contact that is one: corrected with a reason, abandoned with a reason (SC-19)."""

from __future__ import annotations

from typing import ClassVar, Final

from pydantic import Field

from icart_common.contracts.base import Actor, LongText, ShortText, Slug
from icart_common.contracts.screening import ContactCommand, ContactEvent


class CorrectRecord(ContactCommand):
    """What was written in a section is wrong: the text that is right, and why. Also when the contact has closed."""

    TYPE: ClassVar[str] = "icart.screening.correct-record.v1"

    section: Slug
    text: LongText = ""
    """Empty: the section's own text stays."""
    statements: dict[Slug, LongText] = Field(default_factory=dict)
    reason: ShortText = Field(min_length=1)


class RecordCorrected(ContactEvent):
    """The record shows this from now on. What was wrong stays in the log."""

    TYPE: ClassVar[str] = "icart.screening.record-corrected.v1"

    by: Actor
    section: Slug
    text: LongText = ""
    statements: dict[Slug, LongText] = Field(default_factory=dict)
    reason: ShortText


class Abandon(ContactCommand):
    """The contact was opened in error: it goes to a manager to be closed as that, whatever is still blank in it."""

    TYPE: ClassVar[str] = "icart.screening.abandon.v1"

    reason: LongText = Field(min_length=1)


COMMANDS: Final = (CorrectRecord, Abandon)
