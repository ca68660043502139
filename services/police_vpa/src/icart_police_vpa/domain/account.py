"""What the front door is told of the children who are sent to it: one account for all of them (PV-3, PV-4, IN-7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from icart_common.contracts.intake import SubmitAccount
from icart_common.contracts.police_vpa import ChildRoute
from icart_common.contracts.referral import Account, Concern, Person, Referrer, WhatHappened
from icart_common.contracts.vpa import ChildAtIncident, VpaSubmitted
from icart_common.policy.vpa import VpaRules
from icart_police_vpa.domain.exposure import in_words
from icart_police_vpa.domain.vpa import Vpa

_CONCERNS: Final[dict[str, Concern]] = {
    "domestic-abuse": "domestic-abuse",
    "missing": "missing",
    "exploitation": "child-exploitation",
}
"""Kinds of incident that are a concern of a referral by themselves. Of the others the words say whose concern it is."""
_LONGEST: Final = 20_000
_SHORT: Final = 300
_CUT: Final = " … (cut: the whole is in the police assessment)"
_ADULT_ROLES: Final = ("parent", "carer", "other")


def account_for(
    vpa: Vpa, routes: Collection[ChildRoute], reason: str, submission: UUID, rules: VpaRules
) -> SubmitAccount:
    """The submission for `routes`, all of them to the front door. `reason` is the assessor's.

    A child whose way is another one is in the account as somebody of the family, so that no contact opens for that child.
    """
    submitted = vpa.submitted
    here = {route.child for route in routes}
    children = [child for child in submitted.children if child.person.ref in here]
    account = Account(
        referrer=Referrer(kind="professional", name=submitted.officer, role="police"),
        event=_event(vpa, children),
        people=(*_people(submitted, here), *map(_adult, submitted.adults)),
        relationships=submitted.relationships,
        concerns=(_CONCERNS.get(submitted.incident.kind, "other"),),
        why_now=_fitting([f"Police assessment: {reason}", *(f"{route.child}: {route.reason}" for route in routes)]),
    )
    return SubmitAccount(
        submission=submission,
        authority=submitted.authority,
        agency=submitted.agency,
        channel="police",
        received_at=vpa.received_at,
        account=account,
        vpa_grade=submitted.grade,
        social_worker_first=rules.grade(submitted.grade).screened_on is not None,
    )


def _event(vpa: Vpa, children: Iterable[ChildAtIncident]) -> WhatHappened:
    """The incident. What each child saw and suffered is told by the child's ref, as the account names people."""
    incident = vpa.submitted.incident
    there, harm, impact = [], [], []
    for child in children:
        ref = child.person.ref
        if words := in_words(child):
            there.append(f"{ref}: {words}")
        if child.injured:  # "none" may stand in the text of a child who was not
            harm.append(f"{ref}: {child.injuries or 'injured'}")
        elif child.injuries:
            impact.append(f"Injuries of {ref}: {child.injuries}")
        if child.impact:
            impact.append(f"What it was for {ref}: {child.impact}")
    where = [f"At {incident.where}."] if incident.where else []
    return WhatHappened(
        what=_fitting([*where, incident.what, *impact]),
        when=incident.at,
        before=incident.previous,
        harm=_fitting(harm) if harm else None,
        present=_fitting(there) if there else None,
    )


def _people(submitted: VpaSubmitted, here: Collection[str]) -> Iterable[Person]:
    """The children. Of one who has neither address nor whereabouts, where the incident was is the way to find out who it is."""
    where = submitted.incident.where
    for child in submitted.children:
        person = child.person
        changes: dict[str, object] = {"role": "child" if person.ref in here else "other"}
        if where and not person.addresses and not person.whereabouts:
            changes["whereabouts"] = f"the incident was at {where}"[:_SHORT]
        yield person.model_copy(update=changes)


def _adult(person: Person) -> Person:
    """A brother of age is an adult of the family here: no contact opens for him."""
    return person if person.role in _ADULT_ROLES else person.model_copy(update={"role": "other"})


def _fitting(lines: Iterable[str]) -> str:
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT
