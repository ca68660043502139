"""Who decides about what was submitted when a manager is away (SC-16, TM-16; S4, "Decision Making and Timing")."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from icart_common.contracts.base import Actor, Instant, Message, Part, RoleId, Slug, StaffId
from icart_common.contracts.ids import derived_id
from icart_common.contracts.undertakings import BeginForAuthority, ToAuthority, UndertakingEvent

_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def chain_id(authority: str) -> UUID:
    """The id of an authority's chain of decision: there is one."""
    return derived_id(_EPOCH, "decision-chain", authority)


class Stage(Part):
    """A manager's turn."""

    role: RoleId
    clock: str | None = None
    """The pack's clock that ends the turn; None for the last."""


class DecisionNeeded(ToAuthority):
    """Something was submitted; a manager of the chain has to decide."""

    TYPE: ClassVar[str] = "icart.screening.decision-needed.v1"

    decision: UUID
    """The contact."""
    reference: str
    strand: Slug
    own_work_of: tuple[StaffId, ...]
    """Who may not decide about it (SC-10)."""
    stages: tuple[Stage, ...]


class DecisionTaken(ToAuthority):
    """It was authorised, sent back or taken elsewhere: nobody is waited for any more."""

    TYPE: ClassVar[str] = "icart.screening.decision-taken.v1"

    decision: UUID


class DecisionOverdue(ToAuthority):
    """A manager's turn has passed."""

    TYPE: ClassVar[str] = "icart.screening.decision-overdue.v1"

    decision: UUID
    rule: str


class AbsenceTurned(ToAuthority):
    """An absence that was marked begins now, or ends: whose turn it is, is looked at anew."""

    TYPE: ClassVar[str] = "icart.screening.absence-turned.v1"

    moment: Instant


class MarkAway(BeginForAuthority):
    """A manager is away for a time, now or ahead: their turn is skipped then. It takes the place of absences that it overlaps."""

    TYPE: ClassVar[str] = "icart.screening.mark-away.v1"

    person: StaffId
    role: RoleId
    since: Instant | date
    """A day: from its first moment in the authority's time."""
    until: Instant | date
    """The moment of the return; of a day: the last day away."""


class MarkBack(BeginForAuthority):
    """A manager is here: they have come back, or hold the post from now on. Absences ahead stand, but for one that is named."""

    TYPE: ClassVar[str] = "icart.screening.mark-back.v1"

    person: StaffId
    role: RoleId
    absence: Instant | date | None = None
    """The beginning of an absence ahead that is taken back; nothing else changes then."""


class ManagerAway(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.manager-away.v1"

    by: Actor
    person: StaffId
    role: RoleId
    since: Instant
    until: Instant


class ManagerBack(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.manager-back.v1"

    by: Actor
    person: StaffId
    role: RoleId
    absence: Instant | None = None
    """The beginning of the absence ahead that was taken back. None: they are here from then on."""


class DecisionAsked(UndertakingEvent):
    """Whose turn it is to decide."""

    TYPE: ClassVar[str] = "icart.screening.decision-asked.v1"

    decision: UUID
    reference: str
    strand: Slug
    own_work_of: tuple[StaffId, ...]
    stages: tuple[Stage, ...]
    turn: int
    """The place in `stages`, from 0."""
    nobody: bool = False
    """Everybody of the chain is away: it is shown first, and the front door is told."""
    because: Literal["submitted", "no-decision-in-time", "somebody-is-away", "somebody-is-back"]
    needed_at: Instant


class DecisionSettled(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.decision-settled.v1"

    decision: UUID


COMMANDS: Final[tuple[type[Message], ...]] = (
    DecisionNeeded,
    DecisionTaken,
    DecisionOverdue,
    AbsenceTurned,
    MarkAway,
    MarkBack,
)
"""What travels on `commands.screening`."""
EVENTS: Final[tuple[type[Message], ...]] = (
    ManagerAway,
    ManagerBack,
    DecisionAsked,
    DecisionSettled,
)
"""What screening says of it."""
