"""The post of one batch: what leaves is rendered, kept, and on topics said, all in the batch's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from icart_common.contracts.timers import MeetClock
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.observability.metrics import DELIVERIES
from icart_common.policy import PolicyPack
from icart_notifications import store
from icart_notifications.domain.leaving import Delivery, ToSend, made, outbound, rendered


class Post:
    """Collects what a batch sends, so that all of it is kept with one statement."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._new: list[Delivery] = []
        self._again: list[tuple[Delivery, datetime]] = []

    def send(self, sending: Iterable[ToSend], pack: PolicyPack, because: Received[Any]) -> None:
        """Render messages for their recipients; those with a topic are in the outbox from here."""
        for delivery in rendered(sending, pack, cause=because.id, correlation=because.correlation, at=because.at):
            self._new.append(delivery)
            self._hand_over(delivery, because)

    def send_again(self, delivery: Delivery, because: Received[Any]) -> None:
        """A new attempt of a delivery that is kept already."""
        self._again.append((delivery, because.at))
        self._hand_over(delivery, because)

    async def keep(self) -> None:
        """Write the deliveries: at most two statements."""
        connection = self._transaction.connection
        await store.insert_deliveries(connection, self._new)
        await store.resend_deliveries(connection, self._again)

    def _hand_over(self, delivery: Delivery, because: Received[Any]) -> None:
        if delivery.channel != "topic":
            return
        say = self._transaction.say
        say(outbound(delivery, because.at), because, topic=f"outbound.{delivery.recipient}")
        say(made(delivery, because.at), because)
        for clock in delivery.meets:
            say(MeetClock(clock=clock, at=because.at, by_event=f"{delivery.template} delivered"), because)
        DELIVERIES.labels("topic", "made").inc()
