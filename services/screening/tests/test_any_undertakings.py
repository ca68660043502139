"""Whatever people ask of contacts and of everything that has a life of its own, in whatever order and role.

The kinds are those of `KINDS`: one that is added there is tried here, its commands drawn from their own fields.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from icart_common.contracts.base import Actor, Command, Message
from icart_common.contracts.timers import CancelClock, MeetClock, PauseClock, ResumeClock, StartClock
from icart_common.contracts.undertakings import UndertakingCommand
from icart_common.policy.lives.life import Life
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.kinds import HEARD_BY, KINDS, kind_of
from icart_screening.domain.undertakings.undertaking import Progress, Undertaking
from services.screening.tests.any_command import Pools, command, pools
from services.screening.tests.front_door import CASTS, of_type
from services.screening.tests.test_any_commands import AnyCommands

OWN_WORK = frozenset({"authorise"})
"""Permissions to settle what somebody else began: nobody settles their own."""
MESSAGES = tuple(sorted(HEARD_BY, key=lambda message: message.TYPE))


def _naming(message: type[Message]) -> str | None:
    """The field in which a message names the undertaking: an agency answers a `check`."""
    fields = ("undertaking", *(kind.life.kind for kind in HEARD_BY[message]))
    return next((field for field in fields if field in message.model_fields), None)


class AnyUndertakings(AnyCommands):
    """The same front door and people, who also begin, go on with and settle undertakings of every kind."""

    ids: Pools

    @initialize(authority=st.sampled_from(sorted(CASTS)), high=st.booleans())
    def arrive(self, authority: str, high: bool) -> None:
        super().arrive(authority, high)
        self.ids = pools(self.door.pack)
        self.settled: list[tuple[Undertaking, str]] = []

    @rule(data=st.data())
    def somebody_undertakes(self, data: st.DataObject) -> None:
        lives = [one.LIFE for one in self.door.undertakings.values() if one.open]
        message = data.draw(st.sampled_from(self._likely(lives)))
        held = self._held(data, message)
        if held is None and (issubclass(message, UndertakingCommand) or not issubclass(message, Command)):
            return  # what names an undertaking that is not there never comes so far
        drawn = data.draw(
            command(message, self._known(data, message, held), self._actors(message), self.ids, self.door.now)
        )
        if drawn is None:
            return
        before = dict(self.door.undertakings)
        decided = self.door.heard(drawn, held)
        if isinstance(decided, Refusal):
            assert decided.why
            assert self.door.undertakings == before, "what is refused changes nothing"
            return
        if isinstance(drawn, Command):
            self._was_allowed(drawn, held, decided)

    def _likely(self, lives: list[Life]) -> list[type[Message]]:
        """What begins something, and what goes on with something that is there: the latter more often."""
        later = [
            message
            for message in MESSAGES
            if _naming(message) and any(kind.life in lives for kind in HEARD_BY[message])
        ]
        return [*(message for message in MESSAGES if not _naming(message)), *later * 2]

    def _held(self, data: st.DataObject, message: type[Message]) -> Undertaking | None:
        lives = [kind.life for kind in HEARD_BY[message]]
        of_kind = [one for one in self.door.undertakings.values() if one.LIFE in lives]
        likely = [one for one in of_kind if one.open]
        if not of_kind or _naming(message) is None:
            return None
        return data.draw(st.sampled_from(sorted(likely or of_kind, key=lambda one: one.id)))

    def _known(self, data: st.DataObject, message: type[Message], held: Undertaking | None) -> dict[str, Any]:
        contact = held.contact if held else data.draw(st.sampled_from(sorted(self.door.contacts)))
        known: dict[Any, Any] = {"contact": contact, "authority": self.door.authority}
        if held:
            known |= {_naming(message): held.id, "seen_version": held.version}
        return known

    def _actors(self, message: type[Message]) -> st.SearchStrategy[Actor]:
        """Three people, mostly in a role that may."""
        steps = [step for kind in HEARD_BY[message] for step in kind.life.steps if step.command is message]
        needed = {step.permission for step in steps if step.permission}
        every = [role for role in self.door.pack.roles if role.strands]
        fitting = [role.id for role in every if needed <= set(role.permissions)]
        roles = [*fitting * 3, *(role.id for role in every)]
        return st.builds(Actor, person=st.sampled_from(["ada", "ben", "cat"]), role=st.sampled_from(roles))

    def _was_allowed(self, asked: Any, held: Undertaking | None, decided: tuple[Any, ...]) -> None:
        """Whoever was obeyed holds the permission of the step, and did not begin what they settle."""
        life = kind_of(asked, held).life
        role = self.door.pack.role(asked.actor.role)
        for done in decided:
            if not isinstance(done, Progress) or done.undertaking.LIFE is not life:
                continue
            events = {type(event) for event in done.events}
            for step in life.asked_by(type(asked)):
                if step.event in events and (held is None or held.state in step.leaves) and step.permission:
                    assert role.may(step.permission), f"{role.id} may not {step.says}"
                    if held is not None and step.permission in OWN_WORK:
                        assert asked.actor.person != self._began(held), "nobody settles what they began"

    def _began(self, held: Undertaking) -> str | None:
        first = next(event for event in self.door.told if event.undertaking == held.id)
        by = getattr(first, "by", None)
        return by.person if by else None

    @invariant()
    def each_undertaking_takes_the_steps_of_its_life_and_stays_where_it_ended(self) -> None:
        states: dict[Any, str | None] = {}
        versions: Counter[Any] = Counter()
        for event in self.door.told:
            held = self.door.undertakings[event.undertaking]
            before = states.get(held.id)
            step = held.LIFE.taken(before, type(event))
            assert step is not None, f"{type(event).__name__} is no step of a {held.LIFE.name} that is {before}"
            states[held.id] = step.reaches or before
            assert event.version - versions[held.id] in (0, 1)
            versions[held.id] = event.version
        assert states == {held.id: held.state for held in self.door.undertakings.values()}

    @invariant()
    def clocks_stand_still_and_run_on_in_turn(self) -> None:
        still = set[Any]()
        for said in self.door.clocks:
            if isinstance(said, PauseClock):
                assert said.clock not in still, "it stands still already"
                still.add(said.clock)
            elif isinstance(said, ResumeClock):
                still.remove(said.clock)
        held = {clock for one in self.door.undertakings.values() for clock in one.standing_still}
        held |= {clock for one in self.door.contacts.values() for clock in one.standing_still}
        ended = {said.clock for said in self.door.clocks if isinstance(said, MeetClock | CancelClock)}
        assert still - ended == held - ended

    @invariant()
    def every_clock_starts_once_ends_once_and_none_outlives_its_contact(self) -> None:
        started = [clock.clock for clock in of_type(self.door.clocks, StartClock)]
        ended = [clock.clock for clock in self.door.clocks if isinstance(clock, MeetClock | CancelClock)]
        everything: list[Contact | Undertaking] = [*self.door.contacts.values(), *self.door.undertakings.values()]
        running = [clock for one in everything for clock in one.clocks.ids.values()]
        assert len(set(started)) == len(started)
        assert sorted([*ended, *running]) == sorted(started), "each is met or cancelled once, or runs"
        over = [one for one in everything if not (one.open if isinstance(one, Undertaking) else one.status == "open")]
        assert not any(one.clocks.ids for one in over), "none outlives what it times"


AnyUndertakings.TestCase.settings = settings(
    max_examples=15, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyUndertakings = pytest.mark.req("SC-1", "SC-2", "SC-10", "SC-26")(AnyUndertakings.TestCase)


def test_every_kind_is_tried() -> None:
    assert {kind.life.kind for message in MESSAGES for kind in HEARD_BY[message]} == {
        kind.life.kind for kind in KINDS if kind.deciders
    }
