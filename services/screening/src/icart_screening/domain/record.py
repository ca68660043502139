"""The sections of the record, the statements that a screening has to establish, and consent (SC-3, SC-6, CO-1, CO-6)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.screening import (
    ConsentRecorded,
    PrivacyNoticeRecorded,
    RecordConsent,
    RecordPrivacyNotice,
    RecordSection,
    SectionRecorded,
)
from icart_common.policy.screening import RequiredStatement, Section
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal, role_may_not


def record_section(contact: Contact, command: RecordSection, asked: Asked) -> tuple[Change, ...]:
    """A section by a role that fills it. An empty text leaves what was written, so that statements can come by themselves."""
    section = section_to_fill(contact, command.section, asked)
    established(section, command.statements, asked)
    if not command.text and not command.statements:
        raise Refusal("nothing-recorded", "neither a text nor a statement was given", ("write one of them",))
    recorded = SectionRecorded.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "section": section.id,
            "text": command.text,
            "statements": command.statements,
        }
    )
    return (asked.change(contact, recorded),)


def section_to_fill(contact: Contact, wanted: str, asked: Asked) -> Section:
    """The section, when the role may fill it in this contact now. Raises Refusal."""
    pack, role = asked.pack, asked.role
    if contact.strand and contact.strand not in role.strands:
        raise role_may_not(pack, role.id, "record", contact.strand)
    section = next((section for section in pack.sections if section.id == wanted), None)
    if section is None:
        names = (f"{section.name} ({section.id})" for section in pack.sections)
        raise Refusal("unknown-section", "the record has no such section", names)
    if not role.may_fill(section.id):
        others = (f"{other.name} ({other.id}) may" for other in pack.roles if other.may_fill(section.id))
        raise Refusal("section-not-yours", f"{role.name} does not fill the section {section.name}", others)
    if contact.strand is None:
        return section
    strand = pack.strand(contact.strand)
    if section.id not in strand.sections and any(section.id in other.sections for other in pack.strands):
        names = (pack.section(own).name for own in strand.sections)
        raise Refusal("section-of-another-strand", f"{strand.name} has no section {section.name}", names)
    if contact.status == "open" and contact.submitted and section.id in strand.sections:
        why = "what was submitted cannot be changed while it waits for authorisation"
        raise Refusal("submitted", why, ("authorise it", "send it back first"))
    return section


def established(section: Section, named: Iterable[str], asked: Asked) -> None:
    """Raises Refusal unless the authority's screening establishes these statements, and in this section."""
    known: dict[str, RequiredStatement] = {statement.id: statement for statement in asked.pack.required_statements}
    for name in sorted(named):
        statement = known.get(name)
        if statement is None:
            names = (f"{statement.question} ({statement.id})" for statement in known.values())
            raise Refusal("unknown-statement", "the authority's screening establishes no such statement", names)
        if statement.section not in (None, section.id):
            where = asked.pack.section(statement.section).name
            why = f"'{statement.question}' is not written in {section.name}"
            raise Refusal("statement-elsewhere", why, (f"write it in {where}",))


def record_consent(contact: Contact, command: RecordConsent, asked: Asked) -> tuple[Change, ...]:
    """What a person said about consent, to whom, when and how; not sought needs its reason (CO-1)."""
    asked.needs("record", contact.strand)
    consent = command.consent
    if consent.person not in contact.arrival.people:
        raise Refusal("unknown-person", "nobody in this contact has that ref", sorted(contact.arrival.people))
    if consent.status == "not-sought" and not consent.why_not:
        raise Refusal(
            "reason-needed", "consent was not sought, and no reason is given", ("say why they were not asked",)
        )
    if consent.status == "given" and not (consent.sought_by and consent.when and consent.how):
        why = "they agreed when somebody asked them, at some time, in some way: that is not said"
        raise Refusal("not-whole", why, ("say who asked them, when, and how",))
    recorded = ConsentRecorded.model_validate(
        {**asked.head(contact), "by": command.actor, "consent": consent},
    )
    return (asked.change(contact, recorded),)


def record_privacy_notice(contact: Contact, command: RecordPrivacyNotice, asked: Asked) -> tuple[Change, ...]:
    """Who was shown the privacy notice, by whom and when: both are needed (CO-6)."""
    asked.needs("record", contact.strand)
    notice = command.notice
    if notice.person not in contact.arrival.people:
        raise Refusal("unknown-person", "nobody in this contact has that ref", sorted(contact.arrival.people))
    if not notice.shown_by or notice.when is None:
        why = "who showed the privacy notice, and when, is not said"
        raise Refusal("not-whole", why, ("say who showed it to them, and when",))
    if notice.when > asked.at:
        raise Refusal("not-yet", "it has not been shown yet: that is in the future", ("record it afterwards",))
    recorded = PrivacyNoticeRecorded.model_validate({**asked.head(contact), "by": command.actor, "notice": notice})
    return (asked.change(contact, recorded),)
