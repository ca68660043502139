"""What teams hear of decisions, meetings and nights: by reference alone, for their mailboxes (SC-15, SC-16, ED-3, ED-5, ED-7)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.decisions import DecisionAsked
from icart_common.contracts.handover import FormAsked, NightAlertRaised, NightReported, ReportLine
from icart_common.contracts.meetings import EnquiryDecided
from icart_common.policy import PolicyPack
from icart_common.policy.team_views import DecisionWaitsView, MeetingDecisionView, MorningReportView, NightAlertView
from icart_common.policy.views import FormAskedView
from icart_common.policy.wording import day_in_words, instant_in_words
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.ways import to_address, to_agency, to_front_door, to_kind


def decision_waits(event: DecisionAsked, pack: PolicyPack) -> Iterable[ToSend]:
    """The manager whose turn has come; when everybody is away the last of the chain and the front door (SC-16).

    The first manager sees it on the desktop: they are told nothing while they are there.
    """
    if event.because == "submitted" and event.turn == 0 and not event.nobody:
        return
    stages = pack.decision_chain.stages
    ways = to_address(pack.authority.id, stages[min(event.turn, len(stages) - 1)].email)
    if event.nobody:
        ways += tuple(way for way in to_front_door(pack) if way not in ways)
    view = DecisionWaitsView(
        **letterhead(pack),
        reference=event.reference,
        since=instant_in_words(event.needed_at),
        turn=pack.role(event.stages[event.turn].role).name,
        nobody="nobody" if event.nobody else None,
    )
    yield ToSend("decision-waits", view, ways, event.decision, event.reference)


def meeting_decided(event: EnquiryDecided, pack: PolicyPack) -> Iterable[ToSend]:
    """The link to a decision of the daily meeting, to whom the pack says (SC-15)."""
    if pack.daily_meeting is None:
        return
    view = MeetingDecisionView(**letterhead(pack), reference=event.reference, on=day_in_words(event.on))
    ways = [way for box in pack.daily_meeting.links_to for way in to_address(pack.authority.id, box.email)]
    yield ToSend("meeting-decision", view, tuple(ways), event.enquiry, event.reference)


def night_alert(event: NightAlertRaised, pack: PolicyPack) -> Iterable[ToSend]:
    """What the day team asks the night team to look out for (ED-7)."""
    view = NightAlertView(**letterhead(pack), night=day_in_words(event.night), about=event.about, alert=event.alert)
    yield ToSend("night-alert", view, to_kind(pack, "edt"), event.item, event.about)


def morning_report(event: NightReported, pack: PolicyPack) -> Iterable[ToSend]:
    """Every child of the night, to the team's mailbox (ED-5)."""
    view = MorningReportView(
        **letterhead(pack),
        night=day_in_words(event.night),
        says=event.says,
        lines=tuple(_line(line) for line in event.lines),
    )
    yield ToSend("morning-report", view, to_front_door(pack), event.undertaking, event.night.isoformat())


def _line(line: ReportLine) -> str:
    """`QK7WM-3HXPA: section 47 enquiry begun, nobody accepted it before opening`."""
    what = {
        "contact": "for the front door",
        "open-case": "went to the worker of an open case",
        "alert": "the day team's alert",
    }
    marks = (
        ("section 47 enquiry begun", line.section_47_begun),
        ("nobody accepted it before opening", line.missed),
        ("on the wrong desktop", line.wrong_desktop),
    )
    said = ", ".join((what[line.kind], *(words for words, holds in marks if holds)))
    return f"{line.reference}: {said}"


def form_asked(event: FormAsked, pack: PolicyPack) -> Iterable[ToSend]:
    """A professional is asked for the form at their own address; without one, through the night team (ED-3)."""
    ways = to_address(event.agency, event.reply_to.email) or to_agency(pack, event.agency)
    view = FormAskedView(**letterhead(pack), reference=event.reference)
    yield ToSend("form-asked-at-night", view, ways, event.contact, event.reference, in_reply_to=event.submission)
