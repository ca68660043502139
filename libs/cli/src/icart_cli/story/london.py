"""Instants as a story writes them: `Fri 18 Dec 2026 16:45`, in Europe/London, the weekday checked against the date."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

LONDON = ZoneInfo("Europe/London")
_FORM = "%a %d %b %Y %H:%M"


def instant(words: object) -> datetime:
    """The instant in UTC. Raises `ValueError` that says what is wrong; of an hour that comes twice, the first is meant."""
    if not isinstance(words, str):
        raise ValueError("an instant is written like 'Fri 18 Dec 2026 16:45'")  # noqa: TRY004 - pydantic's contract
    try:
        local = datetime.strptime(words, _FORM).replace(tzinfo=LONDON)
    except ValueError:
        raise ValueError(f"an instant is written like 'Fri 18 Dec 2026 16:45', not {words!r}") from None
    if not words.startswith(f"{local:%a}"):
        raise ValueError(f"{local:%d %b %Y} is a {local:%A}, not {words[:3]!r}")
    return local.astimezone(UTC)


LondonTime = Annotated[datetime, BeforeValidator(instant)]
"""An instant in UTC, written in London time."""
