"""SC-19, SC-24, SC-25, CO-5: the record as a document, from its events alone, for each reader's need to know."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.corrections import CorrectRecord
from icart_common.contracts.disagreements import RaiseDisagreement
from icart_common.contracts.referral import Consent, Person, Referrer
from icart_common.contracts.screening import Allocate, Authorise, RecordConsent, RecordSection, Submit
from icart_common.policy.running_clocks import RunningClocks
from icart_screening.domain.document.page import Block, Document, Facts, Grid
from icart_screening.domain.document.readers import READERS, NothingToShowError, Reader
from icart_screening.domain.document.told import LogNotWholeError, told
from icart_screening.printing import to_html
from services.screening.tests.front_door import FrontDoor, each
from services.screening.tests.record_cabinet import Cabinet

GIVEN = (Consent(person="p2", status="given"),)
NEIGHBOUR = Referrer(
    kind="public",
    name="CANARY-name",
    role="CANARY-role",
    address="CANARY-address",
    phone="CANARY-phone",
    email="canary-mail@example.org",
    relation_to_family="CANARY-relation",
    willing_to_be_named=False,
    family_knows=False,
)
OF_THE_REFERRER = (
    "CANARY-name", "CANARY-role", "CANARY-address", "CANARY-phone", "canary-mail@example.org", "CANARY-relation",
)  # fmt: skip
WRITTEN = ("CANARY-section", "CANARY-statement", "CANARY-reasons", "CANARY-check", "CANARY-instructions", "CANARY-note")


def block(document: Document, title: str) -> Block:
    return next(one for one in document.blocks if one.title == title)


def fact(document: Document, title: str, name: str) -> str:
    found = block(document, title)
    assert isinstance(found, Facts)
    return dict(found.rows)[name]


def lived(door: FrontDoor, *, to_the_end: bool = True, **changes: Any) -> tuple[Cabinet, UUID]:
    """A contact in which everybody has written something that only some may read."""
    cabinet = Cabinet(door)
    contact = cabinet.allocated(door.cast.safeguarding, consents=GIVEN, **changes)
    door.done(contact, Allocate, door.cast.manager, "m1", worker="w1", instructions="CANARY-instructions")
    door.fill(contact)
    role = door.worker_of(contact)
    section = next(one for one in door.strand_of(contact).sections if door.pack.role(role).may_fill(one))
    door.done(contact, RecordSection, role, "w1", section=section, text="CANARY-section")
    stands = door.contacts[contact].statements["nature"].section
    said = {"section": stands, "statements": {"nature": "CANARY-statement"}}
    door.done(contact, RecordSection, door.filler(stands, door.cast.safeguarding), "w1", **said)
    disagrees = {"about": "CANARY-check", "because": "CANARY-check", "wants": "CANARY-check"}
    door.begun(contact, RaiseDisagreement, door.cast.manager, "m1", agency=door.cast.school, **disagrees)
    if to_the_end:
        cast = door.cast
        outcome = {"outcome": cast.assessment, "level": cast.assessment_level, "reasons": "CANARY-reasons"}
        found = {"need_code": "N1", "factors": ("domestic abuse", "neglect")}
        door.done(contact, Submit, role, "w1", **outcome, **found)
        door.done(contact, Authorise, cast.manager, "m2", note="CANARY-note")
    return cabinet, contact


def html(cabinet: Cabinet, contact: UUID, reader: Reader) -> str:
    return to_html(cabinet.document(contact, reader)).decode()


@each("SC-19")
def test_the_log_alone_gives_the_record_that_a_document_is_made_of(door: FrontDoor) -> None:
    cabinet = Cabinet(door)
    early = cabinet.allocated(door.cast.early, consents=GIVEN)
    door.submitted(early, door.cast.transfer, door.pack.outcome(door.cast.transfer).level)
    _, second = door.authorised(early)
    later = second.contact.id
    door.done(later, Allocate, door.cast.manager, "m1", worker="w1")
    refused = Consent(person="p2", status="refused", sought_by="w1", when=door.now, how="visit")
    door.done(later, RecordConsent, door.cast.social_worker, "w1", consent=refused)
    door.submitted(later, door.cast.advice, 1)
    door.authorised(later)
    for contact in (early, later):
        bare = door.contacts[contact].model_copy(update={"clocks": RunningClocks()})
        assert cabinet.told(contact).contact == bare
    assert fact(cabinet.document(later, "worker"), "The contact", "Follows from") == door.contacts[early].reference


@each("SC-19")
def test_a_worker_reads_everything_and_who_decided_what_instead_of_the_proposal(door: FrontDoor) -> None:
    cabinet, contact = lived(door, referrer=NEIGHBOUR)
    shown = html(cabinet, contact, "worker")
    for canary in (*OF_THE_REFERRER, *WRITTEN):
        assert canary in shown, canary


@each("SC-25")
def test_the_proposal_stands_beside_what_was_decided_with_what_would_have_changed_it(door: FrontDoor) -> None:
    cabinet, contact = lived(door)
    proposed = door.contacts[contact].proposed
    document = cabinet.document(contact, "worker")
    triage = block(document, "Triage")
    assert isinstance(triage, Grid)
    row = dict(zip(triage.columns, triage.rows[0], strict=True))
    strand = door.pack.strand(proposed.strand).name
    assert row["Had been proposed"] == f"{strand}, {proposed.urgency}, level {proposed.level}"
    assert row["Strand"] == door.pack.strand(door.cast.safeguarding).name
    submitted = block(document, "Submitted for authorisation")
    assert isinstance(submitted, Grid)
    assert (
        dict(zip(submitted.columns, submitted.rows[0], strict=True))["Had been proposed"] == f"level {proposed.level}"
    )
    changing = block(document, "Statements that would change it")
    assert isinstance(changing, Grid)
    texts = {one.id: one.text for one in door.pack.thresholds.statements}
    assert [text for (text,) in changing.rows] == [texts[one] for one in proposed.would_change]


@each("SC-19")
def test_a_correction_is_shown_beside_what_was_wrong_to_workers_alone(door: FrontDoor) -> None:
    cabinet, contact = lived(door)
    section = next(name for name, text in door.contacts[contact].sections.items() if text == "CANARY-section")
    right = {"section": section, "text": "It was her aunt.", "reason": "I had mistaken her"}
    door.done(contact, CorrectRecord, door.worker_of(contact), "w9", **right)
    document = cabinet.document(contact, "worker")
    corrections = block(document, "Corrections")
    assert isinstance(corrections, Grid)
    row = dict(zip(corrections.columns, corrections.rows[0], strict=True))
    assert (row["Had been written"], row["Is right"], row["Why"]) == (
        "CANARY-section", "It was her aunt.", "I had mistaken her",
    )  # fmt: skip
    assert "Corrected by w9" in to_html(document).decode()


@each("SC-24", "SC-11")
def test_the_referral_carries_what_the_assessment_team_and_the_census_need(door: FrontDoor) -> None:
    cabinet, contact = lived(door)
    document = cabinet.document(contact, "area-team")
    shown = {name: fact(document, "The referral", name) for name in ("Source code", "Primary need", "Factors found")}
    assert shown == {
        "Source code": "2A", "Primary need": "N1, abuse or neglect", "Factors found": "domestic abuse, neglect",
    }  # fmt: skip
    assert fact(document, "The referral", "Contact received") == "Monday 16 November 2026 at 09:40"
    assert fact(document, "The referral", "Referred").startswith("Monday 16 November 2026 at ")
    assert fact(document, "The referral", "Assessment complete by") == "21 January 2027"
    assert fact(document, "The child", "Name") == "Tamsin Quillfeather"
    assert fact(document, "The child", "Lives at") == "14 Larkspur Close, ZZ99 1AA"
    assert "CANARY-statement" in to_html(document).decode()


@each("CO-5", "SC-19")
@pytest.mark.parametrize("kind", ["public", "family", "child", "anonymous"])
def test_who_told_us_is_shown_to_workers_alone_when_they_are_no_professional(door: FrontDoor, kind: str) -> None:
    cabinet, contact = lived(door, referrer=NEIGHBOUR.model_copy(update={"kind": kind}))
    for reader in READERS:
        found = [canary for canary in OF_THE_REFERRER if canary in html(cabinet, contact, reader)]
        assert found == (list(OF_THE_REFERRER) if reader == "worker" else []), reader
    assert door.cast.school not in html(cabinet, contact, "family")
    assert "2A" not in html(cabinet, contact, "family"), "the source's code says who it may have been"


@each("CO-5")
def test_who_agrees_to_be_named_is_named_to_the_family_and_nothing_more(door: FrontDoor) -> None:
    willing = NEIGHBOUR.model_copy(update={"willing_to_be_named": True})
    cabinet, contact = lived(door, referrer=willing)
    shown = html(cabinet, contact, "family")
    assert [canary for canary in OF_THE_REFERRER if canary in shown] == ["CANARY-name"]
    silent = NEIGHBOUR.model_copy(update={"willing_to_be_named": None})
    cabinet, contact = lived(door, referrer=silent)
    assert "CANARY-name" not in html(cabinet, contact, "family"), "who was not asked has not agreed"
    anonymous = willing.model_copy(update={"kind": "anonymous"})
    cabinet, contact = lived(door, referrer=anonymous)
    assert "CANARY-name" not in html(cabinet, contact, "family")


@each("CO-5", "CO-7", "SC-11")
def test_neither_family_nor_referrer_reads_what_people_wrote_or_agencies_answered(door: FrontDoor) -> None:
    father = Person(ref="p3", role="parent", given_name="CANARY-father", phones=("07700 900999",))
    cabinet, contact = lived(door, family=(Person(ref="p2", role="parent", given_name="Odalys"), father))
    readers: tuple[tuple[Reader, set[str]], ...] = (("family", set()), ("referrer", {"CANARY-reasons"}))
    for reader, may in readers:
        shown = html(cabinet, contact, reader)
        assert {one for one in (*WRITTEN, "CANARY-father", "07700 900999", "w1", "m2") if one in shown} == may, reader
    public, other = lived(door, referrer=NEIGHBOUR)
    shown = html(public, other, "referrer")
    assert not [one for one in WRITTEN if one in shown]
    assert "It was dealt with on 16 November 2026." in shown
    assert door.pack.outcome(door.cast.assessment).name not in shown


@each("SC-11", "IN-19")
def test_where_a_reader_is_to_have_nothing_there_is_no_document(door: FrontDoor) -> None:
    cabinet, contact = lived(door, to_the_end=False, opened_for="left-out-sibling")
    for reader in ("area-team", "referrer"):
        with pytest.raises(NothingToShowError):
            cabinet.document(contact, reader)
    assert "It is being looked at." in html(cabinet, contact, "family")
    with pytest.raises(LogNotWholeError):
        told([cabinet.log(contact)[1:]], [], door.pack)
