"""The life of an undertaking as data: its states, and the steps from one to another. Drawn by `icart policy draw`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from icart_common.contracts.base import Command
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.clocks import Moment
from icart_common.policy.roles import Permission

OWN_WORK: Final = "nobody authorises their own work"
"""Why a step that is marked `own_work` is refused to whoever did the work (SC-10)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life: from which states to which, what is said of it, and who may ask for it."""

    event: type[UndertakingEvent]
    leaves: frozenset[str]
    """The states that it may be taken in; none for the step that begins a life."""
    reaches: str | None
    """The state after it; None: the state stays."""
    says: str
    """What is done, in a word or two that follow `you may`: `answer it`."""
    command: type[Command] | None = None
    """None for what nobody asks for: an agency's reply, a consequence of something else."""
    permission: Permission | None = None
    moments: tuple[Moment, ...] = ()
    """What it is to the pack's clocks."""
    own_work: bool = False
    """Nobody does this to their own work."""
    contact: Literal["open", "closed"] | None = None
    """How its contact has to stand, when that matters."""
    anywhere: bool = False
    """The permission is enough, whichever strand the contact is on."""


@dataclass(frozen=True, slots=True)
class Life:
    """The states of a kind of undertaking, in the order in which people speak of them, and its steps."""

    kind: str
    name: str
    """What people call it, as it follows `the`: `check`, `strategy discussion`."""
    states: tuple[str, ...]
    ends: frozenset[str]
    """The states that it stays in for good."""
    steps: tuple[Step, ...]

    def asked_by(self, command: type[Command]) -> tuple[Step, ...]:
        """The steps that a command asks for."""
        return tuple(step for step in self.steps if step.command is command)

    def taken(self, state: str | None, event: type[UndertakingEvent]) -> Step | None:
        """The step that an event is in a state (None: before the life began); None when there is none."""
        for step in self.steps:
            if step.event is event and (state in step.leaves if state else not step.leaves):
                return step
        return None

    def open_to(self, state: str) -> Iterator[Step]:
        """The steps that a person can ask for in a state."""
        return (step for step in self.steps if step.command and state in step.leaves)
