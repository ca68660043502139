from datetime import date, time

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from icart_common.worktime import Allowance, DayHours, WeeklyHours

ALLOWANCE: TypeAdapter[Allowance] = TypeAdapter(Allowance)


@pytest.mark.req("AU-1")
def test_hours_are_written_as_people_write_them() -> None:
    hours = WeeklyHours.model_validate(yaml.safe_load('{monday: 09:00-17:30, friday: {open: "09:00", close: "16:40"}}'))
    assert hours.on(date(2026, 1, 5)) == DayHours(open=time(9), close=time(17, 30))
    assert hours.on(date(2026, 1, 9)) == DayHours(open=time(9), close=time(16, 40))
    assert hours.on(date(2026, 1, 6)) is None
    assert WeeklyHours.model_validate_json(hours.model_dump_json()) == hours


@pytest.mark.req("AU-7")
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{}", "no clock could ever run"),
        ("{monday: 17:30-09:00}", "not after it opens"),
        ("{monday: 09:00}", "valid"),
        ("{monday: '09:00'}", 'write them as "09:00-17:30"'),
        ("{monday: 9-17}", "not a time of day"),
        ("{monday: {open: 17:30, close: '18:00'}}", "1050 is not a time of day: write it in quotes"),
        ("{mnoday: 09:00-17:30}", "Extra inputs are not permitted"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(written: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        WeeklyHours.model_validate(yaml.safe_load(written))


@pytest.mark.req("AU-7")
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{kind: fortnight}", "does not match any of the expected tags"),
        ("{n: 1}", "Unable to extract tag"),
        ("{kind: working_days, n: 0}", "greater than or equal to 1"),
        ("{kind: working_days, days: 3}", "Extra inputs"),
        ("{kind: working_time, hours: .inf}", "finite"),
        ("{kind: elapsed}", "either hours or days"),
        ("{kind: elapsed, hours: 24, days: 1}", "either hours or days"),
        ("{kind: by_time_next_working_day, time: 10:00}", "600 is not a time of day"),
        (
            "{kind: before_next_school_day, time: '08:45', closures: [{first: 2026-04-02, last: 2026-04-01}]}",
            "before first",
        ),
    ],
)
def test_an_allowance_that_cannot_run_is_refused(written: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        ALLOWANCE.validate_python(yaml.safe_load(written))


@pytest.mark.parametrize(
    "written",
    [
        "{kind: same_working_day}",
        "{kind: working_days, n: 3}",
        "{kind: working_time, hours: 7.5}",
        "{kind: elapsed, hours: 72}",
        "{kind: elapsed, days: 2}",
        "{kind: by_time_next_working_day, time: '10:00'}",
        "{kind: meeting_next_working_day, time: '09:15'}",
        "{kind: calendar_weeks, n: 2}",
        "{kind: calendar_months, n: 1}",
        "{kind: day_of_residence, n: 3}",
        "{kind: before_next_school_day, time: '08:45', closures: [{first: 2026-04-01, last: 2026-04-12}]}",
    ],
)
def test_every_kind_survives_the_way_through_json(written: str) -> None:
    allowance = ALLOWANCE.validate_python(yaml.safe_load(written))
    assert allowance.kind == yaml.safe_load(written)["kind"]
    assert ALLOWANCE.validate_json(ALLOWANCE.dump_json(allowance)) == allowance
