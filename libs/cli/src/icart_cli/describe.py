"""One plain sentence for each thing a service can say. Ids, references, desktops and sums; nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icart_common.contracts import (
    base,
    cases,
    corrections,
    deadletters,
    documents,
    intake,
    joint_work,
    notifications,
    open_cases,
    police_vpa,
    screening,
    standing_still,
    timers,
)
from icart_common.contracts.base import Message
from icart_common.policy import load_packs

_LONDON = ZoneInfo("Europe/London")


def shown(instant: datetime) -> str:
    """An instant as people here say it: `Tue 22 Dec 2026 16:10`."""
    return f"{instant.astimezone(_LONDON):%a %d %b %Y %H:%M}"


def _plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def is_trigger(said: timers.ClockEvent) -> bool:
    """Whether the clock only asks for something when it runs out, so that nobody is late, as its authority's packs say."""
    return any(pack.is_trigger(said.rule) for pack in load_packs().packs() if pack.authority.id == said.authority)


def _in_time(met: timers.ClockMet) -> str:
    if is_trigger(met):
        return ""
    return ", late" if met.late else ", in time"


_SENTENCES: dict[type[Message], Callable[[Any], str]] = {
    intake.SubmissionTaken: lambda m: (
        f"submission {m.reference} taken in: {_plural(len(m.opened), 'contact')} opened, "
        f"{len(m.redirected)} redirected, {_plural(len(m.gaps), 'question')} asked, completeness {m.score}"
    ),
    intake.ContactOpened: lambda m: (
        f"contact {m.reference} opened ({m.authority}, pack {m.pack_version}): person {m.child_known.match}, "
        f"{_plural(len(m.siblings), 'sibling')}, {_plural(len(m.child_known.history), 'line')} of history"
    ),
    joint_work.NoticeJoined: lambda m: (
        f"notice {m.notice.reference} of {m.notice.agency} joins: {'; '.join(m.because)}"
    ),
    intake.CaseRedirected: lambda m: f"{m.reference}: open and allocated, passed to {m.case.team or 'its worker'}",
    intake.AdviceGiven: lambda m: (
        f"{m.reference}: nobody could be identified, advice given"
        + (", told to call the police now" if m.call_police_now else "")
    ),
    intake.SubmissionRepeated: lambda m: f"the same again ({m.same}) as {m.reference}: acknowledged as a repeat",
    intake.EdtRecordReceived: lambda _m: "the night team's record is complete",
    intake.PeopleIdentified: lambda m: (
        f"{_plural(len(m.people), 'person', 'people')} looked up for {m.asked_by}: "
        f"{sum(one.match == 'exact' for one in m.people)} known"
    ),
    cases.LoadSettled: lambda m: (
        f"full load of {m.agency}: {m.state}"
        + ("" if m.heard is None else f", {m.heard} of {m.said} people")
        + ("" if m.no_longer_held is None else f", {m.no_longer_held} no longer held")
        + ("" if m.would_leave_out is None else f", {m.would_leave_out} would be no longer held")
    ),
    cases.RecordRemarked: lambda m: f"{m.agency} is asked to look at a record: {_plural(len(m.problems), 'remark')}",
    documents.DocumentNamed: lambda m: f"{m.reference}: a document more is named",
    documents.DocumentReceived: lambda m: f"{m.reference}: a document arrived ({m.size} bytes), not yet looked into",
    documents.DocumentClean: lambda m: f"{m.reference}: a document is clean ({m.kind}, {m.size} bytes)",
    documents.DocumentRefused: lambda m: f"{m.reference}: a document is REFUSED ({m.reason}), its sender is told",
    documents.DocumentMissing: lambda m: f"{m.reference}: a document never arrived, its sender is told",
    base.InboundRefused: lambda m: (
        f"refused, {m.agency} is told: " + "; ".join(f"{p.path}: {p.expected}" for p in m.problems[:3])
    ),
    base.CommandRefused: lambda m: (
        f"refused ({m.code}): {m.why}" + (f" Allowed: {', '.join(m.allowed)}." if m.allowed else "")
    ),
    deadletters.DeadLettered: lambda m: f"put aside ({m.code}) from {m.topic}[{m.partition}]@{m.offset}",
    police_vpa.VpaRecorded: lambda m: (
        f"{m.grade} VPA recorded with {_plural(len(m.children), 'child', 'children')}, {len(m.missing)} asked back"
    ),
    police_vpa.VpaProposed: lambda m: (
        "proposed "
        + ", ".join(f"{p.route} ({p.rule})" for p in m.proposals)
        + (", secondary assessment needed" if m.secondary_needed else "")
    ),
    police_vpa.VpaAssessed: lambda m: f"{m.stage} assessment by {m.by.role}: {m.decision}",
    police_vpa.VpaRouted: lambda m: f"child routed to {m.route}, recorded as {m.recorded_as} by {m.by.role}",
    police_vpa.SchoolToBeTold: lambda m: f"{m.school} is to be told before the next school day",
    screening.ContactReceived: lambda m: (
        f"{m.reference} on desktop {m.desktop}; proposed {m.proposed.strand}, {m.proposed.urgency}, "
        f"level {m.proposed.level} ({m.proposed.rule})"
    ),
    open_cases.AnswersRedirected: lambda m: (
        f"{_plural(len(m.answers), 'answer')}, passed to {m.case.team or 'the worker'}"
    ),
    joint_work.NoticeParted: lambda _m: "a joined notice is about another child: it has a contact of its own",
    joint_work.NoticeAdded: lambda m: (
        f"told by {m.agency} too; its words lead to {m.proposed.strand}, {m.proposed.urgency}, level {m.proposed.level}"
    ),
    joint_work.NoticeSeparated: lambda m: f"a notice taken out by {m.by.role}",
    joint_work.SiblingIncluded: lambda m: f"a sibling who was left out included by {m.by.role}",
    standing_still.ClocksPaused: lambda m: f"clocks {', '.join(m.rules)} stand still: {m.reason}",
    standing_still.ClocksResumed: lambda m: f"clocks {', '.join(m.rules)} run on: {m.reason}",
    standing_still.UndertakingClocksPaused: lambda m: f"clocks {', '.join(m.rules)} stand still: {m.reason}",
    standing_still.UndertakingClocksResumed: lambda m: f"clocks {', '.join(m.rules)} run on: {m.reason}",
    joint_work.SiblingDismissed: lambda m: f"a sibling who was left out dismissed by {m.by.role}",
    joint_work.CopiedFromSibling: lambda m: (
        f"{_plural(len(m.sections) + len(m.statements), 'part')} copied from a sibling's contact by {m.by.role}"
        + (", and its decision as a draft" if m.decision else "")
    ),
    screening.ContactTriaged: lambda m: (
        f"triaged by {m.by.role}: {m.strand}, {m.urgency} (proposed {m.proposed.strand})"
    ),
    screening.ContactAllocated: lambda m: (
        f"allocated by {m.by.role}; the worker now has {_plural(m.workload, 'contact')}"
    ),
    screening.ContactMoved: lambda m: f"moved from {m.from_desktop or 'nowhere'} to {m.to_desktop or 'no desktop'}",
    screening.SectionRecorded: lambda m: f"section {m.section} recorded by {m.by.role}",
    corrections.RecordCorrected: lambda m: f"section {m.section} corrected by {m.by.role}",
    screening.ConsentRecorded: lambda m: f"consent {m.consent.status}, recorded by {m.by.role}",
    screening.ContactSubmitted: lambda m: f"submitted by {m.by.role}: {m.outcome}, level {m.level}",
    screening.ContactSentBack: lambda m: f"sent back by {m.by.role} with {_plural(len(m.actions), 'action')}",
    screening.ContactClosed: lambda m: (
        f"{m.reference} closed: {m.outcome}, level {m.level}, "
        + (f"authorised by {m.by.role}" if m.authorised else f"closed by {m.by.role}, to be sampled")
    ),
    screening.ContactStepped: lambda m: f"{m.reference} follows it on {m.strand}, counted from {shown(m.received_at)}",
    screening.ReferralCreated: lambda m: f"referral {m.reference} created for {m.area_team} ({m.outcome})",
    timers.ClockStarted: lambda m: f"clock {m.rule}: {m.sum}",
    timers.ClockWarned: lambda m: f"clock {m.rule}: {m.fraction:.0%} used, due {shown(m.due_at)}",
    timers.ClockBreached: lambda m: f"clock {m.rule} {'went off' if is_trigger(m) else 'BREACHED'}: {m.sum}",
    timers.ClockMet: lambda m: f"clock {m.rule} met by {m.by_event}" + _in_time(m),
    timers.ClockCancelled: lambda m: f"clock {m.rule} cancelled: {m.reason}",
    timers.ClockPaused: lambda m: f"clock {m.rule} paused: {m.reason}",
    timers.ClockMoved: lambda m: f"clock {m.rule} moved, the calendar has changed: {m.sum}",
    timers.ClockResumed: lambda m: f"clock {m.rule} runs on: {m.sum}",
    timers.ClockRefused: lambda m: f"clock command refused ({m.code}): {m.why}",
    notifications.OutboundNotice: lambda m: f"{m.template} sent: {m.subject}",
    notifications.DeliveryMade: lambda m: f"{m.template} delivered to {m.recipient} by {m.channel}",
    notifications.DeliveryFailed: lambda m: f"{m.template} NOT delivered to {m.recipient} by {m.channel}: {m.reason}",
    notifications.NoticeRecorded: lambda m: f"{m.kind} of {m.agency} recorded",
    notifications.NoticeChecked: lambda m: (
        f"checked: {sum(one.known for one in m.proposed)} of {_plural(len(m.proposed), 'person', 'people')} known"
    ),
    notifications.NoticeAnswered: lambda m: f"answered by {m.by.role}",
}


def describe(message: Message) -> str:
    """What happened, as a sentence. A type without a sentence of its own is named by the words of its type."""
    sentence = _SENTENCES.get(type(message))
    return sentence(message) if sentence else in_words(message)


def in_words(message: Message) -> str:
    """The words of a message's type: `strategy discussion closed` of `icart.screening.strategy-discussion-closed.v1`."""
    return message.TYPE.split(".")[-2].replace("-", " ")
