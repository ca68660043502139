"""IN-19: siblings who were left out are settled by a person; one child's record takes over from another's by choice alone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.family import LeftOut
from icart_common.contracts.ids import derived_id
from icart_common.contracts.joint_work import (
    CopiedFromSibling,
    CopyFromSibling,
    DismissSibling,
    IncludeSibling,
    OpenForSibling,
    SiblingDismissed,
    SiblingIncluded,
)
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import ContactClosed, RecordSection, Submit
from icart_screening.domain.contact import Change
from icart_screening.domain.decide import decide
from icart_screening.domain.refusal import Refusal
from services.screening.tests.front_door import MONDAY, FrontDoor, each, of_type

IVO = LeftOut(
    person=derived_id(MONDAY, "ivo"), given_name="Ivo", born=date(2015, 5, 5), kind="sibling", same_household=True
)
GIVEN = (Consent(person="p2", status="given"),)


def submit(door: FrontDoor, contact: UUID) -> tuple[Change, ...] | Refusal:
    cast = door.cast
    fields = {"outcome": cast.assessment, "level": cast.assessment_level, "reasons": "harm", "need_code": "N1"}
    return door.tell(contact, Submit, door.worker_of(contact), "w1", **fields)


def copy(door: FrontDoor, target: UUID, source: UUID, role: str, **fields: Any) -> tuple[Change, ...] | Refusal:
    """Somebody copies from a sibling's contact, as the service decides it."""
    held = door.contacts[target]
    seen = fields.pop("source_seen_version", door.contacts[source].version)
    command = CopyFromSibling.model_validate(
        {
            "contact": target, "seen_version": held.version, "actor": {"person": "w1", "role": role},
            "source": source, "source_seen_version": seen, **fields,
        }
    )  # fmt: skip
    decided = decide(
        held, command, pack=door.pack, at=door.now, because=derived_id(door.now, "copy"), source=door.contacts[source]
    )
    if not isinstance(decided, Refusal):
        door._keep(decided[0])
    return decided


def two_siblings(door: FrontDoor) -> tuple[UUID, UUID]:
    """Two contacts from one submission, both with their worker; the first has all its sections."""
    submission = derived_id(MONDAY, "both")
    first, second = (door.allocated(door.cast.safeguarding, submission=submission, consents=GIVEN) for _ in range(2))
    door.fill(first)
    return first, second


@each("IN-19")
@pytest.mark.parametrize("included", [True, False])
def test_nothing_is_submitted_until_a_person_has_settled_a_sibling_who_was_left_out(
    door: FrontDoor, included: bool
) -> None:
    contact = door.allocated(door.cast.safeguarding, left_out=(IVO,), consents=GIVEN)
    door.fill(contact)
    refused = submit(door, contact)
    assert isinstance(refused, Refusal)
    assert refused.code == "sibling-undecided"
    assert "Ivo" not in refused.why
    command = IncludeSibling if included else DismissSibling
    settled = door.tell(contact, command, door.cast.social_worker, "w1", person=IVO.person, reason="asked his mother")
    assert not isinstance(settled, Refusal)
    (change,) = settled
    assert isinstance(change.events[0], SiblingIncluded if included else SiblingDismissed)
    assert change.events[0].reason == "asked his mother"
    asks = [
        OpenForSibling(
            contact=contact, submission=change.contact.arrival.submission, authority=door.authority, person=IVO.person
        )
    ]
    assert list(change.asks) == (asks if included else [])
    assert not isinstance(submit(door, contact), Refusal)


@each("IN-19")
def test_a_sibling_of_another_household_is_shown_and_holds_nothing_up(door: FrontDoor) -> None:
    elsewhere = IVO.model_copy(update={"same_household": False})
    contact = door.allocated(door.cast.safeguarding, left_out=(elsewhere,), consents=GIVEN)
    door.fill(contact)
    assert not isinstance(submit(door, contact), Refusal)
    assert door.contacts[contact].left_out == (elsewhere,)


@each("IN-19")
def test_who_may_settle_is_the_packs_and_each_sibling_is_settled_once(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, left_out=(IVO,))
    fields = {"person": IVO.person, "reason": "he moved out"}
    nobody = next(role.id for role in door.pack.roles if not role.may("settle-siblings"))
    assert door.refused(contact, DismissSibling, nobody, "x", **fields).code == "role-may-not"
    door.done(contact, DismissSibling, door.cast.manager, "m1", **fields)
    assert door.refused(contact, IncludeSibling, door.cast.manager, "m1", **fields).code == "unknown-sibling"


@each("IN-19")
def test_the_sender_hears_nothing_of_a_child_whom_they_did_not_name(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, opened_for="left-out-sibling", consents=GIVEN)
    door.fill(contact)
    submit(door, contact)
    door.authorised(contact)
    (closed,) = of_type(door.log, ContactClosed)
    assert closed.feedback is False


@each("IN-19")
def test_chosen_sections_and_statements_are_copied_and_marked_and_nothing_else(door: FrontDoor) -> None:
    first, second = two_siblings(door)
    section = next(
        one for one in door.strand_of(first).sections if door.pack.role(door.cast.social_worker).may_fill(one)
    )
    last = door.contacts[first].statements["nature"].section
    role = door.filler(last, door.cast.safeguarding)
    assert not isinstance(copy(door, second, first, door.cast.social_worker, sections=(section,)), Refusal)
    assert not isinstance(copy(door, second, first, role, statements=("nature",)), Refusal)
    held, source = door.contacts[second], door.contacts[first]
    assert held.sections == {section: source.sections[section]}
    assert held.statements == {"nature": source.statements["nature"]}
    assert held.copied == {f"section:{section}": first, "statement:nature": first}
    assert held.draft is None
    door.done(second, RecordSection, door.cast.social_worker, "w1", section=section, text="her own words")
    assert set(door.contacts[second].copied) == {"statement:nature"}


@each("IN-19")
def test_a_copied_decision_is_a_draft_that_the_worker_still_submits(door: FrontDoor) -> None:
    first, second = two_siblings(door)
    submit(door, first)
    assert not isinstance(copy(door, second, first, door.cast.social_worker, decision=True), Refusal)
    held = door.contacts[second]
    assert held.draft is not None
    assert (held.draft.outcome, held.draft.level, held.draft.reasons) == (
        door.cast.assessment, door.cast.assessment_level, "harm",
    )  # fmt: skip
    assert held.submitted is None
    assert held.copied == {"decision": first}
    (event,) = of_type(door.log, CopiedFromSibling)
    assert event.source == first
    door.fill(second)
    submit(door, second)
    assert door.contacts[second].draft is None


@each("IN-19")
def test_copying_is_refused_from_a_stranger_from_an_old_version_and_of_what_is_blank(door: FrontDoor) -> None:
    first, second = two_siblings(door)
    stranger = door.allocated(door.cast.safeguarding)
    worker = door.cast.social_worker
    section = door.strand_of(first).sections[-1]
    refusals = [
        copy(door, second, stranger, worker, sections=(section,)),
        copy(door, second, second, worker, sections=(section,)),
        copy(door, second, first, worker, sections=(section,), source_seen_version=1),
        copy(door, first, second, worker, sections=(section,)),
        copy(door, second, first, worker),
        copy(door, second, first, worker, decision=True),
    ]
    codes = [one.code for one in refusals if isinstance(one, Refusal)]
    assert codes == ["no-sibling", "no-sibling", "version-moved", "blank-there", "nothing-chosen", "not-submitted"]
    manager_only = next(one for one in door.strand_of(first).sections if not door.pack.role(worker).may_fill(one))
    refused = copy(door, second, first, worker, sections=(manager_only,))
    assert isinstance(refused, Refusal)
    assert refused.code == "section-not-yours"
