"""The garbage collector, set for a program that makes many short-lived objects beside many that stay."""

from __future__ import annotations

import gc
from typing import Final

_YOUNG: Final = 50_000
"""Objects that are made before the young ones are looked through. A batch makes about as many at once; Python's 700 looks
through each of them several times while they are all in use."""


def settle() -> None:
    """Take what is there now for permanent. Call it when all is built, before the first message is read.

    Packs, models and modules are hundreds of thousands of objects that never become garbage; what a batch makes is freed when
    nothing refers to it any more, without the collector. Only cycles wait for it, and they wait a little longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 10)
