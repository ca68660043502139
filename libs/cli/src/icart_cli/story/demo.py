"""`icart demo`: everything started, the stories played in the order of their time, the closing table, the exit code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from icart_cli import exits
from icart_cli.listening import listening, said_topics
from icart_cli.output import Output
from icart_cli.places import RunFile
from icart_cli.platform import Platform, platform
from icart_cli.sending import sending
from icart_cli.story.acting import Acting
from icart_cli.story.closing import show_closing
from icart_cli.story.memory import Memory
from icart_cli.story.player import Played, StoryPlayer
from icart_cli.story.script import Script, StoryRefused, read_stories
from icart_cli.story.stage import Stage
from icart_cli.story.watching import BREATH_SECONDS, opened, until_told_to_stop
from icart_cli.up import ReadableLogs, show_pages
from icart_common.clock import monotonic
from icart_common.deployment import deployment_topics


async def demo(
    output: Output,
    folder: Path,
    stories: Sequence[Path],
    *,
    brokers: int = 1,
    packs: Path | None = None,
    pages_port: int = 0,
    watched: bool = False,
) -> int:
    """Play the stories in `folder`/demo, which is made anew. Returns the exit code: 0 when every expectation held.

    When it is `watched`, somebody has opened the pages: the story waits for them, takes a breath after each step, and the pages
    stay when it is over.

    Raises `Stop` when a file cannot be played or the system does not start.
    """
    scripts = read(stories)
    began = monotonic()
    place = fresh(folder / "demo")
    readable = ReadableLogs(output, least="warning")

    def logs(service: str, fields: dict[str, object]) -> None:
        # What a library says while the broker is still starting is in the log files.
        if fields.get("level") in ("error", "critical") and fields.get("event") != "library":
            readable(service, fields)

    starts_at = scripts[0].story.starts
    async with platform(
        place, brokers=brokers, starts_at=starts_at, packs=packs, pages_port=pages_port, step=output.line, heard=logs
    ) as running:
        if watched:
            show_pages(output, running)
            await opened(output, running.pages)
        started = monotonic()
        played = await play(output, running, scripts, breath=BREATH_SECONDS if watched else 0)
        show_closing(output, played, running.book)
        output.line(
            f"Started in {started - began:.0f} s, played in {monotonic() - started:.0f} s. "
            f"Logs and mail are in {running.folder}."
        )
        if watched:
            await until_told_to_stop(output, running.pages)
    return exits.OK if all(one.held for one in played) else exits.NOT_AS_EXPECTED


def read(stories: Sequence[Path]) -> list[Script]:
    """The stories that can be played. Raises `Stop` with every problem of the files."""
    try:
        return read_stories(stories)
    except StoryRefused as refused:
        raise exits.Stop(exits.WRONG_USE, f"The story cannot be played:\n{refused}") from None


def fresh(folder: Path) -> Path:
    """An empty folder: what an earlier play left there is removed. Raises `Stop` when a play goes on there."""
    found = folder / "run.json"
    if found.is_file():
        for service in RunFile.model_validate_json(found.read_text()).services.values():
            if _runs(service.pid):
                raise exits.Stop(exits.REFUSED, f"A story is being played in {folder}.", "Wait, or use another folder.")
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def play(output: Output, running: Platform, scripts: Sequence[Script], *, breath: float = 0) -> list[Played]:
    """Play the stories one after the other on a platform with simulated time on which nothing has been said yet.

    `breath`: seconds to wait after each step, for people who look on.
    """
    assert running.clock is not None
    topics = deployment_topics(running.book)
    played = []
    async with (
        sending(running.kafka, running.clock) as sender,
        listening(running.kafka, said_topics(topics), since=None) as listener,
    ):
        if not await listener.at_end():
            raise exits.Stop(
                exits.WRONG_USE,
                "The broker holds messages already: a story needs a system of its own.",
                "Unset ICART_KAFKA_BOOTSTRAP and ICART_POSTGRES_URL, or give the addresses of an empty pair.",
            )
        stage = Stage(running, listener)
        for script in scripts:
            stage.memory = Memory(script.story.authority)
            acting = Acting(script.story, stage.memory, running, sender, topics)
            played.append(await StoryPlayer(script, stage, acting, output, breath=breath).play())
    return played
