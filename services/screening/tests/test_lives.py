"""The lives of undertakings are whole: every state is reached, every step is the only one of its event and has a decider."""

import pytest

from icart_common.contracts.base import Command
from icart_common.policy.lives import LIVES
from icart_screening.domain.undertakings.kinds import BY_NAME, KINDS
from icart_screening.domain.undertakings.undertaking import Kind

each_kind = pytest.mark.parametrize("kind", KINDS, ids=list(BY_NAME))


@each_kind
def test_every_state_can_be_reached_and_left_but_the_last(kind: Kind) -> None:
    life = kind.life
    reached = {step.reaches for step in life.steps if step.reaches}
    left = {state for step in life.steps if step.reaches for state in step.leaves}
    assert reached == set(life.states)
    assert left == set(life.states) - life.ends


@each_kind
def test_an_event_is_one_step_of_a_state(kind: Kind) -> None:
    for state in (*kind.life.states, None):
        events = [step.event for step in kind.life.steps if (state in step.leaves if state else not step.leaves)]
        assert len(events) == len(set(events)), state


@each_kind
def test_every_command_of_the_life_has_a_decider_and_the_other_way_round(kind: Kind) -> None:
    asked = {step.command for step in kind.life.steps if step.command}
    assert asked == {command for command in kind.deciders if issubclass(command, Command)}


@each_kind
def test_every_step_is_one_that_some_role_of_each_pack_may_take(kind: Kind, book) -> None:
    for pack in book.packs():
        for step in kind.life.steps:
            assert step.permission is None or pack.roles_with(step.permission), (pack.authority.id, step.permission)


def test_the_kinds_have_the_lives_that_everybody_is_shown() -> None:
    assert [kind.life for kind in KINDS] == list(LIVES)
