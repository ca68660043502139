"""Clocks that a person lets stand still, and run on again (section 8: where the pack lets them, with a reason).

Only clocks that run then stand still: one that starts while others do runs, until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from icart_common.contracts.standing_still import ClocksPaused, ClocksResumed, PauseClocks, ResumeClocks
from icart_common.policy.pack import PolicyPack
from icart_common.policy.running_clocks import RunningClocks
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal


def to_stop(clocks: RunningClocks, still: Collection[UUID], pack: PolicyPack, whose: str) -> tuple[str, ...]:
    """The rules whose clocks are to stand still. Raises Refusal when none may, or when all that may stand still already.

    `still`: the ids of those that do. `whose`: what they time, as it follows `this`.
    """
    may = clocks.that_may_pause(pack)
    rules = tuple(rule for rule in may if clocks.ids[rule] not in still)
    if may and not rules:
        raise Refusal("stands-still", "its clocks stand still already", ("let them run on",))
    if not rules:
        names = (f"{rule.name} ({rule.id}) may" for rule in pack.clocks if rule.may_pause)
        raise Refusal("may-not-pause", f"no clock that runs for this {whose} may pause", names)
    return rules


def to_run_on(clocks: RunningClocks, still: Collection[UUID]) -> tuple[str, ...]:
    """The rules whose clocks stand still and have not ended. Raises Refusal when there is none."""
    rules = tuple(rule for rule, clock in clocks.ids.items() if clock in still)
    if not rules:
        raise Refusal("nothing-stands-still", "none of its clocks stands still", ("pause them, with a reason",))
    return rules


def pause_clocks(contact: Contact, command: PauseClocks, asked: Asked) -> tuple[Change, ...]:
    """Let the clocks that may pause stand still. Refused when none may, or when all that may stand still already."""
    asked.needs("pause-clocks", contact.strand)
    rules = to_stop(contact.clocks, contact.standing_still, asked.pack, "contact")
    change = asked.change(contact, ClocksPaused.model_validate(_said(contact, command, asked, rules)))
    stops = contact.clocks.pause(rules, at=asked.at, reason=command.reason)
    return (replace(change, clocks=(*change.clocks, *stops)),)


def resume_clocks(contact: Contact, command: ResumeClocks, asked: Asked) -> tuple[Change, ...]:
    """Let the clocks that stand still run on. Refused when none does."""
    asked.needs("pause-clocks", contact.strand)
    rules = to_run_on(contact.clocks, contact.standing_still)
    change = asked.change(contact, ClocksResumed.model_validate(_said(contact, command, asked, rules)))
    goes_on = contact.clocks.resume(rules, at=asked.at, reason=command.reason)
    return (replace(change, clocks=(*change.clocks, *goes_on)),)


def _said(
    contact: Contact, command: PauseClocks | ResumeClocks, asked: Asked, rules: tuple[str, ...]
) -> dict[str, object]:
    ids = contact.clocks.ids
    return {
        **asked.head(contact),
        "by": command.actor,
        "reason": command.reason,
        "rules": rules,
        "clocks": tuple(ids[rule] for rule in rules),
    }
