"""Opens contacts for a batch of first submissions, and answers who people are, with everybody looked up at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import IdentifyPeople, Known, NoticeJoined, PeopleIdentified
from icart_common.contracts.referral import Person
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.pack import PolicyPack
from icart_common.policy.running_clocks import RunningClocks
from icart_intake import matters, store
from icart_intake.domain.asked import agency_of
from icart_intake.domain.family import children_of, local_day
from icart_intake.domain.incident import Matters, Notice, notice_of
from icart_intake.domain.matching import Facts, facts_of, keys_of
from icart_intake.domain.opening import (
    Identified,
    KnownBefore,
    Outcome,
    decide,
    matter_of,
    people_to_identify,
)
from icart_intake.domain.people import HISTORY_OF_CHILD, KnownPerson, People
from icart_intake.domain.submission import Submission
from icart_intake.handlers.repeats import Sorting
from icart_intake.store import Arrival, Kept, NewContact, Settled

Named = list[tuple[Person, Facts]]
"""People of a message, each with what of them is compared."""


class Opening:
    """One batch. Messages are decided in the order of their time, each knowing what the ones before it opened."""

    def __init__(self, book: PolicyBook, transaction: Transaction) -> None:
        self._book = book
        self._transaction = transaction
        self._people = People()
        self._kept = Kept()
        self._before = KnownBefore(Matters(), {})
        self._joined: list[tuple[NoticeJoined, UUID, Notice]] = []

    async def open(self, sorting: Sorting, questions: Sequence[Received[Any]]) -> None:
        """Decide the first submissions and say what becomes of them; keep the repeats; answer the questions."""
        submitted = [(one, arrival, _named(people_to_identify(arrival.submission))) for one, arrival in sorting.first]
        asked = [(one, None, _named(one.body.people)) for one in questions]
        connection = self._transaction.connection
        behind = await store.lock_keys(
            connection,
            (key for _, arrival, named in submitted for key in _keys(arrival.submission.authority, named)),
            (key for one, _, named in asked for key in _keys(one.body.authority, named)),
        )
        for person in await store.people(connection, (one for people in behind.values() for one in people)):
            self._people.put(person)
        await self._look_back(submitted)
        for received, arrival, named in sorted([*submitted, *asked], key=lambda entry: entry[0].at):
            if arrival is None:
                self._answer(received, named)
            else:
                self._open(received, arrival, named)
        for submission, first in sorting.repeats:
            self._kept.outcomes.append(Settled(submission.id, first.reference, first=first.submission))
        if self._kept.outcomes:
            await store.keep(connection, self._kept)
        await matters.join(connection, self._joined)

    async def _look_back(self, submitted: Sequence[tuple[Received[Any], Arrival, Named]]) -> None:
        """What went before of the children whom we know: their contacts, and siblings who are not named."""
        known = set()
        for _, arrival, named in submitted:
            submission = arrival.submission
            children = {child.ref for child in children_of(submission.account, local_day(submission.received_at))}
            for person, facts in named:
                who = self._people.find(submission.authority, facts) if person.ref in children else None
                if who:
                    known.add(who.id)
        connection = self._transaction.connection
        await matters.take_turns(connection, known)
        self._before = KnownBefore(
            Matters(await matters.matters(connection, known)), await matters.siblings(connection, known)
        )

    def _open(self, received: Received[Any], arrival: Arrival, named: Named) -> None:
        submission = arrival.submission
        pack = self._book.pack(submission.authority, arrival.pack_version)
        people = [self._identify(submission, person, facts) for person, facts in named]
        outcome = decide(submission, pack, people, self._before)
        for message in outcome.said:
            self._transaction.say(message, received)
        clocks = self._start_clocks(received, submission, pack)
        self._keep(submission, outcome, clocks)

    def _identify(self, submission: Submission, person: Person, facts: Facts) -> Identified:
        who = self._people.find(submission.authority, facts)
        if who:
            return Identified(person, who, is_new=False)
        who = KnownPerson(id=submission.derive("person", person.ref), authority=submission.authority, facts=facts)
        self._people.put(who)
        self._kept.people.append((who, person.model_dump_json(exclude_defaults=True, exclude={"ref"})))
        return Identified(person, who, is_new=True)

    def _start_clocks(self, received: Received[Any], submission: Submission, pack: PolicyPack) -> RunningClocks:
        """The clocks of the night team's record; those of a contact are the screening's."""
        if submission.night is None:
            return RunningClocks()
        agency = agency_of(pack, submission.agency)
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
            who = contact.child_known.person
            self._people.put(self._people.get(who).after(contact.contact))
            self._kept.contacts.append(NewContact(contact, notice))
            self._before.matters.opened(who, matter_of(contact, submission))
        for joined in outcome.joined:
            first = self._before.matters.joined(joined.notice.child_known.person, joined.contact, notice)
            self._joined.append((joined, first, notice))
        for link in outcome.links:
            self._kept.links.setdefault(link, submission.id)
        summary = {
            "opened": [str(contact) for contact in outcome.opened],
            "redirected": [str(person) for person in outcome.redirected],
        }
        if outcome.joined:
            summary["joined"] = [str(joined.contact) for joined in outcome.joined]
        self._kept.outcomes.append(
            Settled(
                submission.id,
                submission.reference,
                outcome=json.dumps(summary),
                clocks=clocks,
                record_due=submission.night is not None and not submission.night.record_complete,
            )
        )

    def _answer(self, received: Received[Any], named: Named) -> None:
        """Say who people are. Nobody is made known by being asked about."""
        question: IdentifyPeople = received.body
        self._transaction.say(
            PeopleIdentified(
                request=question.request,
                authority=question.authority,
                asked_by=question.asked_by,
                people=tuple(self._known(received, person, facts) for person, facts in named),
            ),
            received,
        )

    def _known(self, received: Received[Any], person: Person, facts: Facts) -> Known:
        who = self._people.find(received.body.authority, facts)
        if who:
            return who.known(person.ref, "exact", HISTORY_OF_CHILD)
        return Known(ref=person.ref, person=derived_id(received.at, received.id, "person", person.ref), match="new")


def _named(people: Sequence[Person]) -> Named:
    return [(person, facts_of(person)) for person in people]


def _keys(authority: str, named: Named) -> Iterator[UUID]:
    return (key for _, facts in named for key in keys_of(authority, facts))
