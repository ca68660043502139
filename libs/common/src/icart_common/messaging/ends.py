"""Where partitions end, asked on a connection of its own.

A consumer's own connection is held by its fetch, which waits up to half a second for records: what is asked beside it waits
as long, and so would everybody who asks for a service's progress.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from icart_common.messaging.kafka import consumer
from icart_common.settings import KafkaSettings


class Ends:
    """Opens its connection when it is first asked."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._asker: AIOKafkaConsumer | None = None

    async def of(self, places: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset after the last record of each partition. Raises `KafkaError` when the broker is away."""
        asker = await self._opened(places)
        found: Mapping[TopicPartition, int] = await asker.end_offsets(list(places))
        return found

    async def beginnings(self, places: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset of the first record that each partition still has. Raises `KafkaError` when the broker is away."""
        if not places:
            return {}
        asker = await self._opened(places)
        found: Mapping[TopicPartition, int] = await asker.beginning_offsets(list(places))
        return found

    async def _opened(self, places: Collection[TopicPartition]) -> AIOKafkaConsumer:
        async with self._opening:
            if self._asker is None:
                asker = consumer(self._settings)
                try:
                    await asker.start()
                except BaseException:
                    await asker.stop()
                    raise
                self._asker = asker
            if not self._asker.assignment() >= set(places):
                # Assigned, every topic's leader is asked for at once, and not for one topic after the other; nothing is read.
                wanted = {*self._asker.assignment(), *places}
                self._asker.assign(list(wanted))
                self._asker.pause(*wanted)
            return self._asker

    async def close(self) -> None:
        """Close the connection, if there is one."""
        asker, self._asker = self._asker, None
        if asker is not None:
            await asker.stop()
