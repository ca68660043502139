"""Step-down to early help: with a plan, a lead professional and the family's consent, or not at all (SC-18; S3; S4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Final

from icart_common.contracts.stepping import (
    ReturnStepDown,
    StepDown,
    StepDownReturned,
    StepDownTakenUp,
    SteppedDown,
    TakeUpStepDown,
)
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.step_down import LIFE
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.undertaking import Circumstances, Kind, Progress, Undertaking


class SteppingDown(Undertaking):
    """One case on its way to early help."""

    LIFE: ClassVar[Life] = LIFE

    service: str = ""
    plan_kind: str = ""
    plan: str = ""
    lead_professional: str = ""
    lead_agency: str | None = None
    first_meeting: date | None = None
    returned_because: str | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case SteppedDown():
                return event.model_dump(include={"service", "plan_kind", "plan", "lead_professional", "lead_agency"})
            case StepDownTakenUp():
                return {"first_meeting": event.first_meeting}
            case StepDownReturned():
                return {"returned_because": event.because}
            case _:
                return {}


def _step_down(_: None, command: StepDown, on: Circumstances) -> Iterable[Progress]:
    contact, rule = on.contact, on.pack.stepping.step_down
    assert contact is not None, "a step-down belongs to a contact"
    if contact.status == "open":
        why = "the contact is still being screened"
        raise Refusal("contact-open", why, ("have its outcome authorised first",))
    if any(isinstance(one, SteppingDown) for one in on.beside):
        raise Refusal("offered-already", "a service has been asked already", ("record what it answered first",))
    service = known_agency(on.pack, command.service)
    if not (service.delivery.topic or service.delivery.email):
        raise Refusal("unreachable", f"{service.name} has no topic and no secure mailbox", ("name another service",))
    if command.lead_agency:
        known_agency(on.pack, command.lead_agency)
    kinds = [plan.id for plan in rule.plans]
    if command.plan_kind not in kinds:
        names = (f"{plan.name} ({plan.id})" for plan in rule.plans)
        raise Refusal("unknown-plan", "the authority has no such plan", names)
    missing = [
        what
        for what, said in (("the plan", command.plan), ("the lead professional", command.lead_professional))
        if not said
    ]
    if missing:
        why = f"a case is stepped down with its plan and its lead professional; missing: {' and '.join(missing)}"
        raise Refusal("not-whole", why, (f"name {what}" for what in missing))
    if rule.needs_consent and not consent_stands(contact, on.pack) and not command.agreed_by:
        why = "early help goes on with the family's agreement, and none is recorded"
        raise Refusal("consent-needed", why, ("ask the family, and say who agreed",))
    said = command.model_dump(include={"service", "plan_kind", "plan", "lead_professional", "lead_agency", "because"})
    child = contact.arrival.child.told()
    yield on.begin(
        SteppingDown,
        SteppedDown,
        by=command.actor,
        reference=contact.reference,
        child=child,
        agreed_by=command.agreed_by or None,
        **said,
    )


def _taken_up(held: SteppingDown, command: TakeUpStepDown, on: Circumstances) -> Iterable[Progress]:
    yield on.go_on(held, (StepDownTakenUp, {"by": command.actor, "first_meeting": command.first_meeting}))


def _returned(held: SteppingDown, command: ReturnStepDown, on: Circumstances) -> Iterable[Progress]:
    yield on.go_on(held, (StepDownReturned, {"by": command.actor, "because": command.because}))


STEP_DOWN: Final = Kind(
    holds=SteppingDown,
    deciders={StepDown: _step_down, TakeUpStepDown: _taken_up, ReturnStepDown: _returned},
)
