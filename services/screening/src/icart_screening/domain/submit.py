"""The worker submits level and outcome: refused while anything is blank or consent is missing (SC-6 to SC-8, CO-2, CO-3)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.contracts.screening import ContactSubmitted, Submit
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening import Outcome, Strand
from icart_screening.domain.asked import Asked
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal


def submit(contact: Contact, command: Submit, asked: Asked) -> tuple[Change, ...]:
    """Onto the authorisation desktop, with everything that the manager needs to decide."""
    strand = asked.strand_of(contact)
    asked.needs("submit", strand.id)
    own_work_only(contact, command.actor.person)
    outcome = outcome_of(command.outcome, command.level, strand, asked.pack)
    nothing_blank(contact, strand, asked.pack)
    nobody_left_out(contact, asked.pack)
    consented(contact, command, strand, outcome, asked.pack)
    if outcome.creates_referral and command.need_code is None:
        why = f"'{outcome.name}' creates a referral, which carries the child's primary need"
        raise Refusal("need-code-needed", why, ("give a need code, N1 to N8, or N0",))
    submitted = ContactSubmitted.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "outcome": outcome.id,
            "level": command.level,
            "reasons": command.reasons,
            "need_code": command.need_code,
            "factors": command.factors,
            "without_consent": command.without_consent,
            "outstanding": asked.outstanding,
        }
    )
    moves = asked.moved(contact, strand.authorisation_desktop, f"submitted: {outcome.name}")
    return (asked.change(contact, submitted, *moves, moments=("submitted",)),)


def own_work_only(contact: Contact, person: str) -> None:
    """Raises Refusal unless the contact is with this person, and with them now."""
    if contact.submitted:
        raise Refusal("submitted", "it waits for authorisation already", ("a manager authorises it or sends it back",))
    if contact.worker is None:
        raise Refusal("not-allocated", "the contact is with nobody yet", ("a manager allocates it",))
    if contact.worker != person:
        raise Refusal("not-your-work", "the contact is allocated to somebody else", ("the allocated worker may",))


def outcome_of(wanted: str, level: int, strand: Strand, pack: PolicyPack) -> Outcome:
    """The outcome of that id. Raises Refusal when the strand does not end like that, or the level is not the outcome's."""
    if wanted not in strand.outcomes:
        names = (f"{pack.outcome(own).name} ({own})" for own in strand.outcomes)
        raise Refusal("outcome-not-of-strand", f"{strand.name} does not end like that", names)
    outcome = pack.outcome(wanted)
    levels = _levels(outcome, strand)
    if level not in levels:
        names = (f"level {other}: {pack.level(other).name}" for other in levels)
        raise Refusal("level-disagrees", f"'{outcome.name}' is not for a level {level} need", names)
    return outcome


def _levels(outcome: Outcome, strand: Strand) -> tuple[int, ...]:
    """The level that the pack gives the outcome, or a lesser one of the strand unless somebody else takes the child on."""
    if outcome.creates_referral or outcome.transfers_to:
        return (outcome.level,)
    lesser = (level for level in strand.levels if level < outcome.level)
    return (*lesser, outcome.level)


def nothing_blank(contact: Contact, strand: Strand, pack: PolicyPack) -> None:
    """Raises Refusal that names every blank section and statement of the strand."""
    sections = [pack.section(section).name for section in strand.sections if _is_blank(contact, section)]
    questions = [
        statement.question
        for statement in pack.required_statements
        if statement.section in (None, *strand.sections)
        and not (statement.id in contact.statements and contact.statements[statement.id].text)
    ]
    if sections or questions:
        code = "section-blank" if sections else "statement-blank"
        allowed = (*(f"fill in the section {name}" for name in sections), *(f"answer: {text}" for text in questions))
        raise Refusal(code, f"still blank: {'; '.join((*sections, *questions))}", allowed)


def nobody_left_out(contact: Contact, pack: PolicyPack) -> None:
    """Raises Refusal while a sibling who may be of the household was neither included nor dismissed, where the pack says so."""
    undecided = [one for one in contact.left_out if one.same_household is not False]
    if undecided and pack.siblings.left_out == "settled-before-submitting":
        why = (
            f"{len(undecided)} of the child's siblings were left out of the referral, and nobody has decided about them"
        )
        raise Refusal("sibling-undecided", why, ("include the sibling", "dismiss the sibling with a reason"))


def _is_blank(contact: Contact, section: str) -> bool:
    """A section is filled by its text, or by a statement that was written in it."""
    written = any(statement.section == section and statement.text for statement in contact.statements.values())
    return not contact.sections.get(section) and not written


def consented(contact: Contact, command: Submit, strand: Strand, outcome: Outcome, pack: PolicyPack) -> None:
    """Raises Refusal while the strand's rule of consent is not met.

    A transfer to another strand never waits: a safeguarding concern has been found, and that strand's own rule comes next.
    Consent stands by the pack's rule, as for its checks. Where it was refused, the contact can still end without anything being
    done.
    """
    rule = strand.consent
    ground = command.without_consent
    if ground is not None and ground not in rule.grounds:
        raise Refusal(
            "unknown-ground", f"{strand.name} does not go on without consent for that", _grounds(strand, pack)
        )
    refused = "refused" in contact.consents_said()
    exempt = contact.arrival.reply_to.kind in rule.exempt_referrers
    if consent_stands(contact, pack) or outcome.transfers_to or exempt or ground is not None:
        return
    if refused and outcome.no_further_action:
        return
    missing = "somebody who holds it refused" if refused else "none is recorded"
    ways = (*_grounds(strand, pack), *_apart(contact))
    if rule.rule == "required":
        why = f"{strand.name} goes on with the consent of those with parental responsibility, and {missing}"
        raise Refusal("consent-needed", why, ("ask for consent and record it", *ways))
    why = f"it goes on without consent ({missing}): say why"
    raise Refusal("consent-ground-needed", why, ("record consent", *ways))


def _apart(contact: Contact) -> Iterator[str]:
    """What another sender wrote of consent is not written over: their notice can go on by itself (IN-20)."""
    for notice in contact.notices:
        if any(consent.status == "refused" for consent in notice.consents):
            yield f"a manager gives the notice {notice.told.reference}, in which it was refused, a contact of its own"


def _grounds(strand: Strand, pack: PolicyPack) -> Iterator[str]:
    for ground in pack.consent_grounds:
        if ground.id in strand.consent.grounds:
            yield f"{ground.name} ({ground.id})"
