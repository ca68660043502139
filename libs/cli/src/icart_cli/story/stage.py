"""The stage that a story plays on: its clock, what is said, and the moment when nothing more is to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from icart_cli import exits
from icart_cli.describe import shown
from icart_cli.listening import Heard, Listener
from icart_cli.platform import Platform
from icart_cli.story.letters import Letter, read_letters
from icart_cli.story.memory import Memory
from icart_common.clock import SimulatedClock, monotonic

_PATIENCE_SECONDS = 90.0
"""How long a stop may take on a busy machine; a killed service is back within it."""


class Stage:
    """Moves the clock, listens, and waits for quiet. What is heard goes to the memory of the story that plays."""

    def __init__(self, platform: Platform, listener: Listener) -> None:
        assert platform.clock is not None, "a story plays on simulated time"
        self._platform = platform
        self._clock: SimulatedClock = platform.clock
        self._listener = listener
        self._progress: dict[str, dict[str, Any]] | None = None
        self._heard: list[Heard] = []
        self._letters = 0
        self.memory = Memory()
        self.stops = 0
        """At how many instants the clock has stood."""

    async def settle(self) -> None:
        """Return when everything that was sent has had all its consequences and all of them have been heard."""
        try:
            self._progress = await self._platform.quiet.wait(seconds=_PATIENCE_SECONDS)
        except TimeoutError as busy:
            raise exits.Stop(
                exits.TOO_LATE,
                f"The services did not come to rest at {shown(self._clock.now())}: {busy}.",
                f"Their logs are in {self._platform.folder / 'logs'}.",
            ) from None
        while not await self._listener.at_end():
            await self._listen(20)

    async def until(self, wanted: Callable[[Heard], bool], what: str) -> None:
        """Listen until a message comes. Raises `Stop` when it does not."""
        end = monotonic() + _PATIENCE_SECONDS
        while monotonic() < end:
            if any(wanted(one) for one in await self._listen(20)):
                return
        raise exits.Stop(exits.TOO_LATE, f"Nothing answered {what}.", "Look at the services' logs.")

    async def _listen(self, milliseconds: int) -> list[Heard]:
        heard = await self._listener.next(milliseconds=milliseconds)
        self._heard += heard
        for one in heard:
            self.memory.hear(one)
        return heard

    async def move_to(self, instant: datetime) -> None:
        """Move the clock, and stand at every instant on the way at which a clock of the pack has something to say."""
        if self._progress is None:
            await self.settle()
        while (due := self._next_due()) and self._clock.now() < due <= instant:
            await self._stand_at(due)
        if self._clock.now() < instant:
            await self._stand_at(instant)

    async def _stand_at(self, instant: datetime) -> None:
        self._clock.set(instant)
        self.stops += 1
        await self.settle()

    def _next_due(self) -> datetime | None:
        clocks = (self._progress or {}).get("timers", {}).get("clocks", {})
        due = clocks.get("next_due")
        return datetime.fromisoformat(due) if due else None

    def take(self) -> tuple[list[Heard], list[Letter]]:
        """What was said and which letters left since this was last asked, in their order."""
        heard = self.memory.in_turn(self._heard)
        letters = read_letters(self._platform.mail_folder, after=self._letters)
        self._heard = []
        self._letters += len(letters)
        return heard, letters
