"""The collector leaves alone what a service has built, and still finds the garbage that is made later."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from icart_common.memory import settle


class Knot:
    """Refers to itself: only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_was_built_before_is_looked_through_no_more() -> None:
    built = [Knot()]
    settle()
    assert gc.get_freeze_count() > 0
    assert not any(one is built[0] for one in gc.get_objects())


def test_what_nobody_needs_is_gone_before_anything_is_kept() -> None:
    lost = weakref.ref(Knot())
    settle()
    assert lost() is None


def test_cycles_that_are_made_later_are_collected_by_themselves() -> None:
    settle()
    later = weakref.ref(Knot())
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    assert later() is None
    assert len(kept) == 2 * gc.get_threshold()[0]
