"""A child who comes back within twelve months is flagged, with what was decided the last time (SC-23)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.family import ChronologyLine
from icart_common.contracts.screening import ContactReceived
from icart_screening.domain.re_referral import decided_before, months_before
from services.screening.tests.front_door import BOOK, FrontDoor, contact_opened, each, of_type


def line(on: str, kind: str = "contact", outcome: str | None = "Advice", **more: object) -> ChronologyLine:
    said = {"on": on, "kind": kind, "source": "front-door", "outcome": outcome, **more}
    return ChronologyLine.model_validate(said)


@each("SC-23")
def test_the_last_decision_within_twelve_months_is_flagged_on_arrival_and_kept(door: FrontDoor) -> None:
    history = (
        line("2026-02-02", outcome="Advice", level=1, reference="OLD"),
        line("2026-08-03", outcome="Assessment", level=3, reference="QK7WM-3HXPA"),
        line("2026-08-04", "referral", "Assessment", level=3, reference="QK7WM-3HXPA"),
        line("2026-10-01", outcome=None),
        line("2026-11-01", "plan", "begun"),
    )
    contact = door.open(chronology=history)
    (received,) = of_type(door.log, ContactReceived)
    flag = received.re_referral
    assert (flag.kind, flag.outcome, flag.level, flag.reference) == ("referral", "Assessment", 3, "QK7WM-3HXPA")
    assert door.contacts[contact].arrival.re_referral == flag


@each("SC-23")
@pytest.mark.parametrize(("on", "flagged"), [("2025-11-15", False), ("2025-11-16", True), ("2026-11-16", True)])
def test_the_day_a_year_ago_still_counts_and_the_day_before_does_not(door: FrontDoor, on: str, flagged: bool) -> None:
    door.open(chronology=(line(on),))
    (received,) = of_type(door.log, ContactReceived)
    assert bool(received.re_referral) is flagged


@given(st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 11, 16)), st.booleans()), max_size=6), st.randoms())
def test_the_order_of_the_history_makes_no_difference(days, random) -> None:
    lines = [line(day.isoformat(), outcome="Advice" if decided else None) for day, decided in days]
    shuffled = list(lines)
    random.shuffle(shuffled)
    pack = BOOK.pack("halton")
    one, other = (decided_before(contact_opened(chronology=tuple(some)), pack) for some in (lines, shuffled))
    assert one == other
    wanted = [day for day, decided in days if decided and day >= date(2025, 11, 16)]
    assert (one.on if one else None) == max(wanted, default=None)


def test_a_month_without_such_a_day_counts_from_its_last() -> None:
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    assert months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)
