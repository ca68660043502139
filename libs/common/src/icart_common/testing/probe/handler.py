"""The probe's handler: hears `MeetClock` on `commands.timers`, says `ClockRefused` on `events.timers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from icart_common.contracts.timers import ClockRefused, MeetClock
from icart_common.db.pool import Database
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction

_WRITE = "insert into heard (id, clock, said) select * from unnest($1::uuid[], $2::uuid[], $3::text[])"
_READ = "select clock, said from heard order by ordinal"


class ProbeHandler:
    """Writes down each message and says one; `before` is called with the batch first, to make it fail on purpose."""

    def __init__(self, before: Callable[[Sequence[Received[MeetClock]]], None] | None = None) -> None:
        self._before = before

    async def __call__(self, batch: Sequence[Received[MeetClock]], transaction: Transaction) -> None:
        if self._before:
            self._before(batch)
        await transaction.connection.execute(
            _WRITE,
            [one.id for one in batch],
            [one.body.clock for one in batch],
            [one.body.by_event for one in batch],
        )
        for one in batch:
            transaction.say(
                ClockRefused(clock=one.body.clock, command="meet", code="probe", why=one.body.by_event), one
            )


async def heard(database: Database) -> list[tuple[UUID, str]]:
    """What was heard, in the order it was written down: the clock and the event's words."""
    async with database.connection() as connection:
        return [(row["clock"], row["said"]) for row in await connection.fetch(_READ)]
