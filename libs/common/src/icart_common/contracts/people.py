"""Who is who, decided by people: possible matches, merges, and links that are undone (IN-17; decision 0010).

Commands travel on `commands.intake`, what comes of them on `events.intake`. Nothing here names anybody: ids are opaque, and
the words of a term speak of fields ("date of birth: day and month swapped"), never of what is in them.
"""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, AuthorityId, Command, Instant, Message, Part, ShortText
from icart_common.contracts.cases import CaseNumber

Reason = ShortText
SeenVersion = Field(ge=1, le=2_147_483_647)
_REASON = Field(min_length=1)


class MatchTerm(Part):
    """One piece of evidence, in words, and its weight in bits: above zero for the same person, below against."""

    words: ShortText
    bits: float


class DecideMatch(Command):
    """A worker decides whether the two people of an offer are one."""

    TYPE: ClassVar[str] = "icart.intake.decide-match.v1"
    SUBJECT: ClassVar[str] = "offer"

    offer: UUID
    seen_version: int = SeenVersion
    same: bool
    reason: Reason = _REASON


class ProposeMerge(Command):
    """Somebody proposes that two known people become one: the one who `goes` points to the one who `stays`."""

    TYPE: ClassVar[str] = "icart.intake.propose-merge.v1"
    SUBJECT: ClassVar[str] = "merge"

    merge: UUID
    """The proposal's own id, made by whoever proposes."""
    authority: AuthorityId
    stays: UUID
    goes: UUID
    reason: Reason = _REASON


class MergeCommand(Command):
    SUBJECT: ClassVar[str] = "merge"

    merge: UUID
    seen_version: int = SeenVersion


class ApproveMerge(MergeCommand):
    """Somebody else than the proposer approves the merge, and it is made."""

    TYPE: ClassVar[str] = "icart.intake.approve-merge.v1"

    note: ShortText | None = None


class RefuseMerge(MergeCommand):
    """The merge is not made."""

    TYPE: ClassVar[str] = "icart.intake.refuse-merge.v1"

    reason: Reason = _REASON


class UndoMerge(MergeCommand):
    """The two are two again, each with what was put to them."""

    TYPE: ClassVar[str] = "icart.intake.undo-merge.v1"

    reason: Reason = _REASON


class UndoLink(Command):
    """A mention was put to the wrong person: it goes back to whom it was put before, or to a new person."""

    TYPE: ClassVar[str] = "icart.intake.undo-link.v1"
    SUBJECT: ClassVar[str] = "mention"

    mention: UUID
    seen_version: int = SeenVersion
    """How often the mention has been put to somebody, as it was seen."""
    reason: Reason = _REASON


class PersonEvent(Message):
    """What every word about an offer, a merge or a mention carries."""

    authority: AuthorityId
    version: int
    """The version of the offer, of the merge or of the mention's link after this."""
    at: Instant


class MatchOffered(PersonEvent):
    """Two people may be one: offered to a worker with what is for and against it."""

    TYPE: ClassVar[str] = "icart.intake.match-offered.v1"
    SUBJECT: ClassVar[str] = "offer"

    offer: UUID
    one: UUID
    other: UUID
    mention: UUID | None = None
    """What came in and brought it up; None when the case system's feed did."""
    score: float
    """The sum of the terms and of the prior odds, in bits."""
    terms: tuple[MatchTerm, ...]
    weights: str
    """The version of the weights."""
    contacts: tuple[UUID, ...] = ()
    """The contacts opened by what came in, about the person whom the offer is about."""


class MatchDecided(PersonEvent):
    """A worker decided an offer. Not the same is remembered, and offered again only when what is known of either changes."""

    TYPE: ClassVar[str] = "icart.intake.match-decided.v1"
    SUBJECT: ClassVar[str] = "offer"

    offer: UUID
    same: bool
    by: Actor
    reason: ShortText
    mention: UUID | None = None
    """The mention that was put to the other person, when one of the two was nothing but that mention."""
    merge: UUID | None = None
    """The merge that is proposed, when both have a record of their own."""


class MatchWithdrawn(PersonEvent):
    """The two no longer look like one person, or have become one otherwise: nothing is left to decide."""

    TYPE: ClassVar[str] = "icart.intake.match-withdrawn.v1"
    SUBJECT: ClassVar[str] = "offer"

    offer: UUID
    because: Literal["identity-changed", "merged", "mention-moved"]


class MergeEvent(PersonEvent):
    SUBJECT: ClassVar[str] = "merge"

    merge: UUID
    stays: UUID
    goes: UUID
    by: Actor


class MergeProposed(MergeEvent):
    """A merge waits for somebody else to approve it."""

    TYPE: ClassVar[str] = "icart.intake.merge-proposed.v1"

    reason: ShortText
    offer: UUID | None = None


class MergeRefused(MergeEvent):
    """The merge was not made."""

    TYPE: ClassVar[str] = "icart.intake.merge-refused.v1"

    reason: ShortText


class PeopleMerged(MergeEvent):
    """Two people are one from now on. Nothing was rewritten: it can be undone whole."""

    TYPE: ClassVar[str] = "icart.intake.people-merged.v1"

    proposed_by: Actor
    reason: ShortText
    note: ShortText | None = None
    contacts: tuple[UUID, ...] = ()
    """The contacts that are about the one who stays from now on."""


class Meanwhile(Part):
    """Something that was decided on the merged record."""

    kind: Literal["contact", "redirection", "referral"]
    """A referral has the reference of its contact, and the time of the decision that made it."""
    id: UUID
    reference: str
    submission: UUID
    at: Instant
    person: UUID
    """To whom of the two it belongs now."""
    look: bool = False
    """True when it fits both nearly alike, and a worker has to look."""


class MergeUndone(MergeEvent):
    """The two are two again. What was decided on the merged record meanwhile is listed, so that it can be looked at."""

    TYPE: ClassVar[str] = "icart.intake.merge-undone.v1"

    reason: ShortText
    contacts: tuple[UUID, ...] = ()
    """The contacts that are about the one who had gone from now on."""
    meanwhile: tuple[Meanwhile, ...] = ()


class MentionMoved(PersonEvent):
    """A mention was put to somebody else."""

    TYPE: ClassVar[str] = "icart.intake.mention-moved.v1"
    SUBJECT: ClassVar[str] = "mention"

    mention: UUID
    submission: UUID
    from_person: UUID
    to_person: UUID
    by: Actor
    reason: ShortText
    contacts: tuple[UUID, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    """What came about the wrong person because of it."""


class ContactPersonChanged(Message):
    """A contact is about another person record from now on; what was written in it stays as it was."""

    TYPE: ClassVar[str] = "icart.intake.contact-person-changed.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: AuthorityId
    at: Instant
    person: UUID
    before: UUID
    because: Literal["people-merged", "merge-undone", "mention-moved"]
    case_number: CaseNumber | None = None
    """The case system's id of the person, when it holds one."""
