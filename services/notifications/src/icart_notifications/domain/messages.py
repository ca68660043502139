"""Which event makes which messages: the whole list, in one place (ST-12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import chain
from typing import Any, Final

from icart_common.contracts.at_once import PoliceTold
from icart_common.contracts.base import InboundRefused, Message
from icart_common.contracts.cases import LoadSettled, RecordRemarked
from icart_common.contracts.checks import (
    CheckCancelled,
    CheckChased,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
)
from icart_common.contracts.decisions import DecisionAsked
from icart_common.contracts.disagreements import (
    DisagreementAnswered,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementResolved,
)
from icart_common.contracts.documents import DocumentMissing, DocumentRefused
from icart_common.contracts.handover import FormAsked, NightAlertRaised, NightReported
from icart_common.contracts.intake import (
    AdviceGiven,
    AnswersTaken,
    CaseRedirected,
    ReferralReturned,
    SubmissionRepeated,
    SubmissionTaken,
)
from icart_common.contracts.meetings import EnquiryDecided
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.police_vpa import SchoolToBeTold, VpaRecorded, VpaRouted
from icart_common.contracts.reminders import ReferrerChased
from icart_common.contracts.screening import ContactClosed, ReferralCreated
from icart_common.contracts.screening_tools import ScreeningToolRecorded
from icart_common.contracts.stepping import SteppedDown, StepUpAdvised, StepUpAgreed
from icart_common.contracts.strategy import (
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyInformationShared,
    StrategyPartnersInvited,
)
from icart_common.contracts.timers import ClockBreached
from icart_common.policy import PolicyBook, PolicyPack, UnknownPolicy
from icart_common.policy.wording import london_day
from icart_notifications.domain import (
    checks,
    disagreements,
    documents,
    feeds,
    partners,
    referrers,
    stepping,
    strategy,
    teams,
    workers,
)
from icart_notifications.domain.leaving import ToSend

Maker = Callable[[Any, PolicyPack], Iterable[ToSend]]

MAKERS: Final[dict[type[Message], tuple[Maker, ...]]] = {
    SubmissionTaken: (referrers.taken,),
    SubmissionRepeated: (referrers.repeated,),
    AdviceGiven: (referrers.advised,),
    AnswersTaken: (referrers.answered,),
    ReferralReturned: (referrers.returned,),
    ReferrerChased: (referrers.chased,),
    InboundRefused: (referrers.refused,),
    DocumentRefused: (documents.refused,),
    DocumentMissing: (documents.missing,),
    CaseRedirected: (workers.redirected,),
    AnswersRedirected: (workers.answers_redirected,),
    LoadSettled: (feeds.settled,),
    RecordRemarked: (feeds.remarked,),
    ContactClosed: (referrers.closed, workers.outcome_recorded),
    ReferralCreated: (workers.referral,),
    CheckRequested: (checks.asked,),
    CheckChased: (checks.reminded,),
    CheckCancelled: (checks.cancelled,),
    CheckReplied: (checks.answered,),
    CheckRepliedAgain: (checks.answered,),
    VpaRecorded: (partners.gaps,),
    VpaRouted: (partners.routed,),
    SchoolToBeTold: (partners.school,),
    StepUpAdvised: (stepping.reviewed,),
    StepUpAgreed: (stepping.reviewed,),
    SteppedDown: (stepping.stepped_down,),
    ScreeningToolRecorded: (workers.tool_recorded,),
    DisagreementRaised: (disagreements.raised,),
    DisagreementAnswered: (disagreements.answered,),
    DisagreementRaisedHigher: (disagreements.raised_higher,),
    DisagreementResolved: (disagreements.resolved,),
    ClockBreached: (workers.breached,),
    PoliceTold: (strategy.crime,),
    StrategyPartnersInvited: (strategy.invited,),
    StrategyInformationShared: (strategy.shared,),
    StrategyDiscussionClosed: (strategy.closed,),
    StrategyDiscussionCalledOff: (strategy.called_off,),
    DecisionAsked: (teams.decision_waits,),
    EnquiryDecided: (teams.meeting_decided,),
    NightAlertRaised: (teams.night_alert,),
    NightReported: (teams.morning_report,),
    FormAsked: (teams.form_asked,),
}
"""Every other event makes nothing leave. A view is built by the one function of its audience and by nothing else (CO-5)."""


def pack_of(event: Message, book: PolicyBook, at: datetime) -> PolicyPack | None:
    """The pack that an event's messages are written under: the one that its thing keeps (AU-6), or that day's.

    None for a refusal to an agency that no pack holds. Raises UnknownPolicy for an authority or version that is not loaded.
    """
    if isinstance(event, InboundRefused):
        return _pack_of_refusal(event, book, london_day(at))
    authority: str | None = getattr(event, "authority", None)
    version: str | None = getattr(event, "pack_version", None)
    if authority is None:
        return None
    return book.pack(authority, version) if version else book.on(authority, london_day(at))


def _pack_of_refusal(event: InboundRefused, book: PolicyBook, day: date) -> PolicyPack | None:
    """That day's, of the authority that the message named or else of one that knows the agency; the first where there was none
    yet: that there is no policy for a day is what the sender is told."""
    named = event.authority if event.authority in book.authorities else None
    authority = named or next(iter(book.authorities_of(event.agency)), None)
    if authority is None:
        return None
    try:
        return book.on(authority, day)
    except UnknownPolicy:
        return next(pack for pack in book.packs() if pack.authority.id == authority)


def messages(event: Message, pack: PolicyPack) -> tuple[ToSend, ...]:
    """What leaves because of an event."""
    return tuple(chain.from_iterable(make(event, pack) for make in MAKERS.get(type(event), ())))
