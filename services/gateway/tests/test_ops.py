"""The operations pages: what waits, what is away, what could not be handled, and what somebody does about it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.deadletters import DeadLetterSettled
from icart_common.contracts.notifications import ResendDelivery
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.screen import whose
from icart_common.testing import example, record_of, said
from icart_gateway.ops.alarms import Counts, alarms
from icart_gateway.ops.asking import Said
from icart_gateway.ops.runbook import runbook
from icart_gateway.ops.words import length, waiting
from icart_gateway.web import web
from services.gateway.tests.conftest import NOW
from services.gateway.tests.front_of_services import TOKEN, Intake, intake

pytestmark = pytest.mark.broker
TOPIC = "inbound.cases.york"
CANARY = "Wilfreda Quarnshaw"
WHY = {"reason": "the export was cut off"}


@dataclass
class Handled:
    """A handler that keeps what it was given."""

    bodies: list[Any] = field(default_factory=list)

    async def __call__(self, batch: Any, transaction: Any) -> None:
        self.bodies += [one.body for one in batch]


@dataclass
class Ops:
    """The gateway beside intake's health port, with somebody who may operate signed in."""

    gateway: Any
    intake: Intake
    handled: Handled
    client: httpx2.AsyncClient
    csrf: str

    async def post(self, path: str, **fields: Any) -> httpx2.Response:
        return await self.client.post(path, data={"csrf": self.csrf, **fields})

    async def change_authority(self, authority: str) -> None:
        """Somebody who operates another authority's front door is at the pages from now on."""
        self.csrf = await self.gateway.sign_in("ops-2", "operations", authority=authority)
        self.client.cookies = self.gateway.client.cookies

    async def letter(self, value: bytes) -> UUID:
        """A message of the case system that cannot be read, put aside by intake and told to the gateway."""
        good = record_of(PersonHeld(**WHO, number="E-9", given_name=CANARY), TOPIC)
        told = await self.intake.puts_aside(good._replace(value=value))
        await self.gateway.hear(told)
        return told.dead_letter


WHO: dict[str, Any] = {"agency": "etrak-york", "authority": "york", "as_of": "2026-11-01T00:00:00Z"}


@pytest.fixture
async def ops(gateway: Any, stack: Any, tmp_path: Any) -> AsyncIterator[Ops]:
    topics = [one for one in deployment_topics(gateway.door.book) if one.name == TOPIC]
    handled = Handled()
    async with intake(stack, topics, handled, tmp_path, gateway.clock) as running:
        settings = gateway.door.settings.model_copy(
            update={"service_urls_file": running.urls, "ops_token": type(gateway.door.settings.database_url)(TOKEN)}
        )
        csrf = await gateway.sign_in("ops-1", "operations", authority="york")
        transport = httpx2.ASGITransport(app=web(replace(gateway.door, settings=settings)))
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://gateway.test", cookies=gateway.client.cookies
        ) as client:
            yield Ops(gateway, running, handled, client, csrf)


async def test_whoever_may_not_operate_sees_nothing_of_it(gateway):
    await gateway.sign_in("w-101", "social-worker")
    for path in ("/ops", "/ops/dead-letters", "/ops/deliveries", "/ops/topics", "/ops/runbook/dead-letters"):
        assert (await gateway.client.get(path)).status_code == 403


async def test_a_service_that_is_away_is_said_to_be_and_the_page_stands(ops):
    answer = await ops.client.get("/ops")
    assert answer.status_code == 200
    assert "screening does not answer" in answer.text
    assert "intake does not answer" not in answer.text
    assert 'href="/ops/runbook/service-away"' in answer.text


async def test_a_dead_letter_is_listed_without_what_it_says(ops, capfd):
    letter = await ops.letter(f'{{"given_name": "{CANARY}"'.encode())
    page = (await ops.client.get("/ops/dead-letters")).text
    assert str(letter) in page
    assert "not-json" in page
    assert CANARY not in page
    shown = await ops.post(f"/ops/dead-letters/{letter}", what="look")
    assert shown.status_code == 422, "a look without a reason"
    assert CANARY not in shown.text
    shown = await ops.post(f"/ops/dead-letters/{letter}", what="look", **WHY)
    assert CANARY in shown.text
    looks = await ops.intake.database.pool.fetch("select looked_by, reason from dead_letter_look")
    assert [tuple(row) for row in looks] == [("ops-1", WHY["reason"])]
    assert CANARY not in "".join(capfd.readouterr())


async def test_trying_says_what_would_happen_and_does_nothing(ops):
    letter = await ops.letter(b'{"given_name": "cut')
    tried = await ops.post("/ops/dead-letters", letter=str(letter), what="try", **WHY)
    assert "not-json at $" in tried.text
    assert await said(ops.intake.database, DeadLetterSettled) == []


async def test_what_a_release_can_handle_is_handled_again_where_it_is_kept(ops):
    good = PersonHeld(**WHO, number="E-10", given_name=CANARY)
    letter = await ops.letter(b"{")
    await ops.intake.database.pool.execute(
        "update dead_letter set value = $1", good.model_dump_json(exclude_none=True).encode()
    )  # the release after: it can read what this one could not
    answer = await ops.post("/ops/dead-letters", letter=str(letter), what="handle-again", **WHY)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ops/dead-letters?done=1&left=0")
    assert ops.handled.bodies == [good]
    (settled,) = await said(ops.intake.database, DeadLetterSettled)
    assert (settled.state, settled.by) == ("sent-again", "ops-1")
    again = await ops.post("/ops/dead-letters", letter=str(letter), what="handle-again", **WHY)
    assert again.headers["location"].endswith("done=0&left=1"), "a second press does nothing"
    assert ops.handled.bodies == [good]
    await ops.gateway.hear(settled)
    assert str(letter) not in (await ops.client.get("/ops/dead-letters")).text
    there = (await ops.client.get("/ops/dead-letters?state=sent-again")).text
    assert str(letter) in there
    assert 'data-label="By">Robin Example, ' in there, "by the name that they signed in with"
    assert "Robin Example, Monday" in (await ops.client.get(f"/ops/dead-letters/{letter}")).text


async def test_what_still_cannot_be_read_is_left_and_another_is_discarded_with_the_reason(ops):
    first, second = await ops.letter(b"{"), await ops.letter(b"[")
    left = await ops.post("/ops/dead-letters", letter=[str(first), str(second)], what="handle-again", **WHY)
    assert left.headers["location"] == "/ops/dead-letters?done=0&left=2"
    await ops.post("/ops/dead-letters", letter=str(second), what="discard", **WHY)
    rows = await ops.intake.database.pool.fetch("select id, state, acted_reason from dead_letter order by state")
    assert {row["id"]: (row["state"], row["acted_reason"]) for row in rows} == {
        first: ("waiting", None),
        second: ("discarded", WHY["reason"]),
    }


async def test_a_corrected_message_goes_through_its_topic(ops):
    letter = await ops.letter(b'{"given_name": "cut')
    mended = PersonHeld(**WHO, number="E-9", given_name="Mended").model_dump_json(exclude_none=True)
    tried = await ops.post(f"/ops/dead-letters/{letter}", what="try", value="{", **WHY)
    assert "not-json at $" in tried.text
    tried = await ops.post(f"/ops/dead-letters/{letter}", what="try", value=mended, **WHY)
    assert "It can be read now" in tried.text
    sent: list[Record] = []
    publisher = ops.gateway.door.publisher

    async def taken(topic: Any, record: Record, *, seconds: float) -> None:
        sent.append(record)

    object.__setattr__(publisher, "send_again", taken)
    answer = await ops.post(f"/ops/dead-letters/{letter}", what="send", value=mended, **WHY)
    assert answer.status_code == 303
    (record,) = sent
    assert (record.topic, record.value) == (TOPIC, mended.encode())
    assert dict(record.headers)["ce_replayof"] == str(letter).encode()
    (settled,) = await said(ops.intake.database, DeadLetterSettled)
    assert settled.state == "sent-again"


async def test_without_the_token_a_service_hands_out_nothing(ops):
    letter = await ops.letter(b"{")
    (url,) = re.findall(r"http://[0-9.:]+", ops.intake.urls.read_text())
    body = {"what": "look", "dead_letters": [str(letter)], "person": "x", "reason": "y"}
    async with httpx2.AsyncClient(trust_env=False) as stranger:
        for headers in ({}, {"authorization": "Bearer guessed"}):
            answer = await stranger.post(f"{url}/dead-letters", json=body, headers=headers)
            assert answer.status_code == 403
        right = {"authorization": f"Bearer {TOKEN}"}
        assert (await stranger.get(f"{url}/dead-letters", headers=right)).status_code == 405
        assert (await stranger.post(f"{url}/dead-letters", content=b"{", headers=right)).status_code == 422


@pytest.mark.req("ST-12")
async def test_a_delivery_that_failed_is_shown_with_its_reason_and_sent_again_on_demand(ops):
    failed: Any = example("icart.notifications.failed.v1", authority="york")
    await ops.gateway.hear(failed)
    page = (await ops.client.get("/ops/deliveries")).text
    assert failed.reason in page
    (message,) = re.findall(r'name="message" value="([^"]+)"', page)
    asked: list[tuple[Any, UUID]] = []

    async def taken(body: Any, *, message_id: UUID, **_: Any) -> None:
        asked.append((body, message_id))

    object.__setattr__(ops.gateway.door.publisher, "publish", taken)
    fields = {"delivery": str(failed.delivery), "message": message}
    assert (await ops.post("/ops/deliveries", **fields)).status_code == 422
    assert (await ops.post("/ops/deliveries", **fields, reason="the mailbox is mended")).status_code == 303
    ((body, identifier),) = asked
    assert isinstance(body, ResendDelivery)
    assert (body.delivery, str(identifier)) == (failed.delivery, message)
    made = example("icart.notifications.delivered.v1", delivery=str(failed.delivery), authority="york", sendings=2)
    await ops.gateway.hear(made)
    assert failed.reason not in (await ops.client.get("/ops/deliveries")).text


async def test_another_authoritys_delivery_is_neither_shown_nor_sent_again(ops):
    failed: Any = example("icart.notifications.failed.v1", authority="halton")
    await ops.gateway.hear(failed)
    assert failed.reason not in (await ops.client.get("/ops/deliveries")).text
    asked: list[Any] = []

    async def taken(body: Any, **_: Any) -> None:
        asked.append(body)

    object.__setattr__(ops.gateway.door.publisher, "publish", taken)
    fields = {"delivery": str(failed.delivery), "message": str(uuid4()), "reason": "the mailbox is mended"}
    assert (await ops.post("/ops/deliveries", **fields)).status_code == 404
    assert asked == []
    await ops.change_authority("halton")
    assert (await ops.post("/ops/deliveries", **fields)).status_code == 303
    assert len(asked) == 1


async def test_another_authoritys_dead_letter_is_not_there_to_be_looked_at_or_settled(ops):
    letter = await ops.letter(f'{{"given_name": "{CANARY}"'.encode())
    await ops.change_authority("halton")
    assert str(letter) not in (await ops.client.get("/ops/dead-letters")).text
    assert "not-json" not in (await ops.client.get("/ops")).text
    assert (await ops.client.get(f"/ops/dead-letters/{letter}")).status_code == 404
    for what in ("look", "try", "send"):
        answer = await ops.post(f"/ops/dead-letters/{letter}", what=what, value="{}", **WHY)
        assert (answer.status_code, CANARY in answer.text) == (404, False)
    for what in ("try", "handle-again", "discard"):
        assert (await ops.post("/ops/dead-letters", letter=str(letter), what=what, **WHY)).status_code == 422
    pool = ops.intake.database.pool
    assert await pool.fetchval("select state from dead_letter") == "waiting"
    assert await pool.fetchval("select count(*) from dead_letter_look") == 0


async def test_what_nobody_can_tell_the_authority_of_is_listed_by_topic_code_and_time_alone(ops):
    letter: Any = example("icart.dead-letter.recorded.v1", authority=None)
    await ops.gateway.hear(letter)
    for authority in ("york", "halton"):
        await ops.change_authority(authority)
        for page in ("/ops/dead-letters", f"/ops/dead-letters/{letter.dead_letter}"):
            text = (await ops.client.get(page)).text
            assert all(words in text for words in (letter.topic, letter.code, "Nobody can tell which authority")), page
            assert letter.problems[0].path not in text


@pytest.mark.parametrize(
    ("topic", "header", "value", "found"),
    [
        ("inbound.cases.york", "halton", b"{", "york"),
        ("inbound.referrals.cheshire-police", None, b"{", None),
        ("inbound.referrals.cheshire-police", "halton", b"{", "halton"),
        ("inbound.referrals.cheshire-police", "york", b"{", None),
        ("inbound.referrals.cheshire-police", None, b'{"authority": "halton"}', "halton"),
        ("inbound.referrals.cheshire-police", None, b'{"authority": "york"}', None),
        ("inbound.referrals.cheshire-police", None, b'{"authority": ["halton"]}', None),
        ("inbound.referrals.cheshire-police", None, b"[" * 99_999, None),
        ("inbound.referrals.cheshire-police", None, b"\xff", None),
        ("inbound.referrals.cheshire-police", None, None, None),
        ("commands.screening", "york", b"{", "york"),
        ("commands.screening", "Not one\xff", None, None),
    ],
)
def test_whose_a_record_is_that_nobody_can_read(book, topic, header, value, found):
    (known,) = [one for one in deployment_topics(book) if one.name == topic]
    headers = [("ce_authority", header.encode("latin-1"))] if header else []
    assert whose(Record(topic, 0, 1, NOW, None, headers, value), known) == found


async def test_topics_readers_packs_and_releases_stand_on_one_page(ops):
    page = (await ops.client.get("/ops/topics")).text
    for words in (
        "events.screening",
        "icart.intake.probe",
        "in force for what arrives today",
        "icart.screening.triage.v1",
    ):
        assert words in page


async def test_every_alarm_has_a_page_in_the_runbook_that_says_the_four_things(ops):
    away, slow = (
        Said("intake", False, ("it does not answer",)),
        {"oldest": 400.0, "consumers": {"c": {"resting": ["t"], "lag": 1}}},
    )
    raised = alarms([away, Said("timers", True, ("no database",)), Said("screening", True, (), slow)], Counts(1, 2, 3))
    assert {one.page for one in raised} == set(runbook())
    for name, blocks in runbook().items():
        assert blocks[0].kind == "title"
        headings = [one.lines[0] for one in blocks if one.kind == "heading"]
        assert headings == ["What it means for children", "What to look at", "What to do", "When it is over"], name
        assert (await ops.client.get(f"/ops/runbook/{name}")).status_code == 200
    assert (await ops.client.get("/ops/runbook/no-such")).status_code == 404


def test_lengths_are_said_in_words():
    assert [length(one) for one in (1, 59, 60, 3599, 7200, 86_400)] == [
        "1 second", "59 seconds", "1 minute", "59 minutes", "2 hours", "1 day"
    ]  # fmt: skip
    assert waiting(0.4) == "nobody waits"
