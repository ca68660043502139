"""How fast a read model is filled anew: `icart gateway rebuild` over topics that tell whole lives of contacts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from icart_cli.migrations import migrate_service
from icart_cli.output import Output
from icart_cli.places import Places, RunFile
from icart_cli.rebuild import rebuild
from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.settings import KafkaSettings
from icart_common.testing import example, record_of
from icart_localstack.testing import Stack
from tests.bench.batches import Sent, publish
from tests.bench.report import Row

_SINCE: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_LIFE: Final = (
    ("events.intake", "icart.intake.contact-opened.v1"),
    ("events.screening", "icart.screening.received.v1"),
    ("events.timers", "icart.timers.started.v1"),
    ("events.screening", "icart.screening.triaged.v1"),
    ("events.screening", "icart.screening.allocated.v1"),
    ("events.screening", "icart.screening.section-recorded.v1"),
    ("events.timers", "icart.timers.met.v1"),
    ("events.screening", "icart.screening.submitted.v1"),
    ("events.screening", "icart.screening.closed.v1"),
)
"""What is said of a contact from its beginning to its end."""
Say = Callable[[str, int, int], None]


async def measure(stack: Stack, messages: int, say: Say) -> list[Row]:
    """Messages and rows a second. The topics have to be there; what they hold already is read as well."""
    kafka = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    await publish(kafka, _lives(messages // len(_LIFE)), partial(say, "publishing"))
    with tempfile.TemporaryDirectory(prefix="icart-bench-") as folder:
        RunFile(kafka_bootstrap=stack.bootstrap, postgres_url=stack.postgres_url()).write(Path(folder))
        places = Places(Path(folder))
        await migrate_service("gateway", places.database("gateway"))
        say("filling a generation", 0, 0)
        found = await rebuild(Output(console=Console(file=StringIO())), places, use=False)
    return [
        Row(
            "REBUILD",
            f"read models filled anew from {found.messages:,} messages",
            found.messages / found.seconds,
            "messages/s",
        ),
        Row("REBUILD", f"the same, {found.rows:,} rows", found.rows / found.seconds, "rows/s"),
    ]


def _lives(contacts: int) -> Iterator[Sent]:
    """Every message of so many contacts, a step of many after the other: as in a front door, many are under way at once."""
    patterns = [(topic, example(kind)) for topic, kind in _LIFE]
    some = 2_000
    for first in range(0, contacts, some):
        for step, (topic, pattern) in enumerate(patterns):
            for number in range(first, min(first + some, contacts)):
                at = _SINCE + timedelta(seconds=number, hours=step)
                record = record_of(
                    _of(pattern, number, step, at), topic, at=at, message_id=derived_id(at, "bench", number, step)
                )
                yield (
                    topic,
                    record.key or b"",
                    record.value or b"",
                    [(name, value or b"") for name, value in record.headers],
                )


def _of(pattern: Message, number: int, step: int, at: datetime) -> Message:
    contact = derived_id(_SINCE, "contact", number)
    own: dict[str, Any] = {
        "contact": contact, "subject": contact, "clock": derived_id(_SINCE, "clock", number), "version": step, "at": at,
        "reference": f"BENCH-{number:05X}", "submission": derived_id(_SINCE, "submission", number), "successor": None,
    }  # fmt: skip
    changes: dict[str, Any] = {name: value for name, value in own.items() if name in type(pattern).model_fields}
    if "child_known" in type(pattern).model_fields:
        known: Any = pattern.child_known  # type: ignore[attr-defined]
        changes["child_known"] = known.model_copy(update={"person": derived_id(_SINCE, "person", number)})
    return pattern.model_copy(update=changes)
