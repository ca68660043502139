"""IN-20: several notices of one event in one contact; every sender is answered; what was joined wrongly leaves again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import derived_id, reference
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeAdded, NoticeJoined, NoticeSeparated, OpenAfterAll, SeparateNotice
from icart_common.contracts.referral import Consent, Person, Referrer, WhatHappened
from icart_common.contracts.screening import Authorise, ContactClosed, ContactStepped, Submit
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.notices import add_notice
from services.screening.tests.front_door import CASTS, MONDAY, FrontDoor, contact_opened, each, of, of_type


def joined(contact: Contact, number: int = 50, **changes: Any) -> NoticeJoined:
    """What another sender told of the same event."""
    told: ContactOpened = contact_opened(contact.authority, number, **changes)
    return NoticeJoined(
        contact=contact.id, authority=contact.authority, because=("concerns in common: neglect",), notice=told
    )


def add(door: FrontDoor, contact: UUID, number: int = 50, **changes: Any) -> NoticeJoined:
    """The notice in the contact; it has to be taken in."""
    notice = joined(door.contacts[contact], number, **changes)
    change = add_notice(door.contacts[contact], notice, door.pack, door.now)
    assert isinstance(change, Change)
    door._keep(change)
    return notice


def ended(door: FrontDoor, contact: UUID) -> ContactClosed:
    cast = door.cast
    door.submitted(contact, cast.assessment, cast.assessment_level, need_code="N1", without_consent=cast.ground)
    door.authorised(contact)
    (closed,) = of_type(door.log, ContactClosed)
    assert isinstance(closed, ContactClosed)
    return closed


@each("IN-20")
def test_every_sender_of_the_event_is_in_what_the_feedback_needs(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    police = add(door, contact, 50, agency="the-police")
    hospital = add(door, contact, 51, agency="the-hospital", referrer=Referrer(kind="public", name="Osric Vane"))
    closed = ended(door, contact)
    assert [told.submission for told in closed.also] == [police.notice.submission, hospital.notice.submission]
    assert [told.reply_to.agency for told in closed.also] == ["the-police", "the-hospital"]
    assert [told.reference for told in closed.also] == [police.notice.reference, hospital.notice.reference]
    assert closed.reference not in {told.reference for told in closed.also}


@each("IN-20", "SC-25")
def test_its_words_count_and_a_manager_who_has_not_seen_them_cannot_authorise(door: FrontDoor) -> None:
    cast = door.cast
    contact = door.allocated(cast.safeguarding)
    before = door.contacts[contact].proposed
    door.submitted(contact, cast.assessment, cast.assessment_level, need_code="N1", without_consent=cast.ground)
    seen = door.contacts[contact].version
    add(door, contact, event=WhatHappened(what="She was bruised; he hit her and she was strangled."))
    (added,) = of_type(door.log, NoticeAdded)
    assert added.proposed.level > before.level or added.proposed.urgency == "immediate"
    assert door.contacts[contact].proposed == added.proposed
    held = door.contacts[contact]
    assert held.version == seen + 1
    refused = door.refused(contact, Authorise, cast.manager, "m2", seen_version=seen)
    assert refused.code == "version-moved"


@each("IN-20")
def test_separated_it_is_as_if_it_had_never_joined_and_intake_opens_its_own(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    before = door.contacts[contact]
    notice = add(
        door, contact, event=WhatHappened(what="He hit her and she is bruised."), social_worker_first=True,
        consents=(Consent(person="p2", status="given"),),
    )  # fmt: skip
    told = door.tell(
        contact, SeparateNotice, door.cast.social_worker, "w1", notice=notice.notice.contact, reason="another evening"
    )
    assert isinstance(told, tuple)
    (change,) = told
    assert isinstance(change.events[0], NoticeSeparated)
    # What stays is that intake's topic brought a version: whoever acts on an older one is told.
    assert change.contact == before.model_copy(update={"version": before.version + 2, "heard": change.contact.heard})
    (ask,) = change.asks
    assert isinstance(ask, OpenAfterAll)
    assert (ask.notice, ask.submission, ask.because) == (notice.notice.contact, notice.notice.submission, "separated")
    assert ended(door, contact).also == ()


@each("IN-20")
def test_who_may_separate_is_the_packs_and_only_what_is_there(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    notice = add(door, contact).notice.contact
    nobody = next(role.id for role in door.pack.roles if not role.may("separate-notice"))
    refused = door.refused(contact, SeparateNotice, nobody, "x", notice=notice, reason="no")
    assert refused.code == "role-may-not"
    other = derived_id(MONDAY, "other")
    assert door.refused(contact, SeparateNotice, door.cast.manager, "m1", notice=other, reason="no").code == (
        "unknown-notice"
    )
    door.done(contact, SeparateNotice, door.cast.manager, "m1", notice=notice, reason="another child")
    again = door.refused(contact, SeparateNotice, door.cast.manager, "m1", notice=notice, reason="again")
    assert again.code == "unknown-notice"


@each("IN-20")
def test_nothing_joins_a_closed_contact(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    ended(door, contact)
    ask = add_notice(door.contacts[contact], joined(door.contacts[contact]), door.pack, door.now)
    assert isinstance(ask, OpenAfterAll)
    assert (ask.because, ask.contact, ask.successor) == ("closed", contact, None)


@each("IN-20", "SC-9")
def test_after_a_transfer_the_senders_hear_from_the_second_contact(door: FrontDoor) -> None:
    cast = door.cast
    contact = door.allocated(cast.early, consents=(Consent(person="p2", status="given"),))
    told = add(door, contact).notice
    door.submitted(contact, cast.transfer, door.pack.outcome(cast.transfer).level)
    door.authorised(contact)
    (stepped,) = of_type(door.log, ContactStepped)
    successor = door.contacts[stepped.contact]
    assert [notice.told.notice for notice in successor.notices] == [told.contact]
    ask = add_notice(door.contacts[contact], joined(door.contacts[contact], 51), door.pack, door.now)
    assert isinstance(ask, OpenAfterAll)
    assert ask.successor == successor.id


@each("IN-20", "PV-5")
def test_what_a_social_worker_sees_first_is_not_put_with_another_strand(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    ask = add_notice(
        door.contacts[contact], joined(door.contacts[contact], social_worker_first=True), door.pack, door.now
    )
    assert isinstance(ask, OpenAfterAll)
    assert ask.because == "another-strand"
    untouched = door.open()
    add(door, untouched, social_worker_first=True)
    assert door.contacts[untouched].social_worker_first


@of("IN-20", "CO-2", authorities=("halton",))
def test_consent_that_another_sender_brings_counts_but_not_of_somebody_without_responsibility(door: FrontDoor) -> None:
    cast = door.cast
    for who, counts in (("p2", True), ("p3", False)):
        contact = door.allocated(cast.early)
        add(door, contact, 60 + counts, consents=(Consent(person=who, status="given"),))
        door.fill(contact)
        fields = {"outcome": cast.early_ending, "level": cast.early_level, "reasons": "agreed"}
        if counts:
            door.done(contact, Submit, cast.early_worker, "w1", **fields)
        else:
            assert door.refused(contact, Submit, cast.early_worker, "w1", **fields).code == "consent-needed"


@given(
    authority=st.sampled_from(sorted(CASTS)),
    moves=st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.booleans()), max_size=12),
)
def test_any_joining_and_separating_leaves_each_sender_one_outcome(
    authority: str, moves: list[tuple[bool, int, bool]]
) -> None:
    """Each sender is either told with this contact or has one of their own, and the record is that of those who are here."""
    door = FrontDoor(authority)
    contact = door.allocated(door.cast.safeguarding)
    plain = door.contacts[contact]
    here: dict[UUID, NoticeJoined] = {}
    apart: list[UUID] = []
    for number, (joins, which, grave) in enumerate(moves):
        if joins or not here:
            what = "He hit her and she is bruised." if grave else "She was tired."
            notice = add(door, contact, 50 + number, event=WhatHappened(what=what))
            here[notice.notice.contact] = notice
        else:
            one = sorted(here)[which % len(here)]
            door.done(contact, SeparateNotice, door.cast.manager, "m1", notice=one, reason="another matter")
            apart.append(one)
            del here[one]
    anew = plain
    for notice in here.values():
        change = add_notice(anew, notice, door.pack, door.now)
        assert isinstance(change, Change)
        anew = change.contact
    now = door.contacts[contact]
    apart_from = {"version": 0, "heard": ()}
    assert now.model_copy(update=apart_from) == anew.model_copy(update=apart_from)
    closed = ended(door, contact)
    assert [told.notice for told in closed.also] == list(here)
    assert len({*apart, *here}) == len(apart) + len(here)
    assert [told.reference for told in closed.also] == [reference(notice) for notice in here]


def test_a_notice_names_its_own_child_and_people() -> None:
    door = FrontDoor("halton")
    contact = door.open()
    child = Person(ref="girl", role="child", given_name="Tamsin")
    notice = add(door, contact, child=child, family=(Person(ref="mum", role="parent", parental_responsibility=True),))
    (held,) = door.contacts[contact].notices
    assert (held.told.child, held.people) == ("girl", {"girl": None, "mum": True})
    assert notice.notice.child == child
