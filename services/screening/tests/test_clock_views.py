"""How a contact's clocks stand, in whatever order the timers are heard."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.timers import (
    ClockBreached,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
)
from icart_screening.domain.clock_view import ClockView, merge, seen

CLOCK, CONTACT = UUID(int=1), UUID(int=2)
HEAD = {
    "clock": CLOCK,
    "authority": "halton",
    "pack_version": "2026.1",
    "rule": "TM-2",
    "owner": "screening",
    "subject": CONTACT,
}
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def after(hours: int) -> datetime:
    return MONDAY + timedelta(hours=hours)


def started(at: int, due: int) -> ClockEvent:
    return ClockStarted(**HEAD, counted_from=after(at), due_at=after(due), sum=f"due after {due} hours", warns_at=())


def resumed(at: int, due: int) -> ClockEvent:
    return ClockResumed(**HEAD, resumed_at=after(at), due_at=after(due), sum=f"due after {due} hours", warns_at=())


def told(*events: tuple[ClockEvent, int]) -> ClockView:
    view = ClockView()
    for event, at in events:
        view = merge(view, seen(event, after(at)))
    return view


hours = st.integers(min_value=0, max_value=30)
heard = st.one_of(
    st.tuples(st.builds(started, hours, hours), hours),
    st.tuples(st.builds(resumed, hours, hours), hours),
    st.builds(lambda at: (ClockWarned(**HEAD, due_at=after(at), warned_at=after(at), fraction=at / 31), at), hours),
    st.builds(lambda at: (ClockBreached(**HEAD, due_at=after(at), sum="so"), at), hours),
    st.builds(lambda at: (ClockPaused(**HEAD, paused_at=after(at), reason="waits for consent"), at), hours),
    st.builds(lambda at: (ClockMet(**HEAD, due_at=after(9), met_at=after(at), late=at > 9, by_event="x"), at), hours),
    st.builds(lambda at: (ClockCancelled(**HEAD, due_at=after(9), cancelled_at=after(at), reason="x"), at), hours),
)


def test_a_clock_that_was_resumed_shows_its_new_due_time_and_its_sum() -> None:
    paused = ClockPaused(**HEAD, paused_at=after(2), reason="waits for consent")
    view = told((started(0, 8), 0), (paused, 2), (resumed(4, 10), 4))
    assert view.standing is not None
    assert view.due is not None
    assert (view.standing.state, view.due.due_at, view.due.sum) == ("running", after(10), "due after 10 hours")


def test_what_has_ended_stays_ended_and_keeps_its_sum() -> None:
    met = ClockMet(**HEAD, due_at=after(8), met_at=after(9), late=True, by_event="authorised")
    breached = ClockBreached(**HEAD, due_at=after(8), sum="due after 8 hours")
    view = told((met, 9), (breached, 10), (started(0, 8), 0))
    assert view.standing is not None
    assert view.due is not None
    assert (view.standing.state, view.breached, view.due.sum) == ("met-late", True, "due after 8 hours")


@given(events=st.lists(heard, max_size=8), data=st.data())
def test_any_order_and_any_repetition_shows_the_same(events: list[tuple[ClockEvent, int]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*events, *events[:3]]))
    assert told(*shuffled) == told(*events)
