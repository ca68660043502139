"""A police referral unit in memory: incidents and people who cannot exist, and those who decide, for each authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Address, Message
from icart_common.contracts.cases import Case, Happened
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import Known, PeopleIdentified
from icart_common.contracts.police_vpa import ChildRoute, PrimaryAssess, SecondaryAssess, VpaCommand
from icart_common.contracts.referral import Person
from icart_common.contracts.vpa import ChildAtIncident, Incident, VpaSubmitted
from icart_common.policy import PolicyPack, VpaRules, load_packs
from icart_police_vpa.domain.arrival import take_in
from icart_police_vpa.domain.decide import Asked, decide
from icart_police_vpa.domain.propose import propose
from icart_police_vpa.domain.refusal import Refusal
from icart_police_vpa.domain.vpa import Change, Vpa

BOOK = load_packs()
MONDAY = datetime(2026, 11, 16, 9, 40, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 14, 22, 10, tzinfo=UTC)
OFFICER = Actor(person="FP-5520", role="intelligence-review-officer")
SERGEANT = Actor(person="FP-5521", role="detective-sergeant")
ALLOCATED = Case(status="open", number="CF6-0049213", allocated=True, worker="Ives Pomfret", team="Area Team North")
CLOSED = Case(status="closed", number="CF6-0049214", closed=date(2024, 3, 1))
EARLIER_REFERRAL = Happened(on=date(2023, 5, 9), kind="referral", outcome="no further action")

M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Cast:
    """Who is who in an authority's pack."""

    authority: str
    force: str
    school: str
    education: str
    health: str


CASTS = {
    cast.authority: cast
    for cast in (
        Cast("halton", "cheshire-police", "larkspur-lane-primary", "education-service-halton", "health-service-halton"),
        Cast(
            "cheshire-west",
            "cheshire-police",
            "rowan-brook-academy",
            "education-service-cheshire-west",
            "health-service-cheshire-west",
        ),
        Cast("york", "north-yorkshire-police", "hawthorn-gate-school", "education-service-york", "health-service-york"),
    )
}


def each(*rows: str) -> list[Any]:
    """Every authority in turn, marked as the proof of these rows for it."""
    return [
        pytest.param(Unit(authority), marks=pytest.mark.req(*rows, authority=authority), id=authority)
        for authority in CASTS
    ]


def child(ref: str = "c1", *, born: date | None = date(2017, 2, 28), **changes: Any) -> ChildAtIncident:
    """A child of nine, present at nothing in particular, with nothing left blank."""
    person = {
        "ref": ref,
        "role": "child",
        "given_name": "Tamsin",
        "family_name": "Quillfeather",
        "born": born,
        "addresses": (Address(lines="14 Larkspur Close", postcode="ZZ99 1AA"),),
    }
    whole: dict[str, Any] = {"impact": "Frightened; hid under the bed.", "school_agency": "larkspur-lane-primary"}
    return ChildAtIncident.model_validate({**whole, **changes, "person": {**person, **changes.get("person", {})}})


def exposed(how: str, **changes: Any) -> ChildAtIncident:
    """The child, exposed in this way."""
    return child(**{how: True, **changes})


def mother() -> Person:
    return Person(ref="a1", role="parent", given_name="Odalys", family_name="Quillfeather", born=date(1989, 11, 5))


def said(change: Change, kind: type[M]) -> list[M]:
    """What a change says, of one type."""
    return [message for message in change.messages if isinstance(message, kind)]


class Unit:
    """The referral unit of one authority: assessments come in, are proposed for, and decided."""

    def __init__(self, authority: str = "halton") -> None:
        self.cast = CASTS[authority]
        self.pack: PolicyPack = BOOK.pack(authority)
        assert self.pack.vpa is not None
        self.rules: VpaRules = self.pack.vpa

    def submitted(
        self, *children: ChildAtIncident, grade: str = "standard", kind: str = "concern-for-child", **changes: Any
    ) -> VpaSubmitted:
        """An assessment of the authority's force."""
        whole: dict[str, Any] = {
            "agency": self.cast.force,
            "authority": self.cast.authority,
            "vpa": derived_id(MONDAY, "vpa", changes.pop("number", 1)),
            "grade": grade,
            "officer": "PC 4471",
            "incident": Incident.model_validate(
                {
                    "kind": kind,
                    "at": SATURDAY_NIGHT,
                    "where": "14 Larkspur Close",
                    "what": "Shouting and a broken door; neighbours called.",
                    "previous": "Two calls in 2025.",
                }
            ),
            "adults": (mother(),),
            "children": children,
        }
        return VpaSubmitted.model_validate({**whole, **changes})

    def taken(self, *children: ChildAtIncident, **changes: Any) -> Change:
        """The assessment as it was taken in."""
        return take_in(self.submitted(*children, **changes), self.pack, self.rules, MONDAY)

    def identified(self, vpa: Vpa, **known: dict[str, Any]) -> PeopleIdentified:
        """Intake's answer: `known` says what is held of a child, by ref; of the others nothing is."""
        refs = [*(one.person.ref for one in vpa.children), *(one.ref for one in vpa.submitted.adults)]
        people = tuple(_known(ref, known.get(ref)) for ref in refs)
        return PeopleIdentified(request=vpa.id, authority=self.cast.authority, asked_by="police-vpa", people=people)

    def proposed(
        self, *children: ChildAtIncident, known: dict[str, dict[str, Any]] | None = None, **changes: Any
    ) -> Vpa:
        """An assessment that waits for its primary assessment."""
        vpa = self.taken(*children, **changes).vpa
        change = propose(vpa, self.identified(vpa, **(known or {})), self.pack, self.rules)
        assert change is not None
        return change.vpa

    def decides(self, vpa: Vpa, command: VpaCommand, at: datetime = MONDAY) -> Change | Refusal:
        return decide(vpa, command, Asked(self.pack, self.rules, at, UUID(int=7)))

    def done(self, vpa: Vpa, command: VpaCommand) -> Change:
        """What a command changes; it may not be refused."""
        decided = self.decides(vpa, command)
        assert isinstance(decided, Change), f"{decided.code}: {decided.why}"
        return decided

    def refused(self, vpa: Vpa, command: VpaCommand) -> Refusal:
        """Why a command is refused; it may not be carried out."""
        decided = self.decides(vpa, command)
        assert isinstance(decided, Refusal)
        return decided

    def at_secondary(self, *children: ChildAtIncident, **changes: Any) -> Vpa:
        """An assessment that waits for the sergeant."""
        vpa = self.proposed(*children, **changes)
        return self.done(vpa, primary(vpa, "secondary")).vpa


def _known(ref: str, held: dict[str, Any] | None) -> Known:
    person = derived_id(MONDAY, "person", ref)
    return Known.model_validate({"ref": ref, "person": person, "match": "exact" if held else "new", **(held or {})})


def route(ref: str = "c1", way: str = "icart", recorded_as: str = "contact-for-support", **changes: Any) -> ChildRoute:
    whole = {"child": ref, "route": way, "recorded_as": recorded_as, "reason": "Seen by the officer who was there."}
    return ChildRoute.model_validate({**whole, **changes})


def primary(vpa: Vpa, decision: str = "refer", *routes: ChildRoute, **changes: Any) -> PrimaryAssess:
    whole = {
        "vpa": vpa.id,
        "actor": OFFICER,
        "seen_version": vpa.version,
        "checks": ("Niche", "case system"),
        "decision": decision,
        "reason": "The third call this year.",
        "routes": routes,
    }
    return PrimaryAssess.model_validate({**whole, **changes})


def secondary(vpa: Vpa, decision: str = "refer", *routes: ChildRoute, **changes: Any) -> SecondaryAssess:
    whole = {
        "vpa": vpa.id,
        "actor": SERGEANT,
        "seen_version": vpa.version,
        "decision": decision,
        "reason": "The risk to the children is rising.",
        "routes": routes,
    }
    return SecondaryAssess.model_validate({**whole, **changes})
