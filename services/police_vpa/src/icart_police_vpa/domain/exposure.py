"""Whether a child was exposed to domestic abuse, and which school can be told of it (PV-4, PV-8)."""

from __future__ import annotations

from icart_common.contracts.referral import Person
from icart_common.contracts.vpa import ChildAtIncident, Incident
from icart_common.policy.pack import PolicyPack
from icart_common.policy.vpa import VpaRules

_WORDS = {
    "injured": "was injured",
    "witnessed": "witnessed it",
    "present": "was present",
    "lives_or_visits": "lives in or visits the household",
}


def is_domestic_abuse(incident: Incident) -> bool:
    return incident.kind == "domestic-abuse"


def exposures(child: ChildAtIncident, incident: Incident, rules: VpaRules) -> tuple[str, ...]:
    """How the child was exposed, in words, by what the pack counts; nothing when the incident was no domestic abuse."""
    if not is_domestic_abuse(incident):
        return ()
    return tuple(_WORDS[name] for name in rules.domestic_abuse.exposures if getattr(child, name))


def in_words(child: ChildAtIncident) -> str:
    """All that the force ticked for the child; empty when it ticked nothing."""
    return ", ".join(words for name, words in _WORDS.items() if getattr(child, name))


def school_is_owed(child: ChildAtIncident, incident: Incident, rules: VpaRules) -> bool:
    """Whether the child's school has to be told (PV-8)."""
    return rules.encompass.on and bool(exposures(child, incident, rules))


def school_of(child: ChildAtIncident, pack: PolicyPack) -> str | None:
    """The child's school, when it is a school that the authority deals with: nothing goes to any other agency (CO-8)."""
    agency = pack.known_agency(child.school_agency)
    return agency.id if agency and agency.kind == "school" else None


def name_of(person: Person) -> str | None:
    """The name as a message prints it, or None when there is none."""
    return " ".join(part for part in (person.given_name, person.family_name) if part)[:300] or None
