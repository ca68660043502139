"""The step that sends a referral which somebody of ours took down by telephone (IN-12, IN-22)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.drafts import SubmitDraft
from icart_gateway.pages.forms.step import Step
from icart_gateway.refer.asked_at import asked_at

SUBMIT: Final = Step(
    SubmitDraft,
    "Take a referral by telephone",
    "Send the referral",
    "The referral has been sent.",
    matter="draft",
    when=("taken down",),
    line=asked_at,
)
STEPS: Final = (SUBMIT,)
