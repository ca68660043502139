"""`icart dead-letters`: list, look at (break-glass), handle again one or many, correct, discard. Dry run unless told.

Lists are read from the services' databases; everything else is asked of the service that keeps the dead letter, as the
operations pages ask it (decision 0017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.partner import read_file
from icart_cli.places import Places
from icart_cli.sending import sending
from icart_common.contracts.catalogue import SERVICES
from icart_common.deployment import deployment_topics
from icart_common.messaging import deadletters
from icart_common.policy import load_packs
from icart_gateway.ops.asking import Unanswered
from icart_gateway.ops.keepers import MOST_AT_ONCE, Keepers

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
    with _keepers(places) as keepers:
        seen = await keepers.ask(service, "look", [identifier], person=person, reason=reason, really=True)
    headers = deadletters.headers_from_json(seen["headers"])
    output.fact(
        "dead-letter", seen["value"], topic=seen["topic"], partition=seen["partition"], offset=seen["offset"],
        headers=[(name, v.decode(errors="backslashreplace") if v is not None else None) for name, v in headers],
        value=seen["value"],
    )  # fmt: skip


async def replay(
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
    """Have dead letters handled again where they are kept, all that `code` and `topic` choose when none is named; or send one
    corrected, on the topic that it came from.

    Without `really` it says which of them could be read now. Returns the exit code.
    """
    if correction is not None:
        if len(identifiers) != 1:
            raise exits.Stop(exits.WRONG_USE, "A correction is for one dead letter: name it.")
        return await _correct(
            output, places, service, identifiers[0], correction, really=really, person=person, reason=reason
        )
    chosen = list(identifiers) or await _waiting(places, service, code, topic)
    return await _handle_again(output, places, service, chosen, really=really, person=person, reason=reason)


async def _handle_again(
    output: Output, places: Places, service: str, chosen: Sequence[UUID], *, really: bool, person: str, reason: str
) -> int:
    with _keepers(places) as keepers:
        verdicts: list[dict[str, Any]] = []
        for first in range(0, len(chosen), MOST_AT_ONCE):
            some = chosen[first : first + MOST_AT_ONCE]
            verdicts += await keepers.ask(service, "handle-again", some, person=person, reason=reason, really=really)
    could = "handled again" if really else "can be handled again"
    for one in verdicts:
        says = f"{one['dead_letter']}: {one['problem'] or could}"
        output.fact("verdict", says, dead_letter=one["dead_letter"], done=one["done"], problem=one["problem"])
    left = sum(bool(one["problem"]) for one in verdicts)
    if really:
        output.line(f"Handled again: {len(verdicts) - left}. Left as they are, because they cannot be: {left}.")
    else:
        output.line(f"Dry run: {len(verdicts) - left} would be handled again, {left} cannot be. Add --really to do it.")
    return exits.NOT_AS_EXPECTED if left else exits.OK


async def _correct(
    output: Output,
    places: Places,
    service: str,
    identifier: UUID,
    correction: Path,
    *,
    really: bool,
    person: str,
    reason: str,
) -> int:
    topics = {one.name: one for one in deployment_topics(load_packs())}
    value = read_file(correction)
    with _keepers(places) as keepers:
        record, problem = await keepers.correction(service, identifier, value, topics, person=person, reason=reason)
        says = f"{identifier}: {problem or 'it can be read now'}"
        output.fact("verdict", says, dead_letter=identifier, done=really and not problem, problem=problem)
        if problem:
            return exits.NOT_AS_EXPECTED
        if not really:
            output.line("Dry run: nothing was sent. Add --really to send it.")
            return exits.OK
        async with sending(places.kafka(), places.clock()) as sender:
            await sender.send_again(record)
        await keepers.ask(service, "corrected", [identifier], person=person, reason=reason, really=True)
    output.line(f"Sent on {record.topic}.")
    return exits.OK


async def discard(
    output: Output, places: Places, service: str, identifiers: Sequence[UUID], *, person: str, reason: str
) -> None:
    """Mark dead letters as discarded. They are kept. Raises `Stop` when one of them does not wait."""
    with _keepers(places) as keepers:
        verdicts = await keepers.ask(service, "discard", identifiers, person=person, reason=reason, really=True)
    if left := [one["dead_letter"] for one in verdicts if not one["done"]]:
        raise exits.Stop(
            exits.WRONG_USE,
            f"{service} has no waiting dead letter {', '.join(left)}.",
            f"`icart dead-letters list {service}` shows them.",
        )
    output.line(f"Discarded: {len(verdicts)}. The originals are kept.")


async def _waiting(places: Places, service: str, code: str | None, topic: str | None) -> list[UUID]:
    async with connect(places, service) as connection:
        return [one.id for one in await deadletters.listed(connection, code=code, topic=topic, limit=MOST)]


@contextmanager
def _keepers(places: Places) -> Iterator[Keepers]:
    """The services that keep them. What they do not answer or refuse is a `Stop`."""
    try:
        yield Keepers(places.service_urls(), places.ops_token())
    except Unanswered as away:
        raise exits.Stop(
            exits.NOT_REACHED,
            str(away),
            "Dead letters are shown and settled by the running service that keeps them, with its ICART_OPS_TOKEN.",
        ) from None
