"""When a topic rests, and how long to wait before trying again."""

from __future__ import annotations

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from icart_common.messaging.backoff import delays
from icart_common.messaging.breaker import Breaker


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def breaker(hand: Hand) -> Breaker:
    return Breaker(share=0.5, records=10, rest_seconds=30, now=hand)


def test_it_opens_when_most_of_the_last_records_were_poison():
    one = breaker(Hand())
    assert not one.saw(poison=4, good=0)  # too few to judge by
    assert one.saw(poison=4, good=2)
    assert one.open


def test_it_stays_closed_while_most_can_be_read():
    one = breaker(Hand())
    assert not any(one.saw(poison=1, good=9) for _ in range(100))


def test_it_rests_and_starts_with_an_empty_memory():
    hand = Hand()
    one = breaker(hand)
    one.saw(poison=10, good=0)
    hand.seconds = 29
    assert not one.rested()
    hand.seconds = 30
    assert one.rested()
    assert not one.open
    assert not one.saw(poison=1, good=0)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60))
def test_it_never_opens_twice_without_a_rest(batches):
    one = breaker(Hand())
    assert sum(one.saw(poison, good) for poison, good in batches) <= 1


def test_delays_grow_to_a_ceiling_and_are_never_the_whole_of_nothing():
    waits = list(islice(delays(0.1, 2.0), 20))
    assert all(0.05 <= wait <= 2.0 for wait in waits)
    assert min(waits[-10:]) >= 1.0
