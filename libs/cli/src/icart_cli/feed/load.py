"""`icart cases load FILE`: people and cases from a file onto the authority's feed, checked whole before anything is sent."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from icart_cli import exits
from icart_cli.feed.census import Census
from icart_cli.feed.rejects import Rejects
from icart_cli.feed.rows import Finding, Row, Source
from icart_cli.feed.tables import Table
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.sending import topic_for
from icart_common.clock import Clock
from icart_common.contracts.base import Message
from icart_common.contracts.cases import LoadBegun, LoadEnded, PersonHeld
from icart_common.contracts.catalogue import Topic
from icart_common.contracts.envelope import Envelope, Unreadable, read_body, write_headers
from icart_common.contracts.ids import new_id
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import producer
from icart_common.messaging.publish import stamp
from icart_common.policy import load_packs

Format = Literal["table", "cin-census"]
_AT_ONCE: Final = 1000
_SHOWN: Final = 100
"""Lines that a terminal shows; JSON and the rejects file have all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to be loaded."""

    path: Path
    agency: str
    authority: str
    format: Format = "table"
    full: bool = False
    accept_fewer: bool = False
    dry_run: bool = False
    rejects: Path | None = None
    team: str | None = None
    as_of: datetime | None = None


@dataclass(slots=True)
class Checked:
    """What was found in a file."""

    records: int = 0
    good: int = 0
    numbers: set[str] = field(default_factory=set)
    episodes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    lines: list[Finding] = field(default_factory=list)
    notes: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    """By where, what and what to do: how often, and the first line."""

    def add(self, row: Row, body: Message | None, findings: tuple[Finding, ...]) -> None:
        self.records += 1
        self.findings.update(one.kind for one in findings)
        self.lines += [one for one in findings if one.kind != "note"]
        for one in findings:
            if one.kind == "note":
                counted = self.notes.setdefault((one.where, one.found, one.do), [0, one.line])
                counted[0] += 1
        if isinstance(body, PersonHeld):
            self.numbers.add(body.number)
            self.episodes.update(episode.status for episode in body.episodes or ())
        self.good += body is not None


async def load(output: Output, places: Places, wanted: Wanted) -> int:
    """Check every record, then publish what can be sent. What cannot is listed by its line. Returns the exit code.

    A full load is sent only when every record can be: what it left out would count as no longer held.
    """
    if not wanted.path.is_file():
        raise exits.Stop(exits.WRONG_USE, f"There is no file {wanted.path}.")
    clock = places.clock()
    source = _source(wanted, clock)
    frame = {"agency": wanted.agency, "authority": wanted.authority}
    as_of = (wanted.as_of.isoformat() if wanted.as_of else None) or source.as_of or clock.now().isoformat()
    topic = topic_for(
        PersonHeld.model_validate({**frame, "number": "0", "as_of": as_of}), deployment_topics(load_packs())
    )
    frame["as_of"] = as_of
    checked = _check(output, wanted, source, frame)
    stopped = wanted.full and checked.good < checked.records
    load_id = new_id() if wanted.full else None
    sent = wanted.dry_run or stopped
    if not sent:
        await _publish(output, places, wanted, source, frame, topic, checked, load_id)
    _report(output, wanted, checked, stopped, load_id if not sent else None)
    return exits.NOT_AS_EXPECTED if checked.findings["rejected"] + checked.findings["left-out"] else exits.OK


def _source(wanted: Wanted, clock: Clock) -> Source:
    if wanted.format == "cin-census":
        return Census(wanted.path, now=clock.now(), team=wanted.team, as_of=wanted.as_of)
    return Table(wanted.path)


def _check(output: Output, wanted: Wanted, source: Source, frame: dict[str, Any]) -> Checked:
    """Go through the whole file once, and write down what is wrong with it."""
    checked = Checked()
    with Rejects(wanted.rejects) as rejects, progress(output) as bar:
        task = bar.add_task(f"Checking {wanted.path.name}", total=None)
        for row in source.rows():
            body, _, wrong = read(row, frame)
            findings = (*row.findings, *wrong)
            rejects.write(findings)
            checked.add(row, body, findings)
            bar.advance(task)
    return checked


def read(
    row: Row, frame: dict[str, Any], load_id: UUID | None = None
) -> tuple[Message | None, bytes, tuple[Finding, ...]]:
    """The message of a row with its bytes, or what is wrong with it. `frame` is what the row may leave out."""
    if row.fields is None:
        return None, b"", ()
    more = {"load": str(load_id)} if load_id and row.type == PersonHeld.TYPE else {}
    value = json.dumps({**frame, **row.fields, **more}, default=str).encode()
    try:
        return read_body(row.type, value), value, ()
    except Unreadable as wrong:
        return (
            None,
            b"",
            tuple(
                Finding(row.line, "rejected", one.path, one.found, f"give {one.expected}", row.original)
                for one in wrong.problems
            ),
        )


async def _publish(
    output: Output,
    places: Places,
    wanted: Wanted,
    source: Source,
    frame: dict[str, Any],
    topic: Topic,
    checked: Checked,
    load_id: UUID | None,
) -> None:
    client = producer(places.kafka(), linger_ms=20)
    try:
        await client.start()
        sender = _Sender(client, topic.name, wanted.agency, places.clock())
        if load_id:
            await sender.send(LoadBegun.model_validate({**frame, "load": load_id}))
            await sender.all_arrived()
        with progress(output) as bar:
            task = bar.add_task(f"Loading {wanted.path.name}", total=checked.records)
            for body, value in _messages(source, frame, load_id):
                await sender.send(body, value)
                bar.advance(task)
        await sender.all_arrived()
        if load_id:
            await sender.send(_end(wanted, frame, load_id, len(checked.numbers)))
            await sender.all_arrived()
    except KafkaError as error:
        raise exits.Stop(
            exits.NOT_REACHED,
            f"The broker stopped taking people ({type(error).__name__}).",
            "Run it again: nothing is taken twice.",
        ) from None
    finally:
        await client.stop()


def _end(wanted: Wanted, frame: dict[str, Any], load_id: UUID, people: int) -> LoadEnded:
    more = {"load": load_id, "people": people, "accepts_fewer": wanted.accept_fewer}
    return LoadEnded.model_validate({**frame, **more})


def _messages(source: Source, frame: dict[str, Any], load_id: UUID | None) -> Iterator[tuple[Message, bytes]]:
    for row in source.rows():
        body, value, _ = read(row, frame, load_id)
        if body:
            yield body, value


class _Sender:
    """Publishes many at once, and waits when too many are under way."""

    def __init__(self, client: AIOKafkaProducer, topic: str, agency: str, clock: Clock) -> None:
        self._client = client
        self._topic = topic
        self._agency = agency
        self._clock = clock
        self._on_the_way: list[asyncio.Future[Any]] = []

    async def send(self, body: Message, value: bytes | None = None) -> None:
        now = self._clock.now()
        subject, authority = str(body.subject_id), getattr(body, "authority", None)
        headers = write_headers(
            Envelope(new_id(), body.TYPE, f"/agency/{self._agency}", now, subject=subject, authority=authority)
        )
        value = value or body.model_dump_json(exclude_none=True).encode()
        self._on_the_way.append(
            await self._client.send(
                self._topic, value, key=subject.encode(), headers=headers, timestamp_ms=stamp(self._clock)
            )
        )
        if len(self._on_the_way) >= _AT_ONCE:
            await self.all_arrived()

    async def all_arrived(self) -> None:
        """Wait until the broker has everything. Raises `KafkaError` when it took something not."""
        await asyncio.gather(*self._on_the_way)
        self._on_the_way.clear()


def _report(output: Output, wanted: Wanted, checked: Checked, stopped: bool, load_id: UUID | None) -> None:
    shown = checked.lines if output.as_json else checked.lines[:_SHOWN]
    rows = [(one.line, one.kind, one.where, one.found, one.do) for one in shown]
    output.table(
        "bad-line", ("line", "what", "where", "found", "to do"), rows, empty="Everything in the file could be read."
    )
    if len(shown) < len(checked.lines):
        output.line(
            f"{len(checked.lines) - len(shown)} more: --rejects FILE writes all of them, as they are in the file."
        )
    notes = [(where, found, do, count, line) for (where, found, do), (count, line) in sorted(checked.notes.items())]
    if notes:
        output.table("note", ("where", "found", "to do", "times", "first line"), notes, empty="", title="Worth a look")
    word = "could be loaded" if wanted.dry_run else "loaded"
    people, sent = checked.good, f"{checked.good} of {checked.records} people {word}."
    if stopped:
        people, sent = (
            0,
            "Nothing was sent: what a full load leaves out counts as no longer held. Mend the lines above.",
        )
    elif load_id:
        sent += f" Full load {load_id}: `icart follow {load_id}` shows what comes of it."
    output.fact(
        "loaded",
        sent,
        people=people,
        of=checked.records,
        bad=checked.records - checked.good,
        episodes=dict(sorted(checked.episodes.items())),
        rejected=checked.findings["rejected"],
        left_out=checked.findings["left-out"],
        notes=checked.findings["note"],
        load=load_id,
    )


def progress(output: Output) -> Progress:
    """A bar on a terminal, and nothing elsewhere."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=output.errors,
        disable=not output.interactive,
    )


def instant(text: str) -> datetime:
    """An instant as an option gives it. Raises `Stop` for anything without its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise exits.Stop(exits.WRONG_USE, "--as-of is not an instant.", "Write it as 2026-03-31T23:59:59Z.")
    return found.astimezone(UTC)
