"""The garbage collector, set for a program that makes many short-lived objects beside many that stay."""

from __future__ import annotations

import gc
from typing import Final

_YOUNG: Final = 200_000
"""Objects more than were freed before the young ones are looked through. A batch of 500 referrals holds about 100,000 until it
is done: with fewer here they are looked through while all of them are in use, which was 5 % of intake's time at 50,000."""


def settle() -> None:
    """Take what is there now for permanent. Call it when all is built, before the first message is read.

    Packs, models and modules are hundreds of thousands of objects that never become garbage; what a batch makes is freed when
    nothing refers to it any more, without the collector. Only cycles wait for it, and they wait a little longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 10)
