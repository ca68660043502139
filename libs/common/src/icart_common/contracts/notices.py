"""Statutory notices as they arrive (ST-1; S1, "Probation Letters / Statutory Notifications")."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Inbound, LongText, ShortText
from icart_common.contracts.referral import MAXIMUM_PEOPLE, Person


class ProbationCheckRequested(Inbound):
    """Is this person, or anybody in the household, known? Answered within 3 working days of receipt (ST-1)."""

    TYPE: ClassVar[str] = "icart.notice.probation-check-requested.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    reference: ShortText
    """Probation's own reference, printed on the reply."""
    about: Literal["sentence", "release"]
    on: date
    """The day of the sentence or of the release."""
    requested_by: ShortText | None = None
    people: tuple[Person, ...] = Field(min_length=1, max_length=MAXIMUM_PEOPLE)
    notes: LongText | None = None
