"""SC-19: an error is corrected with its reason and stays in the log; what was opened in error ends by a manager's decision."""

from __future__ import annotations

from uuid import UUID

from icart_common.contracts.corrections import Abandon, CorrectRecord, RecordCorrected
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import (
    Authorise,
    ContactClosed,
    ContactSubmitted,
    RecordSection,
    SectionRecorded,
    SendBack,
    Submit,
    Triage,
)
from services.screening.tests.front_door import FrontDoor, each, of_type

GIVEN = (Consent(person="p2", status="given"),)


def written(door: FrontDoor) -> tuple[UUID, str, str]:
    """A contact whose sections are filled, a section of its worker's, and the worker's role."""
    contact = door.allocated(door.cast.safeguarding, consents=GIVEN)
    door.fill(contact)
    role = door.worker_of(contact)
    section = next(one for one in door.strand_of(contact).sections if door.pack.role(role).may_fill(one))
    return contact, section, role


@each("SC-19")
def test_the_record_shows_what_is_right_and_that_it_was_corrected_and_the_log_what_was_wrong(door: FrontDoor) -> None:
    contact, section, role = written(door)
    before = door.contacts[contact]
    right = {"section": section, "text": "It was her aunt.", "reason": "I had mistaken her for the mother"}
    held = door.done(contact, CorrectRecord, role, "w2", **right)
    assert held.sections == {**before.sections, section: "It was her aunt."}
    mark = held.corrected[f"section:{section}"]
    assert (mark.by.person, mark.at, mark.reason) == ("w2", door.now, right["reason"])
    assert [one.text for one in of_type(door.log, SectionRecorded) if one.section == section] == ["written"]
    (said,) = of_type(door.log, RecordCorrected)
    assert (said.text, said.version) == ("It was her aunt.", before.version + 1)


@each("SC-19")
def test_a_closed_record_is_corrected_too_and_stays_closed(door: FrontDoor) -> None:
    contact, section, role = written(door)
    door.done(contact, Submit, role, "w1", outcome=door.cast.advice, level=1, reasons="because")
    refused = door.refused(contact, CorrectRecord, role, "w1", section=section, text="other", reason="a slip")
    assert refused.code == "submitted", "what a manager is asked to authorise does not change under their hands"
    door.authorised(contact)
    ended = door.contacts[contact]
    held = door.done(contact, CorrectRecord, role, "w1", section=section, text="other", reason="a slip")
    same = {"version", "sections", "corrected"}
    assert held.model_dump(exclude=same) == ended.model_dump(exclude=same)
    assert held.sections[section] == "other"
    late = door.refused(contact, RecordSection, role, "w1", section=section, text="more")
    assert late.code == "closed"
    assert "correct what is wrong in it, with the reason" in late.allowed


@each("SC-19")
def test_a_statement_is_corrected_by_its_name(door: FrontDoor) -> None:
    contact, *_ = written(door)
    said = door.contacts[contact].statements["nature"]
    role = door.filler(said.section, door.cast.safeguarding)
    fields = {"section": said.section, "statements": {"nature": "cold, not hungry"}, "reason": "misheard"}
    held = door.done(contact, CorrectRecord, role, "w1", **fields)
    assert held.statements["nature"].text == "cold, not hungry"
    assert set(held.corrected) == {"statement:nature"}


@each("SC-19")
def test_who_may_not_and_what_there_is_nothing_to_correct_in_is_refused(door: FrontDoor) -> None:
    contact, section, role = written(door)
    right = {"section": section, "text": "other", "reason": "a slip"}
    nobody = next(one.id for one in door.pack.roles if not one.may("correct"))
    assert door.refused(contact, CorrectRecord, nobody, "x", **right).code == "role-may-not"
    foreign = next(one for one in door.strand_of(contact).sections if not door.pack.role(role).may_fill(one))
    assert door.refused(contact, CorrectRecord, role, "w1", **{**right, "section": foreign}).code == "section-not-yours"
    empty = door.allocated(door.cast.safeguarding)
    assert door.refused(empty, CorrectRecord, role, "w1", **right).code == "nothing-to-correct"
    assert door.refused(contact, CorrectRecord, role, "w1", section=section, reason="?").code == "nothing-recorded"


@each("SC-19", "SC-26")
def test_what_was_opened_in_error_ends_in_one_outcome_by_a_manager_and_nobody_outside_hears(door: FrontDoor) -> None:
    contact = door.open()
    manager, role = door.cast.manager, door.cast.social_worker
    early = door.refused(contact, Abandon, role, "w1", reason="the same child twice")
    assert early.code == "not-triaged"
    door.done(contact, Triage, manager, "m1", strand=door.cast.safeguarding, urgency="routine", reason="so")
    held = door.done(contact, Abandon, role, "w1", reason="the same child twice")
    assert held.desktop == door.strand_of(contact).authorisation_desktop
    assert door.refused(contact, Authorise, manager, "w1").code == "own-work"
    door.done(contact, Authorise, manager, "m2")
    (closed,) = of_type(door.log, ContactClosed)
    outcome = door.pack.outcome(closed.outcome)
    assert (closed.outcome, closed.authorised, closed.reasons) == ("opened-in-error", True, "the same child twice")
    assert outcome.feedback is None
    assert closed.referral is None


@each("SC-19")
def test_a_manager_may_find_that_it_was_no_error(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=GIVEN)
    door.done(contact, Abandon, door.worker_of(contact), "w1", reason="it was about a sibling")
    assert door.refused(contact, Abandon, door.worker_of(contact), "w1", reason="again").code == "submitted"
    held = door.done(contact, SendBack, door.cast.manager, "m2", actions=("it is about both of them",))
    assert (held.desktop, held.submitted) == (door.strand_of(contact).desktop, None)
    door.submitted(contact, door.cast.advice, 1)
    door.authorised(contact)
    assert [one.outcome for one in of_type(door.log, ContactClosed)] == [door.cast.advice]


@each("SC-19")
def test_opened_in_error_is_no_outcome_that_a_worker_submits(door: FrontDoor) -> None:
    contact, _, role = written(door)
    outcome = door.pack.opened_in_error
    fields = {"outcome": outcome.id, "level": outcome.level, "reasons": "because"}
    assert door.refused(contact, Submit, role, "w1", **fields).code == "outcome-not-of-strand"
    assert of_type(door.log, ContactSubmitted) == []
