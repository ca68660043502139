"""Working time: when an authority is open, when things are due, and the sum behind each due date.

Pure: no clock, no I/O but the packaged list of bank holidays. Build one `WorkingCalendar` per authority and
pack version and keep it: its table of openings is made once.
"""

from icart_common.worktime.allowance import (
    Allowance,
    BeforeNextSchoolDay,
    ByTimeNextWorkingDay,
    CalendarMonths,
    CalendarWeeks,
    DateRange,
    DayOfResidence,
    Elapsed,
    MeetingNextWorkingDay,
    SameWorkingDay,
    WorkingDays,
    WorkingTime,
)
from icart_common.worktime.bank_holidays import (
    BankHoliday,
    BankHolidays,
    england_and_wales,
    read_bank_holidays,
)
from icart_common.worktime.calendar import LONDON, WorkingCalendar
from icart_common.worktime.due import Due, due
from icart_common.worktime.errors import (
    BankHolidayFileError,
    BeyondKnownHolidays,
    NaiveInstant,
    NeverPauses,
    NotAWorkingDay,
    WorkingTimeError,
)
from icart_common.worktime.hours import DayHours, LocalTime, WeeklyHours
from icart_common.worktime.pauses import Pause
from icart_common.worktime.running import fraction_instant, fraction_instants, paused

__all__ = [
    "LONDON",
    "Allowance",
    "BankHoliday",
    "BankHolidayFileError",
    "BankHolidays",
    "BeforeNextSchoolDay",
    "BeyondKnownHolidays",
    "ByTimeNextWorkingDay",
    "CalendarMonths",
    "CalendarWeeks",
    "DateRange",
    "DayHours",
    "DayOfResidence",
    "Due",
    "Elapsed",
    "LocalTime",
    "MeetingNextWorkingDay",
    "NaiveInstant",
    "NeverPauses",
    "NotAWorkingDay",
    "Pause",
    "SameWorkingDay",
    "WeeklyHours",
    "WorkingCalendar",
    "WorkingDays",
    "WorkingTime",
    "WorkingTimeError",
    "due",
    "england_and_wales",
    "fraction_instant",
    "fraction_instants",
    "paused",
    "read_bank_holidays",
]
