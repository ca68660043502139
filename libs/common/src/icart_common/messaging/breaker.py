"""The breaker of one topic: when most of what it reads is poison, the topic rests and the others go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from icart_common.clock import monotonic


class Breaker:
    """Open when at least `share` of a topic's last `records` records were poison; closed again after `rest_seconds`.

    After a rest it starts with an empty memory: the same sender has to send `records` more before it opens again.
    """

    def __init__(
        self, *, share: float, records: int, rest_seconds: float, now: Callable[[], float] = monotonic
    ) -> None:
        self._share = share
        self._last: deque[bool] = deque(maxlen=records)
        self._rest_seconds = rest_seconds
        self._now = now
        self._opened_at: float | None = None

    def saw(self, poison: int, good: int) -> bool:
        """Take note of a batch. True when this opened the breaker."""
        self._last.extend([True] * poison + [False] * good)
        full = len(self._last) == self._last.maxlen
        if self._opened_at is None and full and sum(self._last) >= self._share * len(self._last):
            self._opened_at = self._now()
            self._last.clear()
            return True
        return False

    def rested(self) -> bool:
        """True once, when an open breaker has rested long enough and closes."""
        if self._opened_at is not None and self._now() - self._opened_at >= self._rest_seconds:
            self._opened_at = None
            return True
        return False

    @property
    def open(self) -> bool:
        return self._opened_at is not None
