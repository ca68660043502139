"""A referral that is still being typed (IN-22; S1): saved field by field, by whoever types, and submitted when it is whole.

Commands travel on `commands.intake`, keyed by the draft. Values may hold anything personal; paths and ids never do.
"""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from icart_common.contracts.base import AgencyId, AuthorityId, Command, Instant, Message, Part, Slug, StaffId
from icart_common.contracts.referral import Channel

DraftPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:(?:referrer|event|safety|tried)\.[a-z_]{1,40}"
        r"|(?:people|consents|privacy_notices)\.[A-Za-z0-9_-]{1,32}\.[a-z_]{1,40}"
        r"|relationships\.[A-Za-z0-9_-]{1,32}\.[A-Za-z0-9_-]{1,32}"
        r"|child_views|why_now|expected|requested|source_code|concerns|tools)$"
    ),
]
"""One field of a referral: `event.what`, `people.p1.born`, `relationships.p2.p1` (p2 is what of p1). None is within another."""


class FieldTyped(Part):
    """What stands in one field now, whole or half typed; null when it was emptied."""

    path: DraftPath
    value: JsonValue = None


class SaveDraft(Command):
    """Somebody typed. The first save begins the draft."""

    TYPE: ClassVar[str] = "icart.intake.save-draft.v1"
    SUBJECT: ClassVar[str] = "draft"

    draft: UUID
    authority: AuthorityId
    agency: AgencyId
    channel: Channel
    page: Slug
    """The open page or device: what it saved before, it may replace without having seen the answer."""
    base_version: int = Field(ge=0, le=2_147_483_647)
    """The version of the draft that the page shows; 0 before there is one."""
    changes: tuple[FieldTyped, ...] = Field(min_length=1, max_length=1000)


class SubmitDraft(Command):
    """The draft becomes a referral. It is refused, and stays, while a field does not fit or a clash is open."""

    TYPE: ClassVar[str] = "icart.intake.submit-draft.v1"
    SUBJECT: ClassVar[str] = "draft"

    draft: UUID
    seen_version: int = Field(ge=1, le=2_147_483_647)


class DraftEvent(Message):
    SUBJECT: ClassVar[str] = "draft"

    draft: UUID
    authority: AuthorityId
    agency: AgencyId
    version: int
    at: Instant


class DraftSaved(DraftEvent):
    """What was typed is kept. `version` is the base of the page's next save."""

    TYPE: ClassVar[str] = "icart.intake.draft-saved.v1"

    by: StaffId
    page: Slug
    fields: int
    clashes: int
    """How many fields two people filled differently, and nobody has chosen yet."""


class DraftClashed(DraftEvent):
    """Two pages filled one field differently: both values are kept until somebody who saw both saves the field again."""

    TYPE: ClassVar[str] = "icart.intake.draft-clashed.v1"

    path: DraftPath
    kept: JsonValue = None
    """What stood there first, and stands there still."""
    kept_by: StaffId
    other: JsonValue = None
    other_by: StaffId


class DraftSubmitted(DraftEvent):
    TYPE: ClassVar[str] = "icart.intake.draft-submitted.v1"

    by: StaffId
    submission: UUID
