"""What the service hears: everybody's events, and the notices with the commands about what leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.intake import IdentifyPeople, PeopleIdentified, SubmissionTaken
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.notifications import (
    AnswerNotice,
    DeliveryFailed,
    DeliveryMade,
    NoticeAnswered,
    NoticeChecked,
    NoticeRecorded,
    ResendDelivery,
)
from icart_common.messaging.message import Received
from icart_common.messaging.refusing import no_policy, refuse_command, refuse_inbound
from icart_common.messaging.transaction import Transaction
from icart_common.policy import PolicyBook, UnknownPolicy
from icart_common.policy.wording import london_day
from icart_notifications import store
from icart_notifications.domain import notices
from icart_notifications.domain.leaving import Delivery
from icart_notifications.domain.messages import MAKERS, messages, pack_of
from icart_notifications.domain.notices import Notice
from icart_notifications.domain.receipts import awaited
from icart_notifications.domain.refusal import Refusal
from icart_notifications.domain.resending import resend
from icart_notifications.post import Post

EVENTS_HEARD: Final[frozenset[type[Message]]] = frozenset({DeliveryMade, DeliveryFailed, *MAKERS})
"""The events that `EventsHandler` acts on: a fourth of what everybody says."""


def is_known_already(event: Message) -> bool:
    """Whether it is the receipt of what went out on a topic: that was settled when it was said. Only an e-mail's is news."""
    return isinstance(event, DeliveryMade | DeliveryFailed) and event.channel != "smtp"


NOTICES_HEARD: Final[frozenset[type[Message]]] = frozenset(
    {ProbationCheckRequested, AnswerNotice, ResendDelivery, PeopleIdentified}
)
"""What `NoticesHandler` acts on."""


class EventsHandler:
    """Events of all services: what leaves because of them."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        post = Post(transaction)
        receipts: list[DeliveryMade | DeliveryFailed] = []
        for received in batch:
            event = received.body
            if isinstance(event, DeliveryMade | DeliveryFailed) and not is_known_already(event):
                receipts.append(event)
            if type(event) in MAKERS:
                pack = pack_of(event, self._book, received.at)
                if pack is None:
                    continue
                if isinstance(event, SubmissionTaken):
                    for clock in awaited(event, pack):
                        transaction.say(clock, received)
                post.send(messages(event, pack), pack, received)
        await store.hear_receipts(transaction.connection, receipts)
        await post.keep()


class NoticesHandler:
    """Statutory notices as they arrive, who their people are, the answers that are given, and deliveries sent again."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        connection = transaction.connection
        wanted = [one.body.notice for one in batch if isinstance(one.body, ProbationCheckRequested | AnswerNotice)]
        wanted += [one.body.request for one in batch if _is_answer_to_us(one.body)]
        again = [one.body.delivery for one in batch if isinstance(one.body, ResendDelivery)]
        work = _Work(
            self._book,
            transaction,
            Post(transaction),
            await store.load_notices(connection, wanted),
            await store.load_deliveries(connection, again),
        )
        for received in batch:
            if isinstance(received.body, ProbationCheckRequested):
                work.record(received)
            elif isinstance(received.body, AnswerNotice):
                work.answer(received)
            elif isinstance(received.body, ResendDelivery):
                work.resend(received)
            elif _is_answer_to_us(received.body):
                work.check(received)
        await store.write_notices(connection, work.changed.values())
        await work.post.keep()


class _Work:
    """One batch of notices and commands, on the states that were loaded for it."""

    def __init__(
        self,
        book: PolicyBook,
        transaction: Transaction,
        post: Post,
        held: dict[UUID, Notice],
        deliveries: dict[UUID, Delivery],
    ) -> None:
        self.book = book
        self.transaction = transaction
        self.post = post
        self.held = held
        self.deliveries = deliveries
        self.changed: dict[UUID, Notice] = {}

    def record(self, received: Received[ProbationCheckRequested]) -> None:
        """Take in a notice, start its clocks, and ask intake who its people are. The same notice again changes nothing."""
        request = received.body
        try:
            pack = self.book.on(request.authority, day := london_day(received.at))
        except UnknownPolicy:
            refuse_inbound(received, (no_policy(day, "notices"),), self.transaction, refusal=received.id)
            return
        held = self.held.get(request.notice)
        problem = notices.refused(request, pack, held)
        if problem is not None:
            refuse_inbound(received, (problem,), self.transaction, refusal=received.id)
            return
        if held is not None:
            return
        notice, clocks = notices.recorded(request, pack, received.at)
        self._keep(notice)
        event = NoticeRecorded(
            notice=notice.id,
            authority=notice.authority,
            agency=notice.agency,
            pack_version=notice.pack_version,
            kind=notice.kind,
            reference=notice.reference,
            received_at=notice.received_at,
            about=request.about,
            on=request.on,
            people=notices.asked_about(request),
        )
        ask = IdentifyPeople(
            request=notice.id, authority=notice.authority, asked_by=notices.OWNER, people=request.people
        )
        for message in (event, *clocks, ask):
            self.transaction.say(message, received)

    def check(self, received: Received[PeopleIdentified]) -> None:
        """Propose the answer, now that intake has said who the people are. It may come before its notice is read again."""
        notice = self.held.get(received.body.request)
        if notice is None:
            if not received.last_chance:
                self.transaction.park(received.body.request, received)
            return
        checked = notices.checked(notice, received.body, self.book.pack(notice.authority, notice.pack_version))
        if checked is None:
            return
        self._keep(checked)
        event = NoticeChecked(
            notice=notice.id, authority=notice.authority, version=checked.version, proposed=checked.proposed
        )
        self.transaction.say(event, received)

    def answer(self, received: Received[AnswerNotice]) -> None:
        """Send the reply that a person gave, or say why it may not be sent."""
        command = received.body
        notice = self.held.get(command.notice)
        if notice is None or command.seen_version > notice.version:
            if not received.last_chance:
                self.transaction.park(command.notice, received)
                return
            if notice is None:
                self._refuse(received, _unknown("notice"))
                return
        pack = self.book.pack(notice.authority, notice.pack_version)
        answered = notices.answer(notice, command, pack, received.at)
        if isinstance(answered, Refusal):
            self._refuse(received, answered)
            return
        notice, clocks = answered
        self._keep(notice)
        event = NoticeAnswered(
            notice=notice.id,
            authority=notice.authority,
            version=notice.version,
            by=command.actor,
            answered_at=received.at,
        )
        self.transaction.say(event, received)
        self.post.send(notices.reply(notice, pack, remarks=command.remarks, at=received.at), pack, received)
        for message in clocks:
            self.transaction.say(message, received)

    def resend(self, received: Received[ResendDelivery]) -> None:
        """Send a delivery again as it was rendered, or say why not."""
        command = received.body
        delivery = self.deliveries.get(command.delivery)
        if delivery is None:
            if received.last_chance:
                self._refuse(received, _unknown("delivery"))
            else:
                self.transaction.park(command.delivery, received)
            return
        again = resend(delivery, command, self.book.pack(delivery.authority, delivery.pack_version))
        if isinstance(again, Refusal):
            self._refuse(received, again)
            return
        self.deliveries[delivery.id] = again
        self.post.send_again(again, received)

    def _keep(self, notice: Notice) -> None:
        self.held[notice.id] = self.changed[notice.id] = notice

    def _refuse(self, received: Received[Any], refusal: Refusal) -> None:
        refuse_command(received, refusal, self.transaction, version=refusal.version)


def _is_answer_to_us(body: Message) -> bool:
    return isinstance(body, PeopleIdentified) and body.asked_by == notices.OWNER


def _unknown(thing: str) -> Refusal:
    return Refusal(
        f"unknown-{thing}", f"there is no {thing} with this id", (f"give the id of a {thing} that was recorded",)
    )
