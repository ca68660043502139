"""The three authorities' hours as the register has them (AU-1), and London wall time as instants."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from icart_common.worktime import LONDON, WeeklyHours, WorkingCalendar


def office(monday_to_thursday: str, friday: str) -> WorkingCalendar:
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), monday_to_thursday)
    return WorkingCalendar(WeeklyHours.model_validate({**week, "friday": friday}))


@pytest.fixture(scope="session")
def halton() -> WorkingCalendar:
    return office("09:00-17:30", "09:00-16:40")


@pytest.fixture(scope="session")
def cheshire_west() -> WorkingCalendar:
    return office("08:30-17:00", "08:30-16:30")


@pytest.fixture(scope="session")
def york() -> WorkingCalendar:
    return office("08:30-17:00", "08:30-17:00")


@pytest.fixture(scope="session")
def london() -> Callable[[str], datetime]:
    """ "2026-01-09 16:45" on London's clocks, as an instant in UTC."""
    return lambda wall: datetime.fromisoformat(wall).replace(tzinfo=LONDON).astimezone(UTC)
