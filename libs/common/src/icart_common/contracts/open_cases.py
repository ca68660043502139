"""What intake says about a child whose case is open, beside the redirection itself (IN-5)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from icart_common.contracts.base import AgencyId, AuthorityId, Instant, Message
from icart_common.contracts.cases import Case
from icart_common.contracts.intake import Gap
from icart_common.contracts.referral import Answer


class AnswersRedirected(Message):
    """Answers about a child who was open and allocated: they go to the worker to whom the referral went (IN-3, IN-5)."""

    TYPE: ClassVar[str] = "icart.intake.answers-redirected.v1"
    SUBJECT: ClassVar[str] = "redirection"

    redirection: UUID
    authority: AuthorityId
    pack_version: str
    submission: UUID
    reference: str
    agency: AgencyId
    received_at: Instant
    person: UUID
    case: Case
    """As it stands now; as it was when the referral came, where it is open no more."""
    answers: tuple[Answer, ...]
    """With the refs of the referral."""
    closed: tuple[Gap, ...] = ()
    late: bool = False
