"""Operations by hand on a real broker and database: topics, schema, the case feed, and a dead letter from list to sent again."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from icart_cli import exits
from icart_cli.platform import platform
from icart_common.contracts.cases import PersonHeld
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of
from icart_common.testing.probe import NOON, ProbeHandler

pytestmark = pytest.mark.broker
TOPIC = "inbound.cases.york"
WHO = {"agency": "etrak-york", "authority": "york", "as_of": "2026-11-01T00:00:00Z"}


class CommandLine:
    """`icart` as a script uses it: its facts are JSON lines."""

    def __init__(self, stack: Any, folder: Path) -> None:
        self._environment = os.environ | stack.environment()
        self._folder = folder

    async def __call__(self, *words: str, code: int = exits.OK) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from icart_cli.main import main; main()",
            *words,
            cwd=self._folder,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await asyncio.wait_for(process.communicate(), 120)
        assert process.returncode == code, (words, out.decode(), error.decode())
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
async def icart(stack, tmp_path) -> CommandLine:
    command = CommandLine(stack, tmp_path)
    await command("topics", "apply")
    await command("migrate")
    return command


async def last_of(stack, topic: str, count: int) -> list[Any]:
    """The last `count` records of a topic, waiting for so many."""
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    found: list[Any] = []
    async with consumer(settings, topic) as reader, asyncio.timeout(60):
        while len(found) < count:
            for records in (await reader.getmany(timeout_ms=200)).values():
                found += records
    return found


async def test_topics_and_schema_are_made_once_and_then_are_as_they_should_be(icart):
    assert await icart("topics", "plan") == []
    assert {row["state"] for row in await icart("migrate")} == {"is current"}
    assert {row["state"] for row in await icart("migrate", "--dry-run")} == {"is current"}


async def test_a_case_file_is_checked_and_loaded_and_bad_lines_are_named(stack, icart, tmp_path):
    (tmp_path / "people.csv").write_text(
        "number,given_name,family_name,born,status,allocated,team\n"
        "E-1,Linnet,Marrowby,2016-02-29,open,true,Assessment Team\n"
        "E-2,Corin,Marrowby,2017-02-29,,,\n"
    )
    load = ("cases", "load", "people.csv", "--agency", "etrak-york", "--authority", "york")
    checked = await icart(*load, "--dry-run", code=exits.NOT_AS_EXPECTED)
    assert checked[0]["line"] == 3
    assert checked[0]["where"] == "$.born"
    assert checked[-1]["people"] == 1
    loaded = await icart(*load, code=exits.NOT_AS_EXPECTED)
    assert loaded[-1] == checked[-1] | {"says": "1 of 2 people loaded."}
    records = await last_of(stack, TOPIC, 1)
    assert any(json.loads(record.value)["number"] == "E-1" for record in records)


async def test_a_dead_letter_is_listed_looked_at_corrected_and_sent_again(stack, icart, tmp_path):
    good = record_of(PersonHeld(**WHO, number="E-9", given_name="Wilfreda"), TOPIC, at=NOON)
    fields = {name: getattr(good, name) for name in Record.__slots__}
    broken = Record(**fields | {"value": b'{"given_name": "Wilfreda"'})
    database = Database(stack.postgres_url("icart_intake"), connections=2, wait_seconds=5, application="test")
    await database.open()
    topics = {topic.name: topic for topic in deployment_topics(load_packs())}
    await BatchRunner("probe", "intake", database, topics, ProbeHandler(), buckets=4).run([broken])

    (listed,) = [row for row in await icart("dead-letters", "list", "intake") if TOPIC in row["from"]]
    assert (listed["reason"], listed["state"]) == ("not-json", "waiting")
    assert "Wilfreda" not in json.dumps(listed)

    who = ("--person", "ops.1", "--reason", "the export was cut off")
    (shown,) = await icart("dead-letters", "show", "intake", listed["id"], *who)
    assert shown["value"] == '{"given_name": "Wilfreda"'
    looks = await database.pool.fetch("select looked_by, reason from dead_letter_look")
    assert [tuple(row) for row in looks] == [("ops.1", "the export was cut off")]

    replay = ("dead-letters", "replay", "intake", listed["id"], *who)
    (as_it_was, _) = await icart(*replay, code=exits.NOT_AS_EXPECTED)
    assert as_it_was["problem"].startswith("not-json at $")

    (tmp_path / "mended.json").write_bytes(good.value or b"")
    (would, dry) = await icart(*replay, "--correction", "mended.json")
    assert (would["fact"], would["problem"]) == ("would-send", "")
    assert dry["line"].startswith("Dry run: 1 would be sent")
    await icart(*replay, "--correction", "mended.json", "--really")
    again = [
        record
        for record in await last_of(stack, TOPIC, 1)
        if dict(record.headers).get("ce_replayof") == listed["id"].encode()
    ]
    assert [record.value for record in again] == [good.value]
    assert not [row for row in await icart("dead-letters", "list", "intake") if row["id"] == listed["id"]]
    (kept,) = [r for r in await icart("dead-letters", "list", "intake", "--state", "all") if r["id"] == listed["id"]]
    assert kept["state"] == "sent-again"
    await database.close()


async def test_the_doctor_says_what_is_well_and_what_to_do(icart):
    found = await icart("doctor", code=exits.NOT_AS_EXPECTED)
    by_name = {row["what"]: row for row in found if row["fact"] == "finding"}
    assert by_name["Kafka"]["state"] == "well"
    assert by_name["database of timers"]["state"] == "well"
    assert by_name["services"]["state"] == "NOT WELL"
    assert "icart up" in by_name["services"]["what to do"]


async def test_services_that_keep_ending_stop_the_start_with_their_last_words(stack, tmp_path, monkeypatch):
    for name, value in stack.environment().items():
        monkeypatch.setenv(name, value)
    with pytest.raises(exits.Stop, match=r"did not become ready: it ended \d times, the last time with: ") as refused:
        async with platform(tmp_path, more={"ICART_OUTBOX_BUCKETS": "several"}):
            pass
    assert refused.value.code == exits.NOT_REACHED
