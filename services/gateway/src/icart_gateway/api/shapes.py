"""What the API answers, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.attachments import DocumentState, RefusedFor
from icart_common.contracts.base import Instant, Part, ShortText
from icart_common.contracts.referral import LocalRef
from icart_gateway.api.problems import FieldProblem

State = Literal["received", "taken", "repeated", "redirected", "advice", "returned", "refused"]


class Taken(Part):
    """A message is with us: every copy of the broker has it."""

    receipt: UUID
    """Ask for its status at `/api/v1/submissions/{receipt}`."""
    submission: UUID
    """Your own id of what you sent."""
    received_at: Instant
    """From when clocks count."""


class Question(Part):
    """Something that a good referral answers and yours leaves open. Answer it at `/api/v1/answers`."""

    question: str
    words: str
    person: LocalRef | None = None
    """Your ref of the person whom it is about."""


class ChildReference(Part):
    """The reference of one child, by your ref."""

    ref: LocalRef
    reference: str


class DocumentStanding(Part):
    """How a document stands that you named."""

    attachment: UUID
    state: DocumentState
    reason: RefusedFor | None = None


class MessageWaiting(Part):
    """A message to you about it; `outcome` is true for the one that says how it ended."""

    message: UUID
    template: str
    outcome: bool
    sent_at: Instant


class Standing(Part):
    """What became of what you sent: only of what you sent, and only what you may know."""

    receipt: UUID
    submission: UUID
    type: str
    received_at: Instant
    state: State
    """`received`: with us, not yet looked at. `redirected`: the child has a worker, who has it now. `advice`: nobody could be
    identified. `returned`: something has to come with it. `refused`: mend what `problems` names and send it again."""
    reference: str | None = None
    """What to quote on the telephone."""
    first_received_at: Instant | None = None
    """Of a repeat: when the same came first."""
    call_police_now: bool | None = None
    children: tuple[ChildReference, ...] = ()
    redirected: tuple[LocalRef, ...] = ()
    needs: tuple[str, ...] = ()
    """What a returned referral has to bring: `plan`, `tool`."""
    tools: tuple[str, ...] = ()
    missing: tuple[Question, ...] = ()
    answers_due: Instant | None = None
    problems: tuple[FieldProblem, ...] = ()
    documents: tuple[DocumentStanding, ...] = ()
    messages: tuple[MessageWaiting, ...] = ()
    outcome_ready: bool = False


class Told(Part):
    """A message to your agency."""

    message: UUID
    template: str
    authority: str
    reference: str
    in_reply_to: UUID | None = None
    """Your own id of what it answers."""
    subject: ShortText
    text: str
    facts: dict[str, Any]
    sent_at: Instant


class ToldPage(Part):
    """Messages after a place, those about one submission in the order in which they were said."""

    messages: tuple[Told, ...]
    after: str = Field(pattern=r"^[0-9]+:[0-9]+(,[0-9]+:[0-9]+)*$|^$", max_length=200)
    """Where to go on: pass it as `after`. Keep it when you have kept the messages."""
    more: bool


class NewWebhook(Part):
    """Where to knock when there is something new."""

    url: str = Field(max_length=500)


class Webhook(Part):
    """A webhook of your agency."""

    webhook: UUID
    url: str
    made_at: Instant
    waiting: int
    """Knocks that are still tried."""
    dead: int
    """Knocks that were given up."""
    last_failure: str | None = None


class WebhookMade(Webhook):
    """A new webhook, with its secret, which is shown this once."""

    secret: str
    """`whsec_` and the key in base64, as the standard-webhooks libraries take it."""


class Webhooks(Part):
    webhooks: tuple[Webhook, ...]


class Uploaded(Part):
    """A document is in the store. Name it in a referral, or in `/api/v1/attachments`."""

    attachment: UUID
    size: int
    sha256: str


class AccessToken(Part):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: str


class TokenRefused(Part):
    """RFC 6749, section 5.2."""

    error: Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
    error_description: str
