"""A family as a contact shows it: relatives, addresses, siblings left out, linked contacts, what went before (IN-6 to IN-8)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from icart_common.contracts.base import Address, Instant, Part, ShortText, Slug
from icart_common.contracts.cases import Kin


class ChildTold(Part):
    """A child as an agency is told of them, or asked about them: the identifiers that it needs and no more (CO-7)."""

    given_name: ShortText | None = None
    family_name: ShortText | None = None
    born: date | None = None
    expected: date | None = None
    address: str | None = None
    """Where the child lived when the contact arrived, on one line."""


class LeftOut(Part):
    """A known sibling of the child whom the referral does not name (IN-19): a person includes or dismisses them."""

    person: UUID
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    born: date | None = None
    kind: ShortText
    """What they are of the child: `sibling`, or as the case system says it."""
    same_household: bool | None = None
    """None when an address of one of them is not known."""


class ChronologyLine(Part):
    """One line of what went before, from the front door's own contacts and from the case system (IN-6, SC-5)."""

    on: date
    kind: Literal["contact", "referral", "assessment", "plan", "child-protection-plan", "looked-after", "other"]
    source: Literal["front-door", "case-system"]
    outcome: ShortText | None = None
    level: int | None = None
    contact: UUID | None = None
    """The front door's own contact; None for what only the case system knows."""
    reference: str | None = None


class DecidedBefore(Part):
    """What was decided about the child the last time, not long ago: this contact is a re-referral (SC-23)."""

    on: date
    """The day of the earlier contact, or of the referral that it became."""
    kind: Literal["contact", "referral"]
    source: Literal["front-door", "case-system"]
    outcome: ShortText
    level: int | None = None
    contact: UUID | None = None
    reference: str | None = None


class Linked(Part):
    """Another contact of the same submission, and what its child is of this one's (IN-8)."""

    contact: UUID
    how: Literal["parent", "child", "alleged-to-have-harmed", "said-to-be-harmed-by"]


class HeldAddress(Address):
    """An address at which somebody was said to live. One that differs is kept beside the others (IN-18)."""

    said_at: Instant | None = None
    """When it was said, or the case system's own time of what it holds."""
    said_by: Slug
    """The agency that said it; the case system's and the night team's word counts before anybody else's (S1)."""
    now: bool
    """Whether it counts as where the person lives now: one address of all."""


class Relative(Part):
    """Somebody who is related to a person, as it was ever said at the door or by the case system."""

    person: UUID
    kind: Kin
    """What the relative is of the person: `mother` is the person's mother."""
    since: date | None = None
    until: date | None = None
    parental_responsibility: bool | None = None
    """Whether the relative is said to hold it for the person, which no kinship settles."""
