"""What is a repeat: the same id of the same source, or the same content within a day (IN-15; S1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

SAME_CONTENT: Final = timedelta(hours=24)
"""How far apart the same content may come and still be the same submission."""


@dataclass(frozen=True, slots=True)
class First:
    """The submission that others repeat, and what they are told of it."""

    submission: UUID
    reference: str
    pack_version: str
    received_at: datetime

    def covers(self, received_at: datetime) -> bool:
        """Whether the same content that came then is a repeat of this one."""
        return abs(received_at - self.received_at) <= SAME_CONTENT
