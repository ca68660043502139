"""What each audience may see: the only objects that anything which leaves is rendered from (CO-5, CO-7, CO-8).

A view holds flat text, dates already written out, and lists of text. What an audience may not see is not a field of its
view, so no template can show it. No view of a parent, a school or another agency has a field about the referrer.
"""

from __future__ import annotations

from typing import Final

from icart_common.policy.check_views import (
    AgencyCheckView,
    CheckAnswerTakenView,
    CheckNotNeededView,
    CheckReminderView,
)
from icart_common.policy.strategy_views import STRATEGY_VIEWS
from icart_common.policy.team_views import (
    DecisionWaitsView,
    MeetingDecisionView,
    MorningReportView,
    NightAlertView,
    TeamAlertView,
)
from icart_common.policy.view import View


class AcknowledgementView(View):
    """To whoever brought a contact: its reference, and the questions that it leaves open (IN-3, IN-16)."""

    AUDIENCE = "referrer"
    reference: str
    received: str
    next_step: str
    questions: tuple[str, ...] = ()
    answers_due: str | None = None
    written_form: str | None = None
    """Given when a telephone call is to be confirmed on the form."""
    written_form_due: str | None = None


class AnswersView(View):
    """To a referrer who answered questions: what was taken, and what is still asked (IN-3)."""

    AUDIENCE = "referrer"
    reference: str
    taken: str
    again: str | None = None
    """How many questions had been answered before."""
    late: str | None = None
    """Words that stand there when they came after they were due."""
    questions: tuple[str, ...] = ()
    answers_due: str | None = None


class ReturnedView(View):
    """To a professional whose referral is returned with advice: what is missing (IN-11)."""

    AUDIENCE = "professional-referrer"
    reference: str
    needs_plan: str | None = None
    needs_tool: str | None = None
    """Words that stand there when it is missing."""
    tools: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    emergency_phone: str


class RepeatView(View):
    """To a referrer whose submission came twice (IN-15)."""

    AUDIENCE = "referrer"
    reference: str
    first_received: str


class AdviceView(View):
    """To a referrer of a child whom nobody can identify (IN-4)."""

    AUDIENCE = "referrer"
    reference: str
    questions: tuple[str, ...]


class CallPoliceView(View):
    """The same when the child may be at risk of significant harm (IN-4)."""

    AUDIENCE = "referrer"
    reference: str
    police_phone: str
    emergency_phone: str


class RedirectedView(View):
    """To a professional whose concern about an open case went to its worker or duty team (IN-5)."""

    AUDIENCE = "professional-referrer"
    reference: str
    team: str


class RefusedView(View):
    """To a sender whose submission could not be accepted: the reasons, each with what to do."""

    AUDIENCE = "referrer"
    reference: str
    reasons: tuple[str, ...]


class DocumentNotTakenView(View):
    """To a sender one of whose documents was refused or did not arrive: which, why, and what to do (IN-14)."""

    AUDIENCE = "referrer"
    reference: str
    document: str
    """As the sender calls it."""
    why: str
    what_to_do: str


class ConsentAskedView(View):
    """To a professional whose early intervention request waits for consent (CO-2)."""

    AUDIENCE = "professional-referrer"
    reference: str


class ChaseView(View):
    """To a professional who owes a written form or an assessment tool (IN-9, IN-10)."""

    AUDIENCE = "professional-referrer"
    reference: str
    owed: tuple[str, ...]
    due: str


class OutOfHoursView(View):
    """Shown before and after an online form is sent while the team is away (IN-13)."""

    AUDIENCE = "referrer"
    opens: str
    police_phone: str
    emergency_phone: str


class OutcomeProfessionalView(View):
    """To a professional referrer: the outcome and the reasons (SC-11)."""

    AUDIENCE = "professional-referrer"
    reference: str
    outcome: str
    level: str
    reasons: str


class OutcomeOthersView(View):
    """To any other referrer: what the child's confidentiality allows, which is that it was dealt with (SC-11)."""

    AUDIENCE = "other-referrer"
    reference: str
    decided: str


class ParentView(View):
    """To a parent or carer: that the front door was asked to look at how the child is, and what it decided."""

    AUDIENCE = "parent"
    reference: str
    child_name: str
    outcome: str


class AllocatedWorkerView(View):
    """To the worker or duty team of an open case: that something came in, read in the case system (IN-5, PV-6, ED-1)."""

    AUDIENCE = "worker"
    addressee: str
    """The allocated worker, or the duty team when nobody is known by name."""
    reference: str
    case_number: str
    received: str
    urgency: str


class ReferralTransferView(View):
    """To the area team through the case system: a level 3 referral to load (SC-11, SC-24)."""

    AUDIENCE = "case-system"
    reference: str
    case_number: str
    child_name: str
    child_born: str
    outcome: str
    reasons: str
    area_team: str
    source_code: str
    referred: str
    received: str
    need_code: str
    factors: str
    assessment_due: str
    conference_due: str | None = None
    """None where the assessment leads to no conference."""


class OutcomeRecordedView(View):
    """To the case system: the outcome of a contact (SC-11)."""

    AUDIENCE = "case-system"
    reference: str
    case_number: str
    outcome: str
    level: str


class StepUpReviewedView(View):
    """To the lead professional of an early-help group that asked for a step-up: advice, or the meeting to arrange (SC-17)."""

    AUDIENCE = "agency"
    reference: str
    level: str
    reasons: str
    advice: str | None = None
    meet_by: str | None = None


class DisagreementProgressView(View):
    """To the agency that disagreed: how it stands, and what was answered (SC-20)."""

    AUDIENCE = "agency"
    reference: str
    stands: str
    said: str | None = None
    next_step: str


class DisagreementToSettleView(View):
    """To whoever settles a disagreement at its stage: the front door's managers, or the board (SC-20)."""

    AUDIENCE = "team"
    addressee: str
    reference: str
    agency: str
    about: str
    because: str
    wants: str


class StepDownView(View):
    """To the service that takes a case on: the child, the plan and who leads it (SC-18)."""

    AUDIENCE = "agency"
    reference: str
    child_name: str
    child_born: str
    child_address: str
    plan_kind: str
    plan: str
    lead_professional: str
    because: str


class CrimeToPoliceView(View):
    """To the police, at once: a suspected crime against a child (SC-12)."""

    AUDIENCE = "police"
    reference: str
    child_name: str
    child_born: str
    child_address: str
    concern: str


class PoliceGapsView(View):
    """To a force: what its officer did not record (PV-12)."""

    AUDIENCE = "police"
    force_reference: str
    questions: tuple[str, ...]


class VpaSharedView(View):
    """To the education or health pathway: a standard assessment without social care history (PV-3)."""

    AUDIENCE = "agency"
    force_reference: str
    child_name: str
    child_born: str
    incident_on: str
    incident_kind: str
    impact: str


class EncompassView(View):
    """To the child's school: that the child was exposed to domestic abuse, and nothing about what happened (PV-8)."""

    AUDIENCE = "school"
    force_reference: str
    child_name: str
    child_born: str
    incident_on: str


class ProbationReplyView(View):
    """To probation: which services know the people of its notice (ST-1)."""

    AUDIENCE = "probation"
    notice_reference: str
    checked: str
    answers: tuple[str, ...]
    """One line for each person and service, by the letters of probation's own notice (`Person 1`)."""


class CaseLoadView(View):
    """To a case system: what came of a full load of its feed."""

    AUDIENCE = "case-system"
    load: str
    outcome: str
    counts: str
    what_to_do: str


class RecordRemarkedView(View):
    """To a case system: what to look at in a record that it sent. It is kept meanwhile."""

    AUDIENCE = "case-system"
    case_number: str
    reasons: tuple[str, ...]


class FormAskedView(View):
    """To a professional who told the night team what was no emergency (ED-3)."""

    AUDIENCE = "professional-referrer"
    reference: str


REQUIRED: Final[dict[str, type[View]]] = {
    "acknowledgement": AcknowledgementView,
    "answers-taken": AnswersView,
    "repeat": RepeatView,
    "advice-given": AdviceView,
    "call-police-now": CallPoliceView,
    "redirected": RedirectedView,
    "submission-refused": RefusedView,
    "document-not-taken": DocumentNotTakenView,
    "consent-asked": ConsentAskedView,
    "form-or-tool-chased": ChaseView,
    "out-of-hours-notice": OutOfHoursView,
    "outcome-professional": OutcomeProfessionalView,
    "outcome-others": OutcomeOthersView,
    "parent-told": ParentView,
    "contact-to-worker": AllocatedWorkerView,
    "referral-to-area-team": ReferralTransferView,
    "outcome-to-case-system": OutcomeRecordedView,
    "case-load-settled": CaseLoadView,
    "case-record-remarked": RecordRemarkedView,
    "step-down": StepDownView,
    "disagreement-progress": DisagreementProgressView,
    "disagreement-to-settle": DisagreementToSettleView,
    "agency-check": AgencyCheckView,
    "agency-check-reminder": CheckReminderView,
    "agency-check-not-needed": CheckNotNeededView,
    "agency-answer-taken": CheckAnswerTakenView,
    "crime-to-police": CrimeToPoliceView,
    "team-alert": TeamAlertView,
    **STRATEGY_VIEWS,
    "decision-waits": DecisionWaitsView,
    "night-alert": NightAlertView,
    "morning-report": MorningReportView,
    "form-asked-at-night": FormAskedView,
}
"""Templates that every pack has, by id, with the view each is rendered from."""

WITH_VPA: Final[dict[str, type[View]]] = {
    "vpa-gaps-to-force": PoliceGapsView,
    "vpa-to-pathway": VpaSharedView,
    "encompass-school-notice": EncompassView,
}
"""Templates that a pack with VPA rules has besides."""

WITH_NOTICES: Final[dict[str, type[View]]] = {"probation-reply": ProbationReplyView}
"""Templates that a pack with statutory notices has besides."""

WITH_PLAN_AND_TOOL: Final[dict[str, type[View]]] = {"referral-returned": ReturnedView}
"""Templates that a pack has besides which returns referrals without a plan and a tool."""

WITH_MEETING: Final[dict[str, type[View]]] = {"meeting-decision": MeetingDecisionView}
"""Templates that a pack has besides which has a daily meeting."""

WITH_STEP_UP: Final[dict[str, type[View]]] = {"step-up-reviewed": StepUpReviewedView}
"""Templates that a pack has besides which holds step-up meetings."""

VIEWS: Final[dict[str, type[View]]] = {
    view.__name__: view
    for family in (REQUIRED, WITH_VPA, WITH_NOTICES, WITH_PLAN_AND_TOOL, WITH_STEP_UP, WITH_MEETING)
    for view in family.values()
}
"""Every view by the name that a template gives as its `view`."""
