"""The stories of docs/stories, played once on the real system: each step is the test of the rules that it proves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from icart_cli.output import Output
from icart_cli.platform import platform
from icart_cli.story.demo import play
from icart_cli.story.player import Played
from icart_cli.story.script import Script, read_stories

STORIES = read_stories([Path(__file__).parents[2] / "docs" / "stories"])


def _steps() -> Iterator[object]:
    """Every step, marked with the rows of the register that it proves for the story's authority."""
    for script in STORIES:
        for number, step in enumerate(script.story.steps):
            authority = script.story.authority
            marks = [pytest.mark.req(row, authority=authority) for row in step.proves]
            yield pytest.param(script, number, marks=marks, id=f"{script.name}-{number + 1:02}")


@pytest_asyncio.fixture(scope="session")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Played]]:
    """The stories as they went, by their names. They have a broker and a database of their own: their time is simulated."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ICART_KAFKA_BOOTSTRAP", "ICART_POSTGRES_URL", "ICART_CLOCK_FILE"):
            environment.delenv(name, raising=False)
        folder = tmp_path_factory.mktemp("stories")
        async with platform(folder, starts_at=STORIES[0].story.starts) as running:
            stories = await play(Output(), running, STORIES)
            yield {one.script.name: one for one in stories}


@pytest.mark.broker
@pytest.mark.parametrize(("script", "number"), list(_steps()))
def test_what_a_step_expects_comes(played: dict[str, Played], script: Script, number: int) -> None:
    failures = played[script.name].failures[number]
    title = script.story.steps[number].title
    assert not failures, f"{script.file}:{script.lines[number]}: {title}\n" + "\n".join(map(str, failures))


@pytest.mark.broker
@pytest.mark.req("SC-26")
@pytest.mark.parametrize("script", [pytest.param(script, id=script.name) for script in STORIES])
def test_every_contact_ends_in_exactly_one_outcome(played: dict[str, Played], script: Script) -> None:
    story = played[script.name]
    assert story.memory.contacts
    assert not story.ending


def test_the_stories_tell_of_at_least_twelve_contacts_in_three_authorities() -> None:
    assert len({script.story.authority for script in STORIES}) == 3
    assert sum(len(script.story.steps) for script in STORIES) > 12
