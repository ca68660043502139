"""What people decide about an assessment, or why they may not (PV-2, PV-7, PV-9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.police_vpa import ChildRoute, PrimaryAssess, SecondaryAssess, VpaAssessed, VpaCommand
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission
from icart_common.policy.running_clocks import RunningClocks
from icart_common.policy.vpa import VpaRules
from icart_police_vpa.domain.account import account_for
from icart_police_vpa.domain.clocks import at_end
from icart_police_vpa.domain.exposure import is_domestic_abuse
from icart_police_vpa.domain.refusal import Refusal, role_may_not
from icart_police_vpa.domain.routed import routed
from icart_police_vpa.domain.routes import check_routes
from icart_police_vpa.domain.vpa import Assessment, Change, Status, Vpa

_STAGES: Final[dict[Status, str]] = {
    "recorded": "its people are being identified",
    "proposed": "the primary assessment is due",
    "secondary": "the secondary assessment is due",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules are given beside the assessment and the command: the pack that it keeps, the message's time and id."""

    pack: PolicyPack
    rules: VpaRules
    at: datetime
    because: UUID


def decide(vpa: Vpa, command: VpaCommand, asked: Asked) -> Change | Refusal:
    """What the command changes and says, or a refusal."""
    try:
        _allowed_at_all(vpa, command)
        return _DECIDERS[type(command)](vpa, command, asked)
    except Refusal as refusal:
        return refusal


def is_early(vpa: Vpa, command: VpaCommand) -> bool:
    """Whether the command was given on a version that has not been reached yet: it waits."""
    return not vpa.over and command.seen_version > vpa.version


def primary_assess(vpa: Vpa, command: PrimaryAssess, asked: Asked) -> Change:
    """The intelligence review officer's: close, refer, or pass on to the sergeant, which some grades need (PV-2)."""
    _needs(asked, command, "vpa-primary")
    _stage(vpa, "proposed")
    grade = vpa.submitted.grade
    if asked.rules.grade(grade).secondary and command.decision != "secondary":
        why = f"graded {grade}: the secondary assessment decides whether to {command.decision} it (PV-2)"
        raise Refusal("secondary-needed", why, ("decision secondary",))
    assessment = Assessment(
        by=command.actor, at=asked.at, checks=command.checks, decision=command.decision, reason=command.reason
    )
    return _assessed(vpa.model_copy(update={"primary": assessment}), command, asked, marac=False)


def secondary_assess(vpa: Vpa, command: SecondaryAssess, asked: Asked) -> Change:
    """The detective sergeant's: close or refer. High-graded domestic abuse is on the MARAC list in any case (PV-2, PV-9)."""
    _needs(asked, command, "vpa-secondary")
    _stage(vpa, "secondary")
    abuse = is_domestic_abuse(vpa.submitted.incident)
    if command.marac and not abuse:
        why = "MARAC is the conference about domestic abuse, and the incident was of another kind (PV-9)"
        raise Refusal("marac-is-for-domestic-abuse", why, ("the same assessment without marac",))
    assessment = Assessment(by=command.actor, at=asked.at, decision=command.decision, reason=command.reason)
    marac = command.marac or (abuse and vpa.submitted.grade == "high")
    return _assessed(vpa.model_copy(update={"secondary": assessment, "marac": marac}), command, asked, marac=marac)


_DECIDERS: Final[dict[type[VpaCommand], Callable[[Vpa, Any, Asked], Change]]] = {
    PrimaryAssess: primary_assess,
    SecondaryAssess: secondary_assess,
}


def _assessed(vpa: Vpa, command: PrimaryAssess | SecondaryAssess, asked: Asked, *, marac: bool) -> Change:
    """The assessment with its next version, and what follows from the decision."""
    said = VpaAssessed(
        vpa=vpa.id,
        authority=vpa.submitted.authority,
        version=vpa.version + 1,
        stage="primary" if isinstance(command, PrimaryAssess) else "secondary",
        by=command.actor,
        decision=command.decision,
        reason=command.reason,
        marac=marac,
        assessed_at=asked.at,
    )
    vpa = vpa.model_copy(update={"version": vpa.version + 1})
    if command.decision == "refer":
        check_routes(vpa, command.routes, asked.pack, asked.rules)
        return _referred(vpa, command, asked, said)
    if command.routes:
        why = f"routes come with the decision to refer, and this one is to {command.decision}"
        raise Refusal("routes-not-now", why, ("decision refer with the routes", "or the decision without them"))
    if command.decision == "close":
        return _closed(vpa, asked, said)
    return Change(vpa.model_copy(update={"status": "secondary"}), (said,))


def _closed(vpa: Vpa, asked: Asked, said: VpaAssessed) -> Change:
    if vpa.children and asked.rules.grade(vpa.submitted.grade).screened_on:
        why = f"graded {vpa.submitted.grade}: a social worker screens every child of it (PV-5)"
        raise Refusal("social-worker-screens", why, ("refer every child to icart, or to the worker of an open case",))
    clocks = at_end(vpa, None, asked.pack, asked.at)
    return Change(vpa.model_copy(update={"status": "closed", "clocks": RunningClocks()}), (said, *clocks))


def _referred(vpa: Vpa, command: PrimaryAssess | SecondaryAssess, asked: Asked, said: VpaAssessed) -> Change:
    """Every child's way out, and the front door's part of it in one submission (PV-3, PV-6, PV-7)."""
    routes = command.routes
    messages: list[Message] = [said]
    messages += (routed(vpa, route, command.actor, asked.pack, asked.rules, asked.at) for route in routes)
    here: list[ChildRoute] = [route for route in routes if route.route == "icart"]
    submission = derived_id(asked.at, asked.because, "submission") if here else None
    if submission:
        messages.append(account_for(vpa, here, command.reason, submission, asked.rules))
    messages += at_end(vpa, "vpa_routed", asked.pack, asked.at)
    changed = {"status": "referred", "routes": routes, "submission": submission, "clocks": RunningClocks()}
    return Change(vpa.model_copy(update=changed), tuple(messages))


def _allowed_at_all(vpa: Vpa, command: VpaCommand) -> None:
    if vpa.over:
        why = f"the assessment is {vpa.status}: nothing can be changed in it"
        raise Refusal("closed", why, ("something new is an assessment of its own",))
    if command.seen_version < vpa.version:
        why = f"the assessment has moved on: version {command.seen_version} was seen, it has version {vpa.version} now"
        raise Refusal("version-moved", why, ("look at the assessment again, then decide",))
    if command.seen_version > vpa.version:
        why = f"version {command.seen_version} of the assessment does not exist; it has version {vpa.version}"
        raise Refusal("unknown-version", why, (f"send the version that was seen, {vpa.version} at the most",))


def _stage(vpa: Vpa, wanted: Status) -> None:
    if vpa.status != wanted:
        why = f"not at this stage: {_STAGES[vpa.status]}"
        raise Refusal("not-at-this-stage", why, (f"when {_STAGES[wanted]}",))


def _needs(asked: Asked, command: VpaCommand, permission: Permission) -> None:
    try:
        role = asked.pack.role(command.actor.role)
    except UnknownPolicy:
        roles = (f"{one.name} ({one.id})" for one in asked.pack.roles_with(permission))
        raise Refusal("unknown-role", "the authority's policy has no such role", roles) from None
    if not role.may(permission):
        raise role_may_not(asked.pack, role.id, permission)
