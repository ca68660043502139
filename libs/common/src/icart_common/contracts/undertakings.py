"""What commands about undertakings, and what is said of them, have in common (decision 0013).

An undertaking is a thing with a life of its own beside a contact, or beside none: a check with an agency, a strategy discussion,
a meeting, a disagreement. Commands about one that belongs to a contact are keyed by the contact, the others by the undertaking.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import AuthorityId, Command, Instant, Message


class UndertakingCommand(Command):
    """What a person does with an undertaking that is there already."""

    undertaking: UUID
    seen_version: int = Field(ge=1, le=2_147_483_647)
    """The undertaking's version that the person saw."""


class BeginForContact(Command):
    """What begins undertakings of a contact, open or closed. Their ids follow from the command's."""

    SUBJECT: ClassVar[str] = "contact"

    contact: UUID


class ForContact(UndertakingCommand):
    """What a person does with an undertaking of a contact."""

    SUBJECT: ClassVar[str] = "contact"

    contact: UUID


class BeginForAuthority(Command):
    """What begins an undertaking that belongs to no contact. Its id follows from what it is for."""

    SUBJECT: ClassVar[str] = "undertaking"

    undertaking: UUID
    authority: AuthorityId


class ForAuthority(UndertakingCommand):
    """What a person does with an undertaking that belongs to no contact."""

    SUBJECT: ClassVar[str] = "undertaking"

    authority: AuthorityId


class UndertakingEvent(Message):
    """What every word about an undertaking carries."""

    SUBJECT: ClassVar[str] = "undertaking"

    undertaking: UUID
    contact: UUID | None = None
    authority: AuthorityId
    pack_version: str
    version: int
    """The version that the undertaking has after this."""
    at: Instant


class ToAuthority(Message):
    """What a contact tells an undertaking that belongs to no contact. It travels on `commands.screening`, so that the partition
    of the undertaking hears it in one order, now and when the topic is read again (0002)."""

    SUBJECT: ClassVar[str] = "undertaking"

    undertaking: UUID
    authority: AuthorityId
