"""Messages in, decisions and messages out, for a whole batch: contacts that open, commands about them, and their clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.checks import CheckAnswered
from icart_common.contracts.disagreements import DisagreementSubmitted
from icart_common.contracts.intake import ContactOpened, QuestionsAnswered, WrittenReferralReceived
from icart_common.contracts.joint_work import CopyFromSibling, NoticeJoined, NoticeParted, OpenAfterAll
from icart_common.contracts.people import ContactPersonChanged
from icart_common.contracts.screening import Allocate, ContactCommand, Submit
from icart_common.contracts.timers import ClockBreached, ClockEvent, ClockWarned
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import refuse_command
from icart_common.messaging.transaction import Transaction
from icart_common.policy import Moment, PolicyBook
from icart_screening import store
from icart_screening.documents import STATES, keep_documents
from icart_screening.domain.arrival import arrive
from icart_screening.domain.chasing import chase
from icart_screening.domain.clock_view import merge, seen
from icart_screening.domain.clocks import OWED, OWNER
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.decide import decide, is_early
from icart_screening.domain.hearing import answered, form_after_all, in_writing
from icart_screening.domain.notices import add_notice, open_after_all, part
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.running_out import run_out
from icart_screening.domain.subject import change_subject
from icart_screening.domain.undertakings.chasing import ANSWERS, remind
from icart_screening.domain.undertakings.check import Check, outstanding
from icart_screening.domain.undertakings.kinds import HEARD_BY
from icart_screening.domain.undertakings.undertaking import Undertaking
from icart_screening.undertakings_at_work import UNKNOWN_CONTACT, UndertakingsAtWork, undertaking_of
from icart_screening.working_set import WorkingSet

HEARS: Final[frozenset[type[Message]]] = frozenset(
    {
        ContactOpened,
        NoticeJoined,
        NoticeParted,
        QuestionsAnswered,
        WrittenReferralReceived,
        *STATES,
        ContactPersonChanged,
        *(message for message in MESSAGES.values() if issubclass(message, ContactCommand)),
        *HEARD_BY,
    }
)
"""What `ContactsHandler` acts on: intake says more than that a contact was opened."""
_ADDED = (QuestionsAnswered, WrittenReferralReceived)


class ContactsHandler:
    """Hears intake's contacts and people's commands. Loads every contact of a batch at once and writes each once."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        await keep_documents(transaction.connection, batch)
        heard = [one for one in batch if type(one.body) in HEARS and type(one.body) not in STATES]
        if not heard:
            return
        connection = transaction.connection
        contacts = await self._load(connection, heard)
        work = WorkingSet(contacts, await self._load_undertakings(connection, heard, contacts))
        workers = {one.body.worker for one in heard if isinstance(one.body, Allocate)}
        if workers:
            elsewhere = await store.count_open(connection, workers, without=work.contacts)
            work.workloads.update(Counter(elsewhere))
        for one in self._in_turn(heard, work, transaction):
            if one.last_chance:
                self._refuse_early(one, work, transaction)
            else:
                transaction.park(one.body.subject_id, one)
        if work.changed:
            await store.save_contacts(connection, [work.contacts[contact] for contact in sorted(work.changed)])
            await store.log_events(connection, work.log)
        if work.gone_on:
            await store.save_undertakings(connection, [work.undertakings[one] for one in sorted(work.gone_on)])
            await store.log_undertakings(connection, work.lives)

    async def _load(self, connection: asyncpg.Connection, heard: Sequence[Received[Any]]) -> dict[UUID, Contact]:
        """The contacts of a batch; and those that followed from one that has closed, where a referrer adds to that one."""
        added = [one.body for one in heard if isinstance(one.body, _ADDED)]
        wanted = {one.body.contact for one in heard if getattr(one.body, "contact", None)}
        wanted |= {one.body.source for one in heard if isinstance(one.body, CopyFromSibling)}
        wanted |= {said.notice for said in added if said.notice}
        answered_checks = {one.body.check for one in heard if isinstance(one.body, CheckAnswered)}
        named = {one.body.reference for one in heard if isinstance(one.body, DisagreementSubmitted)}
        if answered_checks or named:
            wanted |= await store.contacts_meant(connection, answered_checks, named)
        contacts = await store.load_contacts(connection, wanted)
        about = [contacts.get(one) for said in added for one in (said.contact, said.notice) if one]
        about += [contacts.get(one.body.contact) for one in heard if isinstance(one.body, NoticeParted)]
        later = {one.ending.successor for one in about if one and one.ending and one.ending.successor}
        if later - contacts.keys():
            contacts |= await store.load_contacts(connection, later)
        return contacts

    async def _load_undertakings(
        self, connection: asyncpg.Connection, heard: Sequence[Received[Any]], contacts: Collection[UUID]
    ) -> dict[UUID, Undertaking]:
        """The undertakings that a batch names, and the open ones of its contacts. A contact that only opens has none."""
        named = {found for one in heard if type(one.body) in HEARD_BY and (found := undertaking_of(one.body))}
        return await store.load_undertakings(connection, named, contacts) if named or contacts else {}

    def _in_turn(
        self, heard: Iterable[Received[Any]], work: WorkingSet, transaction: Transaction
    ) -> list[Received[Any]]:
        """Take every message whose turn it is, again after each round; returns those whose turn did not come.

        A command's time is the broker's and a contact's its sender's: a command may stand before what it needs.
        """
        left = list(heard)
        while left:
            early = [one for one in left if not self._take(one, work, transaction)]
            if len(early) == len(left):
                return early
            left = early
        return left

    def _take(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> bool:
        if type(one.body) in HEARD_BY:
            return self._undertakings(work, transaction).take(one)
        contact = work.contacts.get(one.body.contact)
        if isinstance(one.body, ContactOpened):
            if contact is None:
                pack = self._book.pack(one.body.authority, one.body.pack_version)
                change = arrive(one.body, pack, one.at)
                work.begin(one.body, one.at)
                self._carry_out((change,), one, work, transaction)
            return True
        if isinstance(one.body, _ADDED):
            self._add(one, work, transaction)
            return True
        if contact is None:
            return False
        if isinstance(one.body, NoticeJoined):
            self._add_notice(one, work, transaction)
            return True
        if isinstance(one.body, NoticeParted):
            return self._part(one, work, transaction)
        if isinstance(one.body, ContactPersonChanged):
            changed = change_subject(contact, one.body, one.at)
            self._carry_out((changed,) if changed else (), one, work, transaction)
            return True
        if is_early(contact, one.body):
            return False
        self._decide(one, work, transaction)
        return True

    def _part(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> bool:
        """Take a notice out of every record that has it: of a contact and of the one that followed. False when it is in none:
        its joining may be on its way in another partition."""
        first = work.contacts[one.body.contact]
        later = work.contacts.get(first.ending.successor) if first.ending and first.ending.successor else None
        changes = [change for contact in (first, later) if contact and (change := part(contact, one.body, one.at))]
        self._carry_out(changes, one, work, transaction)
        return bool(changes)

    def _add_notice(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> None:
        contact = work.contacts[one.body.contact]
        added = add_notice(contact, one.body, self._book.pack(contact.authority, contact.pack_version), one.at)
        if isinstance(added, OpenAfterAll):
            transaction.say(added, one)
        else:
            self._carry_out((added,), one, work, transaction)
            work.told(one.body, added, one.at)

    def _add(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> None:
        """What a referrer adds, where it is worked on now: in a contact of its own since it was taken out (IN-20), in the one
        that followed by a transfer (SC-9). A contact's opening stands before this in the same partition."""
        said = one.body
        contact = work.contacts.get(said.notice) if said.notice else None
        if contact is not None:
            said = said.model_copy(update={"notice": None})
        else:
            contact = work.contacts.get(said.contact)
        if contact is None:
            return
        if contact.ending and contact.ending.successor:
            contact = work.contacts.get(contact.ending.successor, contact)
        if isinstance(said, WrittenReferralReceived) and contact.status == "closed":
            transaction.say(form_after_all(contact, said), one)
            return
        pack = self._book.pack(contact.authority, contact.pack_version)
        change = (
            answered(contact, said, pack, one.at)
            if isinstance(said, QuestionsAnswered)
            else in_writing(contact, said, pack, one.at)
        )
        self._carry_out((change,), one, work, transaction)

    def _decide(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> None:
        command: ContactCommand = one.body
        contact = work.contacts[command.contact]
        decided = decide(
            contact,
            command,
            pack=self._book.pack(contact.authority, contact.pack_version),
            at=one.at,
            because=one.id,
            workload=work.others(contact, command.worker) if isinstance(command, Allocate) else 0,
            source=work.contacts.get(command.source) if isinstance(command, CopyFromSibling) else None,
            outstanding=outstanding(work.beside(contact.id)) if isinstance(command, Submit) else (),
        )
        if isinstance(decided, Refusal):
            moved_on = contact.version if decided.code in ("version-moved", "unknown-version") else None
            refuse_command(one, decided, transaction, version=moved_on, authority=contact.authority)
        else:
            self._carry_out(decided, one, work, transaction)

    def _refuse_early(self, one: Received[Any], work: WorkingSet, transaction: Transaction) -> None:
        if isinstance(one.body, NoticeJoined):
            transaction.say(open_after_all(one.body, "closed"), one)  # a contact that nobody here knows
        elif isinstance(one.body, ContactPersonChanged | NoticeParted):
            return  # a contact that nobody here knows is about nobody; a notice that never came is in no record
        elif type(one.body) in HEARD_BY:
            self._undertakings(work, transaction).decide(one)
        elif one.body.contact in work.contacts:
            self._decide(one, work, transaction)
        else:
            refuse_command(one, UNKNOWN_CONTACT, transaction)

    def _carry_out(
        self, changes: Sequence[Change], one: Received[Any], work: WorkingSet, transaction: Transaction
    ) -> None:
        for change in changes:
            work.put(change)
            for message in (*change.events, *change.clocks, *change.asks):
                transaction.say(message, one, authority=change.contact.authority)
            self._undertakings(work, transaction).felt(change, one)

    def _undertakings(self, work: WorkingSet, transaction: Transaction) -> UndertakingsAtWork:
        return UndertakingsAtWork(
            self._book, work, transaction, lambda change, one: self._carry_out((change,), one, work, transaction)
        )


class ClocksHandler:
    """Hears the timers and keeps how each clock stands. When one runs out, referrers and agencies are chased, the next manager of
    the chain is asked, the daily meeting's pack is made."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        heard = [one for one in batch if isinstance(one.body, ClockEvent) and one.body.owner == OWNER]
        if not heard:
            return
        connection = transaction.connection
        await store.add_clocks(connection, ((one.body.clock, one.body.subject, one.body.rule) for one in heard))
        views = await store.load_clocks(connection, {one.body.clock for one in heard})
        for one in heard:
            views[one.body.clock] = merge(views[one.body.clock], seen(one.body, one.at))
        await store.save_clocks(connection, views)
        for one in heard:
            if isinstance(one.body, ClockBreached) and (
                follows := run_out(one.body, self._book.pack(one.body.authority, one.body.pack_version))
            ):
                transaction.say(follows, one)
        await self._chase([one for one in heard if isinstance(one.body, ClockBreached)], transaction)
        await self._remind([one for one in heard if isinstance(one.body, ClockBreached | ClockWarned)], transaction)

    async def _chase(self, breached: Sequence[Received[Any]], transaction: Transaction) -> None:
        chases = [one for one in breached if self._ends_on(one.body, OWED)]
        if not chases:
            return
        contacts = await store.load_contacts(transaction.connection, {one.body.subject for one in chases})
        for one in chases:
            contact = contacts.get(one.body.subject)
            if contact is None:
                continue
            pack = self._book.pack(contact.authority, contact.pack_version)
            reminder = chase(contact, one.body.rule, pack, one.at)
            if reminder is not None:
                transaction.say(reminder, one)

    async def _remind(self, due: Sequence[Received[Any]], transaction: Transaction) -> None:
        late = [one for one in due if self._ends_on(one.body, ANSWERS)]
        if not late:
            return
        checks = await store.load_undertakings(transaction.connection, {one.body.subject for one in late}, ())
        for one in late:
            check = checks.get(one.body.subject)
            if isinstance(check, Check):
                reminder = remind(check, one.body, self._book.pack(check.authority, check.pack_version))
                if reminder is not None:
                    transaction.say(reminder, one)

    def _ends_on(self, event: ClockEvent, moments: frozenset[Moment]) -> bool:
        rules = self._book.pack(event.authority, event.pack_version).clocks
        return any(rule.id == event.rule and not moments.isdisjoint(rule.ends_on) for rule in rules)
