"""When notices of several senders are of one event, and what is done about siblings whom a referral leaves out (IN-19, IN-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.referral import Concern
from icart_common.policy.base import Sourced


class IncidentRule(Sourced):
    """How near two notices about one child have to be to tell of one event (IN-20)."""

    notices_within_hours: Annotated[int, Field(ge=1, le=24 * 31)]
    """How long after the first notice another one may still join its contact."""
    events_within_hours: Annotated[int, Field(ge=0, le=24 * 7)]
    """How far apart two senders may say that it happened, and still mean one event."""
    no_common_ground: tuple[Concern, ...] = ("other",)
    """Concerns that two notices may share without telling of the same thing."""

    @property
    def window(self) -> timedelta:
        return timedelta(hours=self.notices_within_hours)

    @property
    def same_time(self) -> timedelta:
        return timedelta(hours=self.events_within_hours)


class SiblingRule(Sourced):
    """Whether a contact may be submitted while a sibling in the household was neither included nor dismissed (IN-19)."""

    left_out: Literal["settled-before-submitting", "shown"]
