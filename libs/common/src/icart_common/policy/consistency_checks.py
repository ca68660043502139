"""Checks that can be asked, and that somebody waits for (AU-7)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.policy.checks import CheckRule
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.pack import PolicyPack


def check_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Checks that nobody could be asked, or that no clock times; sharing that nobody could authorise or decide against."""
    for index, rule in enumerate(pack.checks):
        at = ("checks", index)
        yield from _questions(rule, at)
        for place, agency in enumerate(rule.agencies):
            yield from unknown((*at, "agencies", place), "agency", agency, names(pack.agencies))
        if rule.asked_of == "worker":
            if rule.agencies or rule.agency_kinds:
                yield Fault(at, "a worker answers this check, and it names agencies", "Leave the agencies out.")
            yield from _untimed(pack, rule, ClockFacts(check=rule.id), at)
        else:
            yield from _asked_of_agencies(pack, rule, at)
    if pack.checks and not any(role.may("share-without-consent") for role in pack.roles):
        fix = "Give a manager's role `share-without-consent`."
        yield Fault(("roles",), "nobody may let agencies be asked without the parents' knowledge", fix)
    yield from _flags(pack)
    if not pack.not_sharing_grounds:
        yield Fault(("not_sharing_grounds",), "there is no ground for a decision not to share", "Write at least one.")


def _flags(pack: PolicyPack) -> Iterator[Fault]:
    """Flags of the family's profile that an answer is to say, though nobody is asked, or that are said of one adult."""
    rules = {rule.id: rule for rule in pack.checks}
    for index, flag in enumerate(pack.profile.flags if pack.profile else ()):
        if flag.said_by is None:
            continue
        at, wanted = ("profile", "flags", index, "said_by"), flag.said_by
        yield from unknown((*at, "check"), "check", wanted.check, set(rules))
        asked = [one for one in pack.agencies if wanted.check in rules and rules[wanted.check].may_ask(one)]
        if wanted.check in rules and all(one.kind != wanted.agency_kind for one in asked):
            reason = f"check {wanted.check!r} asks no agency of kind {wanted.agency_kind!r}"
            yield Fault((*at, "agency_kind"), reason, "Name a kind that the check asks.")
        if flag.of == "adult":
            fix = "Leave `said_by` out: a worker says of which adult it is so."
            yield Fault(at, "an answer is about the child's family, and does not say of which adult", fix)


def _questions(rule: CheckRule, at: tuple[str, int]) -> Iterator[Fault]:
    ids = [question.id for question in rule.questions]
    for place, one in enumerate(ids):
        if one in ids[:place]:
            yield Fault((*at, "questions", place), f"{one} is there twice", "Give each question its own id.")


def _asked_of_agencies(pack: PolicyPack, rule: CheckRule, at: tuple[str, int]) -> Iterator[Fault]:
    asked = [agency for agency in pack.agencies if rule.may_ask(agency)]
    if not asked:
        yield Fault(at, f"check {rule.id!r} can be sent to nobody", "Name agencies, or kinds that the pack has.")
    for agency in asked:
        if not agency.delivery.topic and not agency.delivery.email:
            reason = f"check {rule.id!r} cannot reach {agency.id!r}"
            yield Fault(at, reason, "Give the agency a topic or a secure mailbox.")
        if agency.delivery.topic and "replies" not in agency.may_write:
            reason = f"{agency.id!r} reads check {rule.id!r} on its topic and may not answer by message"
            yield Fault(at, reason, "Add `replies` to the agency's may_write, or take its topic away.")
        yield from _untimed(pack, rule, ClockFacts(agency=agency.id, agency_kind=agency.kind, check=rule.id), at)


def _untimed(pack: PolicyPack, rule: CheckRule, facts: ClockFacts, at: tuple[str, int]) -> Iterator[Fault]:
    if not pack.starting("check_requested", facts):
        whom = facts.agency or "our own workers"
        fix = "Add a clock that starts on check_requested for them."
        yield Fault(at, f"no clock times check {rule.id!r} of {whom}", fix)
