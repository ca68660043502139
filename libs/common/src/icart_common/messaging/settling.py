"""What becomes of dead letters when somebody deals with them: handled again in place, corrected, or discarded.

As it was, a message is handled again where it is kept, at its own place and time: nothing is published, and topics that are
read again by the release that can handle it give the same. A corrected one is another message, and goes through its topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from icart_common.contracts.catalogue import Topic
from icart_common.messaging import deadletters
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.screen import Poison, screen
from icart_common.running import Running


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was done with one dead letter, or would be."""

    dead_letter: UUID
    done: bool
    problem: str
    """Why nothing was done, or in a dry run would be; empty when it was, or would be."""


def still_wrong(record: Record, topics: Mapping[str, Topic]) -> str:
    """Why a record could still not be read; empty when it could. A defect shows only when it is handled."""
    if record.topic not in topics:
        return f"no topic {record.topic} is in the catalogue any more"
    seen = screen(record, topics)
    return _problem(seen) if isinstance(seen, Poison) else ""


def to_send_again(record: Record, identifier: UUID, value: bytes | None) -> Record:
    """A dead letter's original with `value`, marked as sent again for it: a child's clock counts from when it first came."""
    headers = [(name, found) for name, found in record.headers if name != "ce_replayof"]
    headers.append(("ce_replayof", str(identifier).encode()))
    return Record(record.topic, record.partition, record.offset, record.timestamp, record.key, headers, value)


async def handle_again(
    running: Running, identifiers: Sequence[UUID], *, really: bool, by: str, reason: str
) -> list[Verdict]:
    """Handle dead letters as they were, each on its own. Without `really` it is said which of them could be read now."""
    found = []
    for identifier in identifiers:
        async with running.database.connection() as connection:
            (listed,) = await deadletters.listed(connection, state=None, identifier=identifier) or (None,)
            record = await deadletters.original(connection, identifier)
        if listed is None or record is None or listed.state != "waiting":
            found.append(Verdict(identifier, False, "it is not waiting any more"))
            continue
        runners = [one.runner for one in running.subscribers.values() if record.topic in one.runner.topics]
        problem = await _handled(runners, record, really=really)
        done = really and not problem
        if done:
            done = await _mark(running, identifier, "sent-again", by=by, reason=reason)
        found.append(Verdict(identifier, done, problem))
    return found


async def settle(
    running: Running, identifiers: Sequence[UUID], state: deadletters.State, *, really: bool, by: str, reason: str
) -> list[Verdict]:
    """Discard dead letters, or note that a corrected message was sent. The originals are kept."""
    found = []
    for identifier in identifiers:
        async with running.database.connection() as connection:
            waits = await deadletters.listed(connection, identifier=identifier)
        done = bool(waits) and really and await _mark(running, identifier, state, by=by, reason=reason)
        found.append(Verdict(identifier, done, "" if waits else "it is not waiting any more"))
    return found


async def _handled(runners: Sequence[BatchRunner], record: Record, *, really: bool) -> str:
    if not runners:
        return f"this service does not read {record.topic}"
    if problem := still_wrong(record, runners[0].topics):
        return problem
    for runner in runners if really else ():
        if poison := await runner.run([record]):
            return _problem(poison[0])
    return ""


async def _mark(running: Running, identifier: UUID, state: deadletters.State, *, by: str, reason: str) -> bool:
    async with running.database.connection() as connection:
        return await deadletters.mark(
            connection, running.service, identifier, state, by=by, reason=reason, now=running.clock.now()
        )


def _problem(poison: Poison) -> str:
    first = poison.problems[0]
    return f"{poison.code} at {first.path}: found {first.found}, expected {first.expected}"
