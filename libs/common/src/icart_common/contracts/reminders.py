"""What a referrer owes and is reminded of (IN-9, IN-10)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from icart_common.contracts.base import AuthorityId, Instant, Message, ShortText
from icart_common.contracts.intake import ReplyTo


class ReferrerChased(Message):
    """A form, a tool or answers have not come in time: who owes them is to be reminded (IN-3, IN-9, IN-10, TM-16, TM-18)."""

    TYPE: ClassVar[str] = "icart.screening.referrer-chased.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: AuthorityId
    pack_version: str
    reference: str
    submission: UUID
    reply_to: ReplyTo
    rule: str
    """The clock that ran out."""
    owed: tuple[ShortText, ...]
    due: Instant
    """By when it is asked for now."""
