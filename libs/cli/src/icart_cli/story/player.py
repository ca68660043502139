"""Plays a story step by step, shows what happens with its clocks, and holds it against what was expected."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from icart_cli import exits
from icart_cli.describe import describe, shown
from icart_cli.listening import Heard
from icart_cli.output import Output
from icart_cli.story.acting import Acting
from icart_cli.story.expectations import Failure, Window, check, unexpected
from icart_cli.story.letters import Letter
from icart_cli.story.memory import Memory
from icart_cli.story.model import Step
from icart_cli.story.script import Script
from icart_cli.story.stage import Stage
from icart_common.contracts import timers
from icart_common.contracts.base import CommandRefused
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.notifications import DeliveryMade
from icart_common.contracts.screening import ContactClosed


@dataclass(slots=True)
class Played:
    """A story as it went: per step what failed, and what is wrong at its end."""

    script: Script
    memory: Memory
    failures: list[list[Failure]] = field(default_factory=list)
    ending: list[Failure] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not self.ending and not any(self.failures)


class StoryPlayer:
    """One story on the stage."""

    def __init__(self, script: Script, stage: Stage, acting: Acting, output: Output, *, breath: float = 0) -> None:
        self._story = script.story
        self._stage = stage
        self._acting = acting
        self._output = output
        self._breath = breath
        self._fulfilled: list[Heard] = []
        self.played = Played(script, stage.memory)

    async def play(self) -> Played:
        """All steps. What does not hold is printed, and the story goes on."""
        self._output.fact(
            "story", f"\n{self._story.title}\n{self._story.about}".rstrip(), style="bold", title=self._story.title
        )
        await self._stage.move_to(self._story.starts)
        await self._acting.hold_cases()
        await self._stage.settle()
        self._stage.take()
        for number, step in enumerate(self._story.steps):
            self.played.failures.append(await self._step(number, step))
            await asyncio.sleep(self._breath)
        self.played.ending = list(self._ending())
        for failure in self.played.ending:
            self._show_failure(failure, self.played.script.file)
        return self.played

    async def _step(self, number: int, step: Step) -> list[Failure]:
        self._show_title(number, step)
        stopped: list[Failure] = []
        await self._stage.move_to(step.at)
        for action in step.do:
            try:
                await self._acting.act(action, self._stage)
            except exits.Stop as stop:
                if stop.code != exits.NOT_AS_EXPECTED:
                    raise
                stopped.append(Failure("the step can be carried out", f"{stop} {stop.fix}"))
                break
        await self._stage.settle()
        heard, letters = self._stage.take()
        own = [one for one in heard if self._is_ours(one)]
        self.played.letters += letters
        self._show_said(own, letters)
        failures = stopped + self._check(step, own, letters)
        place = f"{self.played.script.file}:{self.played.script.lines[number]}"
        for failure in failures:
            self._show_failure(failure, place)
        if step.expect and not failures:
            self._output.fact("held", f"    ✓ {len(step.expect)} expected, all came", style="green", step=number + 1)
        return failures

    def _is_ours(self, heard: Heard) -> bool:
        """Clocks of an earlier story may still run: what another authority is told is not of this one."""
        authority = heard.envelope.authority or getattr(heard.body, "authority", None)
        return authority in (None, self._story.authority)

    def _check(self, step: Step, heard: list[Heard], letters: list[Letter]) -> list[Failure]:
        left = [one for one in self._stage.memory.heard if one.topic.startswith("outbound.")]
        window = Window(heard, letters, left, self.played.letters, self._stage.memory)
        failures = []
        asked: list[Heard] = []
        for expectation in step.expect:
            try:
                found, failure = check(expectation, window)
            except exits.Stop as stop:  # a name in the expectation that nothing came of
                found, failure = [], Failure("the expectation can be read", f"{stop} {stop.fix}")
            asked += found
            if failure:
                failures.append(failure)
        self._fulfilled += asked
        for kind, words in ((CommandRefused, "no command is refused unless the step says so"),
                            (DeadLettered, "no dead letter unless the step says so")):  # fmt: skip
            for one in unexpected(heard, asked, kind):
                failures.append(Failure(words, f"{self._stage.memory.title_of(one)}: {describe(one.body)}"))
        return failures

    def _ending(self) -> list[Failure]:
        """Every contact has ended in exactly one outcome, or is one of those that are still open (SC-26)."""
        outcomes: dict[str, set[str]] = {name: set() for name in self._stage.memory.contacts}
        for one in self._stage.memory.heard:
            if isinstance(one.body, ContactClosed):
                name = self._stage.memory.name_of(one.body.contact)
                outcomes.setdefault(name or str(one.body.contact), set()).add(f"{one.body.outcome}@{one.body.version}")
        found = []
        for name, ended in sorted(outcomes.items()):
            wanted = 0 if name in self._story.still_open else 1
            if len(ended) != wanted:
                words = "is still open" if wanted == 0 else "ends in exactly one outcome"
                found.append(Failure(f"contact {name} {words}", f"{len(ended)} outcomes"))
        return found

    def _show_title(self, number: int, step: Step) -> None:
        rows = f"  [{', '.join(step.proves)}]" if step.proves else ""
        self._output.line("")
        self._output.fact(
            "step", f"{shown(step.at)}  {step.title}{rows}", style="bold cyan", step=number + 1, at=step.at,
            title=step.title, proves=step.proves,
        )  # fmt: skip

    def _show_said(self, heard: list[Heard], letters: list[Letter]) -> None:
        for one in heard:
            if not self._output.as_json and isinstance(one.body, DeliveryMade):
                continue  # people see the message itself
            is_clock = isinstance(one.body, timers.ClockEvent)
            who = one.topic.removeprefix("events.").replace("outbound.", "to ")
            about, sentence = self._stage.memory.title_of(one), describe(one.body)
            style = "yellow" if is_clock else "dim" if not one.topic.startswith("outbound.") else ""
            self._output.fact(
                "said", f"    {who:28} {about + ':' if about else '':18} {sentence}", style=style, at=one.envelope.time,
                topic=one.topic, type=one.envelope.type, about=about, sentence=sentence,
            )  # fmt: skip
        for letter in letters:
            self._output.fact("mail", f"    {'by e-mail':28} {'':18} {letter.subject}", subject=letter.subject)

    def _show_failure(self, failure: Failure, place: str) -> None:
        self._output.fact(
            "failure", f"    ✗ expected {failure.expected}\n      came: {failure.came}\n      ({place})",
            style="red", expected=failure.expected, came=failure.came, place=place,
        )  # fmt: skip
