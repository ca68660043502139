"""`icart cases load FILE`: known people and cases from a CSV or JSON Lines file onto the authority's feed, with progress."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from icart_cli import exits
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.sending import topic_for
from icart_common.clock import SimulatedClock
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.envelope import Envelope, Unreadable, read_body, write_headers
from icart_common.contracts.ids import new_id
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import producer
from icart_common.policy import load_packs

_AT_ONCE = 1000
_LISTS = {"other_names", "phones"}
_FLAGS = {"child_protection", "child_in_need", "looked_after", "caf", "troubled_family", "adult_safeguarding"}
_CASE = {"status", "allocated", "worker", "worker_email", "team", "opened", "closed"}
COLUMNS = (
    "number", "as_of", "given_name", "family_name", "other_names", "born", "sex", "nhs_number", "upn", "address", "postcode",
    "phones", "school", "status", "allocated", "worker", "worker_email", "team", "opened", "closed", *sorted(_FLAGS),
)  # fmt: skip
"""The columns that a CSV may have; lists are separated by `;`, yes/no as `true`/`false`, dates as 2026-11-22."""


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and fields of each person of a `.csv` or `.jsonl` file. Raises `Stop` for another kind or a bad header."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            unknown = sorted(set(reader.fieldnames or ()) - set(COLUMNS))
            if unknown or "number" not in (reader.fieldnames or ()):
                raise exits.Stop(
                    exits.WRONG_USE,
                    f"{path.name}: "
                    + (f"unknown columns {', '.join(unknown)}." if unknown else "there is no column `number`."),
                    f"Columns are: {', '.join(COLUMNS)}.",
                )
            for row in reader:
                yield reader.line_num, _from_csv(row)
    elif path.suffix in {".jsonl", ".ndjson"}:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except ValueError:
                        yield number, {"not": "json"}
    else:
        raise exits.Stop(exits.WRONG_USE, f"{path.name} is neither .csv nor .jsonl.")


def _from_csv(row: dict[str, str | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    case: dict[str, Any] = {}
    services: dict[str, bool] = {}
    address: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or not value.strip():
            continue
        if name in _LISTS:
            found[name] = [part.strip() for part in value.split(";") if part.strip()]
        elif name in _FLAGS:
            services[name] = value.strip().lower() in {"true", "yes", "1"}
        elif name in _CASE:
            case[name] = value.strip().lower() in {"true", "yes", "1"} if name == "allocated" else value.strip()
        elif name == "address":
            address["lines"] = value
        elif name == "postcode":
            address["postcode"] = value
        else:
            found[name] = value.strip()
    if address:
        found["addresses"] = [{"lines": "", **address}]
    if case:
        found["case"] = case
    if services:
        found["services"] = services
    return found


async def load(output: Output, places: Places, path: Path, *, agency: str, authority: str, dry_run: bool) -> int:
    """Check every line, then publish what can be read. Lines that cannot are listed with their number. Returns the exit code."""
    if not path.is_file():
        raise exits.Stop(exits.WRONG_USE, f"There is no file {path}.")
    now = places.clock().now().isoformat()
    bad: list[tuple[int, str, str, str]] = []
    total = sum(1 for _ in rows_of(path))
    sent = 0
    probe = PersonHeld.model_validate({"agency": agency, "authority": authority, "number": "0", "as_of": now})
    topic = topic_for(probe, deployment_topics(load_packs()))
    simulated = isinstance(places.clock(), SimulatedClock)
    stamp = int(places.clock().now().timestamp() * 1000) if simulated else None
    client = producer(places.kafka(), linger_ms=20)
    try:
        if not dry_run:
            await client.start()
        with _progress(output) as bar:
            task = bar.add_task(f"{'Checking' if dry_run else 'Loading'} {path.name}", total=total)
            on_the_way: list[asyncio.Future[Any]] = []
            for number, fields in rows_of(path):
                value = json.dumps(
                    {"agency": agency, "authority": authority, "as_of": now, **fields}, default=str
                ).encode()
                try:
                    body = read_body(PersonHeld.TYPE, value)
                except Unreadable as wrong:
                    bad += [(number, p.path, p.found, p.expected) for p in wrong.problems]
                else:
                    sent += 1
                    if not dry_run:
                        headers = write_headers(
                            Envelope(
                                new_id(),
                                PersonHeld.TYPE,
                                f"/agency/{agency}",
                                places.clock().now(),
                                authority=authority,
                            )
                        )
                        key = str(body.subject_id).encode()
                        on_the_way.append(
                            await client.send(topic.name, value, key=key, headers=headers, timestamp_ms=stamp)
                        )
                if len(on_the_way) >= _AT_ONCE:
                    await asyncio.gather(*on_the_way)
                    on_the_way.clear()
                bar.advance(task)
            await asyncio.gather(*on_the_way)
    except KafkaError as error:
        raise exits.Stop(
            exits.NOT_REACHED,
            f"The broker stopped taking people ({type(error).__name__}).",
            "Run it again: nothing is taken twice.",
        ) from None
    finally:
        if not dry_run:
            await client.stop()
    output.table("bad-line", ("line", "where", "found", "expected"), bad[:100], empty="Every line could be read.")
    word = "could be loaded" if dry_run else "loaded"
    output.fact("loaded", f"{sent} of {total} people {word}.", people=sent, of=total, bad=total - sent)
    return exits.NOT_AS_EXPECTED if sent < total else exits.OK


def _progress(output: Output) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=output.errors,
        disable=not output.interactive,
    )
