"""Messages for the probe to hear."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from icart_common.contracts.catalogue import Topic, topics
from icart_common.contracts.ids import derived_id
from icart_common.contracts.timers import MeetClock
from icart_common.messaging.message import Record
from icart_common.testing.records import record_of

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
TOPICS: dict[str, Topic] = {topic.name: topic for topic in topics([])}
HEARD_ON = "commands.timers"


def clock_named(name: object) -> UUID:
    """The id of the clock that goes by this name in a test."""
    return derived_id(NOON, "clock", name)


def meet(name: object, words: str = "", *, seconds: float = 0, partition: int = 0, offset: int | None = None) -> Record:
    """A command about the clock `name`, said `seconds` after noon."""
    at = NOON + timedelta(seconds=seconds)
    command = MeetClock(clock=clock_named(name), at=at, by_event=words or str(name))
    return record_of(command, HEARD_ON, at=at, partition=partition, offset=offset)
