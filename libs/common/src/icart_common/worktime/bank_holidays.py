"""Bank holidays of England and Wales, from a dated file that can be edited (AU-5).

A royal day comes at short notice: it is a line in the file, not a release of a library.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from icart_common.worktime.errors import BankHolidayFileError


class BankHoliday(BaseModel):
    """One day and the name it is known by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    name: str


class BankHolidays(BaseModel):
    """Every bank holiday from 1 January of `first_year` to 31 December of `last_year`, and nothing outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_year: int
    last_year: int
    days: tuple[BankHoliday, ...]

    @model_validator(mode="after")
    def _covers_its_years(self) -> Self:
        claimed = set(range(self.first_year, self.last_year + 1))
        held = {holiday.day.year for holiday in self.days}
        if not claimed:
            raise ValueError(f"last_year {self.last_year} is before first_year {self.first_year}")
        if strays := sorted(held - claimed):
            raise ValueError(f"days in {strays} are outside {self.first_year} to {self.last_year}")
        if empty := sorted(claimed - held):
            raise ValueError(f"no bank holiday is listed for {empty}: add them or lower last_year")
        return self

    @cached_property
    def names(self) -> dict[date, str]:
        """Name by day."""
        return {holiday.day: holiday.name for holiday in self.days}

    def with_day(self, day: date, name: str) -> BankHolidays:
        """The same list with one day more, as when one is proclaimed late."""
        kept = [holiday for holiday in self.days if holiday.day != day]
        days = sorted([*kept, BankHoliday(day=day, name=name)], key=lambda holiday: holiday.day)
        return BankHolidays(first_year=self.first_year, last_year=self.last_year, days=tuple(days))


def read_bank_holidays(text: str, where: str) -> BankHolidays:
    """Bank holidays from the text of a TOML file like the one in this package; `where` names it in errors.

    Raises `BankHolidayFileError` with the file and the reason.
    """
    try:
        content = tomllib.loads(text)
        days = tuple(
            BankHoliday(day=date.fromisoformat(day), name=name) for day, name in sorted(content.get("days", {}).items())
        )
        return BankHolidays(first_year=content["first_year"], last_year=content["last_year"], days=days)
    except KeyError as missing:
        raise BankHolidayFileError(where, f"{missing.args[0]} is missing") from missing
    except ValidationError as invalid:
        raise BankHolidayFileError(where, invalid.errors()[0]["msg"]) from invalid
    except ValueError as unreadable:
        raise BankHolidayFileError(where, str(unreadable)) from unreadable


@cache
def england_and_wales(path: Path | None = None) -> BankHolidays:
    """The list in this package, or the file at `path` in its place; read once.

    Raises `BankHolidayFileError`, or `OSError` when `path` cannot be read.
    """
    if path is not None:
        return read_bank_holidays(path.read_text(encoding="utf-8"), str(path))
    packaged = files("icart_common.worktime").joinpath("bank_holidays.toml")
    return read_bank_holidays(packaged.read_text(encoding="utf-8"), "bank_holidays.toml")
