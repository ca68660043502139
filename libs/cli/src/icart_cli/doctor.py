"""`icart doctor`: what is reachable, what is behind, what is wrong, and what to do about each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx2
from confluent_kafka import KafkaException

from icart_cli import exits
from icart_cli.database import beside_its_messages
from icart_cli.health import ask
from icart_cli.output import Output
from icart_cli.places import PACKAGES, Places
from icart_common.db.revisions import newest, revision_of
from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration
from icart_common.policy import load_packs

_BEHIND_SECONDS = 30
_UNFINISHED = """
select l.load, l.agency, l.state from full_load l
where (l.state in ('broken-off', 'too-small') or l.state is null and l.said is null and l.heard_at < now() - interval '1 hour')
  and not exists (
      select from full_load later where later.authority = l.authority and later.state = 'complete' and later.heard_at > l.heard_at
  )
order by l.heard_at desc, l.load limit 1
"""
"""Full loads of which nothing came, and none came since: a silent feed says nothing of it by itself."""
_LOADS = {
    "broken-off": "broke off: its end never came",
    "too-small": "leaves out too many people (`icart cases load --full --accept-fewer` when the file is whole)",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    says: str
    do: str = ""


async def doctor(output: Output, places: Places) -> int:
    """Look at everything and say what was found. Returns the exit code."""
    findings = [
        await asyncio.to_thread(_broker, places),
        *[await _database(places, service) for service in PACKAGES],
        *await _services(places),
    ]
    rows = [("well" if one.well else "NOT WELL", one.what, one.says, one.do) for one in findings]
    output.table("finding", ("state", "what", "says", "what to do"), rows, empty="")
    ill = sum(not one.well for one in findings)
    output.fact("verdict", "Everything is well." if not ill else f"{ill} of {len(findings)} are not well.", ill=ill)
    return exits.NOT_AS_EXPECTED if ill else exits.OK


def _broker(places: Places) -> Finding:
    settings = places.kafka()
    try:
        changes = Administration(settings).plan(deployment_topics(load_packs()), with_acls=False)
    except KafkaException:
        return Finding(
            "Kafka", False, f"no answer at {settings.kafka_bootstrap}", "start it (`icart up`), or correct the address"
        )
    if changes.create or changes.grow:
        missing = len(changes.create) + len(changes.grow)
        return Finding("Kafka", False, f"{missing} topics are missing or too small", "run `icart topics apply`")
    return Finding("Kafka", True, "answers; all topics are there")


async def _database(places: Places, service: str) -> Finding:
    what = f"database of {service}"
    try:
        connection = await asyncpg.connect(places.database(service), timeout=5)
    except asyncpg.InvalidCatalogNameError:
        return Finding(what, False, "is not there", "run `icart migrate`")
    except (TimeoutError, OSError, asyncpg.PostgresError) as error:
        return Finding(
            what, False, f"does not answer ({type(error).__name__})", "start PostgreSQL, or correct its address"
        )
    try:
        found, wanted = await revision_of(connection), newest(PACKAGES[service])
        if found != wanted:
            return Finding(what, False, f"is at {found or 'nothing'}, needs {wanted}", "run `icart migrate`")
        await beside_its_messages(connection, service)
        waiting = await connection.fetchval("select count(*) from dead_letter where state = 'waiting'")
        loads = await connection.fetch(_UNFINISHED) if service == "intake" else []
    finally:
        await connection.close()
    if waiting:
        return Finding(what, False, f"{waiting} dead letters wait for a person", f"icart dead-letters list {service}")
    for row in loads:
        said = f"the full load {row['load']} of {row['agency']} {_LOADS[row['state'] or 'broken-off']}"
        return Finding(what, False, said, "nobody was marked as no longer held: load the whole file again")
    return Finding(what, True, f"at {found}; no dead letters")


async def _services(places: Places) -> list[Finding]:
    if places.run is None:
        return [
            Finding(
                "services", False, "no `icart up` runs in this folder", "run `icart up`, or ask each /readyz yourself"
            )
        ]
    async with httpx2.AsyncClient(timeout=5.0, trust_env=False) as client:
        answers = await asyncio.gather(*(_ask(client, one.url) for one in places.run.services.values()))
        pages = await _pages(client, places.run.pages)
    return pages + [
        finding
        for service, (ready, progress) in zip(places.run.services, answers, strict=True)
        for finding in _judge(service, ready, progress)
    ]


async def _ask(client: httpx2.AsyncClient, url: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    return await ask(client, url, "/readyz"), await ask(client, url, "/progress")


async def _pages(client: httpx2.AsyncClient, address: str | None) -> list[Finding]:
    """Whether a browser finds the pages, and somebody to sign in with."""
    if address is None:
        return [Finding("pages", False, "the try-out that runs here was started without them", "start `icart up` anew")]
    found = await ask(client, address, "/local-sign-in/.well-known/openid-configuration")
    if found is None:
        return [Finding("pages", False, f"no answer at {address}", "look at the gateway's log")]
    return [Finding("pages", True, f"open {address}")]


def _judge(service: str, ready: dict[str, Any] | None, progress: dict[str, Any] | None) -> Iterator[Finding]:
    if ready is None or progress is None or "consumers" not in progress:
        yield Finding(service, False, "does not answer", "look at its log; `icart up` starts it anew by itself")
        return
    if not ready["ready"]:
        yield Finding(service, False, "; ".join(ready["why_not"]), "it goes on by itself when that is mended")
    lag = sum(one["lag"] or 0 for one in progress["consumers"].values())
    if progress["oldest"] > _BEHIND_SECONDS:
        said = f"{progress['outbox']} messages to send on, the oldest {progress['oldest']:.0f} s old"
        yield Finding(service, False, said, "look whether Kafka takes messages")
    if overdue := progress.get("clocks", {}).get("overdue"):
        yield Finding(service, False, f"{overdue} clocks are due and have not fired", "look at its log and its lag")
    if failed := progress.get("deliveries", {}).get("failed"):
        yield Finding(
            service,
            False,
            f"{failed} e-mails could not be delivered",
            "look at DeliveryFailed; `icart send-command` resends",
        )
    yield from _documents(progress.get("documents"))
    yield Finding(service, True, f"answers; {lag} records to read, {progress['outbox']} to send on")


def _documents(found: dict[str, Any] | None) -> Iterator[Finding]:
    """Whether documents can be taken and scanned, and whether any waits for it."""
    if found is None:
        return
    if found["store"] != "set":
        yield Finding("documents", not found["named"], found["store"], "set ICART_DOCUMENTS_URL for intake")
    if found["scans"]:
        yield Finding("documents", True, f"{found['waiting']} wait to be scanned by {found['scanner']}")
    else:
        said = f"{found['waiting']} wait unscanned, for {found['oldest_waiting_seconds']:.0f} s; scanner {found['scanner']}"
        do = "start ClamAV's daemon (apt install clamav-daemon) and give intake its address in ICART_SCANNER"
        yield Finding("documents", not found["waiting"], said, do)
