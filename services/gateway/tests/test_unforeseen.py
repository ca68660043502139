"""What nobody foresaw: a page in plain words, a reference that is in the log too, and nothing that was typed in either."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from icart_common.observability.logs import configure_logs
from icart_gateway.headers import HEADERS
from services.gateway.tests.conftest import CANARY, FAILS, Gateway
from services.gateway.tests.filled_in import TRIAGE, opened
from services.gateway.tests.partners import Partner, referral
from services.gateway.tests.screening import Screening

pytestmark = pytest.mark.broker
REFERENCE = re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b")


class Failing:
    """Publishes nothing, by its own mistake."""

    async def publish(self, *_: Any, **__: Any) -> None:
        raise LookupError(CANARY)


@asynccontextmanager
async def by_browser(gateway: Gateway) -> AsyncIterator[None]:
    """Calls go over HTTP to the pages as they are served, and what fails there is answered as it is to anybody."""
    async with (
        gateway.served() as door,
        httpx2.AsyncClient(base_url=door.address, cookies=gateway.client.cookies) as client,
    ):
        gateway.client = client
        yield


def logged(capsys: Any) -> list[dict[str, Any]]:
    """The lines of the log about what nobody foresaw. None of any kind holds what was typed."""
    said = capsys.readouterr().out
    assert CANARY not in said
    return [line for one in said.splitlines() if (line := json.loads(one))["event"] == "unforeseen"]


async def test_a_page_that_fails_says_so_with_a_reference_that_is_in_the_log(gateway: Gateway, capsys: Any) -> None:
    await gateway.sign_in("w1", "social-worker")
    configure_logs("gateway")
    async with by_browser(gateway):
        answer = await gateway.client.get(f"{FAILS}?name=Wilhelmina")
    (line,) = logged(capsys)
    assert answer.status_code == 500
    assert REFERENCE.findall(answer.text) == [line["request"]]
    assert (line["error"], line["where"][:11], line["path"]) == ("LookupError", "conftest.py", FAILS)
    assert "Sorry, something went wrong" in answer.text
    assert "load the page again" in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    for one in (CANARY, "Wilhelmina", "LookupError", "Traceback", "conftest"):
        assert one not in answer.text


async def test_a_form_that_fails_keeps_the_words_where_the_page_says(
    gateway: Gateway, screening: Screening, capsys: Any
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    address = f"/contacts/{contact}/do/triage"
    gateway.change(publisher=Failing())
    configure_logs("gateway")
    async with by_browser(gateway):
        form = await opened(gateway, address)
        answer = await gateway.client.post(address, data={**form, **TRIAGE, "reason": CANARY})
        (line,) = logged(capsys)
        assert answer.status_code == 500
        assert line["request"] in answer.text
        assert CANARY not in answer.text
        (draft,) = re.findall(r'<a class="govuk-link" href="([^"]+)">Open it again', answer.text)
        assert CANARY in (await gateway.client.get(draft)).text


async def test_a_call_that_fails_is_answered_as_a_problem_and_said_once(gateway: Gateway, capsys: Any) -> None:
    gateway.change(publisher=Failing())
    configure_logs("gateway")
    async with by_browser(gateway):
        partner = await Partner.of(gateway)
        answer = await partner.send(referral() | {"why_now": CANARY})
    (line,) = logged(capsys)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert REFERENCE.findall(problem["detail"]) == [line["request"]]
    assert line["path"] == "/api/v1/referrals"
    assert CANARY not in answer.text
