"""Commands to the clocks: load those of the batch, decide each command in its turn, write what changed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from icart_common.contracts.timers import CancelClock, ClockMessage, MeetClock, PauseClock, ResumeClock, StartClock
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_timers import store
from icart_timers.domain import decide
from icart_timers.domain.clock import Clock, Firing
from icart_timers.domain.decide import Step
from icart_timers.domain.reckoning import Reckoners
from icart_timers.domain.recount import recount


class ClockCommands:
    """Hears `commands.timers`."""

    def __init__(self, reckoners: Reckoners) -> None:
        self._reckoners = reckoners

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        commands: dict[UUID, list[Received[ClockMessage]]] = {}
        for received in batch:
            commands.setdefault(received.body.clock, []).append(received)
        held = await store.load(transaction.connection, commands)
        added: list[Clock] = []
        changed: list[Clock] = []
        for identifier, about in commands.items():
            before = held.get(identifier)
            after = self._one_clock(before, about, transaction)
            if after is not None and after is not before:
                (changed if before else added).append(after)
        await store.add(transaction.connection, added)
        await store.change(transaction.connection, changed)

    def _one_clock(
        self, clock: Clock | None, about: Sequence[Received[ClockMessage]], transaction: Transaction
    ) -> Clock | None:
        if clock is None:
            # Services answer at their own pace: a clock's end may bear an earlier time than its start.
            about = sorted(about, key=lambda received: not isinstance(received.body, StartClock))
        for received in about:
            if clock is None and not isinstance(received.body, StartClock):
                if received.last_chance:
                    transaction.say(decide.unknown(received.body), received)
                else:
                    transaction.park(received.body.clock, received)
                continue
            clock = self._on_todays_calendar(clock, received, transaction)
            step = self._step(clock, received)
            for firing in step.fired:
                say_firing(transaction, firing)
            for message in step.said:
                transaction.say(message, received, **_authority(step.clock, received.body))
            clock = step.clock
        return clock

    def _on_todays_calendar(
        self, clock: Clock | None, received: Received[ClockMessage], transaction: Transaction
    ) -> Clock | None:
        """Whatever is said to a clock finds it counted on the calendar as it is now."""
        if clock is None:
            return None
        counted, moved = recount(clock, self._reckoners, received.at)
        if moved:
            transaction.say(moved, received)
        return counted

    def _step(self, clock: Clock | None, received: Received[ClockMessage]) -> Step:
        command = received.body
        if isinstance(command, StartClock):
            assert received.record is not None, "a clock is started by a record of commands.timers"
            return decide.start(
                clock,
                command,
                self._reckoners,
                partition=received.record.partition,
                correlation=received.correlation,
            )
        assert clock is not None
        match command:
            case MeetClock():
                return decide.meet(clock, command, self._reckoners, received.at)
            case CancelClock():
                return decide.cancel(clock, command, self._reckoners, received.at)
            case PauseClock():
                return decide.pause(clock, command, self._reckoners, received.at)
            case ResumeClock():
                return decide.resume(clock, command, self._reckoners)
        return Step(clock)


def say_firing(transaction: Transaction, firing: Firing) -> None:
    """Say a warning or a breach at the instant at which it was due."""
    transaction.outbox.say_at(firing.message, firing.at, firing.cause, correlation=firing.correlation)


def _authority(clock: Clock | None, command: ClockMessage) -> dict[str, str]:
    """Whose clock it is: a refusal does not carry it in its body."""
    authority = clock.authority if clock else getattr(command, "authority", None)
    return {"authority": authority} if authority else {}
