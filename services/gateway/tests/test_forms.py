"""A form's way: shown, checked, sent once, and answered; nothing that was typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.gateway.tests.screening import Screening, commands
from services.screening.tests.front_door import FrontDoor

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]


@pytest.fixture
async def screening(gateway: Any) -> Screening:
    return Screening(gateway, FrontDoor("halton"))


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no {name}"
    return found.group(1)


async def opened(gateway: Any, address: str) -> dict[str, str]:
    """A form as a browser opens it: what it would send without a person's doing."""
    answer = await gateway.client.get(address)
    assert answer.status_code == 200, answer.text
    return {name: hidden(answer.text, name) for name in ("csrf", "message", "seen_version", "form")}


TRIAGE = {"strand": "safeguarding", "urgency": "urgent", "reason": "two earlier contacts"}


async def test_a_form_is_carried_out_once_however_often_it_is_sent(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    async with commands(stack) as sent:
        first = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        envelope, command = await sent.next()
        assert first.status_code == 303
        on_its_way = await gateway.client.get(first.headers["location"])
        assert "on its way" in on_its_way.text
        again = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        second, same = await sent.next()
        assert (second.id, same) == (envelope.id, command)
        await screening.answer(envelope, command)
        await screening.answer(second, same)
        done = await gateway.client.get(again.headers["location"])
        assert "The contact has been triaged." in done.text
        third = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        assert third.headers["location"] == first.headers["location"]
        assert await sent.nothing_more()
    assert screening.front.contacts[contact].strand == "safeguarding"
