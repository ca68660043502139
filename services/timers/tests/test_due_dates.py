"""Section 8 of the register: when each clock of the spine is due, for each authority, with the sum that it shows."""

from datetime import timedelta

import pytest

from icart_common.contracts.timers import ClockRefused, ClockStarted
from icart_timers.domain import decide


def row(requirement: str, authority: str, rule: str, received: str, due_at: str, words: str):
    marks = [pytest.mark.req(requirement, authority=authority), pytest.mark.req("AU-5", authority=authority)]
    return pytest.param(authority, rule, received, due_at, words, marks=marks, id=f"{authority}-{rule}-{received}")


@pytest.mark.parametrize(
    ("authority", "rule", "received", "due_at", "words"),
    [
        row("TM-1", "halton", "TM-1", "2026-11-24 10:00", "2026-11-24 17:30",
            "received Tue 10:00, the same working day, due Tue 17:30"),
        row("TM-1", "halton", "TM-1", "2026-11-20 16:45", "2026-11-23 17:30",
            "received Fri 16:45, counted from Mon 09:00, the same working day, due Mon 17:30"),
        row("TM-1", "cheshire-west", "TM-1", "2026-11-24 10:00", "2026-11-24 17:00",
            "received Tue 10:00, the same working day, due Tue 17:00"),
        row("TM-1", "york", "TM-1", "2026-11-20 16:45", "2026-11-20 17:45",
            "received Fri 16:45, one hour by day and night, due Fri 17:45"),
        row("TM-2", "halton", "TM-2", "2026-11-20 16:45", "2026-11-24 17:30",
            "received Fri 16:45, counted from Mon 09:00, one working day, due Tue 17:30"),
        row("TM-2", "halton", "TM-2", "2026-11-24 10:00", "2026-11-25 17:30",
            "received Tue 10:00, one working day, due Wed 17:30"),
        row("TM-3", "halton", "TM-3", "2026-11-24 10:00", "2026-11-27 16:40",
            "received Tue 10:00, three working days, due Fri 16:40"),
        row("TM-3", "halton", "TM-3", "2026-04-02 15:00", "2026-04-09 17:30",
            "received Thu 2 Apr 15:00, three working days, not counting Fri 3 Apr (Good Friday) or "
            "Mon 6 Apr (Easter Monday), due Thu 9 Apr 17:30"),
        row("TM-4", "cheshire-west", "TM-4", "2026-11-20 16:45", "2026-11-24 17:00",
            "received Fri 16:45, counted from Mon 08:30, one working day, due Tue 17:00"),
        row("TM-5", "york", "TM-5", "2026-11-20 16:45", "2026-11-23 09:30",
            "received Fri 16:45, the next working day's meeting at 09:30, due Mon 09:30"),
        row("TM-8", "halton", "TM-8", "2026-11-24 10:00", "2026-11-27 16:40",
            "received Tue 10:00, three working days, due Fri 16:40"),
        row("TM-8", "halton", "TM-8-chase", "2026-11-24 10:00", "2026-12-01 17:30",
            "received Tue 24 Nov 10:00, five working days, due Tue 1 Dec 17:30"),
        row("TM-9", "halton", "TM-9", "2026-11-21 02:00", "2026-11-23 10:00",
            "received Sat 02:00, by 10:00 on the next working day, due Mon 10:00"),
    ],
)  # fmt: skip
def test_due_and_its_sum(authority, rule, received, due_at, words, london, reckoners, starting) -> None:
    command = starting(rule, london(received), authority=authority)

    step = decide.start(None, command, reckoners, partition=3, correlation=command.subject)

    (said,) = step.said
    assert isinstance(said, ClockStarted)
    assert said.due_at == london(due_at)
    assert said.sum == words
    assert step.clock is not None
    assert (step.clock.due_at, step.clock.sum, step.clock.partition) == (said.due_at, said.sum, 3)


@pytest.mark.req("TM-2", authority="halton")
def test_warnings_come_at_the_fractions_of_the_pack_in_working_time(london, reckoners, starting) -> None:
    command = starting("TM-2", london("2026-11-20 16:45"))
    step = decide.start(None, command, reckoners, partition=0, correlation=command.subject)
    assert step.clock is not None
    assert step.clock.fractions == (0.5, 0.8)
    assert step.clock.warns_at == (london("2026-11-23 17:30"), london("2026-11-24 14:06"))
    assert step.clock.next_at == london("2026-11-23 17:30")


def test_started_twice_stays_as_it_is(london, reckoners, starting) -> None:
    command = starting("TM-2", london("2026-11-20 16:45"))
    first = decide.start(None, command, reckoners, partition=0, correlation=command.subject)
    again = command.model_copy(update={"counted_from": command.counted_from + timedelta(days=9)})
    assert decide.start(first.clock, again, reckoners, partition=0, correlation=command.subject) == decide.Step(
        first.clock
    )


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        ({"rule": "TM-99"}, "unknown-rule", "TM-99"),
        ({"pack_version": "1999.1"}, "unknown-rule", "1999.1"),
        ({"authority": "nowhere"}, "unknown-rule", "nowhere"),
    ],
)
def test_a_rule_that_no_pack_holds_is_refused(change, code, why, london, reckoners, starting) -> None:
    command = starting("TM-2", london("2026-11-20 16:45")).model_copy(update=change)
    step = decide.start(None, command, reckoners, partition=0, correlation=command.subject)
    (refusal,) = step.said
    assert isinstance(refusal, ClockRefused)
    assert step.clock is None
    assert (refusal.code, refusal.command) == (code, "icart.timers.start.v1")
    assert why in refusal.why


@pytest.mark.req("AU-5")
def test_a_year_whose_holidays_are_not_known_is_refused_and_not_guessed(london, reckoners, starting) -> None:
    command = starting("TM-2", london("2099-03-02 10:00"))
    step = decide.start(None, command, reckoners, partition=0, correlation=command.subject)
    (refusal,) = step.said
    assert isinstance(refusal, ClockRefused)
    assert step.clock is None
    assert refusal.code == "no-due-date"
    assert "bank holidays of 2099 are not known" in refusal.why
