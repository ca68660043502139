"""The full loads of a batch: who was named in which, which have ended, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import LoadBegun, LoadEnded, PersonHeld
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import feed_store
from icart_intake.domain.loads import Load, superseded
from icart_intake.handlers.refusal import refuse

_USED: Final = (
    Problem(
        path="$.load",
        found="the id of a load that began with another as_of",
        expected="an id of this load's own",
        fix="make a new UUID for every full load",
    ),
)
Key = tuple[str, UUID]


class FullLoads:
    """Goes through a batch in its order. What it decides does not depend on how records fell into batches."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._loads: dict[Key, Load] = {}
        self._before: dict[Key, Load] = {}
        self._new: set[tuple[str, UUID, str]] = set()
        self._complete: list[tuple[Load, Received[Any]]] = []

    async def open(self, batch: Sequence[Received[Any]], feeds: Sequence[str]) -> None:
        """Look up the loads that the batch speaks of, and remember whom it names."""
        connection = self._transaction.connection
        bodies = [received.body for received in batch]
        keys = {(body.authority, body.load) for body in bodies if getattr(body, "load", None)}
        ended = {body.load for body in bodies if isinstance(body, LoadEnded)}
        self._loads = await feed_store.loads(connection, feeds, keys, ended)
        self._before = dict(self._loads)
        done = {key for key, load in self._loads.items() if load.state == "complete"}
        names = {
            (body.authority, body.load, body.number)
            for body in bodies
            if isinstance(body, PersonHeld) and body.load and (body.authority, body.load) not in done
        }
        self._new = await feed_store.name_in_loads(connection, names)

    def hear(self, received: Received[Any]) -> Any:
        """Take one message into account. Returns its body; a person of a load is as of its beginning at least."""
        body = received.body
        self._notice_silence(received)
        if isinstance(body, LoadBegun):
            self._begin(received, body)
        elif isinstance(body, LoadEnded):
            load = self._load(received, body.load)
            self._put(replace(load, said=body.people, accepts_fewer=load.accepts_fewer or body.accepts_fewer), received)
        elif isinstance(body, PersonHeld) and body.load:
            load = self._load(received, body.load)
            name = (body.authority, body.load, body.number)
            more = name in self._new
            self._new.discard(name)
            self._put(replace(load, named=load.named + more), received)
            if load.as_of and body.as_of < load.as_of:
                return body.model_copy(update={"as_of": load.as_of})
        return body

    def _load(self, received: Received[Any], load: UUID) -> Load:
        body = received.body
        found = self._loads.get((body.authority, load))
        return found or Load(authority=body.authority, load=load, agency=body.agency, heard_at=received.at)

    def _begin(self, received: Received[Any], body: LoadBegun) -> None:
        load = self._load(received, body.load)
        if load.as_of and load.as_of != body.as_of:
            refuse(received, _USED, self._transaction)
            return
        self._put(replace(load, as_of=body.as_of), received)

    def _put(self, load: Load, received: Received[Any]) -> None:
        """Keep a load as it is after a message, and say what came of it when that is new."""
        before = self._loads.get((load.authority, load.load))
        load = replace(load, heard_at=max(load.heard_at, received.at)).settled()
        self._loads[load.authority, load.load] = load
        told = (before.state, before.said) if before else (None, None)
        if load.state is None or (load.state, load.said) == told or load.state == "complete" == told[0]:
            return
        if load.state == "complete":
            self._complete.append((load, received))
            for other in list(superseded(self._loads.values(), load)):
                self._loads[other.authority, other.load] = other
                self._say(other, received)
        else:
            self._say(load, received)

    def _notice_silence(self, received: Received[Any]) -> None:
        """A load whose feed goes on without it has broken off."""
        for key, load in list(self._loads.items()):
            if load.authority != received.body.authority or load.load == getattr(received.body, "load", None):
                continue
            after = load.quiet(received.at)
            if after is not load:
                self._loads[key] = after
                self._say(after, received)

    def _say(self, load: Load, received: Received[Any], left_out: int | None = None) -> None:
        self._transaction.say(load.as_message(received.at, left_out), received)

    async def close(self) -> None:
        """Mark as not held whom the complete loads left out, after everybody of the batch is written; write the loads back.

        One that would leave out too many marks nobody, and waits for somebody to accept it.
        """
        connection = self._transaction.connection
        for whole, received in self._complete:
            load = self._loads[whole.authority, whole.load]
            left_out, done = await feed_store.complete_load(connection, load)
            if not done:
                load = replace(load, state="too-small")
                self._loads[load.authority, load.load] = load
            self._say(load, received, left_out)
        changed = [load for key, load in sorted(self._loads.items()) if self._before.get(key) != load]
        await feed_store.keep_loads(connection, changed)
