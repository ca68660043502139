"""Finding a contact by little, with no name in any address (P10: the search page)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.ids import reference as written
from icart_common.db.pool import named_sql
from icart_common.testing import example
from icart_gateway.refer.draft import new_draft
from icart_gateway.rows import reading
from services.gateway.tests.contacts_told import RECEIVED, contact_id, event, opened, received

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


HELD, FORM, NOTICE, BACK, NOBODY, WORKED = (f"QK7WN-3HXP{letter}" for letter in "ABCDEF")
"""References that referrers hold."""


def sent(kind: str, number: int, reference: str, **changes: Any) -> Message:
    """What intake says became of a submission."""
    submission = str(derived_id(RECEIVED, "submission", str(number)))
    return example(f"icart.intake.{kind}.v1", submission=submission, reference=reference, authority="halton", **changes)


def children(*numbers: int, **more: str) -> list[dict[str, str]]:
    return [{"contact": str(contact_id(n)), "reference": f"QK7WM-{n:05}", "child": f"p{n}", **more} for n in numbers]


def taken(number: int, reference: str, **changes: Any) -> Message:
    nothing: dict[str, Any] = {"opened": [], "joined": [], "put_to": [], "redirected": []}
    return sent("submission-taken", number, reference, **nothing | changes)


async def results(gateway: Any, csrf: str, **typed: str) -> str:
    """What is found, and that nothing of what was typed is in its address."""
    answer = await gateway.client.post("/search", data={"csrf": csrf, **typed})
    assert not [one for one in typed.values() if one in answer.headers["location"]]
    return str((await gateway.client.get(answer.headers["location"])).text)


@pytest.mark.req("IN-16", "IN-20", authority="halton")
async def test_contacts_are_found_by_the_reference_that_their_referrer_holds(gateway):
    """Of a submission, of the form that was put to it, and of a notice that joined another's contact."""
    csrf = await three_children(gateway)
    both = str(derived_id(RECEIVED, "submission", "1"))
    await gateway.hear(opened(4, submission=both), received(4, gaps=2))
    notice = children(3, notice=str(derived_id(RECEIVED, "notice")))[0] | {"reference": NOTICE}
    first = taken(1, HELD, opened=children(1, 4))
    await gateway.hear(first, taken(7, FORM, put_to=children(2)), taken(8, FORM, joined=[notice]), first)

    async def found(reference: str) -> list[int]:
        shown = await results(gateway, csrf, reference=reference)
        return [n for n in (1, 2, 3, 4) if f"/contacts/{contact_id(n)}" in shown]

    assert await found(HELD.lower().replace("-", " ")) == [1, 4]
    assert await found(NOTICE) == [3]
    assert await found(FORM) == [3]
    assert await found("QK7WM-00002") == [2], "a contact's own is as good"
    asked: Any = event("icart.screening.check-requested.v1", 2, 1, authority="halton")
    assert await found(written(asked.undertaking)) == []
    await gateway.hear(asked)
    assert await found(written(asked.undertaking)) == [2], "and that of a question which an agency was asked"
    assert "waits for 2 answers from its referrer" in await results(gateway, csrf, reference=HELD)
    csrf = await gateway.sign_in("y-1", "assessment-manager", authority="york")
    assert "Nothing is found under" in await results(gateway, csrf, reference=HELD)


@pytest.mark.req("IN-4", "IN-5", "IN-11", "IN-16", authority="halton")
async def test_what_became_no_contact_is_said_in_words(gateway):
    csrf = await gateway.sign_in("w-101", "social-worker")
    asked = [{"field": "child-name", "question": "What is the child called?"}]
    returned = {"missing": ["plan", "tool"], "tools": ["home-conditions-tool"], "gaps": []}
    await gateway.hear(
        sent("advice-given", 1, NOBODY, ask=asked, call_police_now=True), sent("referral-returned", 2, BACK, **returned),
        taken(3, WORKED, redirected=["p1"]), sent("case-redirected", 3, WORKED), taken(4, HELD, opened=children(1)),
    )  # fmt: skip
    said = {
        NOBODY: (
            "nobody in it could be identified. They were told to call the police",
            asked[0]["question"],
            "/referrals",
        ),
        BACK: ("sent again with an early help plan and an assessment tool: home-conditions-tool",),
        WORKED: ("Tamsin Quillfeather has an open case", "went to Ives Pomfret, Area Team North"),
        HELD: ("Its contact is being opened",),
        "QK7WN-33333": ("Nothing is found under QK7WN-33333", "Ask for each letter again"),
    }
    for reference, words in said.items():
        shown = await results(gateway, csrf, reference=reference)
        assert not [one for one in words if one not in shown], (reference, shown)
        assert "/contacts/" not in shown
    await gateway.hear(taken(4, HELD, redirected=["p1"]))
    assert "being opened" in await results(gateway, csrf, reference=HELD), "what it is told again stands"


async def test_the_code_of_a_form_that_was_not_sent_is_known_and_not_kept(gateway):
    csrf = await gateway.sign_in("w-101", "social-worker")
    code = new_draft().shown_code
    answer = await gateway.client.post("/search", data={"csrf": csrf, "reference": code.lower()})
    assert (answer.status_code, "has not been sent yet" in answer.text) == (422, True)
    assert code.lower() not in answer.text
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from search") == 0


async def test_whose_record_is_shut_is_named_to_nobody_under_a_reference(gateway):
    csrf = await gateway.sign_in("w-101", "social-worker")
    redirected = sent("case-redirected", 3, WORKED)
    await gateway.hear(taken(3, WORKED, redirected=["p1"]), redirected)
    async with gateway.door.held.connection() as connection:
        await connection.execute(
            "insert into shut_record (id, authority, child, reason, set_by, set_at) values ($1, 'halton', $2, 'so', 'm', now())",
            contact_id(9), redirected.person,  # type: ignore[attr-defined]
        )  # fmt: skip
    shown = await results(gateway, csrf, reference=WORKED)
    assert "Restricted record has an open case" in shown
    assert "Quillfeather" not in shown


_MANY = """
insert into arrival (contact, authority, reference, submission, agency, channel, source_code, received_at, person, given_name,
                     family_name, born, postcode, body)
select id, 'halton', 'R-' || n, id, 'a-school', 'partner-system', '1A', timestamptz '2026-11-16' - n * interval '1 hour', id,
       'Tamsin' || n, 'Quill' || n, date '2010-01-01' + n, 'ZZ99 ' || n, '{}'
from generate_series(1, 3000) as n cross join lateral (select lpad(to_hex(n), 32, '0')::uuid as id) as made
"""


_MANY_SENT = """
insert into submission (id, authority, reference, agency, received_at, state, asked, missing, tools, call_police_now)
select contact, authority, 'S-' || reference, agency, received_at, 'taken', '{}', '{}', '{}', false from arrival
"""


async def test_row_level_security_leaves_each_search_its_index(gateway):
    """What an index would be asked by an operator that may give something away, it is not asked (P10)."""
    async with gateway.door.models.connection() as connection:
        await connection.execute(_MANY)
        await connection.execute(_MANY_SENT)
        await connection.execute("analyze arrival; analyze submission")
    statement = f"explain (format json) {named_sql('icart_gateway.pages')['search']}"
    searches: list[tuple[tuple[object, ...], str, str]] = [
        (("R-7", None, None, None, None), "arrival_reference", "reference"),
        (("S-R-7", None, None, None, None), "submission_reference", "reference"),
        (("S-R-7", None, None, None, None), "arrival_submission", "submission"),
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
