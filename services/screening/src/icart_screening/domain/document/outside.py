"""What leaves the authority: to whoever told the front door, and to the family. Each block is made of what they may know.

What people wrote in the record, what agencies answered, who works with whom and what was proposed is in none of them: a text may
name anybody. So these are built up from single facts, and nothing is taken away from the whole (CO-5, CO-7, SC-11).
"""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.contracts.screening import ContactClosed, ReferralCreated
from icart_common.policy.wording import born_in_words, day_in_words, london_day, name_in_words
from icart_screening.domain.document import people
from icart_screening.domain.document.page import Block, facts, written
from icart_screening.domain.document.told import Told

_LOOKING = "It is being looked at."


def referrer(told: Told) -> Iterator[Block]:
    """What they told, what is still asked of them, and what confidentiality allows of the outcome: to a professional the outcome
    and its reasons, to anybody else that it was dealt with (SC-11)."""
    opened, closed = told.opened, told.last(ContactClosed)
    yield from facts(
        "Your contact",
        ("Reference", told.contact.reference),
        ("Received", opened.received_at),
        ("About", people.name(opened.child)),
    )
    yield from written("What you told us", opened.event.what)
    yield from facts(
        "What we still ask",
        *((f"Question {number}", gap.question) for number, gap in enumerate(told.contact.gaps, start=1)),
        ("By", told.contact.answers_due if told.contact.gaps else None),
    )
    if closed is None or closed.successor:
        yield from facts("What became of it", ("State", _LOOKING))
        return
    outcome = told.pack.outcome(closed.outcome)
    if opened.referrer.kind != "professional" or outcome.feedback is None:
        yield from facts("What became of it", ("State", f"It was dealt with on {day_in_words(london_day(closed.at))}."))
        return
    level = told.pack.level(closed.level)
    yield from facts(
        "What became of it",
        ("Decided", london_day(closed.at)),
        ("Outcome", outcome.name),
        ("Level of need", f"{level.number}, {level.name}"),
    )
    yield from written("Reasons", closed.reasons)


def family(told: Told) -> Iterator[Block]:
    """That the front door was asked to look at how the child is, by whom where that may be told, and what it decided."""
    opened, closed, created = told.opened, told.last(ContactClosed), told.last(ReferralCreated)
    known = told.contact.arrival.child
    yield from facts(
        "About this document",
        ("Reference", told.contact.reference),
        ("Child", name_in_words(known.given_name, known.family_name)),
        ("Born", born_in_words(known.born, known.expected)),
        ("We were told on", london_day(opened.received_at)),
        ("We were told by", people.who_told(told, opened.referrer, opened.agency)),
    )
    if closed is None or closed.successor:
        yield from facts("What we decided", ("State", _LOOKING))
        return
    level = told.pack.level(closed.level)
    yield from facts(
        "What we decided",
        ("Decided", london_day(closed.at)),
        ("Outcome", told.pack.outcome(closed.outcome).name),
        ("Level of need", f"{level.name}: {level.meaning}"),
    )
    if created:
        yield from facts(
            "What happens next",
            ("Team", created.area_team),
            ("The assessment is to be complete by", created.assessment_due),
            ("A conference is to be held by", created.conference_due),
        )
