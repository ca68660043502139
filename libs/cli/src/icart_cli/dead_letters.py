"""`icart dead-letters`: list, look at (break-glass), correct, send again one or many, discard. Dry run unless told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.partner import read_file
from icart_cli.places import Places
from icart_cli.sending import sending
from icart_common.contracts.catalogue import SERVICES, ServiceId
from icart_common.deployment import deployment_topics
from icart_common.messaging import deadletters
from icart_common.messaging.settling import still_wrong, to_send_again
from icart_common.policy import load_packs

MOST = 10_000


async def show_list(
    output: Output,
    places: Places,
    services: Sequence[str],
    *,
    state: str | None,
    code: str | None,
    topic: str | None,
    limit: int,
) -> None:
    """Dead letters of these services, oldest first: where from and why, never what they say."""
    rows = []
    for service in services or SERVICES:
        async with connect(places, service) as connection:
            for one in await deadletters.listed(connection, state=state, code=code, topic=topic, limit=limit):
                problem = one.problems[0]
                where = f"{one.topic}[{one.partition}]@{one.offset}"
                why = f"{problem['path']}: found {problem['found']}, expected {problem['expected']}"
                rows.append((service, str(one.id), one.code, where, shown(one.received_at), one.state, why))
    output.table(
        "dead-letter",
        ("service", "id", "reason", "from", "received", "state", "what is wrong"),
        rows,
        empty="No dead letters: everything that came could be handled.",
    )


async def show_one(output: Output, places: Places, service: str, identifier: UUID, *, person: str, reason: str) -> None:
    """The whole original. Who looked and why is recorded before it is shown (break-glass)."""
    async with connect(places, service) as connection:
        record = await deadletters.look(connection, identifier, by=person, reason=reason)
    if record is None:
        raise _unknown(service, identifier)
    value = (record.value or b"").decode(errors="backslashreplace")
    output.fact(
        "dead-letter",
        value,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        headers=[(name, v.decode(errors="backslashreplace") if v is not None else None) for name, v in record.headers],
        value=value,
    )


async def send_again(
    output: Output,
    places: Places,
    service: str,
    identifiers: Sequence[UUID],
    *,
    code: str | None,
    topic: str | None,
    correction: Path | None,
    really: bool,
    person: str,
    reason: str,
) -> int:
    """Send dead letters again on the topic they came from, as they were or with a corrected value.

    Without `really` it says what would happen: which of them could be read now. Returns the exit code.
    """
    if correction and len(identifiers) != 1:
        raise exits.Stop(exits.WRONG_USE, "A correction is for one dead letter: name it.")
    topics = {one.name: one for one in deployment_topics(load_packs())}
    sent, refused = 0, 0
    async with connect(places, service) as connection:
        chosen = list(identifiers) or [
            one.id for one in await deadletters.listed(connection, code=code, topic=topic, limit=MOST)
        ]
        async with sending(places.kafka(), places.clock()) as sender:
            for identifier in chosen:
                record = await deadletters.original(connection, identifier)
                if record is None:
                    raise _unknown(service, identifier)
                again = to_send_again(record, identifier, read_file(correction) if correction else record.value)
                verdict = still_wrong(again, topics)
                refused += bool(verdict)
                output.fact(
                    "would-send" if not really else "sending",
                    f"{identifier} {again.topic}: {verdict or 'can be read now'}",
                    dead_letter=identifier,
                    topic=again.topic,
                    problem=verdict,
                )
                if not really or verdict:
                    continue
                await sender.send(
                    again.topic,
                    again.value or b"",
                    kind="",
                    source="",
                    subject="",
                    headers=again.headers,
                    key=again.key or b"",
                )
                await deadletters.mark(
                    connection,
                    _named(service),
                    identifier,
                    "sent-again",
                    by=person,
                    reason=reason,
                    now=places.clock().now(),
                )
                sent += 1
    if really:
        output.line(f"Sent again: {sent}. Left as they are, because they still cannot be read: {refused}.")
    else:
        output.line(
            f"Dry run: {len(chosen) - refused} would be sent, {refused} still cannot be read. Add --really to send."
        )
    return exits.NOT_AS_EXPECTED if refused else exits.OK


async def discard(
    output: Output, places: Places, service: str, identifiers: Sequence[UUID], *, person: str, reason: str
) -> None:
    """Mark dead letters as discarded. They are kept."""
    async with connect(places, service) as connection:
        for identifier in identifiers:
            done = await deadletters.mark(
                connection, _named(service), identifier, "discarded", by=person, reason=reason, now=places.clock().now()
            )
            if not done:
                raise _unknown(service, identifier)
    output.line(f"Discarded: {len(identifiers)}. The originals are kept.")


def _unknown(service: str, identifier: UUID) -> exits.Stop:
    return exits.Stop(
        exits.WRONG_USE,
        f"{service} has no waiting dead letter {identifier}.",
        f"`icart dead-letters list {service}` shows them.",
    )


def _named(service: str) -> ServiceId:
    return next(one for one in SERVICES if one == service)
