"""No notice stays with another child's contact: notices that joined follow what people decide of people (IN-17, IN-20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from icart_common.contracts.people import UndoMerge
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import matters, store
from icart_intake.domain.parting import child_of, parted, say_parted, strays
from icart_intake.domain.registry import Because, Registry
from icart_intake.matters import Joined
from icart_intake.store import Kept, NewContact


class Partings:
    """The joined notices of the people of a batch of decisions, and those that decisions put with the wrong child."""

    def __init__(self, registry: Registry, joined: Mapping[UUID, Joined]) -> None:
        self._registry = registry
        self._joined = dict(joined)
        self._out: list[tuple[Received[Any], Joined]] = []

    def look(self, received: Received[Any]) -> None:
        """After a decision: which notices are with somebody else's contact now."""
        for told in strays(self._registry, [(one.contact, one.told) for one in self._joined.values()]):
            self._out.append((received, self._joined.pop(told.contact)))

    async def open(self, transaction: Transaction) -> None:
        """A contact of its own for each of them, with what went before of the child whom it is about."""
        if not self._out:
            return
        children = {notice.id: child_of(self._registry, notice.told) for _, notice in self._out}
        before = await matters.matters(transaction.connection, {child for child in children.values() if child})
        kept = Kept()
        for received, notice in self._out:
            child = children[notice.id]
            assert child is not None, "only a notice whose mention was read is a stray"
            contact = parted(notice.told, self._registry.whole(child), before.get(child, ()))
            body = received.body
            because: Because = "merge-undone" if isinstance(body, UndoMerge) else "mention-moved"
            said = say_parted(notice.told, notice.contact, because, body.actor, body.reason, received.at)
            transaction.say(said, received)
            transaction.say(contact, received)
            kept.contacts.append(NewContact(contact, notice.notice))
        taken = [replace(notice, opened="parted") for _, notice in self._out]
        await matters.take_out(transaction.connection, sorted(taken, key=lambda one: one.id))
        await store.keep(transaction.connection, kept)
