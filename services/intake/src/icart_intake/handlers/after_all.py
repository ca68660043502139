"""Contacts that screening asks for: of a notice that was taken out of another's contact, of a form whose call has closed, of a
sibling who was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeJoined, OpenAfterAll, OpenForSibling
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import matters, people_store, store
from icart_intake.domain.after_all import described, of_form, of_its_own, redirected, sibling_contact, told_again
from icart_intake.domain.incident import Notice
from icart_intake.domain.questions import Questions
from icart_intake.store import Kept, NewContact
from icart_intake.store_asked import load_asked, save_asked


async def open_after_all(asked: Sequence[Received[OpenAfterAll]], transaction: Transaction) -> None:
    """A contact of the notice's own, as if it had never joined; or it joins where the work went on.

    A request that comes before its notice was read (its topics are read again) waits for the notice's submission.
    """
    if not asked:
        return
    held = await matters.joined(transaction.connection, (one.body.notice for one in asked))
    forms = [one for one in asked if one.body.notice not in held]
    taken: dict[UUID, matters.Joined] = {}
    kept = Kept()
    for received in asked:
        body = received.body
        notice = held.get(body.notice)
        if notice is None:
            continue
        if notice.opened is not None:
            continue
        if body.successor and body.because == "closed":
            words = "the contact that it joined went on as this one"
            joined = NoticeJoined(
                contact=body.successor, authority=body.authority, because=(words,), notice=notice.told
            )
            transaction.say(joined, received)
            continue
        contact = of_its_own(notice.told, body.contact)
        transaction.say(contact, received)
        kept.contacts.append(NewContact(contact, notice.notice))
        held[notice.id] = taken[notice.id] = replace(notice, opened=body.because)
    await matters.take_out(transaction.connection, [taken[one] for one in sorted(taken)])
    if forms:
        kept.contacts += await _open_forms(forms, transaction)
    if kept.contacts:
        await store.keep(transaction.connection, kept)


async def _open_forms(asked: Sequence[Received[OpenAfterAll]], transaction: Transaction) -> list[NewContact]:
    """Contacts of forms that got to their call's contact when it had closed (IN-9). Their senders are told, and answers find
    the new contact."""
    first = min(received.at for received in asked)
    held = await load_asked(transaction.connection, {one.body.submission for one in asked}, (), first)
    changed: dict[UUID, Questions] = {}
    opened: list[NewContact] = []
    for received in asked:
        body = received.body
        questions = changed.get(body.submission) or held.get(body.submission)
        mine = questions.alone.items() if questions else ()
        child, alone = next(((ref, one) for ref, one in mine if one.told.contact == body.notice), (None, None))
        if questions is None or child is None or alone is None:
            transaction.park(body.submission, received)
            continue
        if alone.opened:
            continue
        contact = of_form(questions, alone, body.contact)
        transaction.say(contact, received)
        transaction.say(told_again(questions, contact), received)
        told = contact.event.when
        opened.append(NewContact(contact, Notice(alone.sender, contact.received_at, told, contact.concerns)))
        changed[body.submission] = questions.opened_alone(child)
    await save_asked(transaction.connection, [changed[one] for one in sorted(changed)], ())
    return opened


async def open_for_siblings(asked: Sequence[Received[OpenForSibling]], transaction: Transaction) -> None:
    """A contact about a sibling whom the submission left out; the worker of an open case is told instead (IN-5, IN-19)."""
    if not asked:
        return
    connection = transaction.connection
    offers = await matters.offered(connection, (one.body.contact for one in asked))
    people = await people_store.wholes(connection, {one.body.person for one in asked})
    before = await matters.matters(connection, people)
    kept = Kept()
    opened: set[tuple[UUID, UUID]] = set()
    for received in asked:
        body = received.body
        offer, who = offers.get(body.contact), people.get(body.person)
        if offer is None or who is None:
            transaction.park(body.submission, received)
            continue
        if (offer.told.submission, who.id) in opened:
            continue  # offered by two of the children's contacts
        opened.add((offer.told.submission, who.id))
        if any(matter.incident == offer.told.incident for matter in before.get(who.id, ())):
            continue
        if who.standing.is_open_and_allocated():
            transaction.say(redirected(offer.told, who, described(offer.told, who), received.at, received.id), received)
            continue
        contact: ContactOpened = sibling_contact(offer.told, who, before.get(who.id, ()), received.at, received.id)
        transaction.say(contact, received)
        kept.contacts.append(NewContact(contact, offer.notice))
    if kept.contacts:
        await store.keep(connection, kept)


def of_type(batch: Sequence[Received[Any]], kind: type[Any]) -> list[Received[Any]]:
    """The messages of one type."""
    return [received for received in batch if isinstance(received.body, kind)]
