"""Until when a consumer group has read its topics, by whichever instance: only then is known what will not come."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from icart_common.clock import monotonic
from icart_common.messaging.ends import Ends
from icart_common.messaging.kafka import client_settings
from icart_common.settings import KafkaSettings


class Abreast:
    """Remembers where partitions ended at a moment, until the group's offsets have passed that: a group that is never
    without work is abreast of a moment ago all the same."""

    def __init__(self, settings: KafkaSettings, group: str, ends: Ends) -> None:
        self._settings = settings
        self._group = group
        self._ends = ends
        self._goal: tuple[float, Mapping[TopicPartition, int]] | None = None
        self._read_until: float | None = None

    async def read_until(self, places: Collection[TopicPartition]) -> float | None:
        """The last moment (`monotonic`, in seconds) of which it is known that all that stood in these partitions has been
        handled; None while nothing is known. Raises `KafkaError` when the broker is away."""
        asked_at = monotonic()
        if self._goal is None:
            self._goal = asked_at, await self._ends.of(places)
        moment, goal = self._goal
        handled = await self._handled()
        unread = [place for place, end in goal.items() if handled.get(place, -1) < end]
        begins = await self._ends.beginnings([place for place in unread if place not in handled])
        if all(begins.get(place, -1) >= goal[place] for place in unread):  # what is empty has been read
            self._read_until, self._goal = moment, None
        return self._read_until

    async def _handled(self) -> dict[TopicPartition, int]:
        client = AIOKafkaAdminClient(**client_settings(self._settings))
        try:
            await client.start()
            offsets = await client.list_consumer_group_offsets(self._group)
        finally:
            await client.close()
        return {place: found.offset for place, found in offsets.items() if found.offset >= 0}
