"""The questions of one batch in memory: read once, changed by one message after another, written once (IN-3, IN-9, IN-11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Problem
from icart_common.contracts.referral import GapsAnswered
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_intake import people_store
from icart_intake.domain.opening import Outcome
from icart_intake.domain.questions import Answered, Questions, take_answers, with_workers
from icart_intake.domain.submission import Submission
from icart_intake.domain.written import may_confirm
from icart_intake.handlers.refusal import refuse
from icart_intake.store import Arrival
from icart_intake.store_asked import Back, load_asked, save_asked

_UNKNOWN: Final = (
    Problem(
        path="$.submission",
        found="an id that no referral of this agency has",
        expected="the submission whose questions are answered",
        fix="use the id that the referral was sent with; answers come from the agency that sent it",
    ),
)


class Asking:
    """Questions by submission, those of calls about the batch's people among them."""

    def __init__(self, book: PolicyBook, transaction: Transaction) -> None:
        self._book = book
        self._transaction = transaction
        self._asked: dict[UUID, Questions] = {}
        self._repeats: dict[UUID, UUID] = {}
        self._calls: dict[UUID, set[UUID]] = {}
        """Calls by the people whom they were about."""
        self._changed: set[UUID] = set()
        self._returned: list[Back] = []
        self._early: list[Received[Any]] = []

    async def load(self, arrivals: Sequence[Arrival], answers: Sequence[Received[Any]], people: Iterable[UUID]) -> None:
        """What the batch may answer, and the calls about `people` that its forms may confirm."""
        forms = [
            one.submission
            for one in arrivals
            if may_confirm(one.submission, self._book.pack(one.submission.authority, one.pack_version))
        ]
        about = set(people) if forms else set()
        wanted = {received.body.submission for received in answers}
        if not wanted and not about:
            return
        at = min([*(one.received_at for one in forms), *(received.at for received in answers)])
        for asked_by, questions in (await load_asked(self._connection, wanted, about, at)).items():
            self._repeats[asked_by] = questions.submission
            self._hold(questions)
        told = {one.person for questions in self._asked.values() for one in questions.redirected.values()}
        if told:
            whose = await people_store.wholes(self._connection, told)
            for questions in list(self._asked.values()):
                self._hold(with_workers(questions, whose))

    @property
    def _connection(self) -> asyncpg.Connection:
        return self._transaction.connection

    def calls_about(self, people: Iterable[UUID]) -> list[Questions]:
        """The calls about any of these people, whether or not their form came."""
        found = {submission for person in people for submission in self._calls.get(person, ())}
        return [self._asked[submission] for submission in sorted(found)]

    def keep(self, submission: Submission, outcome: Outcome, people: Iterable[UUID]) -> None:
        """What was asked about a submission, or that it was returned."""
        for questions in outcome.questions:
            self._put(questions)
        if outcome.returned:
            self._returned.append(Back(submission, outcome.returned, tuple(dict.fromkeys(people))))

    def answer(self, received: Received[Any]) -> None:
        """Close the questions that a message answers. What came before its referral, which may be in the same batch, waits."""
        body: GapsAnswered = received.body
        if self._repeats.get(body.submission, body.submission) in self._asked:
            self._answer(received)
        else:
            self._early.append(received)

    def answer_early(self) -> None:
        """The same once the whole batch is decided: what is still early waits for its referral."""
        for received in self._early:
            body: GapsAnswered = received.body
            known = self._repeats.get(body.submission, body.submission) in self._asked
            if known or received.last_chance:
                self._answer(received)
            else:
                self._transaction.park(body.submission, received)

    def _answer(self, received: Received[Any]) -> None:
        body: GapsAnswered = received.body
        questions = self._asked.get(self._repeats.get(body.submission, body.submission))
        if questions is None or (questions.agency, questions.authority) != (body.agency, body.authority):
            refuse(received, _UNKNOWN, self._transaction)
            return
        pack = self._book.pack(questions.authority, questions.pack_version)
        answered = take_answers(
            questions, body, pack, received.at, len(received.record.value or b"") if received.record else 0
        )
        if not isinstance(answered, Answered):
            refuse(received, answered, self._transaction)
            return
        self._put(answered.questions)
        for message in (*answered.about, answered.receipt):
            self._transaction.say(message, received)

    async def save(self) -> None:
        """Write what changed."""
        if self._changed or self._returned:
            await save_asked(self._connection, [self._asked[one] for one in sorted(self._changed)], self._returned)

    def _put(self, questions: Questions) -> None:
        self._hold(questions)
        self._changed.add(questions.submission)

    def _hold(self, questions: Questions) -> None:
        self._asked[questions.submission] = questions
        for call in questions.calls:
            self._calls.setdefault(call.person, set()).add(questions.submission)
