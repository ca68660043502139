"""Templates that are there, are used, and show an audience no more than its view holds (AU-7, ST-12, CO-5)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.pack import PolicyPack
from icart_common.policy.templates import faults
from icart_common.policy.view import View
from icart_common.policy.views import REQUIRED, WITH_MEETING, WITH_NOTICES, WITH_PLAN_AND_TOOL, WITH_STEP_UP, WITH_VPA


def template_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Missing and unused templates, wrong views, unknown fields."""
    needed = _needed(pack)
    held = names(pack.templates)
    for template_id in sorted(needed.keys() - held):
        reason = f"template {template_id!r} is missing"
        yield Fault(("templates",), reason, f"Add it, with `view: {needed[template_id].__name__}`.")
    for index, outcome in enumerate(pack.outcomes):
        if outcome.feedback is None:
            continue
        for key in ("professional", "others"):
            at = ("outcomes", index, "feedback", key)
            yield from unknown(at, "template", getattr(outcome.feedback, key), held)
    for index, template in enumerate(pack.templates):
        at_template = ("templates", index)
        view = needed.get(template.id)
        if view is None:
            fix = "Remove it, or name it in an outcome's feedback or a notice's reply_template."
            yield Fault((*at_template, "id"), f"template {template.id!r} is never sent", fix)
        elif template.view != view.__name__:
            fix = f"Write `view: {view.__name__}`."
            yield Fault((*at_template, "view"), f"template {template.id!r} is for another audience", fix)
        for part, reason in faults(template):
            yield Fault((*at_template, part), reason, "Use the fields of the view alone.")


def _needed(pack: PolicyPack) -> dict[str, type[View]]:
    needed = dict(REQUIRED)
    if pack.vpa is not None:
        needed |= WITH_VPA
    if pack.good_referral.plan_and_tool is not None:
        needed |= WITH_PLAN_AND_TOOL
    if pack.stepping.step_up.meeting is not None:
        needed |= WITH_STEP_UP
    if pack.notices:
        needed |= WITH_NOTICES
    if pack.daily_meeting is not None:
        needed |= WITH_MEETING
    for outcome in pack.outcomes:
        if outcome.feedback is not None:
            needed.setdefault(outcome.feedback.professional, REQUIRED["outcome-professional"])
            needed.setdefault(outcome.feedback.others, REQUIRED["outcome-others"])
    for notice in pack.notices:
        needed.setdefault(notice.reply_template, WITH_NOTICES["probation-reply"])
    return needed
