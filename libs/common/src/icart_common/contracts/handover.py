"""A night's handover, both ways: what the day team asks of the night team, and what the night team leaves to the day.

ED-1 to ED-7; S1, "Emergency Duty Team (EDT)"; S3.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, AgencyId, Instant, LongText, Message, Part, ShortText, Slug
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import ReplyTo
from icart_common.contracts.undertakings import BeginForAuthority, ToAuthority, UndertakingEvent
from icart_common.worktime.calendar import LONDON


def handover_id(authority: str, night: date) -> UUID:
    """The id of an authority's handover of the night that begins on that day: there is one."""
    return derived_id(datetime.combine(night, time(), LONDON), "handover", authority, night.isoformat())


class ByNight(Part):
    """A child with whom the night team dealt, as it stands."""

    item: UUID
    """The contact, or what went to the worker of an open case."""
    reference: str
    kind: Literal["contact", "open-case"]
    received_at: Instant
    section_47_begun: bool = False
    desktop: Slug | None = None
    """Where the contact stands; None when it has closed, and for an open case."""
    wrong_desktop: bool = False
    """A child whose case is open lies at the front door; a section 47 enquiry lies with a strand that is not safeguarding."""


class HandOver(ToAuthority):
    """The night team dealt with a child, or where that child's contact stands has changed."""

    TYPE: ClassVar[str] = "icart.screening.hand-over.v1"

    night: date
    opens_at: Instant
    by_night: ByNight


class AlertNightTeam(BeginForAuthority):
    """The day team asks the night team to look out for somebody."""

    TYPE: ClassVar[str] = "icart.screening.alert-night-team.v1"

    night: date
    """The day on whose evening it begins."""
    about: ShortText = Field(min_length=1)
    """The reference of the contact or case: no name."""
    alert: LongText = Field(min_length=1)


class AcceptItem(BeginForAuthority):
    """Somebody takes an item on, by name: the night team an alert, the day team a child of the night."""

    TYPE: ClassVar[str] = "icart.screening.accept-item.v1"

    item: UUID


class ReportNight(BeginForAuthority):
    """The morning report (S1: each morning)."""

    TYPE: ClassVar[str] = "icart.screening.report-night.v1"

    night: date


class HandedOver(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.handed-over.v1"

    night: date
    opens_at: Instant
    by_night: ByNight


class NightAlertRaised(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.night-alert-raised.v1"

    by: Actor
    night: date
    opens_at: Instant
    item: UUID
    about: ShortText
    alert: LongText


class ItemAccepted(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.item-accepted.v1"

    by: Actor
    item: UUID


class ReportLine(Part):
    """One item of the report."""

    item: UUID
    reference: str
    kind: Literal["contact", "open-case", "alert"]
    section_47_begun: bool = False
    wrong_desktop: bool = False
    missed: bool = False
    """Nobody had accepted it by opening time, or when the report was made if that was sooner."""
    accepted_by: Actor | None = None


class NightReported(UndertakingEvent):
    """Every child dealt with overnight: section 47 enquiries first, then what was missed or lies on the wrong desktop (ED-5)."""

    TYPE: ClassVar[str] = "icart.screening.night-reported.v1"

    by: Actor
    night: date
    opens_at: Instant
    lines: tuple[ReportLine, ...]
    says: ShortText
    """`3 children, 1 section 47 enquiry`, or `nobody overnight`."""


class FormAsked(Message):
    """A professional told the night team something that is no emergency: they are asked to put it on the form (ED-3)."""

    TYPE: ClassVar[str] = "icart.screening.form-asked.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: Slug
    pack_version: str
    reference: str
    agency: AgencyId
    submission: UUID
    reply_to: ReplyTo


COMMANDS: Final[tuple[type[Message], ...]] = (
    HandOver,
    AlertNightTeam,
    AcceptItem,
    ReportNight,
)
"""What travels on `commands.screening`."""
EVENTS: Final[tuple[type[Message], ...]] = (
    HandedOver,
    NightAlertRaised,
    ItemAccepted,
    NightReported,
    FormAsked,
)
"""What screening says of it."""
