"""What a check asks, of whom, with which identifiers, and until when: the minimum, by the pack alone (CO-7, TM-11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from icart_common.contracts.checks import Identifiers, RequestCheck
from icart_common.policy.agencies import Agency
from icart_common.policy.checks import CheckRule, Identifier
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_common.worktime.pauses import Pause
from icart_common.worktime.running import paused
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.basis import basis_of, open_contact
from icart_screening.domain.undertakings.undertaking import Circumstances

_FIELDS: Final[dict[Identifier, tuple[str, ...]]] = {
    "name": ("given_name", "family_name"),
    "born": ("born", "expected"),
    "address": ("address",),
    "nhs-number": ("nhs_number",),
    "upn": ("upn",),
}
_CALLED: Final[dict[Identifier, str]] = {
    "name": "the child's name",
    "born": "the child's date of birth, or when the child is expected",
    "address": "the child's address",
    "nhs-number": "the child's NHS number",
    "upn": "the child's unique pupil number",
}


def asked(command: RequestCheck, on: Circumstances) -> Iterator[dict[str, Any]]:
    """What is said of each check that the command begins. Raises Refusal when one of them may not be asked: then none is."""
    contact = open_contact(on)
    rule = _rule(command, on)
    head = {
        "by": command.actor,
        "rule": rule.id,
        "name": rule.name,
        "questions": _questions(command, rule),
        "about": _about(rule, contact),
    }
    if rule.asked_of == "worker":
        if command.agencies:
            raise Refusal("own-records", f"{rule.name} is looked up in our own records", ("name no agency",))
        yield {**head, "agency": None, "due": due_by(ClockFacts(check=rule.id), on.pack, on.at)}
        return
    agencies = [_agency(agency, rule, on) for agency in dict.fromkeys(command.agencies)]
    if not agencies:
        raise Refusal("nobody-asked", f"{rule.name} is asked of an agency, and none is named", _askable(rule, on))
    bases = [basis_of(command, agency, on) for agency in agencies]
    for agency, basis in zip(agencies, bases, strict=True):
        facts = ClockFacts(agency=agency.id, agency_kind=agency.kind, check=rule.id)
        yield {
            **head,
            "agency": agency.id,
            "agency_kind": agency.kind,
            "basis": basis,
            "due": due_by(facts, on.pack, on.at),
        }


def _rule(command: RequestCheck, on: Circumstances) -> CheckRule:
    try:
        return on.pack.check(command.rule)
    except UnknownPolicy:
        names = (f"{rule.name} ({rule.id})" for rule in on.pack.checks)
        raise Refusal("unknown-check", "the authority's policy has no such check", names) from None


def _questions(command: RequestCheck, rule: CheckRule) -> tuple[str, ...]:
    known = {question.id: question.ask for question in rule.questions}
    for wanted in command.questions:
        if wanted not in known:
            names = (f"{ask} ({question})" for question, ask in known.items())
            raise Refusal("unknown-question", f"{rule.name} asks no such question", names)
    return tuple(ask for question, ask in known.items() if not command.questions or question in command.questions)


def _agency(wanted: str, rule: CheckRule, on: Circumstances) -> Agency:
    agency = known_agency(on.pack, wanted)
    if not rule.may_ask(agency):
        raise Refusal("not-for-this-agency", f"{agency.name} is not asked for {rule.name}", _askable(rule, on))
    return agency


def _askable(rule: CheckRule, on: Circumstances) -> Iterator[str]:
    return (f"ask {agency.name} ({agency.id})" for agency in on.pack.agencies if rule.may_ask(agency))


def _about(rule: CheckRule, contact: Contact) -> Identifiers:
    """The identifiers that the pack names for the check, and no other. Raises Refusal while one that is needed is unknown."""
    child = contact.arrival.child.model_dump()
    missing = [_CALLED[name] for name in rule.needed if not any(child[field] for field in _FIELDS[name])]
    if missing:
        why = f"nobody could tell whom it is about: {' and '.join(missing)} is not known"
        raise Refusal("identifier-missing", why, (f"find out {one} first" for one in missing))
    named = {field for name in (*rule.needed, *rule.if_known) for field in _FIELDS[name]}
    return Identifiers.model_validate({field: child[field] for field in named})


def due_by(facts: ClockFacts, pack: PolicyPack, at: datetime, pauses: tuple[Pause, ...] = ()) -> datetime | None:
    """When the first of the clocks that the pack starts for what is asked at `at` runs out, with these pauses of those that may.

    None beyond the years whose holidays are known.
    """
    calendar, dues = pack.calendar(), list[datetime]()
    try:
        for rule in pack.starting("check_requested", facts):
            counted = due(calendar, rule.allowance, at)
            if rule.may_pause:
                counted = paused(calendar, rule.allowance, counted, pauses)
            dues.append(counted.due_at)
    except BeyondKnownHolidays:
        return None
    return min(dues, default=None)
