"""The desktops page over what screening and the clocks said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.gateway.tests.contacts_told import RECEIVED, clock, contact_id, event, opened, reads, received

HOUR = timedelta(hours=1)


def shown(text: str) -> list[str]:
    """The references on the page, from top to bottom."""
    return re.findall(r"QK7WM-\d{5}", text)


async def three_contacts(gateway) -> None:
    """1: triaged, late in an hour; 2: untriaged, without a clock; 3: with a worker, late since an hour."""
    await gateway.hear(*[one for n in (1, 2, 3) for one in (opened(n), received(n))])
    await gateway.hear(
        event("icart.screening.triaged.v1", 1, 2, strand="early-intervention", urgency="routine"),
        event("icart.screening.triaged.v1", 3, 2, strand="safeguarding", urgency="urgent"),
        event("icart.screening.allocated.v1", 3, 3, worker="w-101", strand="safeguarding"),
    )
    now = gateway.clock.now()
    await gateway.hear(clock(1, now + HOUR), clock(3, now - HOUR), clock(3, now + 9 * HOUR))


async def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(gateway):
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?to=/desktops"


async def test_what_is_due_first_stands_first_with_how_long_is_left(gateway):
    await three_contacts(gateway)
    await gateway.sign_in("w-101", "social-work-manager")
    answer = await gateway.client.get("/desktops")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert shown(answer.text) == ["QK7WM-00003", "QK7WM-00001", "QK7WM-00002"]
    assert "1 hour late" in answer.text
    assert "1 hour left" in answer.text
    assert "<strong>3</strong>" in answer.text
    assert f'href="/contacts/{contact_id(1)}"' in answer.text


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("late=1", [3]),
        ("mine=1", [3]),
        ("worker=w-101", [3]),
        ("strand=early-intervention", [1]),
        ("urgency=urgent&sort=received", [2, 3]),
        ("stage=triage", [2]),
        ("stage=allocation", [1]),
        ("stage=authorisation", []),
        ("desktop=icart&sort=received&back=1", [3, 2, 1]),
        ("sort=urgency", [2, 3, 1]),
        ("strand=nonsense&after=nonsense_x&sort=nonsense", [3, 1, 2]),
    ],
)
async def test_a_filter_is_codes_in_the_address(gateway, query, left):
    await three_contacts(gateway)
    await gateway.sign_in("w-101", "social-work-manager")
    answer = await gateway.client.get(f"/desktops?{query}")
    assert shown(answer.text) == [f"QK7WM-{number:05}" for number in left]


async def test_triage_has_the_proposal_with_its_words_and_allocation_has_workloads(gateway):
    await three_contacts(gateway)
    await gateway.sign_in("w-101", "social-work-manager")
    answer = await gateway.client.get("/desktops?stage=triage")
    assert "<q>nobody at home</q>" in answer.text
    answer = await gateway.client.get("/allocation")
    assert shown(answer.text) == ["QK7WM-00001"]
    assert "/desktops?worker=w-101" in answer.text


async def test_pages_go_on_after_the_last_row(gateway):
    await gateway.hear(*[one for n in range(1, 31) for one in (opened(n), received(n))])
    await gateway.sign_in("w-101", "social-work-manager")
    first = await gateway.client.get("/desktops?sort=received")
    following = re.findall(r'href="([^"]*after=[^"]*)"', first.text)
    second = await gateway.client.get(following[0].replace("&amp;", "&"))
    assert shown(first.text) + shown(second.text) == [f"QK7WM-{number:05}" for number in range(1, 31)]


async def test_another_authoritys_contacts_are_not_there(gateway):
    await three_contacts(gateway)
    await gateway.sign_in("y-1", "assessment-manager", authority="york")
    answer = await gateway.client.get("/desktops")
    assert shown(answer.text) == []
    assert "Nothing lies on any desktop" in answer.text


async def test_a_view_is_kept_under_its_name_and_is_its_owners(gateway):
    csrf = await gateway.sign_in("w-101", "social-work-manager")
    form = {"csrf": csrf, "name": "My late ones", "query": "mine=1&late=1&strand=nonsense"}
    answer = await gateway.client.post("/desktops/views", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desktops?mine=1&late=1")
    page = await gateway.client.get("/desktops")
    assert 'href="/desktops?mine=1&amp;late=1">My late ones</a>' in page.text
    (view,) = re.findall(r"/desktops/views/[0-9a-f-]+/forget", page.text)
    other = await gateway.sign_in("w-102", "social-work-manager")
    assert "My late ones" not in (await gateway.client.get("/desktops")).text
    await gateway.client.post(view, data={"csrf": other})
    csrf = await gateway.sign_in("w-101", "social-work-manager")
    assert "My late ones" in (await gateway.client.get("/desktops")).text
    await gateway.client.post(view, data={"csrf": csrf})
    assert "My late ones" not in (await gateway.client.get("/desktops")).text


async def test_the_page_is_as_many_statements_for_many_contacts_as_for_one(gateway):
    await gateway.hear(*[one for n in range(1, 31) for one in (opened(n), received(n), clock(n, RECEIVED + n * HOUR))])
    await gateway.sign_in("w-101", "social-work-manager")
    assert len(await reads(gateway, "/desktops")) == 1
