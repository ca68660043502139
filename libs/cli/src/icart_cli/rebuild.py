"""`icart gateway`: the generations of the gateway's read models; a new one is filled from the topics while the old one serves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import asyncpg
from confluent_kafka import KafkaException
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from icart_cli import exits
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.clock import monotonic
from icart_common.db.pool import TRANSIENT_DATABASE
from icart_common.messaging.errors import TRANSIENT
from icart_common.messaging.groups import forget_offsets
from icart_common.policy import load_packs
from icart_common.running import Running
from icart_common.service import Leave, run
from icart_gateway import generations
from icart_gateway.app import projector
from icart_gateway.model.sources import subscriptions
from icart_gateway.settings import Settings

_BATCH_RECORDS = 2000
"""Nobody waits for a page of this generation yet: large batches cost the least a row."""
_NEARLY = 100
"""Messages behind at which a system that never rests counts as read to the end: a gateway reads them in an instant."""
_TABLES = """
select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1
  and tablename not in ('alembic_version', 'outbox', 'outbox_lease', 'outbox_relay', 'waiting', 'dead_letter_look')
  and tablename not like 'inbox%'
"""
Told = Callable[["Reading"], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a generation has been filled."""

    messages: int
    lag: int
    seconds: float

    @property
    def a_second(self) -> float:
        return self.messages / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Filled:
    """A generation that has read everything: how much that was, and in how many seconds."""

    generation: int
    messages: int
    seconds: float
    rows: int


async def rebuild(output: Output, places: Places, *, go_on: int | None = None, use: bool = True) -> Filled:
    """Fill a new generation (or go on with `go_on`) from the topics, and put it in force unless told not to.

    Raises `Stop` when it was broken off: what has been read is kept, and `--go-on` reads the rest.
    """
    url = places.database("gateway")
    async with _answers():
        if go_on is None:
            number = await generations.begin(url)
        else:
            await _known(url, go_on)
            await generations.make(url, number := go_on)
    output.line(f"Filling generation {number} from the topics; the one in force goes on serving.")
    read = await _fill(output, places, number)
    if read is None:
        raise exits.Stop(
            exits.TOO_LATE,
            f"Generation {number} was not filled to the end.",
            f"`icart gateway rebuild --go-on {number}`.",
        )
    async with _answers():
        await generations.filled(url, number)
        rows = await _rows(url, number)
    found = Filled(number, read.messages, round(read.seconds, 2), rows)
    output.fact(
        "filled",
        f"Generation {number}: {read.messages:,} messages in {read.seconds:.1f} s, {read.a_second:,.0f} a second; "
        f"{rows:,} rows, {rows / max(read.seconds, 0.001):,.0f} a second.",
        **asdict(found),
    )
    if use:
        await put_in_force(output, places, number)
    return found


async def _fill(output: Output, places: Places, number: int) -> Reading | None:
    """Run the projector until it has read everything. None when it was told to stop before that."""
    reached: list[Reading] = []
    bars = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*bars, console=output.console, disable=not output.interactive, transient=True) as bar:
        task = bar.add_task(f"generation {number}", total=None, told="")

        def tell(now: Reading) -> None:
            told = f"{now.messages:,} read, {now.lag:,} to read, {now.a_second:,.0f} a second"
            bar.update(task, total=now.messages + now.lag, completed=now.messages, told=told)

        settings = _settings(places)
        parts = projector(settings, load_packs(settings.packs_folder), number)
        await run(replace(parts, background=(_until_read(reached, tell),)))
    return reached[0] if reached else None


def _until_read(reached: list[Reading], tell: Told) -> Callable[[Running], Coroutine[Any, Any, None]]:
    async def watch(running: Running) -> None:
        began = monotonic()
        while True:
            await asyncio.sleep(0.2)
            lags = []
            for one in running.subscribers.values():
                with contextlib.suppress(*TRANSIENT):
                    lags.append((await one.measure())["lag"])
            known = [lag for lag in lags if lag is not None]
            now = Reading(sum(one.read for one in running.subscribers.values()), sum(known), monotonic() - began)
            tell(now)
            everybody = len(known) == len(running.subscribers)
            if everybody and now.lag <= _NEARLY and all(one.caught_up.is_set() for one in running.subscribers.values()):
                reached.append(now)
                raise Leave("everything that was there has been read")

    return watch


def _settings(places: Places) -> Settings:
    kafka = places.kafka()
    return Settings(
        database_url=places.secret_database("gateway"), kafka_bootstrap=kafka.kafka_bootstrap, kafka_user=kafka.kafka_user,
        kafka_password=kafka.kafka_password, kafka_ca_file=kafka.kafka_ca_file, batch_records=_BATCH_RECORDS, http_port=0,
        log_level="ERROR", breaker_share=1.0, clock_file=places.run.clock_file if places.run else None,
    )  # fmt: skip


async def show(output: Output, places: Places) -> None:
    """All generations, and which serves."""
    url = places.database("gateway")
    async with _answers():
        found = await generations.generations(url)
        rows = [
            (
                one.number, one.state, f"{one.begun_at:%Y-%m-%d %H:%M:%S}",
                one.filled_at and f"{one.filled_at:%Y-%m-%d %H:%M:%S}", None if one.dropped_at else await _rows(url, one.number),
            )
            for one in found
        ]  # fmt: skip
    output.table(
        "generation", ("number", "state", "begun (UTC)", "filled (UTC)", "rows"), rows, empty="No generations."
    )


async def put_in_force(output: Output, places: Places, number: int) -> None:
    """Let a generation serve; gateways that run go over to it by themselves. Raises `Stop` when it cannot serve."""
    async with _answers():
        await generations.put_in_force(places.database("gateway"), number)
    output.fact(
        "in-force",
        f"Generation {number} is in force. Gateways that run start anew with it within seconds.",
        generation=number,
    )


async def drop(output: Output, places: Places, number: int) -> None:
    """Drop a generation that does not serve, and what its consumers remember. Raises `Stop` for the one in force."""
    async with _answers():
        await generations.drop(places.database("gateway"), number)
    groups = [f"icart.gateway.{one.name}" for one in subscriptions(number)]
    try:
        await asyncio.to_thread(forget_offsets, places.kafka(), groups, seconds=10)
    except KafkaException:
        output.line(
            "The broker did not forget its consumer groups; they hold nothing, and end by themselves in a week."
        )
    output.fact("dropped", f"Generation {number} is dropped.", generation=number)


async def _known(url: str, number: int) -> None:
    for one in await generations.generations(url):
        if one.number == number and not one.dropped_at:
            return
    raise generations.CannotServe(f"there is no generation {number}")


async def _rows(url: str, number: int) -> int:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        tables = [row[0] for row in await connection.fetch(_TABLES, f"model_{number}")]
        counts = [await connection.fetchval(f"select count(*) from {table}", timeout=300) for table in tables]  # noqa: S608
        return sum(counts)
    finally:
        await connection.close()


@asynccontextmanager
async def _answers() -> AsyncIterator[None]:
    """Turns what the gateway's database refuses into a sentence."""
    try:
        yield
    except generations.CannotServe as cannot:
        raise exits.Stop(exits.REFUSED, f"{cannot}.", "`icart gateway generations` lists them.") from None
    except generations.InForce as serves:
        raise exits.Stop(exits.REFUSED, f"{serves}.", "Put another in force first: `icart gateway use N`.") from None
    except asyncpg.UndefinedTableError:
        raise exits.Stop(
            exits.NOT_AS_EXPECTED, "The gateway's database is not migrated.", "Run `icart migrate`."
        ) from None
    except TRANSIENT_DATABASE:
        raise exits.Stop(
            exits.NOT_REACHED, "The gateway's database does not answer.", "`icart doctor` helps."
        ) from None
