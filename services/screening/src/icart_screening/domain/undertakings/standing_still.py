"""An undertaking's clocks stand still and run on: the same two commands for every kind with clocks (section 8, TM-11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from icart_common.contracts.base import Message
from icart_common.contracts.standing_still import (
    PauseUndertakingClocks,
    ResumeUndertakingClocks,
    UndertakingClocksPaused,
    UndertakingClocksResumed,
)
from icart_screening.domain.standing_still import to_run_on, to_stop
from icart_screening.domain.undertakings.undertaking import Circumstances, Decider, Progress, Undertaking


def _pause(held: Undertaking, command: PauseUndertakingClocks, on: Circumstances) -> Iterable[Progress]:
    rules = to_stop(held.clocks, held.standing_still, on.pack, held.LIFE.name)
    after = on.go_on(held, (UndertakingClocksPaused, _said(held, command, rules)))
    stops = held.clocks.pause(rules, at=on.at, reason=command.reason)
    yield replace(after, clocks=(*after.clocks, *stops))


def _resume(held: Undertaking, command: ResumeUndertakingClocks, on: Circumstances) -> Iterable[Progress]:
    rules = to_run_on(held.clocks, held.standing_still)
    since = held.standing_still_since
    assert since is not None, "what stands still has stood still since some time"
    due = held.due_after((*held.pauses, (since, on.at)), on.pack)
    said = {**_said(held, command, rules), "stood_still_since": since, "due": due}
    after = on.go_on(held, (UndertakingClocksResumed, said))
    goes_on = held.clocks.resume(rules, at=on.at, reason=command.reason)
    yield replace(after, clocks=(*after.clocks, *goes_on))


def _said(
    held: Undertaking, command: PauseUndertakingClocks | ResumeUndertakingClocks, rules: tuple[str, ...]
) -> dict[str, object]:
    clocks = tuple(held.clocks.ids[rule] for rule in rules)
    return {"by": command.actor, "reason": command.reason, "rules": rules, "clocks": clocks}


STANDING_STILL: Final[dict[type[Message], Decider]] = {
    PauseUndertakingClocks: _pause,
    ResumeUndertakingClocks: _resume,
}
"""The deciders that each kind with clocks of a contact has beside its own."""
