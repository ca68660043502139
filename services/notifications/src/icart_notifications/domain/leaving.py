"""One message for one recipient: as it is decided, as it is kept with its rendering, as it leaves (ST-12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from icart_common.contracts.base import AgencyId, AuthorityId
from icart_common.contracts.ids import derived_id
from icart_common.contracts.notifications import DeliveryFailed, DeliveryMade, OutboundNotice
from icart_common.policy import PolicyPack, render
from icart_common.policy.view import View
from icart_notifications.domain.ways import Channel, Way

State = Literal["waiting", "made", "failed"]
_LONGEST_SUBJECT = 300
_LONGEST_TEXT = 20_000
_CUT = "\n(The text goes on: the whole of it is in the facts.)"


@dataclass(frozen=True, slots=True)
class ToSend:
    """What is to leave for one audience. The view holds all that the recipients may see, and nothing else is rendered."""

    template: str
    view: View
    ways: tuple[Way, ...]
    about: UUID
    """The submission, contact, VPA, notice or clock's thing that it is about."""
    reference: str
    in_reply_to: UUID | None = None
    """The recipient's own submission, VPA or notice, when it answers one."""
    meets: tuple[UUID, ...] = ()
    """Clocks that are met when it is delivered."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the deliveries: the rendering as it was made, and where it stands."""

    id: UUID
    authority: AuthorityId
    pack_version: str
    template: str
    view: dict[str, Any] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    channel: Channel
    recipient: AgencyId
    address: str | None = field(repr=False)
    about: UUID
    reference: str
    in_reply_to: UUID | None
    meets: tuple[UUID, ...]
    state: State
    attempts: int
    """How often it was handed to its channel, whatever came of it."""
    sendings: int
    """1, and one more each time that it was sent again on demand."""
    created_at: datetime
    correlation: UUID


def rendered(
    sending: Iterable[ToSend], pack: PolicyPack, *, cause: UUID, correlation: UUID, at: datetime
) -> Iterator[Delivery]:
    """The deliveries of what one message caused. Ids follow from the cause, so that it can be read again.

    On a topic a delivery is made at once: its message is in the outbox of the same transaction, and from there the outbox
    brings it to Kafka. An e-mail waits for the mail server.
    """
    ordinal = 0
    for one in sending:
        words = render(pack.template(one.template), one.view)
        for way in one.ways:
            yield Delivery(
                id=derived_id(at, cause, "delivery", ordinal),
                authority=pack.authority.id,
                pack_version=pack.version,
                template=one.template,
                view=one.view.model_dump(mode="json"),
                subject=words.subject,
                text=words.body,
                channel=way.channel,
                recipient=way.recipient,
                address=way.address,
                about=one.about,
                reference=one.reference,
                in_reply_to=one.in_reply_to,
                meets=one.meets,
                state="made" if way.channel == "topic" else "waiting",
                attempts=1 if way.channel == "topic" else 0,
                sendings=1,
                created_at=at,
                correlation=correlation,
            )
            ordinal += 1


def outbound(delivery: Delivery, at: datetime) -> OutboundNotice:
    """What the recipient reads on its topic. Words beyond the contract's limit are cut there; the facts are whole."""
    subject, text = delivery.subject, delivery.text
    return OutboundNotice(
        delivery=delivery.id,
        template=delivery.template,
        authority=delivery.authority,
        reference=delivery.reference,
        in_reply_to=delivery.in_reply_to,
        subject=subject if len(subject) <= _LONGEST_SUBJECT else subject[: _LONGEST_SUBJECT - 1] + "…",
        text=text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_CUT)] + _CUT,
        facts=delivery.view,
        sent_at=at,
    )


def made(delivery: Delivery, at: datetime) -> DeliveryMade:
    """The receipt."""
    return DeliveryMade(**_receipt(delivery), delivered_at=at)


def failed(delivery: Delivery, reason: str, at: datetime) -> DeliveryFailed:
    """A person has to look. `reason` is a class of reason, never the mail server's words, which may hold an address."""
    return DeliveryFailed(**_receipt(delivery), reason=reason, failed_at=at)


def _receipt(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery.id,
        "authority": delivery.authority,
        "template": delivery.template,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "about": delivery.about,
        "attempts": delivery.attempts,
        "sendings": delivery.sendings,
    }
