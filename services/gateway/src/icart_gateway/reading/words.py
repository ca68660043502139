"""Spans and ages as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icart_common.policy.wording import london_day


def left_in_words(due: datetime, now: datetime) -> str:
    """`2 hours left`, `3 days late`: how long until a clock is due, by the two units that matter."""
    span = abs(due - now)
    return f"{span_in_words(span)} {'left' if due >= now else 'late'}"


def span_in_words(span: timedelta) -> str:
    """`1 day 3 hours`, `45 minutes`, `less than a minute`."""
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _both((days, "day"), (hours, "hour"))
    if hours:
        return _both((hours, "hour"), (minutes, "minute"))
    return _both((minutes, "minute")) or "less than a minute"


def age_in_words(born: date, now: datetime) -> str:
    """`7 years`, `5 months`, `12 days`: the age of a child on the day that it is."""
    today = london_day(now)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= 24:
        return _both((months // 12, "year"))
    if months >= 2:
        return _both((months, "month"))
    return _both(((today - born).days, "day")) or "born today"


def _both(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number > 0)


def marked(text: str, words: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, whole again when they are joined; true is a piece that is one of the words, in whatever case."""
    wanted = sorted({one for one in words if one.strip()}, key=len, reverse=True)
    if not wanted:
        return ((text, False),)
    pattern = "|".join(r"\s+".join(re.escape(part) for part in one.split()) for one in wanted)
    pieces = re.split(rf"(?<!\w)({pattern})(?!\w)", text, flags=re.IGNORECASE)
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)
