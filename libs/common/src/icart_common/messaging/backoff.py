"""How long to wait before trying again: doubled each time, with jitter, so that instances do not come back as one."""

from __future__ import annotations

import random
from collections.abc import Iterator


def delays(first: float = 0.05, most: float = 5.0) -> Iterator[float]:
    """Seconds to wait before each further try, for ever: between half and all of a doubled delay, at most `most`."""
    ceiling = first
    while True:
        yield ceiling * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
        ceiling = min(ceiling * 2, most)
