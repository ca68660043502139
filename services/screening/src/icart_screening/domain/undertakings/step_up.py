"""Step-up of an early-help case: reviewed, advice or a meeting, what that recommends, the referral (SC-17, TM-7; S1)."""

from __future__ import annotations

from typing import ClassVar

from icart_common.contracts.base import Actor
from icart_common.contracts.stepping import (
    StepUpAdvised,
    StepUpAgreed,
    StepUpAsked,
    StepUpMet,
    StepUpTransferred,
)
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.step_up import LIFE
from icart_screening.domain.undertakings.undertaking import Undertaking


class StepUp(Undertaking):
    """One group's request to step one case up."""

    LIFE: ClassVar[Life] = LIFE

    agency: str = ""
    lead_professional: str | None = None
    reference: str = ""
    """The contact's."""
    level: int | None = None
    reasons: str | None = None
    advice: str | None = None
    attended: tuple[Actor, ...] = ()
    recommendations: tuple[str, ...] = ()
    recommended_by: Actor | None = None
    referral: str | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case StepUpAsked():
                return event.model_dump(include={"agency", "lead_professional", "reference"})
            case StepUpAdvised():
                return event.model_dump(include={"level", "reasons", "advice"})
            case StepUpAgreed():
                return event.model_dump(include={"level", "reasons"})
            case StepUpMet():
                said = {"attended": event.attended, "recommendations": event.recommendations}
                return {**said, "recommended_by": event.by, "reasons": event.reasons}
            case StepUpTransferred():
                return {"referral": str(event.referral)}
            case _:
                return {}
