"""Operations by hand on a real broker and database: topics, schema, the case feed, and a dead letter from list to settled."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from icart_cli import exits
from icart_cli.platform import platform
from icart_common.clock import SystemClock
from icart_common.contracts.cases import LoadBegun, LoadEnded, LoadSettled, PersonHeld
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer, producer
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process
from icart_common.testing.probe import NOON
from services.gateway.tests.front_of_services import TOKEN, intake

pytestmark = pytest.mark.broker
TOPIC = "inbound.cases.york"
WHO = {"agency": "etrak-york", "authority": "york", "as_of": "2026-11-01T00:00:00Z"}


class CommandLine:
    """`icart` as a script uses it: its facts are JSON lines."""

    def __init__(self, stack: Any, folder: Path) -> None:
        self.environment = os.environ | stack.environment()
        self._folder = folder

    async def __call__(self, *words: str, code: int = exits.OK) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from icart_cli.main import main; main()",
            *words,
            cwd=self._folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await asyncio.wait_for(process.communicate(), 120)
        assert process.returncode == code, (words, out.decode(), error.decode())
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture(scope="module")
async def prepared(stack, tmp_path_factory) -> None:
    """Topics and databases as the command line makes them; once, for each of its starts takes seconds."""
    command = CommandLine(stack, tmp_path_factory.mktemp("prepared"))
    await command("topics", "apply")
    await command("migrate")


@pytest.fixture
def icart(stack, prepared, tmp_path) -> CommandLine:
    return CommandLine(stack, tmp_path)


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


async def test_a_full_load_with_a_line_that_cannot_be_sent_sends_nothing_and_keeps_the_line(icart, tmp_path):
    (tmp_path / "people.csv").write_text("number,given_name,born\nE-3,Linnet,2016-02-29\nE-4,Corin,2017-02-29\n")
    load = ("cases", "load", "people.csv", "--agency", "etrak-york", "--authority", "york", "--rejects", "bad.jsonl")
    *lines, loaded = await icart(*load, "--full", code=exits.NOT_AS_EXPECTED)
    assert [(row["line"], row["what"], row["where"]) for row in lines] == [(3, "rejected", "$.born")]
    assert (loaded["people"], loaded["load"]) == (0, None)
    (kept,) = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert "Corin" in kept["original"], "nothing is lost"
    assert "Corin" not in json.dumps(lines)
    assert (tmp_path / "bad.jsonl").stat().st_mode & 0o077 == 0, "it is personal data"


SYSTEMS = {"halton": "carefirst-halton", "york": "etrak-york", "cheshire-west": "liquidlogic-cheshire-west"}
SCHOOLS = {"halton": "larkspur-lane-primary", "york": "hawthorn-gate-school", "cheshire-west": "rowan-brook-academy"}
CENSUS = Path(__file__).parent / "feed" / "data" / "small-census.xml"


def referral_about(authority: str, child: dict[str, Any]) -> ReferralSubmitted:
    return ReferralSubmitted.model_validate(
        {
            "agency": SCHOOLS[authority],
            "authority": authority,
            "submission": new_id(),
            "channel": "partner-system",
            "referrer": {
                "kind": "professional", "name": "Bertrand Thistlewood", "phone": "01632 960200",
                "email": "head@example.org", "address": "1 Nowhere Yard, ZZ99 1AA", "role": "head teacher",
            },
            "event": {"what": f"Came to school hungry again, note {new_id()}."},
            "people": [{"ref": "p1", "role": "child", **child}],
            "tried": {"plan": "taf"}, "tools": ["graded-care-profile"],
        }
    )  # fmt: skip


async def heard_until(reader, wanted: int, kind: type, about: set[Any]) -> list[Any]:
    """The messages of one kind about these things, waiting for so many."""
    found: list[Any] = []
    async with asyncio.timeout(90):
        while len(found) < wanted:
            record = await reader.getone()
            message = read_body(read_envelope(record.headers).type, record.value)
            if isinstance(message, kind) and {str(message.subject_id), str(getattr(message, "submission", ""))} & about:
                found.append(message)
    return found


@pytest.mark.req("IN-5", "IN-6", authority="halton")
@pytest.mark.req("IN-5", "IN-6", authority="york")
@pytest.mark.req("IN-5", "IN-6", authority="cheshire-west")
async def test_a_census_is_loaded_and_what_comes_in_about_an_open_child_goes_to_the_duty_team(stack, icart):
    """From the file to the topic, and from a referral to its redirection; of a child that a later load leaves out, a contact."""
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    known, other = {"upn": "P999000000101", "born": "2017-02-28"}, {"upn": "D999000000102", "born": "2012-11-05"}
    async with (
        consumer(settings, "events.intake") as reader,
        producer(settings) as sender,
        service_process(stack, "icart_intake"),
    ):

        async def send(message: Any, topic: str) -> None:
            record = record_of(message, topic, at=datetime.now(UTC))
            await sender.send_and_wait(topic, record.value, record.key, headers=list(record.headers))

        for authority, system in SYSTEMS.items():
            who = ("--agency", system, "--authority", authority)
            census = ("--format", "cin-census", "--team", "Duty team")
            *_, loaded = await icart("cases", "load", str(CENSUS), *who, *census, "--full")
            (settled,) = await heard_until(reader, 1, LoadSettled, {loaded["load"]})
            assert (settled.state, settled.heard, settled.agency) == ("complete", 3, system)

            redirected = referral_about(authority, known)
            await send(redirected, f"inbound.referrals.{redirected.agency}")
            (passed,) = await heard_until(reader, 1, CaseRedirected, {str(redirected.submission)})
            assert (passed.case.number, passed.case.team, passed.case.episode) == ("INV-1", "Duty team", "2026-01-12")

            load, as_of = new_id(), datetime(2026, 5, 1, tzinfo=UTC)
            frame = {"agency": system, "authority": authority}
            topic = f"inbound.cases.{authority}"
            await send(LoadBegun(**frame, load=load, as_of=as_of), topic)
            await send(PersonHeld(**frame, load=load, number="INV-2", as_of=as_of, **other), topic)
            await send(LoadEnded(**frame, load=load, people=1), topic)
            (settled,) = await heard_until(reader, 1, LoadSettled, {str(load)})
            assert (settled.state, settled.no_longer_held) == ("complete", 2)
            again = referral_about(authority, known)
            await send(again, f"inbound.referrals.{again.agency}")
            (opened,) = await heard_until(reader, 1, ContactOpened, {str(again.submission)})
            assert opened.child_known.case is None
            assert [line.kind for line in opened.child_known.history][:2] == ["referral", "assessment"]


async def test_a_dead_letter_is_listed_looked_at_handled_again_corrected_and_discarded(stack, icart, tmp_path):
    """By the service that keeps it, as on the operations pages (decision 0017)."""
    good = record_of(PersonHeld(**WHO, number="E-9", given_name="Wilfreda"), TOPIC, at=NOON)
    topics = [one for one in deployment_topics(load_packs()) if one.name == TOPIC]
    handled: list[Any] = []

    async def handler(batch: Any, _transaction: Any) -> None:
        handled.extend(batch)

    async with intake(stack, topics, handler, tmp_path, SystemClock()) as running:
        name = await running.database.pool.fetchval("select current_database()")
        urls = {"intake": json.loads(running.urls.read_text())["services"]["intake"]["url"]}
        icart.environment |= {
            "ICART_INTAKE_DATABASE_URL": stack.postgres_url(name),
            "ICART_SERVICE_URLS": json.dumps(urls),
            "ICART_OPS_TOKEN": TOKEN,
        }
        for value in (b'{"given_name": "Wilfreda"', b"["):
            await running.puts_aside(good._replace(value=value, offset=good.offset + len(value)))

        listed, other = await icart("dead-letters", "list", "intake")
        assert (listed["reason"], listed["state"]) == ("not-json", "waiting")
        assert "Wilfreda" not in json.dumps(listed)

        who = ("--person", "ops.1", "--reason", "the export was cut off")
        (shown,) = await icart("dead-letters", "show", "intake", listed["id"], *who)
        assert shown["value"] == '{"given_name": "Wilfreda"'
        looks = await running.database.pool.fetch("select looked_by, reason from dead_letter_look")
        assert [tuple(row) for row in looks] == [("ops.1", "the export was cut off")]

        replay = ("dead-letters", "replay", "intake", *who)
        *both, dry = await icart(*replay, code=exits.NOT_AS_EXPECTED)
        assert [one["problem"].partition(":")[0] for one in both] == ["not-json at $"] * 2
        assert dry["line"].startswith("Dry run: 0 would be handled again, 2 cannot be")

        (tmp_path / "mended.json").write_bytes(good.value or b"")
        correct = (*replay, listed["id"], "--correction", "mended.json")
        (would, _) = await icart(*correct)
        assert (would["fact"], would["problem"], would["done"]) == ("verdict", "", False)
        await icart(*correct, "--really")
        records = await last_of(stack, TOPIC, 1)
        again = [one for one in records if dict(one.headers).get("ce_replayof") == listed["id"].encode()]
        assert [record.value for record in again] == [good.value]

        await running.database.pool.execute(
            "update dead_letter set value = $1 where id = $2", good.value, UUID(other["id"])
        )  # the release after: it can read what this one could not
        (verdict, _) = await icart(*replay, "--really")
        assert (verdict["dead_letter"], verdict["done"]) == (other["id"], True)
        assert [one.body.number for one in handled] == ["E-9"]
        kept = await icart("dead-letters", "list", "intake", "--state", "all")
        assert [row["state"] for row in kept] == ["sent-again"] * 2
        await icart("dead-letters", "discard", "intake", other["id"], *who, code=exits.WRONG_USE)

        del icart.environment["ICART_OPS_TOKEN"]
        await icart("dead-letters", "show", "intake", listed["id"], *who, code=exits.NOT_REACHED)


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
    monkeypatch.setattr("icart_cli.platform._MOST_STARTS", 1)  # six services, and a start of each takes seconds
    with pytest.raises(exits.Stop, match=r"did not become ready: it ended \d times, the last time with: ") as refused:
        async with platform(tmp_path, more={"ICART_OUTBOX_BUCKETS": "several"}):
            pass
    assert refused.value.code == exits.NOT_REACHED
