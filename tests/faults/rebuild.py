"""R4: each service's database is dropped and rebuilt from the topics alone; then its tables are compared byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg

from icart_cli.places import PACKAGES
from icart_cli.platform import Platform
from icart_common.contracts.catalogue import SERVICES
from icart_common.db.migrate import migrate
from tests.faults.figures import Figure
from tests.faults.places import GROUPS, database_url
from tests.faults.tables import differences, digest, dump, forget_offsets
from tests.integration.processes import Service, service

_QUIET_SECONDS = 300


async def run(platform: Platform, *, progress: Callable[[str, int, int], None]) -> Figure:
    """Rebuild every service. The platform's own services are stopped for good: nothing but the topics helps."""
    await platform.services.stop()
    facts: dict[str, object] = {}
    wrong = rows = 0
    for number, name in enumerate(SERVICES):
        progress(f"rebuilding {name}", number, len(SERVICES))
        url = database_url(platform, name)
        before = await dump(url)
        await _rebuild(platform, name, url)
        after = await dump(url)
        different = differences(before, after)
        rows += sum(len(found) for found in before.values())
        wrong += sum(max(pair) for pair in different.values())
        facts[name] = {
            "rows": sum(len(found) for found in before.values()),
            "sha256": digest(before),
            "sha256 rebuilt": digest(after),
            "rows that differ, by table (before, after)": different,
        }
    progress("rebuilt", len(SERVICES), len(SERVICES))
    same = sum(one["sha256"] == one["sha256 rebuilt"] for one in facts.values() if isinstance(one, dict))
    return Figure(
        wrong,
        "rows that differ after the rebuild",
        0,
        f"{same} of {len(SERVICES)} services identical to the byte after being rebuilt from the topics ({rows:,} rows)",
        facts,
    )


async def _rebuild(platform: Platform, name: str, url: str) -> None:
    admin = await asyncpg.connect(platform.postgres_url)
    await admin.execute(f'drop database "{PACKAGES[name]}" with (force)')
    await admin.close()
    await migrate(url, PACKAGES[name])
    await asyncio.to_thread(forget_offsets, platform.kafka.kafka_bootstrap, GROUPS[name])
    folder: Path = platform.folder / "logs"
    settings = {**_settings(platform), "breaker_share": 1.0}
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
