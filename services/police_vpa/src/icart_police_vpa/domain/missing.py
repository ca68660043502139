"""What the officer did not record, as questions for the force that name no child (PV-12; S3)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.contracts.vpa import ChildAtIncident, VpaSubmitted
from icart_common.policy.pack import PolicyPack
from icart_common.policy.vpa import ImpactQuestion, VpaRules
from icart_police_vpa.domain.exposure import name_of, school_is_owed, school_of

_LONGEST = 300


def missing(submitted: VpaSubmitted, pack: PolicyPack, rules: VpaRules) -> tuple[str, ...]:
    """The pack's questions that are left open: about the incident once, about each child as "Child 1", in their order."""
    return tuple(question[:_LONGEST] for question in _questions(submitted, pack, rules))


def _questions(submitted: VpaSubmitted, pack: PolicyPack, rules: VpaRules) -> Iterator[str]:
    for asked in rules.impact_questions:
        if asked.field == "previous" and not submitted.incident.previous:
            yield asked.question
    for number, child in enumerate(submitted.children, 1):
        open_questions = [asked for asked in rules.impact_questions if _is_open(asked, child)]
        for asked in open_questions:
            yield f"Child {number}: {asked.question}"
        if school_is_owed(child, submitted.incident, rules):
            asked_already = any(asked.field == "school_agency" for asked in open_questions)
            for question in _for_the_school(child, pack, asked_already):
                yield f"Child {number}: {question}"


def _is_open(asked: ImpactQuestion, child: ChildAtIncident) -> bool:
    match asked.field:
        case "impact":
            return not child.impact
        case "injuries":
            return child.injured and not child.injuries
        case "school_agency":
            return not child.school_agency and child.person.expected is None
        case "previous":
            return False


def _for_the_school(child: ChildAtIncident, pack: PolicyPack, asked_already: bool) -> Iterator[str]:
    """What is needed before a school can be told (PV-8)."""
    if child.person.expected is not None:
        return
    if school_of(child, pack) is None and not asked_already:
        reason = "the one given is not known here" if child.school_agency else "it has to be told"
        yield f"Which school does the child go to ({reason})?"
    if name_of(child.person) is None:
        yield "What is the child's name? The school cannot be told without it."
