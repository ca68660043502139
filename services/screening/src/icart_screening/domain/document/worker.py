"""The whole record, for the people who work in it: what came, what was proposed, what was decided and by whom, what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from icart_common.contracts.base import Message
from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeAdded, NoticeJoined, NoticeSeparated
from icart_common.contracts.screening import (
    AnswersRecorded,
    ContactClosed,
    ContactReceived,
    ContactSubmitted,
    ContactTriaged,
    ReferralCreated,
    SectionRecorded,
)
from icart_common.policy.lives import LIFE_WITH
from icart_common.policy.wording import instant_in_words
from icart_screening.domain.document import people
from icart_screening.domain.document.area_team import concern, consents, established, referral
from icart_screening.domain.document.page import Block, facts, grid, said, words, written
from icart_screening.domain.document.told import Told

_HEAD = {"contact", "undertaking", "authority", "pack_version", "version", "at", "by"}
_SHOWN_ABOVE = (
    ContactOpened, NoticeJoined, NoticeAdded, ContactReceived, ContactTriaged, SectionRecorded, RecordCorrected,
    AnswersRecorded, ContactSubmitted, ContactClosed, ReferralCreated,
)  # fmt: skip
"""Events that have a place of their own in the record; of all others the history says what they said."""
_OF = {event: life.name for event, life in LIFE_WITH.items()}


def worker(told: Told) -> Iterator[Block]:
    """Everything."""
    created = told.last(ReferralCreated)
    yield from _contact(told)
    yield from people.child(told)
    yield from people.family(told)
    yield from _referrer(told)
    yield from concern(told)
    yield from _others(told)
    yield from _documents(told)
    yield from _proposed(told)
    yield from _decided(told)
    yield from _sections(told)
    yield from established(told)
    yield from consents(told)
    yield from _privacy(told)
    yield from _asked(told)
    yield from _ending(told)
    if created:
        yield from referral(told, created)
    yield from _undertakings(told)
    yield from _corrections(told)
    yield from _history(told)


def _contact(told: Told) -> Iterator[Block]:
    contact, pack, opened = told.contact, told.pack, told.opened
    yield from facts(
        "The contact",
        ("Reference", contact.reference),
        ("State", contact.status),
        ("Desktop", contact.desktop and pack.desktop(contact.desktop).name),
        ("Strand", contact.strand and pack.strand(contact.strand).name),
        ("Urgency", contact.urgency),
        ("Worker", contact.worker),
        ("Instructions", contact.instructions),
        ("Received", contact.arrival.received_at),
        ("Came by", words(opened.channel)),
        ("Out of hours", opened.out_of_hours),
        ("Source code", contact.arrival.source_code),
        ("Follows from", opened.reference if contact.follows else None),
        ("Policy", f"{pack.authority.name}, {pack.version}"),
    )


def _referrer(told: Told) -> Iterator[Block]:
    one = told.opened.referrer
    yield from facts(
        "Who told us",
        ("Agency", people.agency_name(told.pack, told.opened.agency)),
        ("Kind", one.kind),
        ("Name", one.name),
        ("Role", one.role),
        ("Address", one.address),
        ("Telephone", one.phone),
        ("E-mail", one.email),
        ("Is to the family", one.relation_to_family),
        ("Agrees to be named", one.willing_to_be_named),
        ("Agrees to be contacted", one.willing_to_be_contacted),
        ("The family knows", one.family_knows),
    )


def _others(told: Told) -> Iterator[Block]:
    """Other senders of the same event (IN-20). Whoever was taken out again stays here: it was read."""
    out = {one.notice: one.reason for one in told.all(NoticeSeparated)}
    yield from grid(
        "Others who told us of it",
        ("Received", "Agency", "Name", "What happened", "Why it is here", "Taken out"),
        (
            (
                one.notice.received_at,
                people.agency_name(told.pack, one.notice.agency),
                one.notice.referrer.name,
                one.notice.event.what,
                "; ".join(one.because),
                out.get(one.notice.contact),
            )
            for one in told.all(NoticeJoined)
        ),
    )


def _documents(told: Told) -> Iterator[Block]:
    """What came with it, and what became of that (IN-14)."""
    yield from grid(
        "Documents",
        ("Document", "What it is", "State", "Why", "Since"),
        ((one.id, one.kind, one.state, words(one.reason or ""), one.at) for one in told.documents),
    )


def _proposed(told: Told) -> Iterator[Block]:
    proposed = told.contact.proposed
    statements = {one.id: one.text for one in told.pack.thresholds.statements}
    yield from facts(
        "What the rules proposed",
        ("Strand", told.pack.strand(proposed.strand).name),
        ("Urgency", proposed.urgency),
        ("Level of need", proposed.level),
        ("By the rule", proposed.rule),
    )
    yield from grid(
        "Statements of the threshold document that it matched",
        ("Statement", "Level", "Words found"),
        ((one.text, one.level, one.words) for one in proposed.matched),
    )
    yield from grid(
        "Statements that would change it",
        ("Statement",),
        ((statements.get(one, one),) for one in proposed.would_change),
    )


def _decided(told: Told) -> Iterator[Block]:
    """What people decided instead of what was proposed (SC-1, SC-25)."""
    pack = told.pack
    yield from grid(
        "Triage",
        ("When", "By", "Strand", "Urgency", "Reason", "Had been proposed"),
        (
            (
                one.at,
                one.by,
                pack.strand(one.strand).name,
                one.urgency,
                one.reason,
                f"{pack.strand(one.proposed.strand).name}, {one.proposed.urgency}, level {one.proposed.level}",
            )
            for one in told.all(ContactTriaged)
        ),
    )
    yield from grid(
        "Submitted for authorisation",
        ("When", "By", "Outcome", "Level", "Had been proposed", "Reasons", "Without consent because"),
        (
            (
                one.at,
                one.by,
                pack.outcome(one.outcome).name,
                one.level,
                f"level {told.contact.proposed.level}",
                one.reasons,
                one.without_consent,
            )
            for one in told.all(ContactSubmitted)
        ),
    )


def _sections(told: Told) -> Iterator[Block]:
    """Each section as it stands. What is wrong was corrected: the record shows what is right, and that it was."""
    contact, who = told.contact, {one.section: one for one in told.all(SectionRecorded) if one.text}
    for section in sorted(told.pack.sections, key=lambda one: one.order):
        text, last = contact.sections.get(section.id), who.get(section.id)
        mark, copied = contact.corrected.get(f"section:{section.id}"), contact.copied.get(f"section:{section.id}")
        yield from written(
            section.name,
            text,
            f"Written by {said(last.by)}, {instant_in_words(last.at)}." if last else None,
            f"Corrected by {said(mark.by)}, {instant_in_words(mark.at)}: {mark.reason}" if mark else None,
            f"Copied from a sibling's contact, {copied}." if copied else None,
        )


def _privacy(told: Told) -> Iterator[Block]:
    yield from grid(
        "Privacy notice",
        ("Shown to", "By", "When", "How"),
        ((people.named(told, one.person), one.shown_by, one.when, one.how) for one in told.contact.privacy_notices),
    )


def _asked(told: Told) -> Iterator[Block]:
    yield from grid(
        "Still asked of the referrer",
        ("Question", "About"),
        ((one.question, one.person and people.named(told, one.person)) for one in told.contact.gaps),
    )
    yield from grid(
        "Answers of referrers",
        ("When", "Agency", "Question", "Answer"),
        (
            (one.at, people.agency_name(told.pack, one.agency), words(answer.question), _answer(answer))
            for one in told.all(AnswersRecorded)
            for answer in one.answers
        ),
    )


def _answer(answer: Message | object) -> str:
    told = {name: getattr(answer, name) for name in ("text", "details", "consent", "tools")}
    return said({name: value for name, value in told.items() if value})


def _ending(told: Told) -> Iterator[Block]:
    closed = told.last(ContactClosed)
    if closed is None:
        return
    level = told.pack.level(closed.level)
    yield from facts(
        "Outcome",
        ("Outcome", told.pack.outcome(closed.outcome).name),
        ("Level of need", f"{level.number}, {level.name}"),
        ("Closed", closed.at),
        ("Submitted by", closed.submitted_by),
        ("Authorised by" if closed.authorised else "Closed by, without authorisation", closed.by),
        ("Manager's note", closed.note),
        ("Goes on as contact", closed.successor),
    )
    yield from written("Reasons for the outcome", closed.reasons)


def _undertakings(told: Told) -> Iterator[Block]:
    """Checks, discussions, meetings, disagreements: each with all that happened in it."""
    apart = sorted(told.undertakings, key=lambda one: (one.undertaking, one.version))
    lives = [tuple(events) for _, events in groupby(apart, key=lambda one: one.undertaking)]
    for number, events in enumerate(sorted(lives, key=lambda one: (one[0].at, one[0].undertaking)), start=1):
        life = _OF.get(type(events[0]), "undertaking")
        yield from grid(
            f"{number}. {life.capitalize()}",
            ("When", "What", "By", "Details"),
            ((one.at, _happened(one), getattr(one, "by", None), _details(one)) for one in events),
        )


def _corrections(told: Told) -> Iterator[Block]:
    """What was wrong, beside what is right (SC-19)."""
    before: dict[str, str] = {}
    rows = []
    for one in told.log:
        if not isinstance(one, SectionRecorded | RecordCorrected):
            continue
        now = {told.pack.section(one.section).name: one.text} if one.text else {}
        now |= dict(one.statements)
        if isinstance(one, RecordCorrected):
            rows += [(one.at, one.by, name, before.get(name), text, one.reason) for name, text in now.items()]
        before |= now
    yield from grid("Corrections", ("When", "By", "Where", "Had been written", "Is right", "Why"), rows)


def _history(told: Told) -> Iterator[Block]:
    yield from grid(
        "All that happened",
        ("When", "Version", "What", "By", "Details"),
        (
            (
                getattr(one, "at", None),
                getattr(one, "version", None),
                _happened(one),
                getattr(one, "by", None),
                "" if isinstance(one, _SHOWN_ABOVE) else _details(one),
            )
            for one in told.log
        ),
    )


def _happened(one: Message) -> str:
    return words(one.TYPE.split(".")[-2])


def _details(one: Message) -> str:
    return said({name: getattr(one, name) for name in type(one).model_fields if name not in _HEAD})
