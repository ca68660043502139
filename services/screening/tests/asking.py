"""What tests of checks need: whom each authority's pack lets be asked, and consents as they are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from icart_common.contracts.checks import RequestCheck
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import RecordConsent
from icart_screening.domain.undertakings.check import Check
from services.screening.tests.front_door import MONDAY, FrontDoor


@dataclass(frozen=True)
class Asked:
    """Agencies of an authority by what they can be asked."""

    police: str
    school: str
    health: str
    service: str
    """It has a secure mailbox and no topic."""


ASKED = {
    "halton": Asked("cheshire-police", "brackenfield-high", "weaver-bank-hospital", "hearthside-halton"),
    "cheshire-west": Asked("cheshire-police", "rowan-brook-academy", "gowy-meadows-health", "saltworks-families"),
    "york": Asked("north-yorkshire-police", "hawthorn-gate-school", "foss-bank-health", "lantern-lane-york"),
}


def consent(status: str, person: str = "p2") -> Consent:
    """What the mother said, as somebody recorded it."""
    said: dict[str, Any] = {"person": person, "status": status, "sought_by": "w1", "when": MONDAY, "how": "telephone"}
    if status == "not-sought":
        said = {"person": person, "status": status, "why_not": "It would have raised the risk."}
    return Consent.model_validate(said)


def screened(door: FrontDoor, *consents: Consent) -> UUID:
    """A safeguarding contact that is with the worker `w1`."""
    return door.allocated(door.cast.safeguarding, consents=consents)


def says(door: FrontDoor, contact: UUID, status: str, person: str = "p2") -> None:
    """Somebody says something else about consent, and it is recorded."""
    door.done(contact, RecordConsent, door.cast.social_worker, "w1", consent=consent(status, person))


def ask(door: FrontDoor, contact: UUID, rule: str, *agencies: str, **fields: Any) -> Check:
    """The first check that a request begins."""
    one = door.begun(contact, RequestCheck, door.cast.social_worker, "w1", rule=rule, agencies=agencies, **fields)
    held = door.undertakings[one]
    assert isinstance(held, Check)
    return held


def check(door: FrontDoor, one: UUID) -> Check:
    """The check as it stands."""
    held = door.undertakings[one]
    assert isinstance(held, Check)
    return held
