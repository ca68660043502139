"""The door: referrals, the night team's contacts, and what other services bring or ask (IN-1 to IN-16, ED-1, ED-4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icart_common.contracts.base import Inbound
from icart_common.contracts.edt import EdtContactRecorded, EdtRecordCompleted
from icart_common.contracts.intake import IdentifyPeople, SubmitAccount
from icart_common.contracts.joint_work import OpenAfterAll, OpenForSibling
from icart_common.contracts.referral import GapsAnswered, ReferralSubmitted
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import no_policy
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.errors import UnknownPolicy
from icart_intake.domain.faults import faults_of
from icart_intake.domain.matching import Weights
from icart_intake.domain.submission import content_of, submission_of
from icart_intake.handlers.after_all import of_type, open_after_all, open_for_siblings
from icart_intake.handlers.decisions import DECISIONS, decide_people
from icart_intake.handlers.documents import name_documents
from icart_intake.handlers.drafts import Drafts
from icart_intake.handlers.opening import Opening
from icart_intake.handlers.records import complete_records
from icart_intake.handlers.refusal import refuse
from icart_intake.handlers.repeats import take_first
from icart_intake.store import Arrival
from icart_intake.weights import load_weights


class Door:
    """Takes submissions, each once, and says what becomes of them; answers who people are."""

    def __init__(self, book: PolicyBook, weights: Weights | None = None) -> None:
        self._book = book
        self._weights = weights or load_weights()

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        arrivals: list[tuple[Received[Any], Arrival]] = []
        for received in batch:
            if isinstance(received.body, ReferralSubmitted | EdtContactRecorded | SubmitAccount):
                arrival = self._arrival(received, transaction)
                if arrival:
                    arrivals.append((received, arrival))
        arrivals += await Drafts(self._book, transaction).take(batch)
        sorting = await take_first(arrivals, transaction.connection)
        for received, problems in sorting.refused:
            assert isinstance(received.body, Inbound), "a draft's id, and another service's, is its own"
            refuse(received, problems, transaction)
        questions = [received for received in batch if isinstance(received.body, IdentifyPeople)]
        answers = [received for received in batch if isinstance(received.body, GapsAnswered)]
        await Opening(self._book, self._weights, transaction).open(sorting, questions, answers)
        for received, answer in sorting.answers:
            transaction.say(answer, received)
        await open_after_all(of_type(batch, OpenAfterAll), transaction)
        await open_for_siblings(of_type(batch, OpenForSibling), transaction)
        await name_documents(batch, sorting, self._book, transaction)
        decided = [received for received in batch if isinstance(received.body, DECISIONS)]
        await decide_people(decided, self._book, self._weights, transaction)
        completed = [received for received in batch if isinstance(received.body, EdtRecordCompleted)]
        await complete_records(completed, self._book, transaction)

    def _arrival(self, received: Received[Any], transaction: Transaction) -> Arrival | None:
        """The submission of a message, or None when its sender has to mend it."""
        submission = submission_of(received.body, at=received.at, cause=received.id, message=received.message_id)
        try:
            pack = self._book.on(submission.authority, submission.day)
        except UnknownPolicy:
            if not isinstance(received.body, Inbound):
                raise  # another service's mistake: the message is put aside
            refuse(received, (no_policy(submission.day, "submissions"),), transaction)
            return None
        if isinstance(received.body, Inbound):  # what another service brings was checked when it came in there
            record = received.record
            problems = faults_of(submission, pack, len(record.value or b"") if record else 0)
            if problems:
                refuse(received, problems, transaction)
                return None
        return Arrival(submission, pack.version, content_of(submission))
