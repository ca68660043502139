"""What the parts of a pack have to agree on among themselves (AU-7): every id that is named exists, every outcome can be
reached, every role that the work needs is there, every clock can run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from icart_common.policy.consistency_checks import check_faults
from icart_common.policy.consistency_clocks import clock_faults, hours_faults
from icart_common.policy.consistency_meeting import chain_faults, meeting_faults
from icart_common.policy.consistency_stepping import stepping_faults
from icart_common.policy.consistency_templates import template_faults
from icart_common.policy.consistency_tools import tool_faults
from icart_common.policy.errors import Problem
from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.marks import Marked, Path, shown
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission

_NEEDED: Final[dict[str, tuple[Permission, ...]]] = {
    "worker_role": ("record", "submit"),
    "manager_role": ("allocate", "authorise", "send-back"),
}
_VPA_ROLES: Final[dict[str, Permission]] = {"primary_role": "vpa-primary", "secondary_role": "vpa-secondary"}


def inconsistencies(pack: PolicyPack, marked: Marked) -> list[Problem]:
    """Every disagreement inside a pack, with its line."""
    return [
        Problem(marked.file, marked.line(fault.path), shown(fault.path), fault.reason, fault.fix)
        for check in _CHECKS
        for fault in check(pack)
    ]


def _unique(pack: PolicyPack) -> Iterator[Fault]:
    groups: tuple[tuple[str, tuple[object, ...], str], ...] = (
        ("agencies", pack.agencies, "id"), ("area_teams", pack.area_teams, "id"), ("roles", pack.roles, "id"),
        ("desktops", pack.desktops, "id"), ("levels", pack.levels, "number"), ("strands", pack.strands, "id"),
        ("outcomes", pack.outcomes, "id"), ("sections", pack.sections, "id"),
        ("required_statements", pack.required_statements, "id"), ("clocks", pack.clocks, "id"),
        ("consent_grounds", pack.consent_grounds, "id"), ("checks", pack.checks, "id"),
        ("not_sharing_grounds", pack.not_sharing_grounds, "id"), ("notices", pack.notices, "id"),
        ("templates", pack.templates, "id"), ("closures", pack.closures, "on"),
        ("source_types", pack.source_types, "id"), ("screening_tools", pack.screening_tools, "id"),
    )  # fmt: skip
    for group, items, key in groups:
        seen: set[object] = set()
        for index, item in enumerate(items):
            value = getattr(item, key)
            if value in seen:
                yield Fault((group, index, key), f"{value} is there twice", "Give each its own, or remove one.")
            seen.add(value)
    for path, ids in (
        (("thresholds", "statements"), [statement.id for statement in pack.thresholds.statements]),
        (("good_referral", "questions"), [question.id for question in pack.good_referral.questions]),
        (("strategy", "partners"), [partner.id for partner in pack.strategy.partners]),
    ):
        for index, value in enumerate(ids):
            if value in ids[:index]:
                yield Fault((*path, index, "id"), f"{value} is there twice", "Give each its own id.")


def _strands(pack: PolicyPack) -> Iterator[Fault]:
    known: dict[str, set[str]] = {
        "desktop": names(pack.desktops), "authorisation_desktop": names(pack.desktops),
        "worker_role": names(pack.roles), "manager_role": names(pack.roles),
    }  # fmt: skip
    for index, strand in enumerate(pack.strands):
        at = ("strands", index)
        for key, ids in known.items():
            yield from unknown((*at, key), key.rsplit("_", 1)[-1], getattr(strand, key), ids)
        for place, section in enumerate(strand.sections):
            yield from unknown((*at, "sections", place), "section", section, names(pack.sections))
        for place, outcome in enumerate(strand.outcomes):
            yield from unknown((*at, "outcomes", place), "outcome", outcome, names(pack.outcomes))
        for place, ground in enumerate(strand.consent.grounds):
            where = (*at, "consent", "grounds", place)
            yield from unknown(where, "consent ground", ground, names(pack.consent_grounds))
        for place, level in enumerate(strand.levels):
            yield from unknown((*at, "levels", place), "level", level, _levels(pack))
        for place, outcome in enumerate(strand.authorisation.worker_may_close_outcomes):
            where = (*at, "authorisation", "worker_may_close_outcomes", place)
            yield from unknown(where, "outcome", outcome, set(strand.outcomes))


def _needed_roles(pack: PolicyPack) -> Iterator[Fault]:
    for index, strand in enumerate(pack.strands):
        at = ("strands", index)
        for key, needed in _NEEDED.items():
            role = next((role for role in pack.roles if role.id == getattr(strand, key)), None)
            for permission in needed:
                if role is not None and not role.may(permission, strand.id):
                    fix = f"Give the role the permission and the strand {strand.id!r}, or name another role."
                    yield Fault((*at, key), f"role {role.id!r} may not {permission} on {strand.id!r}", fix)
        if not any(role.may("triage", strand.id) for role in pack.roles):
            reason = f"unreachable strand: nobody may triage to {strand.id!r}"
            yield Fault(at, reason, "Give a role `triage` and the strand.")
        if strand.authorisation.rule == "worker-may-close":
            closers = [role for role in pack.roles if role.may("close-advice", strand.id)]
            if not closers or not strand.authorisation.worker_may_close_outcomes:
                fix = "Give a role `close-advice` on the strand, and list worker_may_close_outcomes."
                yield Fault((*at, "authorisation"), "a worker may close, but no role or no outcome lets them", fix)
        for place, section in enumerate(strand.sections):
            if not any(role.may_fill(section) for role in pack.roles):
                fix = "Name the section in a role that may record."
                yield Fault((*at, "sections", place), f"no role may fill section {section!r}", fix)


def _roles(pack: PolicyPack) -> Iterator[Fault]:
    held = {permission for role in pack.roles for permission in role.permissions}
    for wanted in (
        "open",
        "edt-accept",
        "step-up",
        "strategy",
        "separate-notice",
        "settle-siblings",
        "step-up",
        "step-down",
        "correct",
        "keep-rota",
        *(["notice-check"] if pack.notices else []),
    ):
        if wanted not in held:
            yield Fault(("roles",), f"a missing role: nobody may {wanted}", "Give the permission to a role.")
    for index, role in enumerate(pack.roles):
        for place, strand_id in enumerate(role.strands):
            yield from unknown(("roles", index, "strands", place), "strand", strand_id, names(pack.strands))
        for place, section in enumerate(role.sections):
            yield from unknown(("roles", index, "sections", place), "section", section, names(pack.sections))


def _strategy(pack: PolicyPack) -> Iterator[Fault]:
    kinds = {agency.kind for agency in pack.agencies}
    for index, partner in enumerate(pack.strategy.partners):
        at = ("strategy", "partners", index)
        for place, agency in enumerate(partner.agencies):
            yield from unknown((*at, "agencies", place), "agency", agency, names(pack.agencies))
        for place, kind in enumerate(partner.agency_kinds):
            if kind not in kinds:
                fix = "Add such an agency, or name another kind."
                yield Fault((*at, "agency_kinds", place), f"the pack has no agency of kind {kind!r}", fix)
        if not (partner.ourselves or partner.referrer or partner.agency_kinds or partner.agencies):
            fix = "Give it `ourselves`, `referrer`, `agency_kinds` or `agencies`."
            yield Fault(at, f"nobody can take the seat of {partner.id!r}", fix)
    if not any(partner.ourselves and partner.needed == "always" for partner in pack.strategy.partners):
        fix = "Add the authority's own social care, with `needed: always` and `ourselves: true`."
        yield Fault(("strategy", "partners"), "a strategy discussion without the authority itself", fix)


def _matching(pack: PolicyPack) -> Iterator[Fault]:
    for key in ("decide_roles", "merge_roles"):
        for place, role in enumerate(getattr(pack.matching, key)):
            yield from unknown(("matching", key, place), "role", role, names(pack.roles))


def _outcomes(pack: PolicyPack) -> Iterator[Fault]:
    reached = {outcome for strand in pack.strands for outcome in strand.outcomes}
    in_error = [outcome.id for outcome in pack.outcomes if outcome.opened_in_error]
    if len(in_error) != 1 or in_error[0] in reached:
        fix = "Give one outcome `opened_in_error: true`, and list it under no strand."
        yield Fault(("outcomes",), "what was opened in error does not end in one outcome of its own", fix)
    for index, outcome in enumerate(pack.outcomes):
        at = ("outcomes", index)
        if outcome.id not in reached and not outcome.opened_in_error:
            fix = "List it under the outcomes of a strand, or remove it."
            yield Fault(at, f"unreachable outcome: no strand has {outcome.id!r}", fix)
        yield from unknown((*at, "level"), "level", outcome.level, _levels(pack))
        if outcome.transfers_to is not None:
            yield from unknown((*at, "transfers_to"), "strand", outcome.transfers_to, names(pack.strands))
            own = [strand.id for strand in pack.strands if outcome.id in strand.outcomes]
            if outcome.transfers_to in own:
                fix = "Name another strand, or take the outcome off this one."
                yield Fault((*at, "transfers_to"), "the outcome transfers a strand to itself", fix)
        if outcome.creates_referral and outcome.assessment is None:
            fix = "Add `assessment: s17` or `assessment: s47`."
            yield Fault(at, "the outcome creates a referral but names no assessment", fix)


def _statements(pack: PolicyPack) -> Iterator[Fault]:
    for index, statement in enumerate(pack.required_statements):
        if statement.section is not None:
            section_at = ("required_statements", index, "section")
            yield from unknown(section_at, "section", statement.section, names(pack.sections))
    places: list[tuple[Path, str, int]] = [
        (("thresholds", "otherwise"), pack.thresholds.otherwise.strand, pack.thresholds.otherwise.level)
    ]
    for index, threshold in enumerate(pack.thresholds.statements):
        places.append((("thresholds", "statements", index), threshold.strand, threshold.level))
    for path, strand, level in places:
        yield from unknown((*path, "strand"), "strand", strand, names(pack.strands))
        yield from unknown((*path, "level"), "level", level, _levels(pack))
    returned = pack.good_referral.plan_and_tool
    if returned is not None:
        where = ("good_referral", "plan_and_tool")
        yield from unknown((*where, "unless_strand"), "strand", returned.unless_strand, names(pack.strands))
        statements = {statement.id for statement in pack.thresholds.statements}
        yield from unknown((*where, "advice_statement"), "threshold statement", returned.advice_statement, statements)


def _desktops_and_agencies(pack: PolicyPack) -> Iterator[Fault]:
    kinds = {desktop.kind for desktop in pack.desktops}
    for kind in ("admin", "arrivals", "edt"):
        if kind not in kinds:
            yield Fault(("desktops",), f"there is no desktop of kind {kind!r}", "Add one.")
    agency_kinds = {agency.kind for agency in pack.agencies}
    for agency_kind in ("edt", "case-system", "public-door"):
        if agency_kind not in agency_kinds:
            yield Fault(("agencies",), f"there is no agency of kind {agency_kind!r}", "Add one.")
    everywhere = [team for team in pack.area_teams if team.takes_everywhere_else]
    if len(everywhere) != 1:
        fix = "Give `takes_everywhere_else: true` to one team and no other."
        yield Fault(("area_teams",), f"{len(everywhere)} area teams take everywhere else, not one", fix)
    districts: set[str] = set()
    for index, team in enumerate(pack.area_teams):
        for place, district in enumerate(team.postcode_districts):
            if district in districts:
                at = ("area_teams", index, "postcode_districts", place)
                yield Fault(at, f"district {district} belongs to two teams", "Leave it with one.")
            districts.add(district)


def _vpa(pack: PolicyPack) -> Iterator[Fault]:
    rules = pack.vpa
    if rules is None:
        return
    for key, permission in _VPA_ROLES.items():
        wanted = getattr(rules, key)
        yield from unknown(("vpa", key), "role", wanted, names(pack.roles))
        if any(role.id == wanted and not role.may(permission) for role in pack.roles):
            yield Fault(("vpa", key), f"role {wanted!r} may not {permission}", "Give it the permission.")
    for key in ("desktop", "open_case_desktop"):
        yield from unknown(("vpa", key), "desktop", getattr(rules, key), names(pack.desktops))
    graded = [rule.grade for rule in rules.grades]
    if sorted(graded) != ["high", "medium", "standard"]:
        fix = "Give one rule for each of standard, medium and high."
        yield Fault(("vpa", "grades"), "each grade needs exactly one rule", fix)
    for index, rule in enumerate(rules.grades):
        if rule.screened_on is not None:
            at = ("vpa", "grades", index, "screened_on")
            yield from unknown(at, "strand", rule.screened_on, names(pack.strands))
    for index, way in enumerate(rules.pathways):
        yield from unknown(("vpa", "pathways", index, "agency"), "agency", way.agency, names(pack.agencies))
        if way.ages[0] > way.ages[1]:
            at = ("vpa", "pathways", index, "ages")
            yield Fault(at, "the youngest age is above the oldest", "Write the youngest first.")


def _encompass(pack: PolicyPack) -> Iterator[Fault]:
    """The notice to the school and the clock that watches it are one rule: both or neither, at the same hour."""
    if pack.vpa is None:
        return
    watching = [clock for clock in pack.clocks if clock.starts_on == "vpa_exposed"]
    if pack.vpa.encompass.on and not watching:
        fix = "Add a clock that starts on vpa_exposed, or write `on: false`."
        yield Fault(("vpa", "encompass", "on"), "schools are told, but no clock watches it", fix)
    for clock in watching:
        if getattr(clock.allowance, "time", pack.vpa.encompass.before) != pack.vpa.encompass.before:
            reason = f"the school day starts at another time in clock {clock.id}"
            yield Fault(("vpa", "encompass", "before"), reason, "Write the same time in both.")


def _notices(pack: PolicyPack) -> Iterator[Fault]:
    for index, notice in enumerate(pack.notices):
        at = ("notices", index)
        yield from unknown((*at, "desktop"), "desktop", notice.desktop, names(pack.desktops))
        yield from unknown((*at, "check_role"), "role", notice.check_role, names(pack.roles))
        if notice.authorise_role is not None:
            yield from unknown((*at, "authorise_role"), "role", notice.authorise_role, names(pack.roles))
        yield from unknown((*at, "reply_template"), "template", notice.reply_template, names(pack.templates))


def _levels(pack: PolicyPack) -> set[int]:
    return {level.number for level in pack.levels}


_CHECKS: Final[tuple[Callable[[PolicyPack], Iterator[Fault]], ...]] = (
    _unique,
    hours_faults,
    _strands,
    _needed_roles,
    _roles,
    _matching,
    _strategy,
    _outcomes,
    _statements,
    _desktops_and_agencies,
    clock_faults,
    stepping_faults,
    check_faults,
    tool_faults,
    meeting_faults,
    chain_faults,
    _vpa,
    _encompass,
    _notices,
    template_faults,
)
