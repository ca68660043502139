from datetime import date
from pathlib import Path

import holidays
import pytest

from icart_common.worktime import (
    BankHolidayFileError,
    BeyondKnownHolidays,
    WorkingCalendar,
    england_and_wales,
    read_bank_holidays,
)

KNOWN = england_and_wales()


@pytest.mark.req("AU-5")
@pytest.mark.parametrize("nation", ["ENG", "WLS"])
@pytest.mark.parametrize("year", range(KNOWN.first_year, KNOWN.last_year + 1))
def test_the_file_agrees_with_the_library_of_holidays(nation: str, year: int) -> None:
    held = {day for day in KNOWN.names if day.year == year}
    assert held == set(holidays.country_holidays("GB", subdiv=nation, years=year))


def test_royal_days_and_substitute_days_are_in_it() -> None:
    assert KNOWN.names[date(2023, 5, 8)] == "Coronation of Charles III"
    assert KNOWN.names[date(2022, 9, 19)] == "State Funeral of Queen Elizabeth II"
    assert KNOWN.names[date(2027, 12, 28)] == "Boxing Day (substitute day)"


@pytest.mark.req("AU-5")
def test_years_outside_the_file_are_refused_and_named(halton: WorkingCalendar) -> None:
    with pytest.raises(BeyondKnownHolidays, match=r"2031 are not known .*2015 to 2030.*last_year"):
        halton.is_working_day(date(2031, 1, 2))
    with pytest.raises(BeyondKnownHolidays, match="2014"):
        halton.is_working_day(date(2014, 12, 31))


def test_a_day_proclaimed_late_is_one_line_more(tmp_path: Path) -> None:
    file = tmp_path / "bank_holidays.toml"
    file.write_text('first_year = 2026\nlast_year = 2026\n[days]\n2026-06-12 = "A royal day"\n')
    assert england_and_wales(file).names == {date(2026, 6, 12): "A royal day"}
    added = KNOWN.with_day(date(2026, 6, 12), "A royal day")
    assert added.names.keys() - KNOWN.names.keys() == {date(2026, 6, 12)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("first_year = 2026\n", "last_year is missing"),
        ("first_year = 2026\nlast_year = 2026\n", "no bank holiday is listed for \\[2026\\]"),
        ("first_year = 2026\nlast_year = 2025\n", "last_year 2025 is before first_year 2026"),
        (
            'first_year = 2026\nlast_year = 2026\n[days]\n2026-01-01="A"\n2027-01-01 = "B"\n',
            "2027.* are outside",
        ),
        ('first_year = 2026\nlast_year = 2026\n[days]\n2026-02-30 = "A"\n', "day"),
        ("first_year = 2026\nlast_year = 2026\n[days]\n2026-01-01 = 1\n", "string"),
        ("first_year = [", "."),
    ],
)
def test_a_file_that_cannot_be_used_says_which_and_why(text: str, reason: str) -> None:
    with pytest.raises(BankHolidayFileError, match=f"(?s)^north.toml: .*{reason}"):
        read_bank_holidays(text, "north.toml")
