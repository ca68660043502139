"""The referral and information record: what the assessment team and the census need, per child (SC-11, SC-24)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icart_common.contracts.screening import ReferralCreated
from icart_common.policy.wording import NOT_KNOWN_YET
from icart_screening.domain.document import people
from icart_screening.domain.document.page import Block, facts, grid, written
from icart_screening.domain.document.told import Told

_NEEDS: Final = {
    "N0": "not stated",
    "N1": "abuse or neglect",
    "N2": "the child's disability or illness",
    "N3": "a parent's disability or illness",
    "N4": "family in acute stress",
    "N5": "family dysfunction",
    "N6": "socially unacceptable behaviour",
    "N7": "low income",
    "N8": "absent parenting",
}
"""Primary need, by the children-in-need census (SC-24)."""


def referral(told: Told, created: ReferralCreated) -> Iterator[Block]:
    """The referral itself: its codes, its times, and the dates that are worked out from them."""
    outcome = told.pack.outcome(created.outcome)
    yield from facts(
        "The referral",
        ("Reference", created.reference),
        ("Contact", told.contact.reference),
        ("For", created.area_team),
        ("Outcome", outcome.name),
        ("Assessment", outcome.assessment and f"section {outcome.assessment.removeprefix('s')}"),
        ("Source code", created.source_code),
        ("Primary need", f"{created.need_code}, {_NEEDS[created.need_code]}"),
        ("Factors found", created.factors or "none recorded"),
        ("Contact received", created.received_at),
        ("Referred", created.at),
        ("Assessment complete by", created.assessment_due or NOT_KNOWN_YET),
        ("Conference by", created.conference_due),
    )
    yield from written("Reasons", created.reasons)


def area_team(told: Told, created: ReferralCreated) -> Iterator[Block]:
    """For the team that takes the child on. What agencies answered stays in the contact's record."""
    opened = told.opened
    yield from referral(told, created)
    yield from people.child(told)
    yield from people.family(told)
    yield from facts("Who told us", ("Referrer", people.who_told(told, opened.referrer, opened.agency)))
    yield from concern(told)
    yield from established(told)
    yield from consents(told)


def concern(told: Told) -> Iterator[Block]:
    """What was told, in the words that it was told in."""
    opened, event = told.opened, told.opened.event
    yield from facts(
        "What was told",
        ("What happened", event.what),
        ("When", event.when or event.when_in_words),
        ("Before", event.before),
        ("Harm", event.harm),
        ("Since", event.since),
        ("Known by having", event.known_how),
        ("Who was there", event.present),
        ("Urgency", event.urgency),
        ("Concerns", tuple(one.replace("-", " ") for one in opened.concerns)),
        ("What the child says", opened.child_views),
        ("Safe now", opened.safety.safe),
        ("Where the child is", opened.safety.where),
        ("With whom", opened.safety.with_whom),
        ("How safe it is", opened.safety.description),
        ("Tried already", opened.tried.what),
        ("Plan in place", opened.tried.plan),
        ("Lead professional", opened.tried.lead_professional),
        ("Why now", opened.why_now),
        ("What is hoped for", opened.expected),
        ("Done already by the night team", opened.action_taken),
    )


def established(told: Told) -> Iterator[Block]:
    """What the screening had to establish (SC-6)."""
    stands = told.contact.statements
    questions = told.pack.required_statements
    yield from grid(
        "What the screening established",
        ("Question", "Answer"),
        ((one.question, stands[one.id].text) for one in questions if one.id in stands),
    )


def consents(told: Told) -> Iterator[Block]:
    """What each person last said about consent (CO-1)."""
    yield from grid(
        "Consent",
        ("Person", "Status", "Why it was not sought", "Asked by", "When", "How"),
        (
            (people.named(told, one.person), one.status, one.why_not, one.sought_by, one.when, one.how)
            for one in told.contact.consents
        ),
    )
