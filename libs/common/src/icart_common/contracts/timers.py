"""Commands to the clocks and what the clocks say (section 8 of the requirements).

Commands travel on `commands.timers`, keyed by the clock's id, so that one partition hears all of one clock in order.
"""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from icart_common.contracts.base import AuthorityId, Instant, Message, ShortText, Slug


class ClockMessage(Message):
    SUBJECT: ClassVar[str] = "clock"

    clock: UUID


class StartClock(ClockMessage):
    """Start a clock of the pack. The timers service works out when it is due; starting it again changes nothing."""

    TYPE: ClassVar[str] = "icart.timers.start.v1"

    authority: AuthorityId
    pack_version: str
    rule: str
    """The clock's id in the pack, for example `TM-2`."""
    owner: Slug
    """The service whose thing it times."""
    subject: UUID
    """The contact, notice or VPA that it times."""
    counted_from: Instant
    """When what it times arrived; the working calendar may move the start to the next opening."""


class MeetClock(ClockMessage):
    """What the clock waited for happened, at `at`. Met after it was due is still met, late."""

    TYPE: ClassVar[str] = "icart.timers.meet.v1"

    at: Instant
    by_event: ShortText


class CancelClock(ClockMessage):
    TYPE: ClassVar[str] = "icart.timers.cancel.v1"

    at: Instant
    reason: ShortText


class PauseClock(ClockMessage):
    """Stop counting, where the pack lets this clock pause."""

    TYPE: ClassVar[str] = "icart.timers.pause.v1"

    at: Instant
    reason: ShortText


class ResumeClock(ClockMessage):
    TYPE: ClassVar[str] = "icart.timers.resume.v1"

    at: Instant
    reason: ShortText


class ClockEvent(ClockMessage):
    """What every word from a clock carries, so that a reader needs no other message to show it."""

    authority: AuthorityId
    pack_version: str
    """The version that the clock was started under: what follows from it follows by that one (AU-6)."""
    rule: str
    owner: Slug
    subject: UUID


class ClockStarted(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.started.v1"

    counted_from: Instant
    due_at: Instant
    sum: ShortText
    """How the due instant came about, as a sentence."""
    warns_at: tuple[Instant, ...]


class ClockWarned(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.warned.v1"

    due_at: Instant
    warned_at: Instant
    """When the warning was due."""
    fraction: float


class ClockBreached(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.breached.v1"

    due_at: Instant
    sum: ShortText


class ClockMet(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.met.v1"

    due_at: Instant
    met_at: Instant
    late: bool
    by_event: ShortText


class ClockCancelled(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.cancelled.v1"

    due_at: Instant
    cancelled_at: Instant
    reason: ShortText


class ClockPaused(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.paused.v1"

    paused_at: Instant
    reason: ShortText


class ClockResumed(ClockEvent):
    TYPE: ClassVar[str] = "icart.timers.resumed.v1"

    resumed_at: Instant
    due_at: Instant
    sum: ShortText
    warns_at: tuple[Instant, ...]


class ClockMoved(ClockEvent):
    """It is due at another instant than was said: its authority's calendar has changed (a holiday that was added late).

    What was warned of or breached before stays said, and is not said again.
    """

    TYPE: ClassVar[str] = "icart.timers.moved.v1"

    moved_at: Instant
    was_due_at: Instant
    due_at: Instant
    sum: ShortText
    warns_at: tuple[Instant, ...]


class ClockRefused(ClockMessage):
    """A clock command that cannot be carried out: the rule is not in the pack, it may not pause, the year is not known."""

    TYPE: ClassVar[str] = "icart.timers.refused.v1"

    command: ShortText
    code: Slug
    why: ShortText


COMMANDS: Final = (StartClock, MeetClock, CancelClock, PauseClock, ResumeClock)
EVENTS: Final = (
    ClockStarted,
    ClockWarned,
    ClockBreached,
    ClockMet,
    ClockCancelled,
    ClockPaused,
    ClockResumed,
    ClockMoved,
    ClockRefused,
)
