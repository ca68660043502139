"""Finding a contact by little, with no name in any address (P10: the search page)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from icart_common.db.pool import named_sql
from icart_common.testing import example
from icart_gateway.rows import reading
from services.gateway.tests.contacts_told import contact_id, opened, received

PERSON = "0198c2a4-7d02-7002-8002-000000000003"


async def three_children(gateway) -> str:
    await gateway.hear(*[one for n in (1, 2) for one in (opened(n), received(n))])
    await gateway.hear(opened(3, child={"family_name": "Marrowby", "born": "2019-12-01"}), received(3))
    csrf: str = await gateway.sign_in("w-101", "social-worker")
    return csrf


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"reference": "qk7wm00002"}, [2]),
        ({"family_name": "quillf", "day": "28", "day-month": "2", "day-year": "2017"}, [2, 1]),
        ({"family_name": "Quillfeather", "given_name": "Tamsin1"}, [1]),
        ({"family_name": "mar"}, [3]),
        ({"postcode": "zz991aa", "given_name": "tamsin3"}, [3]),
        ({"family_name": "Quill%"}, []),
        ({"family_name": "Nobodyatall"}, []),
    ],
)
async def test_little_is_enough(gateway, caplog, typed, found):
    csrf = await three_children(gateway)
    with caplog.at_level(logging.DEBUG):
        answer = await gateway.client.post("/search", data={"csrf": csrf, **typed})
        assert answer.status_code == 303
        address = answer.headers["location"]
        shown = await gateway.client.get(address)
    assert [n for n in (3, 2, 1) if f"/contacts/{contact_id(n)}" in shown.text] == found
    assert ("No contact is found" in shown.text) is (not found)
    personal = [value for name, value in typed.items() if name in ("family_name", "given_name", "postcode")]
    assert not [one for one in personal if one in address or one in caplog.text]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "Enter a reference, a family name, or a postcode"),
        ({"family_name": "Qu"}, "Enter at least three letters"),
        ({"family_name": "Quill", "day": "31", "day-month": "2", "day-year": "2017"}, "Enter a real date of birth"),
        ({"reference": "what"}, "A reference looks like"),
    ],
)
async def test_what_is_too_little_or_no_date_says_what_to_do_and_keeps_what_was_typed(gateway, typed, wrong):
    csrf = await gateway.sign_in("w-101", "social-worker")
    answer = await gateway.client.post("/search", data={"csrf": csrf, **typed})
    assert answer.status_code == 422
    assert wrong in answer.text
    assert "There is a problem" in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values())


async def test_results_are_whoever_searched_for_them(gateway):
    csrf = await three_children(gateway)
    answer = await gateway.client.post("/search", data={"csrf": csrf, "family_name": "Quillfeather"})
    await gateway.sign_in("w-102", "social-worker")
    assert (await gateway.client.get(answer.headers["location"])).status_code == 404
    csrf = await gateway.sign_in("y-1", "assessment-manager", authority="york")
    answer = await gateway.client.post("/search", data={"csrf": csrf, "family_name": "Quillfeather"})
    assert "No contact is found" in (await gateway.client.get(answer.headers["location"])).text


_MANY = """
insert into arrival (contact, authority, reference, submission, agency, channel, source_code, received_at, person, given_name,
                     family_name, born, postcode, body)
select id, 'halton', 'R-' || n, id, 'a-school', 'partner-system', '1A', timestamptz '2026-11-16' - n * interval '1 hour', id,
       'Tamsin' || n, 'Quill' || n, date '2010-01-01' + n, 'ZZ99 ' || n, '{}'
from generate_series(1, 3000) as n cross join lateral (select lpad(to_hex(n), 32, '0')::uuid as id) as made
"""


async def test_row_level_security_leaves_each_search_its_index(gateway):
    """What an index would be asked by an operator that may give something away, it is not asked (P10)."""
    async with gateway.door.models.connection() as connection:
        await connection.execute(_MANY)
        await connection.execute("analyze arrival")
    statement = f"explain (format json) {named_sql('icart_gateway.pages')['search']}"
    searches: list[tuple[tuple[object, ...], str, str]] = [
        (("R-7", None, None, None, None), "arrival_reference", "reference"),
        ((None, "quill", None, None, "ZZ997"), "arrival_postcode", "postcode_key"),
        ((None, "quill", None, date(2010, 1, 8), None), "arrival_born", "family_key"),
        ((None, "quill7", "tam", None, None), "arrival_name", "given_key"),
    ]
    async with reading(gateway.door.models, "halton") as connection:
        for asked, index, column in searches:
            (found,) = json.loads(await connection.fetchval(statement, "halton", *asked, 50))
            asks = {plan["Index Name"]: plan.get("Index Cond", "") for plan in _plans(found) if "Index Name" in plan}
            assert column in asks.get(index, ""), (asked, asks)


def _plans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in (plan.get("Plan"), *plan.get("Plans", ())):
        yield from _plans(below) if below else ()


async def test_two_who_may_be_one_stand_side_by_side_with_what_is_for_and_against(gateway):
    known = example("icart.intake.contact-opened.v1").model_dump(mode="json")["child_known"] | {"person": PERSON}
    await gateway.hear(opened(1, child_known=known), received(1))
    await gateway.hear(example("icart.intake.match-offered.v1", contacts=[str(contact_id(1))]))
    await gateway.sign_in("w-101", "social-worker")
    waiting = await gateway.client.get("/matches")
    assert "Tamsin1 Quillfeather, QK7WM-00001" in waiting.text
    offer = example("icart.intake.match-offered.v1").model_dump(mode="json")["offer"]
    page = await gateway.client.get(f"/matches/{offer}")
    for words in ("Tamsin1 Quillfeather", "strongly for the same person", "somewhat against the same person"):
        assert words in page.text
    await gateway.hear(example("icart.intake.match-decided.v1", offer=offer, same=False))
    assert "Not the same" in (await gateway.client.get(f"/matches/{offer}")).text
    assert "Nobody waits" in (await gateway.client.get("/matches")).text
