"""Opens contacts for a batch of first submissions, and answers who people are, with everybody looked up at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from icart_common.contracts.ids import derived_id, instant_of
from icart_common.contracts.intake import IdentifyPeople, Known, PeopleIdentified
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.referral import Account, GapsAnswered, Person
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.pack import PolicyPack
from icart_common.policy.running_clocks import RunningClocks
from icart_intake import matters, store
from icart_intake.domain.identified import Identified
from icart_intake.domain.incident import Matters, Notice, matter_of, notice_of
from icart_intake.domain.left_out import named_before
from icart_intake.domain.matching import Weights, facts_of
from icart_intake.domain.opening import (
    KnownBefore,
    Outcome,
    decide,
    people_to_identify,
)
from icart_intake.domain.pairs import Pair
from icart_intake.domain.people import HISTORY_OF_CHILD
from icart_intake.domain.submission import Submission
from icart_intake.handlers.asking import Asking
from icart_intake.handlers.identifying import Identifying, Named, say_offers
from icart_intake.handlers.repeats import Sorting
from icart_intake.store import NO_CLOCKS, Arrival, Kept, NewContact, NewRedirection, Settled


class Opening:
    """One batch. Messages are decided in the order of their time, each knowing what the ones before it opened."""

    def __init__(self, book: PolicyBook, weights: Weights, transaction: Transaction) -> None:
        self._book = book
        self._transaction = transaction
        self._people = Identifying(transaction.connection, weights)
        self._kept = Kept()
        self._before = KnownBefore(Matters(), {})
        self._joined: list[tuple[NoticeJoined, UUID, Notice]] = []
        self._asking = Asking(book, transaction)
        self._told: dict[UUID, Person] = {}
        """Everybody whom the batch has named so far, as they were named last."""

    async def open(
        self, sorting: Sorting, questions: Sequence[Received[Any]], answers: Sequence[Received[Any]] = ()
    ) -> None:
        """Decide the first submissions and say what becomes of them; keep the repeats; say who people are; take the
        referrers' answers."""
        submitted = [
            (one, arrival, _named(people_to_identify(arrival.submission), arrival.submission.account))
            for one, arrival in sorting.first
        ]
        asked = [(one, None, _named(one.body.people)) for one in questions]
        await self._people.load(
            [(arrival.submission.authority, named) for _, arrival, named in submitted],
            [(one.body.authority, named) for one, _, named in asked],
        )
        children = await self._look_back(submitted)
        await self._asking.load([arrival for _, arrival, _ in submitted], answers, children)
        answered: list[tuple[Received[Any], Arrival | None, list[Named]]] = [(one, None, []) for one in answers]
        for received, arrival, named in sorted([*submitted, *asked, *answered], key=lambda entry: entry[0].at):
            if isinstance(received.body, GapsAnswered):
                self._asking.answer(received)
            elif arrival is None:
                self._answer(received, named)
            else:
                self._open(received, arrival, named)
        self._asking.answer_early()
        for submission, first in sorting.repeats:
            self._kept.outcomes.append(Settled(submission.id, first.reference, first=first.submission))
        await self._people.keep()
        if self._kept.outcomes:
            await store.keep(self._transaction.connection, self._kept)
        await self._asking.save()
        await matters.join(self._transaction.connection, self._joined)

    async def _look_back(self, submitted: Sequence[tuple[Received[Any], Arrival, list[Named]]]) -> set[UUID]:
        """What went before of the children whom we know: their contacts, and siblings who are not named. Returns who they are."""
        known = set()
        for _, arrival, named in submitted:
            submission = arrival.submission
            children = {child.ref for child in submission.children}
            for one in named:
                meant = self._people.known.ask(submission.authority, one.facts) if one.person.ref in children else None
                if meant:
                    known.add(meant.person.id)
        connection = self._transaction.connection
        await matters.take_turns(connection, known)
        self._before = KnownBefore(
            Matters(await matters.matters(connection, known)), await matters.siblings(connection, known)
        )
        return known

    def _open(self, received: Received[Any], arrival: Arrival, named: list[Named]) -> None:
        submission = arrival.submission
        pack = self._book.pack(submission.authority, arrival.pack_version)
        people = self._people.identify(submission, named, received.id)
        calls = self._asking.calls_about(one.who.id for one in people)
        before = self._with_siblings(people, submission.children)
        outcome = decide(submission, pack, people, before, calls)
        self._told |= {one.who.id: one.person for one in people}
        for message in outcome.said:
            self._transaction.say(message, received)
        for one in people:
            contacts = {pair.id: self._opened_with(pair, one, outcome.opened) for pair in one.offers}
            say_offers(one.offers, one.withdrawn, received, self._transaction, contacts)
        clocks = self._start_clocks(received, submission, pack)
        self._keep(submission, outcome, clocks)
        self._asking.keep(submission, outcome, (one.who.id for one in people))

    def _opened_with(self, pair: Pair, one: Identified, opened: Mapping[UUID, Identified]) -> tuple[UUID, ...]:
        """The contacts opened by what brought an offer up, which is a later mention that was read before this one perhaps."""
        if pair.mention == one.mention:
            return tuple(contact for contact, child in opened.items() if child.member == one.member)
        other = self._people.known.get(pair.of(one.member))
        return tuple(contact for contact in other.contacts if instant_of(contact) == instant_of(pair.id))

    def _with_siblings(self, people: Sequence[Identified], children: Sequence[Person]) -> KnownBefore:
        """What is known before a message: siblings of whom this batch heard first, besides those of the tables."""
        siblings = dict(self._before.siblings)
        refs = {child.ref for child in children} if self._told else set()
        for one in people:
            if one.person.ref in refs:  # siblings are looked for of children alone
                more = named_before(one.who, self._told, self._people.known.whole)
                siblings[one.who.id] = (*siblings.get(one.who.id, ()), *more)
        return self._before._replace(siblings=siblings)

    def _start_clocks(self, received: Received[Any], submission: Submission, pack: PolicyPack) -> RunningClocks:
        """The clocks of the night team's record; those of a contact are the screening's."""
        if submission.night is None:
            return NO_CLOCKS
        agency = pack.known_agency(submission.agency)
        facts = ClockFacts(
            channel=submission.channel,
            agency=submission.agency,
            agency_kind=agency.kind if agency else None,
            referrer_kind=submission.account.referrer.kind,
            record_complete=submission.night.record_complete,
        )
        clocks, commands = RunningClocks().on(
            "edt_contact_recorded",
            facts,
            pack=pack,
            owner="intake",
            subject=submission.id,
            received_at=submission.received_at,
            at=received.at,
        )
        for command in commands:
            self._transaction.say(command, received, authority=submission.authority)
        return clocks

    def _keep(self, submission: Submission, outcome: Outcome, clocks: RunningClocks) -> None:
        notice = notice_of(submission)
        for contact in outcome.contacts:
            self._people.known.opened(outcome.opened[contact.contact].member, contact.contact)
            self._kept.contacts.append(NewContact(contact, notice))
            self._before.matters.opened(contact.child_known.person, matter_of(contact, notice))
        for joined in outcome.joined:
            first = self._before.matters.joined(joined.notice.child_known.person, joined.contact, notice)
            self._joined.append((joined, first, notice))
        for redirection, child in outcome.redirected.items():
            self._kept.redirections.append(
                NewRedirection(redirection, child.mention, submission.id, submission.reference, submission.at)
            )
        summary = {
            "opened": [str(contact) for contact in outcome.opened],
            "redirected": [str(child.who.id) for child in outcome.redirected.values()],
        }
        if outcome.joined:
            summary["joined"] = [str(joined.contact) for joined in outcome.joined]
        if outcome.returned:
            summary["returned"] = list(outcome.returned)
        self._kept.outcomes.append(
            Settled(
                submission.id,
                outcome.reference or submission.reference,
                outcome=json.dumps(summary),
                clocks=clocks,
                record_due=submission.night is not None and not submission.night.record_complete,
            )
        )

    def _answer(self, received: Received[Any], named: list[Named]) -> None:
        """Say who people are. Nobody is made known by being asked about."""
        question: IdentifyPeople = received.body
        self._transaction.say(
            PeopleIdentified(
                request=question.request,
                authority=question.authority,
                asked_by=question.asked_by,
                people=tuple(self._known(received, one) for one in named),
            ),
            received,
        )

    def _known(self, received: Received[Any], named: Named) -> Known:
        ref = named.person.ref
        meant = self._people.known.ask(received.body.authority, named.facts)
        if meant:
            return meant.person.known(ref, meant.match, HISTORY_OF_CHILD, terms=meant.terms)
        return Known(ref=ref, person=derived_id(received.at, received.id, "person", ref), match="new")


def _named(people: Sequence[Person], account: Account | None = None) -> list[Named]:
    return [Named(person, facts_of(person, account)) for person in people]
