"""The sections by their roles, the statements by their sections, consent by whoever gave it (SC-3, SC-6, CO-1)."""

from typing import Any

import pytest

from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import ConsentRecorded, RecordConsent, RecordSection, SectionRecorded
from services.screening.tests.front_door import FrontDoor, each, of_type


@each("SC-3")
def test_a_section_is_filled_by_its_role_alone(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    strand = door.pack.strand(door.cast.safeguarding)
    for role in door.pack.roles:
        for section in strand.sections:
            decided = door.tell(contact, RecordSection, role.id, "p1", section=section, text="written")
            allowed = strand.id in role.strands and role.may_fill(section)
            assert isinstance(decided, tuple) == allowed, f"{role.id} and {section}"
    assert door.contacts[contact].sections == dict.fromkeys(strand.sections, "written")


@each("SC-3")
def test_a_refused_section_says_who_fills_it(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    refusal = door.refused(contact, RecordSection, door.cast.social_worker, "w1", section="screening", text="done")
    assert refusal.code == "section-not-yours"
    assert any(door.cast.manager in sentence for sentence in refusal.allowed)
    assert door.refused(contact, RecordSection, door.cast.social_worker, "w1", section="poem").code == "unknown-section"


@each("SC-3")
def test_a_section_of_another_strand_is_no_part_of_the_record(door: FrontDoor) -> None:
    own = set(door.pack.strand(door.cast.safeguarding).sections)
    foreign = next(section for section in door.pack.strand(door.cast.early).sections if section not in own)
    contact = door.allocated(door.cast.safeguarding)
    roles = [role.id for role in door.pack.roles if role.may_fill(foreign)]
    codes = {door.refused(contact, RecordSection, role, "p1", section=foreign, text="x").code for role in roles}
    assert codes <= {"role-may-not", "section-of-another-strand"}


@each("SC-3", "SC-10")
def test_what_waits_for_authorisation_is_not_changed_but_the_manager_may_write(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    door.submitted(contact, door.cast.advice, 1, without_consent=door.cast.ground)
    late = {"section": "level-of-need", "text": "something else"}
    assert door.refused(contact, RecordSection, door.cast.social_worker, "w1", **late).code == "submitted"
    note = {"section": "management-authorisation", "text": "read and agreed"}
    assert door.done(contact, RecordSection, door.cast.manager, "m2", **note).submitted is not None


@each("SC-6")
def test_statements_are_kept_by_name_and_can_be_written_alone(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    door.done(contact, RecordSection, door.cast.social_worker, "w1", section="level-of-need", text="level 3")
    one = {"section": "level-of-need", "statements": {"nature": "hungry at school"}}
    held = door.done(contact, RecordSection, door.cast.social_worker, "w1", **one)
    assert held.sections["level-of-need"] == "level 3"
    assert held.statements["nature"].text == "hungry at school"
    assert of_type(door.log, SectionRecorded)[-1].statements == {"nature": "hungry at school"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"statements": {"star-sign": "leo"}}, "unknown-statement"), ({}, "nothing-recorded")],
)
def test_what_means_nothing_is_refused(fields: dict[str, Any], code: str) -> None:
    door = FrontDoor("halton")
    contact = door.allocated("safeguarding")
    refusal = door.refused(contact, RecordSection, "social-worker", "w1", section="level-of-need", **fields)
    assert refusal.code == code


@each("CO-1")
def test_consent_is_recorded_for_a_person_of_the_contact(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    role = door.cast.early_worker
    given = Consent(person="p2", status="given", sought_by="w1", when=door.now, how="telephone")
    refused = Consent(person="p2", status="refused", sought_by="w1", when=door.now, how="visit")
    door.done(contact, RecordConsent, role, "w1", consent=given)
    held = door.done(contact, RecordConsent, role, "w1", consent=refused)
    assert held.consents == (refused,)
    assert [event.consent for event in of_type(door.log, ConsentRecorded)] == [given, refused]
    stranger = Consent(person="p9", status="given")
    assert door.refused(contact, RecordConsent, role, "w1", consent=stranger).code == "unknown-person"
    silent = Consent(person="p2", status="not-sought")
    assert door.refused(contact, RecordConsent, role, "w1", consent=silent).code == "reason-needed"
    half = door.refused(contact, RecordConsent, role, "w1", consent=Consent(person="p2", status="given"))
    assert (half.code, half.allowed) == ("not-whole", ("say who asked them, when, and how",)), "as the form asks"
