"""A referral as it reaches the door: who brings it, what happened, who is in the family (IN-2; S0, S1, S4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from icart_common.contracts.base import (
    Address,
    Inbound,
    Instant,
    LongText,
    Misplaced,
    Part,
    ShortText,
    Slug,
    SourceCode,
)

LocalRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
"""How a message names a person inside itself (`p1`); it means nothing outside that message."""

Channel = Literal[
    "phone", "form", "secure-email", "partner-system", "edt", "police", "internal", "statutory", "step-up"
]
ReferrerKind = Literal["professional", "family", "child", "public", "anonymous"]
Urgency = Literal["immediate", "urgent", "routine"]
Concern = Literal[
    "neglect", "home-conditions", "unborn-child", "parental-substance-misuse", "domestic-abuse",
    "parental-mental-health", "short-break", "child-exploitation", "physical-abuse", "sexual-abuse",
    "emotional-abuse", "fabricated-illness", "missing", "child-mental-health", "behaviour", "attendance",
    "parenting-support", "housing-or-money", "young-carer", "disability", "bereavement", "other",
]  # fmt: skip
MAXIMUM_PEOPLE = 100
MAXIMUM_ATTACHMENTS = 100
"""What one message may name. How many are taken, and how large, the pack says: each beyond that is refused by itself."""


class Referrer(Part):
    """Who brings the contact. For a referrer who is not a professional this never reaches parents or agencies (CO-5)."""

    kind: ReferrerKind
    name: ShortText | None = None
    role: ShortText | None = None
    address: ShortText | None = None
    phone: ShortText | None = None
    email: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None
    ) = None
    relation_to_family: ShortText | None = None
    willing_to_be_named: bool | None = None
    willing_to_be_contacted: bool | None = None
    family_knows: bool | None = None


class WhatHappened(Part):
    """The event (S4, "The Event")."""

    what: LongText
    when: Instant | None = None
    when_in_words: ShortText | None = None
    before: LongText | None = None
    harm: LongText | None = None
    since: LongText | None = None
    known_how: Literal["seen", "heard", "third-hand"] | None = None
    present: LongText | None = None
    urgency: Urgency | None = None


class Person(Part):
    """A person named in a message. A child not yet born has `expected` and no `born`."""

    ref: LocalRef
    role: Literal["child", "parent", "carer", "sibling", "half-sibling", "other"]
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    other_names: tuple[ShortText, ...] = Field(default=(), max_length=20)
    born: date | None = None
    expected: date | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None
    addresses: tuple[Address, ...] = Field(default=(), max_length=10)
    phones: tuple[ShortText, ...] = Field(default=(), max_length=10)
    school: ShortText | None = None
    gp: ShortText | None = None
    professionals: tuple[ShortText, ...] = Field(default=(), max_length=20)
    nhs_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    upn: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{11}[0-9A-Z]$")] | None = None
    parental_responsibility: bool | None = None
    contact_with_child: ShortText | None = None
    whereabouts: ShortText | None = None
    alleged_to_have_harmed: bool = False

    @model_validator(mode="after")
    def born_or_expected(self) -> Person:
        """A date of birth or an expected date, but not both (QA-5)."""
        if self.born and self.expected:
            raise ValueError("give the date of birth or the expected date, not both")
        return self


class Relationship(Part):
    """`person` is the `kind` of `of`: `{person: p2, kind: mother, of: p1}`. Said one way, it is known both ways."""

    person: LocalRef
    kind: Literal[
        "mother", "father", "parent", "step-parent", "carer", "sibling", "half-sibling", "step-sibling",
        "grandparent", "partner", "other",
    ]  # fmt: skip
    of: LocalRef
    since: date | None = None
    until: date | None = None


class Safety(Part):
    """Where the child is now (S1, "If I have immediate concerns")."""

    safe: bool | None = None
    where: ShortText | None = None
    with_whom: ShortText | None = None
    description: LongText | None = None


class Tried(Part):
    """What has been done already (S1, "Have I made it clear why I am making this referral now?")."""

    what: LongText | None = None
    plan: Literal["caf", "taf", "map", "none"] | None = None
    lead_professional: ShortText | None = None


class Consent(Part):
    """What a person with parental responsibility said, to whom, when and how (CO-1)."""

    person: LocalRef
    status: Literal["given", "refused", "not-sought"]
    why_not: ShortText | None = None
    sought_by: ShortText | None = None
    when: Instant | None = None
    how: ShortText | None = None


class PrivacyShown(Part):
    """That somebody was shown the privacy notice: by whom, when and how (CO-6; S2)."""

    person: LocalRef
    shown_by: ShortText | None = None
    when: Instant | None = None
    how: ShortText | None = None


class Attachment(Part):
    """A document that comes with an account (IN-14). It is in the store, at `arrivals/<agency>/<id>`, and never in a message."""

    id: UUID
    """The sender's own id of the document: a new one whenever it is sent again."""
    name: ShortText
    """As the sender calls it. It may hold personal data."""
    type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$", to_lower=True, max_length=127)]
    """The media type that the sender says it is; `application/octet-stream` says nothing. What counts is its content."""
    size: int = Field(ge=0, le=2**53)
    """Bytes."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", to_lower=True)]
    about: tuple[LocalRef, ...] = Field(default=(), max_length=MAXIMUM_PEOPLE)
    """The people whom it is about; nobody means everybody."""


def once(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Raises `ValueError` when two of them have the same id."""
    if len({attachment.id for attachment in attachments}) != len(attachments):
        raise ValueError("two attachments have the same id: give each document an id of its own")
    return attachments


class Account(Part):
    """What anybody tells the front door about a family: the part that all written ways in have in common."""

    referrer: Referrer
    event: WhatHappened
    people: tuple[Person, ...] = Field(default=(), max_length=MAXIMUM_PEOPLE)
    relationships: tuple[Relationship, ...] = Field(default=(), max_length=500)
    concerns: tuple[Concern, ...] = Field(default=(), max_length=22)
    child_views: LongText | None = None
    safety: Safety = Safety()
    tried: Tried = Tried()
    why_now: LongText | None = None
    expected: LongText | None = None
    consents: tuple[Consent, ...] = Field(default=(), max_length=50)
    privacy_notices: tuple[PrivacyShown, ...] = Field(default=(), max_length=50)
    tools: tuple[ShortText, ...] = Field(default=(), max_length=20)
    """Assessment tools that come with it (IN-10), by the pack's name."""
    attachments: Annotated[tuple[Attachment, ...], AfterValidator(once)] = Field(
        default=(), max_length=MAXIMUM_ATTACHMENTS
    )
    """The documents that come with it (IN-14)."""
    requested: Literal["safeguarding", "early-intervention", "advice"] | None = None
    source_code: SourceCode | None = None

    @model_validator(mode="after")
    def refs_agree(self) -> Account:
        """Every person has a ref of their own, and what points at a person points at one who is there."""
        refs = [person.ref for person in self.people]
        if len(set(refs)) != len(refs):
            raise ValueError("two people have the same ref: give each person a ref of their own")
        known = set(refs)
        for where, ref, whose in self._named():
            if ref not in known:
                expected = f"the ref of one of the people whom the referral names: {whose}"
                raise Misplaced(where, "a ref that no person has", expected)
        return self

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Each ref that points at a person: where it stands, the ref, and who that is, in words."""
        for number, link in enumerate(self.relationships):
            yield ("relationships", number, "person"), link.person, "who is related"
            yield ("relationships", number, "of"), link.of, "to whom they are related"
        for number, consent in enumerate(self.consents):
            yield ("consents", number, "person"), consent.person, "whose consent it is"
        for number, attachment in enumerate(self.attachments):
            for place, ref in enumerate(attachment.about):
                yield ("attachments", number, "about", place), ref, "whom the document is about"
        for number, notice in enumerate(self.privacy_notices):
            yield ("privacy_notices", number, "person"), notice.person, "who was shown the privacy notice"


class ReferralSubmitted(Inbound, Account):
    """A referral from a partner agency's system, form or telephone call."""

    TYPE: ClassVar[str] = "icart.referral.submitted.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    """The sender's id for this submission: sent again, it is the same referral (IN-15)."""
    channel: Channel


class Answer(Part):
    """The answer to one question that a referrer was asked (IN-3): in words, or in the field that the question is about."""

    question: Slug
    """The question's id, as `gaps` of the acknowledgement gave it."""
    person: LocalRef | None = None
    """Whom it is about, by the ref of the referral; None where the question named nobody."""
    text: LongText | None = None
    details: Person | None = None
    """What is now known of that person: only what is given here is new."""
    consent: Consent | None = None
    tools: tuple[ShortText, ...] = Field(default=(), max_length=20)
    """Assessment tools that come now (IN-10), by the pack's name."""


class GapsAnswered(Inbound):
    """Answers to the questions that a referral left open, from the agency that sent it (IN-3, IN-10)."""

    TYPE: ClassVar[str] = "icart.referral.gaps-answered.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    """The sender's id of the referral whose questions are answered."""
    answers: tuple[Answer, ...] = Field(min_length=1, max_length=500)
