"""What the authority's own people and its case system are told (IN-5, PV-6, ED-4, SC-11)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from icart_common.contracts.cases import Case
from icart_common.contracts.ids import reference
from icart_common.contracts.intake import CaseRedirected
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.police_vpa import VpaRouted
from icart_common.contracts.screening import ContactClosed, ReferralCreated
from icart_common.contracts.screening_tools import ScreeningToolRecorded
from icart_common.contracts.timers import ClockBreached
from icart_common.policy import ClockRule, PolicyPack, UnknownPolicy
from icart_common.policy.team_views import TeamAlertView
from icart_common.policy.views import AllocatedWorkerView, OutcomeRecordedView, ReferralTransferView
from icart_common.policy.wording import (
    NOT_GIVEN,
    NOT_KNOWN_YET,
    born_in_words,
    day_in_words,
    instant_in_words,
    name_in_words,
)
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.notices import OWNER
from icart_notifications.domain.ways import to_address, to_agency, to_front_door, to_kind


def redirected(event: CaseRedirected, pack: PolicyPack) -> Iterable[ToSend]:
    """The worker of an open case: that something came in, to be read in the record (IN-5)."""
    urgency = "the child is said not to be safe now" if event.safety.safe is False else event.event.urgency
    view = AllocatedWorkerView(
        **letterhead(pack),
        addressee=_addressee(event.case),
        reference=event.reference,
        case_number=event.case.number or NOT_GIVEN,
        received=instant_in_words(event.received_at),
        urgency=urgency or "urgency not stated",
    )
    yield _to_worker(view, event.case, event.redirection, pack)


def answers_redirected(event: AnswersRedirected, pack: PolicyPack) -> Iterable[ToSend]:
    """The worker of an open case: that what the referral left open was answered, to be read in the record (IN-3, IN-5)."""
    view = AllocatedWorkerView(
        **letterhead(pack),
        addressee=_addressee(event.case),
        reference=event.reference,
        case_number=event.case.number or NOT_GIVEN,
        received=instant_in_words(event.received_at),
        urgency="answers to what the referral had left open",
    )
    yield _to_worker(view, event.case, event.redirection, pack)


def routed_to_worker(event: VpaRouted, pack: PolicyPack) -> Iterable[ToSend]:
    """The worker of an open case: that the police sent an assessment (PV-6)."""
    case = event.case
    view = AllocatedWorkerView(
        **letterhead(pack),
        addressee=_addressee(case),
        reference=str(event.vpa),
        case_number=(case and case.number) or NOT_GIVEN,
        received=instant_in_words(event.routed_at),
        urgency=f"police assessment, {event.incident_kind}",
    )
    yield _to_worker(view, case, event.vpa, pack)


def tool_recorded(event: ScreeningToolRecorded, pack: PolicyPack) -> Iterable[ToSend]:
    """The worker of an open case: that a screening tool came for the child (SC-21)."""
    case = event.case
    if case is None:
        return
    tools = {tool.id: tool.name for tool in pack.screening_tools}
    view = AllocatedWorkerView(
        **letterhead(pack),
        addressee=_addressee(case),
        reference=event.reference,
        case_number=case.number or NOT_GIVEN,
        received=instant_in_words(event.at),
        urgency=f"{tools.get(event.tool, event.tool)}: {event.band}",
    )
    yield _to_worker(view, case, event.undertaking, pack)


def outcome_recorded(event: ContactClosed, pack: PolicyPack) -> Iterable[ToSend]:
    """The outcome, to the case system (SC-11)."""
    level = pack.level(event.level)
    view = OutcomeRecordedView(
        **letterhead(pack),
        reference=event.reference,
        case_number=event.case_number or NOT_GIVEN,
        outcome=pack.outcome(event.outcome).name,
        level=f"{level.number}, {level.name}",
    )
    yield ToSend("outcome-to-case-system", view, to_kind(pack, "case-system"), event.contact, event.reference)


def referral(event: ReferralCreated, pack: PolicyPack) -> Iterable[ToSend]:
    """The referral of a statutory assessment, to the area team through the case system (SC-11)."""
    teams = {team.id: team.name for team in pack.area_teams}
    view = ReferralTransferView(
        **letterhead(pack),
        reference=event.reference,
        case_number=event.case_number or NOT_GIVEN,
        child_name=name_in_words(event.child_given_name, event.child_family_name),
        child_born=born_in_words(event.child_born, event.child_expected),
        outcome=pack.outcome(event.outcome).name,
        reasons=event.reasons,
        area_team=teams.get(event.area_team, event.area_team),
        source_code=event.source_code,
        referred=instant_in_words(event.at),
        received=instant_in_words(event.received_at),
        need_code=event.need_code,
        factors=", ".join(event.factors) or NOT_GIVEN,
        assessment_due=day_in_words(event.assessment_due) if event.assessment_due else NOT_KNOWN_YET,
        conference_due=day_in_words(event.conference_due) if event.conference_due else None,
    )
    yield ToSend("referral-to-area-team", view, to_agency(pack, event.case_system), event.referral, event.reference)


def breached(event: ClockBreached, pack: PolicyPack) -> Iterable[ToSend]:
    """A team alert for what the pack wants heard beyond the desktops, without any name.

    The night team's late records (ED-4), schools that were not told in time, and what this service times itself: notices
    that wait for their reply or have to be chased (ST-1), referrers whom no message reached (TM-17). Every other breach is
    shown where the work lies.
    """
    try:
        rule = pack.clock(event.rule)
    except UnknownPolicy:  # its version was corrected since, and has the rule no more
        return
    if rule.alerts is None or not _is_heard(rule, event.owner):
        return
    view = TeamAlertView(
        **letterhead(pack),
        clock=rule.name,
        reference=reference(event.subject),
        due=instant_in_words(event.due_at),
        state="overdue",
    )
    late_night_team = rule.starts_on == "edt_contact_recorded"
    ways = (to_kind(pack, "edt") if late_night_team else ()) + to_front_door(pack)
    yield ToSend("team-alert", view, ways, event.subject, view.reference)


def _is_heard(rule: ClockRule, owner: str) -> bool:
    return rule.starts_on == "edt_contact_recorded" or "school_told" in rule.ends_on or owner == OWNER


def _addressee(case: Case | None) -> str:
    """The allocated worker; the duty team of the case's team, or whichever is on duty, when the worker is not known (IN-5)."""
    if case and case.worker:
        return f"{case.worker}, {case.team}" if case.team else case.worker
    return f"the duty team of {case.team}" if case and case.team else "the duty team"


def _to_worker(view: AllocatedWorkerView, case: Case | None, about: UUID, pack: PolicyPack) -> ToSend:
    """Into the case system, and to the worker's own mailbox when it is known."""
    worker = to_address(pack.authority.id, case.worker_email) if case else ()
    return ToSend("contact-to-worker", view, to_kind(pack, "case-system") + worker, about, view.reference)
