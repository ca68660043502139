"""A contact arrives: what is kept of it, what the rules propose, the first desktop (SC-1, SC-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from icart_common.contracts.base import Address
from icart_common.contracts.intake import ContactOpened, ReplyTo
from icart_common.contracts.referral import Account
from icart_common.contracts.screening import ContactMoved, ContactReceived, Matched, Proposed
from icart_common.policy.pack import PolicyPack
from icart_common.policy.proposal import Matched as MatchedStatement
from icart_common.policy.proposal import Proposal, ProposalFacts
from icart_common.policy.threshold import Sign
from icart_screening.domain.clocks import asked_of, at_moments
from icart_screening.domain.contact import Arrival, Change, Child, Contact
from icart_screening.domain.evolve import after
from icart_screening.domain.meeting_day import outline_of
from icart_screening.domain.re_referral import decided_before


def arrive(opened: ContactOpened, pack: PolicyPack, at: datetime) -> Change:
    """The contact on the arrivals desktop, with a proposal and the clocks of its opening. Nothing is decided yet."""
    proposed = proposed_for(opened, pack)
    contact = Contact(
        id=opened.contact,
        authority=opened.authority,
        pack_version=opened.pack_version,
        reference=opened.reference,
        arrival=arrival_of(opened, pack),
        proposed=proposed,
        consents=opened.consents,
        left_out=opened.left_out,
        privacy_notices=opened.privacy_notices,
        gaps=opened.gaps,
        answers_due=opened.answers_due,
    )
    desktop = pack.desktop_of("arrivals").id
    received = ContactReceived(
        contact=opened.contact,
        authority=opened.authority,
        version=1,
        at=at,
        reference=opened.reference,
        pack_version=opened.pack_version,
        desktop=desktop,
        proposed=proposed,
        agency=opened.agency,
        received_at=opened.received_at,
        gaps=len(opened.gaps),
        siblings=opened.siblings,
        left_out=opened.left_out,
        re_referral=contact.arrival.re_referral,
    )
    moved = ContactMoved(
        contact=opened.contact,
        authority=opened.authority,
        version=1,
        at=at,
        from_desktop=None,
        to_desktop=desktop,
        because="the contact arrived",
    )
    contact, clocks = at_moments(
        after(contact, received, moved), "contact_opened", *asked_of(contact), pack=pack, at=at
    )
    return Change(contact, (received, moved), clocks)


def arrival_of(opened: ContactOpened, pack: PolicyPack) -> Arrival:
    """What screening keeps of the contact."""
    child = opened.child
    lives_at = current_address(child.addresses, opened.received_at.date())
    return Arrival(
        submission=opened.submission,
        agency=opened.agency,
        agency_kind=agency.kind if (agency := pack.known_agency(opened.agency)) else None,
        channel=opened.channel,
        source_code=opened.source_code,
        source_type=opened.source_type,
        received_at=opened.received_at,
        reply_to=reply_to_of(opened),
        said_immediate=opened.event.urgency == "immediate",
        social_worker_first=opened.social_worker_first,
        answered_by_edt=opened.answered_by_edt,
        child=Child(
            ref=child.ref,
            person=opened.child_known.person,
            given_name=child.given_name,
            family_name=child.family_name,
            born=child.born,
            expected=child.expected,
            postcode=lives_at.postcode if lives_at else None,
            address=lives_at.on_one_line() if lives_at else None,
            nhs_number=child.nhs_number,
            upn=child.upn,
            case_number=opened.child_known.case.number if opened.child_known.case else None,
        ),
        people=people_of(opened),
        siblings=opened.siblings,
        case=opened.child_known.case,
        early_help=opened.child_known.services.caf,
        services=services_of(opened),
        re_referral=decided_before(opened, pack),
        said_unsafe=opened.safety.safe is False,
        open_case=bool(opened.child_known.case and opened.child_known.case.status == "open"),
        section_47_begun=opened.section_47_begun,
        outline=outline_of(opened, lives_at) if pack.daily_meeting else None,
        names_the_child=opened.opened_for != "left-out-sibling",
    )


def people_of(opened: ContactOpened) -> dict[str, bool | None]:
    """Refs of the family, and whether each is said to hold parental responsibility."""
    return {person.ref: person.parental_responsibility for person in (opened.child, *opened.family)}


def services_of(opened: ContactOpened) -> dict[str, tuple[str, ...]]:
    """Which services know whom of the family, by ref; nobody whom none knows."""
    found = {
        known.ref: tuple(name for name, yes in known.services.model_dump().items() if yes)
        for known in (opened.child_known, *opened.family_known)
    }
    return {ref: services for ref, services in found.items() if services}


def reply_to_of(opened: ContactOpened) -> ReplyTo:
    """Where whoever brought it is answered."""
    referrer = opened.referrer
    return ReplyTo(
        agency=opened.agency,
        kind=referrer.kind,
        name=referrer.name,
        email=referrer.email,
        person_concerned=referrer.kind in ("family", "child"),
    )


def current_address(addresses: tuple[Address, ...], on: date) -> Address | None:
    """Where somebody lived on a day: of the addresses that were current, a lasting one first, then the latest."""
    current = [
        address
        for address in addresses
        if (address.since is None or address.since <= on) and (address.until is None or address.until >= on)
    ]
    return max(current, key=lambda address: (not address.temporary, address.since or date.min), default=None)


def proposed_for(opened: ContactOpened | Account, pack: PolicyPack) -> Proposed:
    """Strand, urgency and level that the authority's own threshold statements point to, with the words that did it."""
    facts = ProposalFacts(
        texts=dict(_texts(opened)), concerns=frozenset(opened.concerns), signs=frozenset(_signs(opened))
    )
    return _proposed(pack.propose(facts))


def _proposed(proposal: Proposal) -> Proposed:
    return Proposed(
        strand=proposal.strand,
        urgency=proposal.urgency,
        level=proposal.level,
        rule=proposal.reason,
        matched=tuple(_matched(match) for match in proposal.matched),
        would_change=proposal.would_change,
        tell_police=proposal.tell_police,
    )


def _matched(match: MatchedStatement) -> Matched:
    found = (*(word for _, word in match.words), *match.concerns, *match.signs)
    return Matched(statement=match.statement_id, text=match.text, level=match.level, words=tuple(dict.fromkeys(found)))


def _texts(opened: ContactOpened | Account) -> Iterator[tuple[str, str]]:
    """The free text of a contact, by the name of its field."""
    event = opened.event
    for name, text in (
        ("event.what", event.what),
        ("event.before", event.before),
        ("event.harm", event.harm),
        ("event.since", event.since),
        ("child_views", opened.child_views),
        ("safety.description", opened.safety.description),
        ("tried.what", opened.tried.what),
        ("action_taken", getattr(opened, "action_taken", None)),
        ("why_now", opened.why_now),
        ("expected", opened.expected),
    ):
        if text:
            yield name, text


def _signs(opened: ContactOpened | Account) -> Iterator[Sign]:
    """The structured facts that a threshold statement may rest on."""
    event = opened.event
    grades: dict[str, Sign] = {"standard": "vpa-standard", "medium": "vpa-medium", "high": "vpa-high"}
    if opened.safety.safe is False:
        yield "child-not-safe-now"
    if event.harm:
        yield "harm-reported"
    if event.known_how == "seen":
        yield "told-first-hand"
    if event.urgency == "immediate":
        yield "referrer-says-immediate"
    if isinstance(opened, ContactOpened):
        if opened.section_47_begun:
            yield "s47-begun"
        if opened.vpa_grade:
            yield grades[opened.vpa_grade]
    if opened.tried.plan in ("caf", "taf", "map"):
        yield "early-help-plan-in-place"
    if opened.requested == "advice":
        yield "asks-advice-only"
