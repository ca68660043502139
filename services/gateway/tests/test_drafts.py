"""What is typed is kept on the server, until it was carried out or thrown away (IN-22)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.gateway.tests.conftest import CANARY
from services.gateway.tests.filled_in import TRIAGE, hidden, opened
from services.gateway.tests.screening import Screening
from services.screening.tests.front_door import FrontDoor

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]
EVERYBODY = [
    pytest.param(one, marks=pytest.mark.req("IN-22", authority=one)) for one in ("halton", "york", "cheshire-west")
]


@pytest.mark.parametrize("authority", EVERYBODY)
async def test_what_is_typed_is_there_again_after_signing_in_again(gateway: Any, authority: str) -> None:
    screening = Screening(gateway, FrontDoor(authority))
    contact = await screening.open()
    manager = screening.front.cast.manager
    await gateway.sign_in("m1", manager, authority=authority)
    address = f"/contacts/{contact}/do/triage"
    form = await opened(gateway, address)
    kept = await gateway.client.post("/typed", data={**form, "reason": "two earlier con"})
    assert kept.status_code == 204
    gateway.client.cookies.clear()
    assert (await gateway.client.get(address)).status_code == 303
    await gateway.sign_in("m1", manager, authority=authority)
    shown = await gateway.client.get(address)
    assert "two earlier con" in shown.text
    assert hidden(shown.text, "message") == form["message"]
    await gateway.sign_in("m2", manager, authority=authority)
    assert "two earlier con" not in (await gateway.client.get(address)).text


async def test_the_list_of_drafts_throws_away_and_gives_back(gateway: Any, screening: Screening) -> None:
    contact = await screening.open()
    csrf = await gateway.sign_in("m1", "social-work-manager")
    assert "There is nothing now" in (await gateway.client.get("/drafts")).text
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    await gateway.client.post("/typed", data={**form, "reason": "half a sent"})
    listed = await gateway.client.get("/drafts")
    assert "Triage this contact" in listed.text
    name = {"csrf": csrf, "form": form["form"]}
    gone = await gateway.client.post("/drafts/discard", data=name)
    assert "Have it back" in (await gateway.client.get(gone.headers["location"])).text
    assert "half a sent" not in (await gateway.client.get(f"/contacts/{contact}/do/triage")).text
    back = await gateway.client.post("/drafts/take-back", data=name)
    assert "half a sent" in (await gateway.client.get(back.headers["location"])).text
    await gateway.client.post("/drafts/discard", data=name)
    gateway.clock.set(gateway.clock.now() + timedelta(hours=25))
    name["csrf"] = await gateway.sign_in("m1", "social-work-manager")
    late = await gateway.client.post("/drafts/take-back", data=name)
    assert late.headers["location"] == "/drafts"


async def test_a_draft_goes_when_it_was_carried_out_and_not_before(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    address = f"/contacts/{contact}/do/triage"
    form = await opened(gateway, address)
    await gateway.client.post("/typed", data={**form, **TRIAGE})
    await gateway.client.post(address, data={**form, **TRIAGE})
    assert "two earlier contacts" in (await gateway.client.get(address)).text
    assert "Sent, and on its way" in (await gateway.client.get("/drafts")).text
    gateway.answers_within(10)
    async with screening.at_work(stack), gateway.listening():
        done = await gateway.client.post(address, data={**form, **TRIAGE})
        assert done.status_code == 303
    late = await gateway.client.post("/typed", data={**form, **TRIAGE})
    assert late.status_code == 204
    listed = (await gateway.client.get("/drafts")).text
    assert "There is nothing now" in listed
    assert "on its way" not in listed


async def test_words_stand_in_no_log_address_or_error(
    gateway: Any, screening: Screening, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    contact = await screening.open()
    csrf = await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    seen = [
        await gateway.client.post("/typed", data={**form, "reason": CANARY}),
        await gateway.client.post("/typed", data={"csrf": csrf, "form": CANARY}),
        await gateway.client.post("/typed", data={"csrf": csrf, "form": CANARY * 40}),
        await gateway.client.post("/drafts/discard", data={"csrf": csrf, "form": CANARY}),
        await gateway.client.post("/present", data={"csrf": csrf, "page": CANARY, "subject": CANARY}),
    ]
    for answer in seen:
        assert answer.status_code < 500
        assert "Sparrowhawk" not in answer.text + str(answer.headers)
    said = capsys.readouterr()
    assert "Sparrowhawk" not in caplog.text + said.out + said.err
