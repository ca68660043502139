"""The daily meeting: its pack, what it decides about each enquiry, and what the contact hears of that (SC-15; S4, section 2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, Address, Instant, LongText, Message, Part, ShortText, Slug, StaffId
from icart_common.contracts.family import ChronologyLine
from icart_common.contracts.ids import derived_id
from icart_common.contracts.referral import ReferrerKind
from icart_common.contracts.screening import ContactEvent, Level
from icart_common.contracts.undertakings import BeginForAuthority, ForAuthority, ToAuthority, UndertakingEvent
from icart_common.worktime.calendar import LONDON


def meeting_id(authority: str, on: date) -> UUID:
    """The id of an authority's meeting on a day: there is one."""
    return derived_id(datetime.combine(on, time(), LONDON), "daily-meeting", authority, on.isoformat())


class Outline(Part):
    """What the meeting is told of an enquiry as it arrived, in the order of S4, "The Daily Meeting"."""

    child: ShortText | None = None
    born: date | None = None
    expected: date | None = None
    address: Address | None = None
    numbers: tuple[ShortText, ...] = ()
    """Telephones of the child's home."""
    referrer: ShortText | None = None
    referrer_kind: ReferrerKind
    agency: Slug
    reason: LongText
    why_now: LongText | None = None
    requests: tuple[LongText, ...] = ()
    history: tuple[ChronologyLine, ...] = ()


class Presented(Part):
    """One enquiry of the pack."""

    enquiry: UUID
    """The contact."""
    reference: str
    worker: StaffId | None = None
    """None while nobody has it."""
    outline: Outline
    found: dict[Slug, LongText] = Field(default_factory=dict)
    """The sections that have been written, the worker's checks among them: the first letters of a long one, and where the
    rest stands."""


class BrokeredTask(Part):
    """What somebody does for the family, by when."""

    what: ShortText = Field(min_length=1)
    owner: ShortText = Field(min_length=1)
    by: date


class GivenTask(BrokeredTask):
    """A task that a meeting gave out."""

    task: UUID
    given_on: date
    """The day of the meeting that gave it: there it is ticked off."""
    enquiry: UUID
    reference: str


class PutToMeeting(ToAuthority):
    """An enquiry as it stands, for the meeting that is to discuss it."""

    TYPE: ClassVar[str] = "icart.screening.put-to-meeting.v1"

    on: date
    presented: Presented


class TakeFromMeeting(ToAuthority):
    """An enquiry that the meeting need not discuss any more."""

    TYPE: ClassVar[str] = "icart.screening.take-from-meeting.v1"

    enquiry: UUID
    because: ShortText


class CallMeeting(ToAuthority):
    """There is a meeting on that day, whether or not there are enquiries."""

    TYPE: ClassVar[str] = "icart.screening.call-meeting.v1"

    on: date


class CarryTasks(ToAuthority):
    """What is still to be done of what meetings gave out, on its way to the pack of the next one."""

    TYPE: ClassVar[str] = "icart.screening.carry-tasks.v1"

    on: date
    tasks: tuple[GivenTask, ...] = Field(min_length=1)


class TaskDone(ToAuthority):
    """Somebody has ticked a task off at the meeting that gave it: the next packs leave it out."""

    TYPE: ClassVar[str] = "icart.screening.task-done.v1"

    task: UUID
    by: Actor


class MeetingMorning(ToAuthority):
    """It is time for the pack, and nobody has asked for it."""

    TYPE: ClassVar[str] = "icart.screening.meeting-morning.v1"


class PrepareMeeting(BeginForAuthority):
    """Make the pack of a day's meeting from the enquiries that have come. There is one pack a day."""

    TYPE: ClassVar[str] = "icart.screening.prepare-meeting.v1"

    on: date


class DecideAtMeeting(ForAuthority):
    """What the meeting decides about one enquiry: the disposal, the plan, and who does what by when (S4, sections 2 and 6)."""

    TYPE: ClassVar[str] = "icart.screening.decide-at-meeting.v1"

    enquiry: UUID
    outcome: Slug
    level: Level
    reasons: LongText = Field(min_length=1)
    plan: LongText = Field(min_length=1)
    tasks: tuple[BrokeredTask, ...] = Field(default=(), max_length=50)


class TickOffTask(ForAuthority):
    """A task is done. It is ticked off at the meeting that gave it, over or not."""

    TYPE: ClassVar[str] = "icart.screening.tick-off-task.v1"

    task: UUID


class EndMeeting(ForAuthority):
    """Every enquiry has been decided."""

    TYPE: ClassVar[str] = "icart.screening.end-meeting.v1"


class MeetingDecision(Message):
    """What the meeting decided, on its way to the contact. On `commands.screening`, keyed by the contact."""

    TYPE: ClassVar[str] = "icart.screening.meeting-decision.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    meeting: UUID
    actor: Actor
    outcome: Slug
    level: Level
    reasons: LongText
    plan: LongText
    tasks: tuple[BrokeredTask, ...] = ()
    decided_at: Instant


class MeetingCalled(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.meeting-called.v1"

    on: date


class EnquiryListed(UndertakingEvent):
    """The meeting discusses it; said again, it is as it stands now."""

    TYPE: ClassVar[str] = "icart.screening.enquiry-listed.v1"

    presented: Presented


class EnquiryWithdrawn(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.enquiry-withdrawn.v1"

    enquiry: UUID
    because: ShortText


class MeetingPrepared(UndertakingEvent):
    """The pack, as it was made. Without enquiries it says so."""

    TYPE: ClassVar[str] = "icart.screening.meeting-prepared.v1"

    by: Actor | None = None
    """None when the morning came and nobody had asked for it."""
    on: date
    enquiries: tuple[UUID, ...]
    """In the order in which they came, each as it was listed last: a day's enquiries whole are more than one message takes."""
    says: ShortText
    """`2 enquiries`, or `no enquiries yesterday`."""
    open_tasks: tuple[GivenTask, ...] = ()
    """What earlier meetings gave out and nobody has ticked off, the one that is due first before the others."""


class EnquiryDecided(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.enquiry-decided.v1"

    by: Actor
    on: date
    enquiry: UUID
    reference: str
    outcome: Slug
    level: Level
    reasons: LongText
    plan: LongText
    tasks: tuple[GivenTask, ...] = ()


class TasksCarried(UndertakingEvent):
    """What earlier meetings gave out and is still to be done."""

    TYPE: ClassVar[str] = "icart.screening.tasks-carried.v1"

    tasks: tuple[GivenTask, ...]


class TaskTickedOff(UndertakingEvent):
    """A task is done; said at the meeting that gave it, and at those whose packs have it among the open ones."""

    TYPE: ClassVar[str] = "icart.screening.task-ticked-off.v1"

    task: UUID
    by: Actor


class MeetingEnded(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.meeting-ended.v1"

    by: Actor


class DecidedAtMeeting(ContactEvent):
    """The meeting's decision in the contact's own record: the disposal is a draft that the worker submits, the plan stands."""

    TYPE: ClassVar[str] = "icart.screening.decided-at-meeting.v1"

    by: Actor
    meeting: UUID
    outcome: Slug
    level: Level
    reasons: LongText
    plan: LongText
    tasks: tuple[BrokeredTask, ...] = ()


def in_order(tasks: Iterable[GivenTask]) -> tuple[GivenTask, ...]:
    """Each task once, the one that is due first before the others."""
    by_id = {one.task: one for one in tasks}
    return tuple(sorted(by_id.values(), key=lambda one: (one.by, one.task)))


def still_open(tasks: tuple[GivenTask, ...], said: Message) -> tuple[GivenTask, ...]:
    """What of the tasks is to be done after something was said of the meeting."""
    match said:
        case EnquiryDecided() | TasksCarried():
            return in_order((*tasks, *said.tasks))
        case TaskTickedOff():
            return tuple(one for one in tasks if one.task != said.task)
        case _:
            return tasks


COMMANDS: Final[tuple[type[Message], ...]] = (
    PutToMeeting,
    TakeFromMeeting,
    CallMeeting,
    MeetingMorning,
    PrepareMeeting,
    DecideAtMeeting,
    EndMeeting,
    MeetingDecision,
    CarryTasks,
    TaskDone,
    TickOffTask,
)
"""What travels on `commands.screening`."""
EVENTS: Final[tuple[type[Message], ...]] = (
    MeetingCalled,
    EnquiryListed,
    EnquiryWithdrawn,
    MeetingPrepared,
    EnquiryDecided,
    MeetingEnded,
    DecidedAtMeeting,
    TasksCarried,
    TaskTickedOff,
)
"""What screening says of it."""
