"""How police vulnerable person's assessments are assessed and routed (PV-1 to PV-8, PV-12)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import AgencyId, Slug
from icart_common.contracts.vpa import Grade
from icart_common.policy.base import Named, Part, Sourced, Words
from icart_common.worktime.hours import LocalTime


class GradeRule(Sourced):
    """What a grade asks for: a second assessment (PV-2), a strand that screens it first (PV-5)."""

    grade: Grade
    secondary: bool
    screened_on: Slug | None = None


class Pathway(Named):
    """A way out that is not the front door, for a standard VPA without social care history (PV-3)."""

    agency: AgencyId
    grades: tuple[Grade, ...]
    only_without_history: bool = True
    ages: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
    """Youngest and oldest age in whole years, both included."""


class VpaDecision(Named):
    """The reasoned decision recorded on each child (PV-7)."""

    kind: Literal["information", "support", "referral"]
    opens_contact: bool


class Encompass(Sourced):
    """Telling the school of a child exposed to domestic abuse (PV-8)."""

    on: bool
    before: LocalTime


class DomesticAbuse(Sourced):
    """What of a child at a domestic abuse incident makes it a matter for the front door (PV-4)."""

    exposures: tuple[Literal["injured", "witnessed", "present", "lives_or_visits"], ...]


class ImpactQuestion(Sourced):
    """What is asked of the force when the officer left it blank (PV-12)."""

    id: Slug
    field: Literal["impact", "injuries", "school_agency", "previous"]
    question: Words


class VpaRules(Part):
    """The whole of an authority's rules for VPAs."""

    primary_role: Slug
    secondary_role: Slug
    desktop: Slug
    open_case_desktop: Slug
    grades: tuple[GradeRule, ...]
    pathways: tuple[Pathway, ...]
    decisions: tuple[VpaDecision, ...]
    domestic_abuse: DomesticAbuse
    encompass: Encompass
    impact_questions: tuple[ImpactQuestion, ...]

    def grade(self, grade: Grade) -> GradeRule:
        """The rule of a grade; the pack's check makes sure that there is one for each."""
        return next(rule for rule in self.grades if rule.grade == grade)

    def pathway(self, grade: Grade, *, age: int, history: bool) -> Pathway | None:
        """The pathway a child's VPA may take; None sends it to the front door."""
        for way in self.pathways:
            youngest, oldest = way.ages
            open_to = grade in way.grades and youngest <= age <= oldest
            if open_to and not (history and way.only_without_history):
                return way
        return None
