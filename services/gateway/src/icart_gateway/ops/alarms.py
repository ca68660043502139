"""What is wrong now, the worst first, each with its page in the runbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icart_gateway.ops.asking import Said
from icart_gateway.ops.words import length

LONG: Final = 60.0
"""Seconds after which somebody on call should look why a message has not been handled."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong."""

    page: str
    """Its page in the runbook."""
    words: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What the read models hold that somebody has to look at."""

    deliveries_failed: int
    dead_letters: int
    clocks_breached: int


def alarms(said: Sequence[Said], counts: Counts) -> list[Alarm]:
    """All alarms of this moment, in the order in which they are to be looked at."""
    found = [
        Alarm("service-away", f"{one.service} does not answer: {one.why_not[0]}.") for one in said if not one.answers
    ]
    found += [
        Alarm("service-not-ready", f"{one.service} answers, and cannot do its work: {one.why_not[0]}.")
        for one in said
        if one.answers and one.why_not
    ]
    found += [
        Alarm("children-wait", f"At {one.service} the oldest message has waited for {length(one.oldest_seconds)}.")
        for one in said
        if one.oldest_seconds > LONG
    ]
    found += [
        Alarm("topic-rests", f"{one.service} lets {topic} rest: most of what it brings cannot be read.")
        for one in said
        for topic in one.resting
    ]
    if counts.dead_letters:
        found.append(Alarm("dead-letters", _many(counts.dead_letters, "message", "could not be handled")))
    if counts.deliveries_failed:
        found.append(
            Alarm("deliveries-fail", _many(counts.deliveries_failed, "message to an agency", "did not arrive"))
        )
    if counts.clocks_breached:
        found.append(Alarm("clocks-breached", _many(counts.clocks_breached, "clock", "ran out and still runs")))
    return found


def _many(count: int, what: str, did: str) -> str:
    first, _, rest = what.partition(" ")
    plural = first if count == 1 else f"{first}s"
    return f"{count:,} {plural}{' ' + rest if rest else ''} {did}."
