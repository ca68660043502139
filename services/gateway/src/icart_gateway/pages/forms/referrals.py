"""The step that sends a referral which somebody of ours took down by telephone (IN-12, IN-22)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.drafts import SubmitDraft
from icart_gateway.pages.forms.step import Step

SUBMIT: Final = Step(
    SubmitDraft,
    "Take a referral by telephone",
    "Send the referral",
    "The referral has been sent.",
    matter="draft",
    when=("taken down",),
)
STEPS: Final = (SUBMIT,)
