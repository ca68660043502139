"""Every step that a person may ask for, by the name that it has in an address."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.base import Command
from icart_gateway.pages.forms import (
    authority,
    beside,
    joint_work,
    notices,
    people,
    police,
    referrals,
    screening,
    strategy,
)
from icart_gateway.pages.forms.step import Step

STEPS: Final[tuple[Step, ...]] = (
    *screening.STEPS, *joint_work.STEPS, *strategy.STEPS, *beside.STEPS, *authority.STEPS, *people.STEPS, *police.STEPS,
    *notices.STEPS, *referrals.STEPS,
)  # fmt: skip
BY_SLUG: Final[dict[str, Step]] = {step.slug: step for step in STEPS}
BY_COMMAND: Final[dict[type[Command], Step]] = {step.command: step for step in STEPS}
