"""What the service says to itself comes back to it, as on its own topic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from icart_common.messaging.message import Record
from services.screening.tests.conftest import Service


@dataclass
class OwnTopic:
    """Records go in one after another; what is said on `commands.screening` because of them goes in after them."""

    service: Service
    log: list[Record] = field(default_factory=list)
    """Everything that was heard, in order: what reading the topics again reads."""
    heard: set[str] = field(default_factory=set)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    """The broker's time, which never goes back in a partition."""

    async def hear(self, *records: Record) -> None:
        """Each record by itself, and whatever follows from it."""
        for record in records:
            await self._take(record)
            await self.come_back()

    async def come_back(self) -> None:
        """What the service has said to itself, and whatever follows from that."""
        while said := await self._new():
            for one in said:
                await self._take(one)

    async def _take(self, record: Record) -> None:
        if record.topic.startswith("commands."):
            self.now = max(self.now + timedelta(milliseconds=1), record.timestamp)
            record = record._replace(timestamp=self.now)
        self.log.append(record)
        assert await self.service.contacts.run([record]) == []

    async def _new(self) -> Sequence[Record]:
        """What the outbox holds for the service itself and has not come back yet."""
        async with self.service.database.connection() as connection:
            query = "select key, headers, value from outbox where topic = 'commands.screening' order by seq"
            rows = await connection.fetch(query)
        found = []
        for row in rows:
            headers = tuple((name, value.encode()) for name, value in json.loads(row["headers"]))
            identifier = dict(headers)["ce_id"].decode()
            if identifier not in self.heard:
                self.heard.add(identifier)
                place = 1_000_000 + len(self.heard)
                found.append(
                    Record("commands.screening", 0, place, self.now, row["key"].encode(), headers, row["value"])
                )
        return found
