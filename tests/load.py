"""Load for the fault tests and the benchmarks: messages of partners about people who cannot exist.

Everything follows from the seed: the same seed and count give the same messages with the same ids, so that what comes out can
be counted against what was sent. Names are invented, telephone numbers are of the ranges kept for drama, postcodes are of
no place. `Load.record` is what a producer sends.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from icart_common.contracts.base import Address, Inbound
from icart_common.contracts.cases import Case, PersonHeld
from icart_common.contracts.envelope import Envelope, write_headers
from icart_common.contracts.ids import derived_id
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.referral import (
    Person,
    ReferralSubmitted,
    Referrer,
    Relationship,
    Safety,
    Tried,
    WhatHappened,
)
from icart_common.contracts.vpa import ChildAtIncident, Incident, VpaSubmitted

SINCE: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
"""Ids begin here: a Monday morning."""

REFERRERS: Final = (
    ("larkspur-lane-primary", "halton"),
    ("brackenfield-high", "halton"),
    ("weaver-bank-hospital", "halton"),
    ("rowan-brook-academy", "cheshire-west"),
    ("gowy-meadows-health", "cheshire-west"),
    ("hawthorn-gate-school", "york"),
    ("foss-bank-health", "york"),
)
FORCES: Final = (
    ("cheshire-police", "halton"),
    ("cheshire-police", "cheshire-west"),
    ("north-yorkshire-police", "york"),
)
CASE_SYSTEMS: Final = (
    ("carefirst-halton", "halton"),
    ("liquidlogic-cheshire-west", "cheshire-west"),
    ("etrak-york", "york"),
)
PROBATION: Final = ("probation-halton", "halton")

_BEGINNINGS = (
    "Tam", "Or", "Bex", "Quil", "Jes", "Dar", "Yso", "Pel", "Mir", "Cat", "Vel", "Nor", "Hal", "Rus", "Fen", "Lod",
    "Gwi", "Zan", "Ket", "Sol",
)  # fmt: skip
_MIDDLES = ("sre", "vi", "oly", "lo", "sime", "rome", "va", "lan", "rowe", "tri", "mo", "da", "ku", "pha", "ne", "gu")
_ENDINGS = ("ll", "k", "n", "r", "dro", "na", "th", "sca", "mor", "bel", "lyn", "tis")
_FIELDS = (
    "thistle",
    "raven",
    "oller",
    "wicken",
    "pendle",
    "garrow",
    "stell",
    "brack",
    "hawk",
    "mossel",
    "quarn",
    "lindle",
)
_PLACES = ("moor", "scote", "barrow", "shaw", "thwick", "hythe", "worthy", "fold", "combe", "rigg", "stead", "wold")
_HAPPENED = (
    "The child came to school without a coat or food for the fourth day, and said that nobody was at home last night.",
    "A neighbour heard shouting, and the child had a bruise on the arm that was not there on Monday.",
    "The parent asked for help with getting the child to school and with sleeping at night.",
    "The child told a teacher about being left alone with a much older cousin and being afraid of him.",
)
_CONCERNS = ("neglect", "home-conditions", "domestic-abuse", "attendance", "parenting-support", "physical-abuse")


@dataclass(frozen=True, slots=True)
class Load:
    """One message on its way to a topic."""

    topic: str
    body: Inbound
    message_id: UUID
    at: datetime

    def record(self) -> tuple[str, bytes, bytes, list[tuple[str, bytes]]]:
        """Topic, key, value and headers, as a partner's system sends them."""
        subject = str(self.body.subject_id)
        envelope = Envelope(
            self.message_id, self.body.TYPE, f"/partner/{self.body.agency}", self.at, subject, self.body.authority
        )
        value = self.body.model_dump_json(exclude_none=True).encode()
        return self.topic, subject.encode(), value, write_headers(envelope)


def referrals(
    seed: int,
    count: int,
    *,
    repeats: float = 0.03,
    unnamed: float = 0.03,
    known: float = 0.05,
    held: int = 0,
    senders: Sequence[tuple[str, str]] = REFERRERS,
) -> Iterator[Load]:
    """Referrals of families. Shares of them: `repeats` are an earlier one sent again with the same submission id, `unnamed`
    name nobody (advice), `known` are about somebody of `people_held(seed, held)`.
    """
    dice = random.Random(f"referrals {seed}")
    earlier: list[Load] = []
    for number in range(count):
        at = SINCE + timedelta(milliseconds=number)
        message_id = derived_id(at, "load", seed, "referral message", number)
        chance = dice.random()
        if earlier and chance < repeats:
            first = dice.choice(earlier)
            yield Load(first.topic, first.body, message_id, at)
            continue
        agency, authority = dice.choice(senders)
        people: tuple[Person, ...] = ()
        if chance >= repeats + unnamed:
            somebody = _held(seed, dice.randrange(held), authority) if held and dice.random() < known else None
            people = _household(dice, somebody)
        body = ReferralSubmitted(
            agency=agency,
            authority=authority,
            submission=derived_id(at, "load", seed, "referral", number),
            channel="partner-system",
            referrer=_referrer(dice, agency),
            event=WhatHappened(
                what=f"{dice.choice(_HAPPENED)} Note {number}.",
                # Each of an event of its own, a day from the next: which of two notices of one event came first is the
                # order in which two agencies' topics were read.
                when=SINCE - timedelta(days=1 + number % 3000),
                known_how="seen",
                urgency="routine",
            ),
            people=people,
            relationships=tuple(
                Relationship(person="p0", kind="mother", of=person.ref)
                for person in people[1:]
                if person.role == "child"
            ),
            concerns=(dice.choice(_CONCERNS),),
            child_views="I want it to stop." if people and dice.random() < 0.5 else None,
            safety=Safety(safe=True) if people else Safety(),
            tried=Tried(plan="taf"),  # with a plan and a tool nobody returns it (IN-11)
            tools=("graded-care-profile",),
        )
        sent = Load(f"inbound.referrals.{agency}", body, message_id, at)
        earlier.append(sent)
        yield sent


def vpas(seed: int, count: int) -> Iterator[Load]:
    """Graded assessments of the police, each with one or two children."""
    dice = random.Random(f"vpas {seed}")
    for number in range(count):
        at = SINCE + timedelta(milliseconds=number)
        force, authority = dice.choice(FORCES)
        household = _household(dice, None)
        body = VpaSubmitted(
            agency=force,
            authority=authority,
            vpa=derived_id(at, "load", seed, "vpa", number),
            grade=dice.choice(("standard", "medium", "high")),
            incident=Incident(kind="domestic-abuse", at=at - timedelta(hours=12), what=dice.choice(_HAPPENED)),
            adults=tuple(person for person in household if person.role != "child"),
            children=tuple(
                ChildAtIncident(person=person, present=True, impact="Upset." if dice.random() < 0.8 else None)
                for person in household
                if person.role == "child"
            ),
        )
        yield Load(f"inbound.vpa.{force}", body, derived_id(at, "load", seed, "vpa message", number), at)


def people_held(seed: int, count: int) -> Iterator[Load]:
    """What the case systems say of people: one in three has an open, allocated case."""
    for number in range(count):
        at = SINCE - timedelta(days=1) + timedelta(milliseconds=number)
        for agency, authority in CASE_SYSTEMS:
            person = _held(seed, number, authority)
            open_case = Case(
                status="open", allocated=True, worker="A. Worker", worker_email="worker@example.org", team="Team 1"
            )
            body = PersonHeld(
                agency=agency,
                authority=authority,
                number=f"C{seed}-{number}",
                as_of=at,
                given_name=person.given_name,
                family_name=person.family_name,
                born=person.born,
                addresses=person.addresses,
                case=open_case if number % 3 == 0 else Case(status="closed"),
            )
            message_id = derived_id(at, "load", seed, "held message", authority, number)
            yield Load(f"inbound.cases.{authority}", body, message_id, at)


def probation_checks(seed: int, count: int) -> Iterator[Load]:
    """Probation's questions whether a household is known."""
    dice = random.Random(f"probation {seed}")
    agency, authority = PROBATION
    for number in range(count):
        at = SINCE + timedelta(milliseconds=number)
        body = ProbationCheckRequested(
            agency=agency,
            authority=authority,
            notice=derived_id(at, "load", seed, "notice", number),
            reference=f"PRB-{seed}-{number}",
            about=dice.choice(("sentence", "release")),
            on=date(2026, 11, 20),
            people=_household(dice, None),
        )
        yield Load(f"inbound.notices.{agency}", body, derived_id(at, "load", seed, "notice message", number), at)


def _referrer(dice: random.Random, agency: str) -> Referrer:
    return Referrer(
        kind="professional",
        name=f"{_given(dice)} {_family(dice)}",
        role="Designated lead",
        address="1 Nowhere Yard, ZZ99 1AA",
        phone=f"01632 960{dice.randrange(1000):03}",
        email=f"referrals@{agency}.example.org",
        family_knows=True,
    )


def _household(dice: random.Random, child: Person | None) -> tuple[Person, ...]:
    """A parent and one to three children; or `child` alone, when there is one."""
    family = _family(dice)
    address = Address(lines=f"{dice.randrange(1, 200)} Nowhere Lane", postcode=_postcode(dice))
    parent = Person(
        ref="p0", role="parent", given_name=_given(dice), family_name=family, born=_born(dice, 1970, 1999),
        addresses=(address,), phones=(f"07700 900{dice.randrange(1000):03}",), parental_responsibility=True,
    )  # fmt: skip
    children = [
        Person(
            ref=f"p{number}", role="child", given_name=_given(dice),
            family_name=family, born=_born(dice, 2011, 2024), sex=dice.choice(("female", "male")), addresses=(address,),
        )
        for number in range(1, 2 + dice.choices((0, 1, 2), (70, 20, 10))[0])
    ]  # fmt: skip
    # Who is named again is told of in the same words each time, alone: what is learned of a family from one referral and not
    # from another depends on which of two topics is read first, and that is another story than this load's.
    return (child.model_copy(update={"ref": "p1"}),) if child else (parent, *children)


def _held(seed: int, number: int, authority: str) -> Person:
    dice = random.Random(f"held {seed} {authority} {number}")
    return Person(
        ref="p1", role="child", given_name=_given(dice),
        family_name=_family(dice), born=_born(dice, 2011, 2024),
        addresses=(Address(lines=f"{number} Held Street", postcode=_postcode(dice)),),
    )  # fmt: skip


def _postcode(dice: random.Random) -> str:
    """One of some thousands that are no place's: about as few households to each as in a town."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ9{dice.randrange(10)} {dice.randrange(10)}{dice.choice(letters)}{dice.choice(letters)}"


def _born(dice: random.Random, first: int, last: int) -> date:
    return date(dice.randint(first, last), 1, 1) + timedelta(days=dice.randrange(365))


def _given(dice: random.Random) -> str:
    return dice.choice(_BEGINNINGS) + dice.choice(_MIDDLES) + dice.choice(_ENDINGS)


def _family(dice: random.Random) -> str:
    """One of some tens of thousands: as in a town, many share a name and few share one and a day of birth."""
    return f"{dice.choice(_BEGINNINGS)}{dice.choice(_MIDDLES)}{dice.choice(_FIELDS)}{dice.choice(_PLACES)}"
