"""What intake learns from screening: how contacts ended, for the chronology, and so that none is joined after (IN-6, IN-20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icart_common.contracts.screening import ContactClosed
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_intake import matters


class Outcomes:
    """Keeps the ending of every contact, in the words of the pack under which it was opened."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        closed = {one.body.contact: one.body for one in batch if isinstance(one.body, ContactClosed)}
        await matters.end(
            transaction.connection, [(closed[contact], self._words(closed[contact])) for contact in sorted(closed)]
        )

    def _words(self, closed: ContactClosed) -> str:
        return self._book.pack(closed.authority, closed.pack_version).outcome(closed.outcome).name
