"""R4: each service's database is dropped and rebuilt from the topics alone; then its tables are compared byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from icart_cli.migrations import migrate_service
from icart_cli.places import PACKAGES
from icart_cli.platform import Platform
from icart_common.clock import monotonic
from icart_common.contracts.catalogue import SERVICES, ServiceId
from icart_common.messaging.groups import forget_offsets
from tests.faults.figures import Figure
from tests.faults.places import GROUPS, database_url, rebuilt_at
from tests.faults.tables import Tables, differences, digest, dump
from tests.integration.processes import Service, service

_QUIET_SECONDS = 600
_LONGEST_FIRST: tuple[ServiceId, ...] = ("gateway", "notifications", "screening", "timers", "intake", "police-vpa")


async def run(platform: Platform, *, progress: Callable[[str, int, int], None]) -> Figure:
    """Rebuild every service, two side by side. The platform's own services are stopped for good: nothing but the topics helps."""
    await platform.services.stop()
    turn = asyncio.Semaphore(2)
    compared: dict[str, Compared] = {}

    async def rebuild(name: str) -> None:
        async with turn:
            progress(f"rebuilding {name}", len(compared), len(SERVICES))
            url = database_url(platform, name)
            before = await dump(rebuilt_at(url, name))
            began = monotonic()
            await _rebuild(platform, name, url)
            compared[name] = _compared(before, await dump(rebuilt_at(url, name)), monotonic() - began)

    async with asyncio.TaskGroup() as every:
        for name in _LONGEST_FIRST:
            every.create_task(rebuild(name))
    rows = sum(one.rows for one in compared.values())
    return Figure(
        sum(one.wrong for one in compared.values()),
        "rows that differ after the rebuild",
        0,
        f"{sum(one.same for one in compared.values())} of {len(SERVICES)} services identical to the byte after being rebuilt "
        f"from the topics ({rows:,} rows)",
        {name: compared[name].facts for name in SERVICES},
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A service's tables before and after."""

    rows: int
    wrong: int
    same: bool
    facts: dict[str, object]


def _compared(before: Tables, after: Tables, seconds: float) -> Compared:
    different = differences(before, after)
    one, other = digest(before), digest(after)
    rows = sum(len(found) for found in before.values())
    wrong = sum(max(pair) for pair in different.values())
    facts = {
        "rows": rows,
        "seconds": round(seconds, 1),
        "sha256": one,
        "sha256 rebuilt": other,
        "rows that differ, by table (only before, only after)": different,
    }
    return Compared(rows, wrong, one == other, facts)


async def _rebuild(platform: Platform, name: str, url: str) -> None:
    admin = await asyncpg.connect(platform.postgres_url)
    await admin.execute(f'drop database "{PACKAGES[name]}" with (force)')
    await admin.close()
    await migrate_service(name, url)
    await asyncio.to_thread(forget_offsets, platform.kafka, GROUPS[name])
    folder: Path = platform.folder / "logs"
    settings = {
        **_settings(platform),
        "breaker_share": 1.0,
        "local_sign_in": True,
    }  # its database role is the superuser
    async with service(folder, platform.kafka.kafka_bootstrap, url, PACKAGES[name], **settings) as running:
        await running.until_ready()
        await until_quiet(running, seconds=_QUIET_SECONDS)
        if await running.leave() != 0:
            raise RuntimeError(f"{name} did not leave in good order: {running.said()}")


def _settings(platform: Platform) -> dict[str, str]:
    """What the platform gives its services beside addresses, without `ICART_`."""
    environment = platform.services.environment
    return {name.removeprefix("ICART_").lower(): value for name, value in environment.items() if "SMTP" in name}


async def until_quiet(running: Service, *, seconds: float) -> None:
    """Wait until a service has read everything, sent everything, and nothing is due: three looks in a row."""
    quiet = 0
    async with asyncio.timeout(seconds):
        while quiet < 3:
            _, said = await running.ask("/progress")
            quiet = quiet + 1 if said and _is_quiet(said) else 0
            await asyncio.sleep(0.3)


def _is_quiet(said: dict[str, object]) -> bool:
    consumers = said.get("consumers")
    if not isinstance(consumers, dict) or not consumers:
        return False
    deliveries = said.get("deliveries")
    mails = deliveries.get("mails_waiting") if isinstance(deliveries, dict) else 0
    return all(one["lag"] == 0 for one in consumers.values()) and not (said["outbox"] or said["waiting"] or mails)
