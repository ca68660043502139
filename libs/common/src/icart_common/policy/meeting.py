"""The daily meeting of an authority that has one, and the chain of managers who decide (SC-15, SC-16)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.agencies import Email
from icart_common.policy.base import Part, Sourced
from icart_common.policy.clocks import ClockId


class Mailbox(Sourced):
    """Where people in a role are reached by e-mail, without personal data."""

    role: Slug
    email: Email


class DailyMeeting(Sourced):
    """Enquiries of one strand are discussed on the next working day (S4, "The Daily Meeting")."""

    strand: Slug
    """The strand whose enquiries it discusses; its desktop is of kind `meeting`."""
    clock: ClockId
    """When an enquiry is to be discussed: its due day is the meeting's."""
    pack_clock: ClockId
    """When the pack is made if nobody asks for it sooner."""
    links_to: tuple[Mailbox, ...]
    """Who gets the link to a decision."""


class ChainStage(Part):
    """One manager of the chain."""

    role: Slug | None = None
    """None: the manager of the contact's own strand."""
    clock: ClockId | None = None
    """How long they have before the next is approached; none for the last."""
    email: Email | None = None
    """Where they hear of it; none: on the desktop alone."""


class DecisionChain(Sourced):
    """Who decides about what was submitted, one after another when somebody is not there (S4, "Decision Making and Timing")."""

    absence_clock: ClockId
    """Goes off as an absence that was marked begins, and as it ends: whose turn it is, is looked at anew."""
    stages: Annotated[tuple[ChainStage, ...], Field(min_length=1)]
    """The last one hears, with the front door, when nobody of the chain is there."""
