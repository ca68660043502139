"""What partners are told of cases that step up and down (SC-17, SC-18)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.stepping import SteppedDown, StepUpAdvised, StepUpAgreed
from icart_common.policy import PolicyPack
from icart_common.policy.views import StepDownView, StepUpReviewedView
from icart_common.policy.wording import instant_in_words
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.told_child import whole
from icart_notifications.domain.ways import to_agency


def reviewed(event: StepUpAdvised | StepUpAgreed, pack: PolicyPack) -> Iterable[ToSend]:
    """Advice, or the meeting that the lead professional arranges. Nothing when the contact's own outcome says it already."""
    advice = event.advice if isinstance(event, StepUpAdvised) else None
    meet_by = instant_in_words(event.meet_by) if isinstance(event, StepUpAgreed) else None
    if advice is None and meet_by is None:
        return
    level = pack.level(event.level)
    view = StepUpReviewedView(
        **letterhead(pack),
        reference=event.reference,
        level=f"{level.number}, {level.name}",
        reasons=event.reasons,
        advice=advice,
        meet_by=meet_by,
    )
    yield ToSend("step-up-reviewed", view, to_agency(pack, event.agency), event.undertaking, event.reference)


def stepped_down(event: SteppedDown, pack: PolicyPack) -> Iterable[ToSend]:
    """The receiving service: the child, the plan and who leads it."""
    plans = {plan.id: plan.name for plan in pack.stepping.step_down.plans}
    agency = pack.known_agency(event.lead_agency)
    view = StepDownView(
        **letterhead(pack),
        reference=event.reference,
        **whole(event.child),
        plan_kind=plans.get(event.plan_kind, event.plan_kind),
        plan=event.plan,
        lead_professional=f"{event.lead_professional}, {agency.name}" if agency else event.lead_professional,
        because=event.because,
    )
    yield ToSend("step-down", view, to_agency(pack, event.service), event.undertaking, event.reference)
