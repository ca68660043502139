"""A contact's clocks that a person lets stand still, and run on again (section 8: where the pack lets them, with a reason).

Only clocks that run then stand still: one that starts while others do runs, until somebody says otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from icart_common.contracts.standing_still import ClocksPaused, ClocksResumed, PauseClocks, ResumeClocks
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal


def pause_clocks(contact: Contact, command: PauseClocks, asked: Asked) -> tuple[Change, ...]:
    """Let the clocks that may pause stand still. Refused when none may, or when all that may stand still already."""
    asked.needs("pause-clocks", contact.strand)
    may = contact.clocks.that_may_pause(asked.pack)
    rules = tuple(rule for rule in may if contact.clocks.ids[rule] not in contact.standing_still)
    if may and not rules:
        raise Refusal("stands-still", "its clocks stand still already", ("let them run on",))
    if not rules:
        names = (rule.name for rule in asked.pack.clocks if rule.may_pause)
        raise Refusal("may-not-pause", "no clock that runs for this contact may pause", names)
    change = asked.change(contact, ClocksPaused.model_validate(_said(contact, command, asked, rules)))
    stops = contact.clocks.pause(rules, at=asked.at, reason=command.reason)
    return (replace(change, clocks=(*change.clocks, *stops)),)


def resume_clocks(contact: Contact, command: ResumeClocks, asked: Asked) -> tuple[Change, ...]:
    """Let the clocks that stand still run on. Refused when none does."""
    asked.needs("pause-clocks", contact.strand)
    rules = tuple(rule for rule, clock in contact.clocks.ids.items() if clock in contact.standing_still)
    if not rules:
        raise Refusal("nothing-stands-still", "none of its clocks stands still", ("pause them, with a reason",))
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
