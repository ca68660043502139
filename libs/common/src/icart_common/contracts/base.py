"""The base of every message: closed to those who produce it, open to those who read it.

A message type is versioned in its name (`icart.referral.submitted.v1`). Readers ignore fields they do not know, so that a
newer producer does not stop an older consumer; what a producer writes holds the declared fields alone. The gate in
`icart_common.contracts.gate` keeps both directions true for every committed version.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:  # what we make ourselves
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:  # not a ValueError: it would stop the batch instead of refusing the message
        raise ValueError("an instant is between the years 1 and 9999 in UTC") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant in UTC. A time without a zone is refused; what is shown to people is converted to Europe/London."""


def _still_ten(value: str) -> str:
    if len(value) > 10:  # some letters become two in upper case, and what we say ourselves has to be readable again
        raise ValueError("a postcode has at most 10 characters in upper case")
    return value


Postcode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=10), AfterValidator(_still_ten)
]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""A name that a system uses: lower case, digits and hyphens (`halton`, `cheshire-police`, `early-intervention`)."""

AuthorityId = Slug
AgencyId = Slug
RoleId = Slug
StaffId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""The opaque id of a member of staff, as the authority's directory gives it; never a name or an e-mail address."""

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
SourceCode = Literal[
    "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F",
    "4", "5A", "5B", "5C", "5D", "6", "7", "8", "9", "10",
]  # fmt: skip
"""Source of a contact, by the children-in-need census (IN-21)."""


class Part(BaseModel):
    """A piece of a message: immutable, and open to fields that a newer producer adds."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        ser_json_timedelta="iso8601",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        defer_build=True,
    )


class Message(Part):
    """What travels in the value of a Kafka record. `TYPE` is the CloudEvents type, with the version at its end."""

    TYPE: ClassVar[str]
    """For example `icart.referral.submitted.v1`."""

    SUBJECT: ClassVar[str]
    """The field that holds the id of the thing that this message is about."""

    @property
    def subject_id(self) -> UUID | str:
        """The id of the thing that this message is about: the key of its record."""
        found: UUID | str = getattr(self, self.SUBJECT)
        return found


class Inbound(Message):
    """What a partner agency sends: it names itself and the authority, and the topic it arrives on has to agree."""

    agency: AgencyId
    authority: AuthorityId


class Actor(Part):
    """The person who acts and the role in which they act (design promise 2: a person decides)."""

    person: StaffId
    role: RoleId


class Command(Message):
    """What a person asks a service to do, with the version of the record that they saw when they asked."""

    actor: Actor


class InboundRefused(Message):
    """A message that a sender has to mend: what was wrong, where, and what to do. It never repeats what was sent."""

    TYPE: ClassVar[str] = "icart.inbound.refused.v1"
    SUBJECT: ClassVar[str] = "refusal"

    refusal: UUID
    agency: AgencyId
    authority: AuthorityId | None = None
    topic: str
    partition: int
    offset: int
    message_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    """The sender's own id of the message (`ce_id`), when it could be read and is a UUID."""
    problems: tuple[Problem, ...] = Field(min_length=1)


class Problem(Part):
    """One thing that is wrong with a message."""

    path: str
    """JSON path of the field, for example `$.people[0].born`; `$` is the message as a whole."""
    found: str
    """What kind of thing was found (never the value itself, which may be personal)."""
    expected: str
    fix: str = ""


class Misplaced(ValueError):
    """A field does not agree with the rest of its message. `where` leads to it from the part that found it; `found` is what kind
    of thing stands there, and the text what was expected."""

    def __init__(self, where: tuple[str | int, ...], found: str, expected: str) -> None:
        super().__init__(expected)
        self.where = where
        self.found = found


class CommandRefused(Message):
    """The domain's answer to a command that may not be carried out: why, and what would be allowed."""

    TYPE: ClassVar[str] = "icart.command.refused.v1"
    SUBJECT: ClassVar[str] = "subject"

    subject: UUID
    command: UUID
    """The id of the command's message."""
    command_type: str
    actor: Actor
    code: Slug
    """For example `role-may-not`, `version-moved`, `own-work`, `section-blank`, `unknown-contact`."""
    why: str
    allowed: tuple[str, ...] = ()
    """What would be allowed instead, in words that a page can show."""
    version: int | None = None
    """The version that the record has now, when the refusal is about a version that has moved."""


class Address(Part):
    lines: ShortText
    postcode: Postcode | None = None
    temporary: bool = False
    since: date | None = None
    until: date | None = None

    def on_one_line(self) -> str:
        """The lines and the postcode, as one line."""
        parts = (*self.lines.splitlines(), self.postcode or "")
        return ", ".join(part.strip() for part in parts if part.strip())


InboundRefused.model_rebuild()
