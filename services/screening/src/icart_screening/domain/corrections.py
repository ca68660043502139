"""A record that holds an error, and a contact that is one (SC-19): nothing is wiped, and nothing ends without a manager."""

from __future__ import annotations

from icart_common.contracts.corrections import Abandon, CorrectRecord, RecordCorrected
from icart_common.contracts.screening import ContactSubmitted
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.record import established, section_to_fill
from icart_screening.domain.refusal import Refusal


def correct(contact: Contact, command: CorrectRecord, asked: Asked) -> tuple[Change, ...]:
    """The right text stands in the record, marked as corrected; the wrong one stays in the log. Also after closing.

    By a role that writes the section: a correction is no way around the roles, nor around an authorisation that is awaited.
    """
    asked.needs("correct", contact.strand)
    section = section_to_fill(contact, command.section, asked)
    established(section, command.statements, asked)
    if not command.text and not command.statements:
        raise Refusal("nothing-recorded", "neither a text nor a statement was given", ("write what is right",))
    stands = {name: said.text for name, said in contact.statements.items() if said.section == section.id}
    written = {section.name: contact.sections.get(section.id)} if command.text else {}
    written |= {name: stands.get(name) for name in command.statements}
    blank = sorted(name for name, text in written.items() if not text)
    if blank:
        why = f"nothing was written in {', '.join(blank)}: there is nothing to correct"
        allowed = "record it" if contact.status == "open" else "correct what was written"
        raise Refusal("nothing-to-correct", why, (allowed,))
    corrected = RecordCorrected.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "section": section.id,
            "text": command.text,
            "statements": command.statements,
            "reason": command.reason,
        }
    )
    return (asked.change(contact, corrected),)


def abandon(contact: Contact, command: Abandon, asked: Asked) -> tuple[Change, ...]:
    """Onto the authorisation desktop as opened in error, with the reason and whatever is blank.

    A manager who is neither the one who asks nor the worker authorises it, or sends it back: so it ends like every contact,
    in one outcome (SC-26). Whoever writes in the record may ask; the contact need not be with anybody yet.
    """
    strand = asked.strand_of(contact)
    asked.needs("record", strand.id)
    if contact.submitted:
        raise Refusal("submitted", "it waits for authorisation already", ("a manager authorises it or sends it back",))
    outcome = asked.pack.opened_in_error
    submitted = ContactSubmitted.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "outcome": outcome.id,
            "level": outcome.level,
            "reasons": command.reason,
        }
    )
    moves = asked.moved(contact, strand.authorisation_desktop, f"submitted: {outcome.name}")
    return (asked.change(contact, submitted, *moves, moments=("submitted",)),)
