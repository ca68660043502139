"""The stories of docs/stories, played once on the real system: each step is the test of the rules that it proves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from icart_cli import exits, rebuild
from icart_cli.health import ask
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.platform import Platform, platform
from icart_cli.story.demo import play
from icart_cli.story.player import Played
from icart_cli.story.script import Script, read_stories
from icart_gateway.generations import model_url
from tests.faults.places import database_url
from tests.faults.tables import differences, dump
from tests.stories.by_pages import Public, Staff, browser

STORIES = read_stories([Path(__file__).parents[2] / "docs" / "stories"])


def _steps() -> Iterator[object]:
    """Every step, marked with the rows of the register that it proves for the story's authority."""
    for script in STORIES:
        for number, step in enumerate(script.story.steps):
            authority = script.story.authority
            marks = [pytest.mark.req(row, authority=authority) for row in step.proves]
            yield pytest.param(script, number, marks=marks, id=f"{script.name}-{number + 1:02}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Platform, dict[str, Played]]]:
    """The system that the stories were played on, and how they went, by their names.

    They have a broker and a database of their own: their time is simulated. All of it ends with this file: six services that
    have nothing to do take half a core from whatever runs after them.
    """
    with pytest.MonkeyPatch.context() as environment:
        for name in ("ICART_KAFKA_BOOTSTRAP", "ICART_POSTGRES_URL", "ICART_CLOCK_FILE"):
            environment.delenv(name, raising=False)
        folder = tmp_path_factory.mktemp("stories")
        async with platform(folder, starts_at=STORIES[0].story.starts) as running:
            stories = await play(Output(), running, STORIES)
            yield running, {one.script.name: one for one in stories}


@pytest.fixture
def played(on_stage: tuple[Platform, dict[str, Played]]) -> dict[str, Played]:
    return on_stage[1]


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


@pytest.mark.broker
@pytest.mark.req("IN-12", "SC-2", "SC-4", "SC-10", authority="halton")
async def test_from_the_publics_form_to_an_authorised_outcome_by_the_pages(
    on_stage: tuple[Platform, dict[str, Played]],
) -> None:
    """Every process as `icart up` starts it: what is pressed on pages goes through all of them and comes back."""
    running, _ = on_stage
    async with browser(running.pages) as home, browser(running.pages) as desk, browser(running.pages) as beside:
        assert "We have what you sent" in await Public(home, "halton").tells_of("Perpetua", "Oakenshaw")
        manager, worker = Staff(desk, "halton.social-work-manager"), Staff(beside, "halton.social-worker")
        await manager.sign_in()
        await worker.sign_in()
        contact = await manager.finds("Perpetua", "Oakenshaw")
        triaged = {"strand": "safeguarding", "urgency": "urgent", "reason": "afraid and alone"}
        await manager.does(contact, "triage", "The contact has been triaged", **triaged)
        given = {"worker": "other", "worker_number": "halton.social-worker", "reason": "on duty"}
        await manager.does(contact, "allocate", "The contact has been allocated", **given)
        written = "What you wrote is in the record"
        await manager.does(contact, "record-section", written, "screening", text="as established")
        for section in ("personal-information", "contact-record"):
            await worker.does(contact, "record-section", written, section, text="as established")
        stated = {f"statements.{one.id}": "as established" for one in running.book.pack("halton").required_statements}
        await worker.does(contact, "record-section", written, "level-of-need", text="as established", **stated)
        outcome = {
            "level": "3", "outcome": "assessment-s17", "reasons": "afraid and alone", "need_code": "N1", "factors": "",
            "without_consent": "risk-raised",
        }  # fmt: skip
        await worker.does(contact, "submit", "waits for a manager", **outcome)
        await manager.does(contact, "authorise", "The outcome has been authorised", note="")
        ended = (await desk.get(f"/contacts/{contact}")).text
    assert "Closed" in ended
    assert running.book.pack("halton").outcome("assessment-s17").name in ended
    connection = await asyncpg.connect(database_url(running, "screening"))
    try:
        status = await connection.fetchval("select status from contact where id = $1", contact)
    finally:
        await connection.close()
    assert status == "closed"
    await running.quiet.wait(seconds=60)


@pytest.mark.broker
async def test_read_models_read_again_from_the_topics_are_the_same_to_the_byte(
    on_stage: tuple[Platform, dict[str, Played]], tmp_path: Path
) -> None:
    """R4 for the gateway; the one that runs goes over to the new tables by itself, and back, and never to what is not there."""
    running, _ = on_stage
    places, output, url = Places(running.folder), Output(as_json=True), database_url(running, "gateway")
    number = (await rebuild.rebuild(output, places)).generation
    await running.quiet.wait(seconds=60)
    before, after = [await dump(model_url(url, one)) for one in (1, number)]
    assert sum(map(len, before.values())) > 100
    assert differences(before, after) == {}
    await _begun_anew(running, 2)
    with pytest.raises(exits.Stop, match="serves"):
        await rebuild.drop(output, places, number)
    await rebuild.put_in_force(output, places, 1)
    await _begun_anew(running, 3)
    await rebuild.drop(output, places, number)
    with pytest.raises(exits.Stop, match="cannot serve"):
        await rebuild.put_in_force(output, places, number)


async def _begun_anew(running: Platform, starts: int) -> None:
    """Wait until the gateway has been started so often and is ready."""
    async with asyncio.timeout(60):
        while running.services.starts("gateway") < starts or not (
            (answer := await ask(running.client, running.services.urls()["gateway"], "/readyz")) and answer["ready"]
        ):
            await asyncio.sleep(0.1)
    assert running.services.starts("gateway") == starts


def test_the_stories_tell_of_at_least_twelve_contacts_in_three_authorities() -> None:
    assert len({script.story.authority for script in STORIES}) == 3
    assert sum(len(script.story.steps) for script in STORIES) > 12
