"""What leaves: deliveries, their receipts, statutory notices and their replies (ST-1, ST-12)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import (
    Actor,
    AgencyId,
    AuthorityId,
    Command,
    Instant,
    LongText,
    Message,
    Part,
    ShortText,
    Slug,
)
from icart_common.contracts.cases import Services


class OutboundNotice(Message):
    """What a partner agency receives on `outbound.<agency>`: the rendered words and the same facts as data.

    `facts` is the view that the words were rendered from: it holds nothing that this recipient may not see.
    """

    TYPE: ClassVar[str] = "icart.outbound.notice.v1"

    delivery: UUID
    template: Slug
    authority: AuthorityId
    reference: str
    in_reply_to: UUID | None = None
    """The recipient's own submission, VPA or notice, when it answers one."""
    subject: ShortText
    text: LongText
    facts: dict[str, Any]
    sent_at: Instant

    @property
    def subject_id(self) -> UUID:
        return self.in_reply_to or self.delivery


class DeliveryMade(Message):
    """A delivery reached its channel: Kafka's acknowledgement, or the mail server's."""

    TYPE: ClassVar[str] = "icart.notifications.delivered.v1"
    SUBJECT: ClassVar[str] = "delivery"

    delivery: UUID
    authority: AuthorityId | None = None
    template: Slug
    channel: Literal["topic", "smtp"]
    recipient: AgencyId
    about: UUID
    attempts: int
    sendings: int = 1
    """Which sending ended so: 1, and one more each time that it was sent again on demand."""
    delivered_at: Instant


class DeliveryFailed(Message):
    """A delivery was refused for good, or its last try failed: a person has to look."""

    TYPE: ClassVar[str] = "icart.notifications.failed.v1"
    SUBJECT: ClassVar[str] = "delivery"

    delivery: UUID
    authority: AuthorityId | None = None
    template: Slug
    channel: Literal["topic", "smtp"]
    recipient: AgencyId
    about: UUID
    attempts: int
    sendings: int = 1
    """Which sending ended so: 1, and one more each time that it was sent again on demand."""
    reason: ShortText
    failed_at: Instant


class KnownToServices(Part):
    """One person of a probation check, and which services know them."""

    ref: str
    known: bool
    services: Services = Services()
    open_case: bool = False
    lead: ShortText | None = None
    """The worker or team to speak to, when there is an open case."""


class AskedAbout(Part):
    """One person of a notice, by what tells them from others: whoever answers it looks for them."""

    ref: str
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    born: date | None = None
    addresses: tuple[str, ...] = ()
    """Each on one line."""


class NoticeRecorded(Message):
    """A statutory notice was taken in and its clock started."""

    TYPE: ClassVar[str] = "icart.notifications.notice-recorded.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    authority: AuthorityId
    agency: AgencyId
    pack_version: str
    kind: Literal["probation-check"]
    reference: str
    received_at: Instant
    about: Literal["sentence", "release"] | None = None
    on: date | None = None
    """The day of the sentence or of the release."""
    people: tuple[AskedAbout, ...] = ()


class NoticeChecked(Message):
    """The people of a notice were looked up: the answer that is proposed, for a person to confirm."""

    TYPE: ClassVar[str] = "icart.notifications.notice-checked.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    authority: AuthorityId
    version: int
    proposed: tuple[KnownToServices, ...]


class AnswerNotice(Command):
    """A person confirms, or corrects, the answer to a notice. On `commands.notifications`."""

    TYPE: ClassVar[str] = "icart.notifications.answer-notice.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    seen_version: int = Field(ge=1, le=2_147_483_647)
    answers: tuple[KnownToServices, ...] = Field(min_length=1)
    remarks: LongText | None = None


class NoticeAnswered(Message):
    TYPE: ClassVar[str] = "icart.notifications.notice-answered.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    authority: AuthorityId
    version: int
    by: Actor
    answered_at: Instant


class ResendDelivery(Command):
    """Send a delivery again, as it was rendered (ST-12). On `commands.notifications`."""

    TYPE: ClassVar[str] = "icart.notifications.resend-delivery.v1"
    SUBJECT: ClassVar[str] = "delivery"

    delivery: UUID
    reason: ShortText = Field(min_length=1)
