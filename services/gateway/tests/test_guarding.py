"""Restricted records, own family, broken glass, and the trail of reads."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from icart_common.testing import example
from icart_gateway.guarding.records import RecordShut, hidden_from, open_record
from icart_gateway.guarding.trail import bad_rows
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import SignedIn
from services.gateway.tests.contacts_told import CHILD, OTHER_CHILD, contact_id, now_about, two_children
from services.gateway.tests.filled_in import hidden

RECEIVED = example("icart.screening.received.v1")
CONTACT: UUID = RECEIVED.contact  # type: ignore[attr-defined]
REFERENCE: str = RECEIVED.reference  # type: ignore[attr-defined]
REASON = "The child is with the police and cannot wait"


def somebody(person: str, role: str = "social-worker", authority: str = "halton") -> SignedIn:
    return SignedIn(uuid4(), person, "Robin Example", authority, role, (Post(authority, role),), "mark")


async def bad(gateway) -> list[tuple[str, int]]:
    async with gateway.door.held.connection() as connection:
        return [(one.authority, one.place) async for one in bad_rows(connection)]


async def tamper(gateway, statement: str) -> None:
    """Change the trail as somebody with the database's keys could."""
    async with gateway.door.held.connection() as connection:
        await connection.execute("alter table read_audit disable trigger all")
        await connection.execute(statement)
        await connection.execute("alter table read_audit enable trigger all")


async def restrict(gateway, reference: str = REFERENCE, *, staff: str = "", whole_child: bool = False) -> None:
    """A manager shuts the record by the page."""
    csrf = await gateway.sign_in("m-1", "social-work-manager")
    form = {"csrf": csrf, "message": str(uuid4()), "reference": reference, "reason": REASON, "staff": staff}
    answer = await gateway.client.post(
        "/guarding/shut", data={**form, **({"whole_child": "true"} if whole_child else {})}
    )
    assert answer.status_code == 303, answer.text


async def lift(gateway, person: str) -> str:
    """A manager presses the first button that opens a record again; returns what they are told."""
    csrf = await gateway.sign_in(person, "social-work-manager")
    button = re.search(r"/guarding/([0-9a-f-]{36})/lift", (await gateway.client.get("/guarding")).text)
    assert button, "a record is shut"
    told: str = (await gateway.client.post(button[0], data={"csrf": csrf})).text
    return told


async def trail(gateway, person: str) -> list[tuple[str, UUID]]:
    """How somebody read which contacts, in that order."""
    async with gateway.door.held.connection() as connection:
        rows = await connection.fetch("select what, contact from read_audit where person = $1 order by place", person)
    return [tuple(row) for row in rows]


async def open_to_a_worker(gateway) -> set[int]:
    """Which of the first two contacts a worker may open; the others are named nowhere."""
    csrf = await gateway.sign_in("w-101", "social-worker")
    found = {one for one in (1, 2) if (await gateway.client.get(f"/contacts/{contact_id(one)}")).status_code == 200}
    lists = [(await gateway.client.get("/desktops")).text]
    for one in (1, 2):
        results = await gateway.client.post("/search", data={"csrf": csrf, "reference": f"QK7WM-{one:05}"})
        lists.append((await gateway.client.get(results.headers["location"])).text)
    assert {one for one in (1, 2) if any(f"Tamsin{one}" in text for text in lists)} == found
    return found


@pytest.mark.req("QA-4", authority="halton")
@pytest.mark.req("QA-4", authority="york")
@pytest.mark.req("QA-4", authority="cheshire-west")
async def test_every_read_is_a_row_and_a_changed_added_or_missing_row_is_named(gateway):
    child = uuid4()
    for authority in ("halton", "york"):
        role = "advice-worker" if authority == "york" else "social-worker"
        who = somebody("w-101", role, authority)
        await asyncio.gather(*(open_record(gateway.door, who, "contact", CONTACT, child) for _ in range(6)))
    assert await bad(gateway) == []
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from read_audit") == 12
        for statement in ("update read_audit set person = 'x'", "delete from read_audit", "truncate read_audit"):
            with pytest.raises(Exception, match="only added to"):
                await connection.execute(statement)
    await tamper(gateway, "update read_audit set person = 'w-999' where authority = 'york' and place = 4")
    assert await bad(gateway) == [("york", 4)]
    await tamper(gateway, "delete from read_audit where authority = 'halton' and place = 2")
    assert await bad(gateway) == [("halton", 3), ("york", 4)]
    await tamper(gateway, "delete from read_audit where authority = 'york' and place >= 4")
    assert await bad(gateway) == [("halton", 3), ("york", 4)], "the end is missing"
    await tamper(gateway, "delete from read_audit where authority = 'york'")
    assert await bad(gateway) == [("halton", 3), ("york", 1)], "all of it is missing"


@pytest.mark.req("QA-4", authority="halton")
async def test_a_restricted_record_opens_with_a_reason_for_an_hour_and_a_manager_sees_it(gateway):
    await gateway.hear(example("icart.intake.contact-opened.v1", contact=str(CONTACT)), RECEIVED)
    await restrict(gateway)
    csrf = await gateway.sign_in("w-101", "social-worker")
    shut = await gateway.client.get(f"/contacts/{CONTACT}/do")
    assert (shut.status_code, shut.headers["location"]) == (
        303,
        f"/contacts/{CONTACT}/break-glass?to=/contacts/{CONTACT}/do",
    )
    asked = await gateway.client.get(shut.headers["location"])
    assert "A manager has restricted it" in asked.text
    form = {"csrf": csrf, "message": str(uuid4()), "to": f"/contacts/{CONTACT}/do"}
    silent = await gateway.client.post(f"/contacts/{CONTACT}/break-glass", data={**form, "reason": "x"})
    assert silent.status_code == 422
    for _ in range(2):  # a double click breaks it once
        opened = await gateway.client.post(f"/contacts/{CONTACT}/break-glass", data={**form, "reason": REASON})
        assert opened.headers["location"] == form["to"]
    assert (await gateway.client.get(form["to"])).status_code == 200
    async with gateway.door.held.connection() as connection:
        rows = await connection.fetch("select what, glass is not null as glass from read_audit order by place")
    assert [tuple(row) for row in rows] == [("broke-glass", True), ("form", True)]
    for page in ("/guarding", f"/contacts/{CONTACT}/reads"):
        assert (await gateway.client.get(page)).status_code == 403, "a worker does not see who read"
    csrf = await gateway.sign_in("m-1", "social-work-manager")
    told = await gateway.client.get("/guarding")
    assert REASON in told.text
    glass = re.search(r"/guarding/([0-9a-f-]{36})/seen", told.text)
    assert glass
    await gateway.client.post(glass[0], data={"csrf": csrf})
    assert "/seen" not in (await gateway.client.get("/guarding")).text
    assert "although it was shut" in (await gateway.client.get(f"/contacts/{CONTACT}/reads")).text
    gateway.clock.set(gateway.clock.now() + timedelta(hours=1))
    with pytest.raises(RecordShut):
        await open_record(gateway.door, somebody("w-101"), "contact", CONTACT, None)
    assert await bad(gateway) == []


@pytest.mark.req("QA-4", authority="halton")
async def test_whose_contact_is_restricted_is_named_nowhere_and_its_page_is_shut_until_the_glass_is_broken(gateway):
    opened = example("icart.intake.contact-opened.v1", contact=str(CONTACT))
    await gateway.hear(opened, RECEIVED)
    family = opened.child.family_name  # type: ignore[attr-defined]
    csrf = await gateway.sign_in("w-101", "social-worker")

    async def shown() -> list[str]:
        found = await gateway.client.post("/search", data={"csrf": csrf, "reference": REFERENCE})
        return [(await gateway.client.get(one)).text for one in ("/desktops", found.headers["location"])]

    assert all(family in one and "Restricted record" not in one for one in await shown())
    await restrict(gateway)
    csrf = await gateway.sign_in("w-101", "social-worker")
    assert all("Restricted record" in one and family not in one and REFERENCE in one for one in await shown())
    page = f"/contacts/{CONTACT}"
    shut = await gateway.client.get(page)
    assert (shut.status_code, shut.headers["location"]) == (303, f"{page}/break-glass?to={page}")
    assert family not in (await gateway.client.get(shut.headers["location"])).text
    form = {"csrf": csrf, "message": str(uuid4()), "to": page, "reason": REASON}
    assert (await gateway.client.post(f"{page}/break-glass", data=form)).headers["location"] == page
    assert family in (await gateway.client.get(page)).text


async def test_the_glass_leads_back_to_the_form_with_both_people(gateway):
    await gateway.hear(*two_children())
    for reference in ("QK7WM-00001", "QK7WM-00002"):
        await restrict(gateway, reference=reference)
    csrf = await gateway.sign_in("w-101", "social-worker")
    form = f"/people/{CHILD}/do/propose-merge?part={OTHER_CHILD}"
    sent = await gateway.client.post(form, data={"csrf": csrf})
    shut = await gateway.client.get(form)
    assert sent.headers["location"] == shut.headers["location"], "a form stands at the address that it is sent to"
    for _ in (CHILD, OTHER_CHILD):
        asked = await gateway.client.get(shut.headers["location"])
        why = {"csrf": csrf, "message": str(uuid4()), "to": hidden(asked.text, "to"), "reason": REASON}
        opened = await gateway.client.post(shut.headers["location"].partition("?")[0], data=why)
        assert opened.headers["location"] == form
        shut = await gateway.client.get(form)
    assert shut.status_code == 200
    assert all(name in shut.text for name in ("Tamsin1 Quillfeather", "Tamsin2 Quillfeather"))


async def test_ones_own_family_is_shut_to_oneself_alone_with_every_record_of_the_child(gateway):
    opened = example("icart.intake.contact-opened.v1", contact=str(CONTACT))
    child = opened.child_known.person  # type: ignore[attr-defined]
    await gateway.hear(opened, RECEIVED)
    csrf = await gateway.sign_in("w-101", "social-worker")
    form = {
        "csrf": csrf,
        "message": str(uuid4()),
        "reference": REFERENCE,
        "reason": "She is my sister's child",
    }
    assert (await gateway.client.post("/own-family", data={**form, "reference": "HAL-0"})).status_code == 422
    assert (await gateway.client.post("/own-family", data=form)).status_code == 303
    mine, other = somebody("w-101"), somebody("w-102")
    with pytest.raises(RecordShut) as shut:
        await open_record(gateway.door, mine, "documents", uuid4(), child)
    assert shut.value.shut == "own-family"
    await open_record(gateway.door, other, "contact", CONTACT, child)
    another = uuid4()
    assert await hidden_from(gateway.door, mine, {CONTACT: child, another: child, uuid4(): uuid4()}) == {
        CONTACT,
        another,
    }
    assert await hidden_from(gateway.door, other, {CONTACT: child}) == frozenset()
    await lift(gateway, "m-1")
    await open_record(gateway.door, mine, "contact", CONTACT, child)
    assert await trail(gateway, "m-1") == [("lifted", CONTACT)]


@pytest.mark.parametrize("also_restricted", [False, True])
async def test_nobody_opens_their_own_familys_record_again_themselves(gateway, also_restricted):
    await gateway.hear(example("icart.intake.contact-opened.v1", contact=str(CONTACT)), RECEIVED)
    await restrict(gateway, staff="m-7", whole_child=True)
    if also_restricted:
        await restrict(gateway)
    told = await lift(gateway, "m-7")
    assert "A record that is of your own family is opened again by another manager" in told
    with pytest.raises(RecordShut):
        await open_record(gateway.door, somebody("m-7", "social-work-manager"), "contact", CONTACT, None)
    assert await trail(gateway, "m-7") == []
    assert "own family is opened again" not in await lift(gateway, "m-8")
    assert await trail(gateway, "m-8") == [("lifted", CONTACT)]


@pytest.mark.req("QA-4", authority="halton")
async def test_a_restriction_of_a_child_follows_whatever_is_decided_of_who_is_who(gateway):
    await gateway.hear(*two_children())
    assert await open_to_a_worker(gateway) == {1, 2}
    await restrict(gateway, "QK7WM-00002", whole_child=True)
    assert await open_to_a_worker(gateway) == {1}
    await gateway.hear(now_about(1, OTHER_CHILD, CHILD, "mention-moved", 1))
    assert await open_to_a_worker(gateway) == set(), "restricted, then matched"
    await gateway.hear(now_about(1, CHILD, OTHER_CHILD, "mention-moved", 2))
    assert await open_to_a_worker(gateway) == {1}, "the link was undone"
    await gateway.hear(now_about(2, CHILD, OTHER_CHILD, "people-merged", 3))
    assert await open_to_a_worker(gateway) == set(), "the restricted one went into the other"
    await gateway.hear(now_about(2, OTHER_CHILD, CHILD, "merge-undone", 4))
    assert await open_to_a_worker(gateway) == {1}, "the merge was undone"
    await lift(gateway, "m-2")
    await gateway.hear(now_about(1, OTHER_CHILD, CHILD, "people-merged", 5))
    assert await open_to_a_worker(gateway) == {1, 2}
    assert "QK7WM-00002" in (await gateway.client.get(f"/contacts/{contact_id(1)}")).text, "of the same child now"
    await restrict(gateway, "QK7WM-00002", whole_child=True)
    assert await open_to_a_worker(gateway) == set(), "matched, then restricted"


async def test_whom_a_contact_is_about_is_the_same_in_whichever_order_it_is_read(gateway):
    async def about() -> list[tuple[UUID, UUID, datetime]]:
        async with gateway.door.models.connection() as connection:
            rows = await connection.fetch("select contact, person, at from about order by contact")
            await connection.execute("truncate about")
        return [tuple(row) for row in rows]

    said = [
        *two_children(),
        now_about(1, OTHER_CHILD, CHILD, "people-merged", 1),
        now_about(1, CHILD, OTHER_CHILD, "merge-undone", 2),
        now_about(2, CHILD, OTHER_CHILD, "mention-moved", 3),
    ]
    for one in said:
        await gateway.hear(one)
    in_order = await about()
    assert [person for _, person, _ in in_order] == [CHILD, CHILD]
    await gateway.hear(*said)
    assert await about() == in_order, "in one batch"
    for one in (*reversed(said), *said[-2:]):
        await gateway.hear(one)
    assert await about() == in_order, "backwards, and some of it twice"


async def test_another_authoritys_record_is_not_there(gateway):
    await gateway.hear(RECEIVED)
    csrf = await gateway.sign_in("m-2", "advice-manager", authority="york")
    assert (await gateway.client.get(f"/contacts/{CONTACT}/break-glass")).status_code == 404
    assert (await gateway.client.get(f"/contacts/{CONTACT}/reads")).status_code == 404
    form = {"csrf": csrf, "message": str(uuid4()), "reference": REFERENCE, "reason": REASON}
    assert (await gateway.client.post("/guarding/shut", data=form)).status_code == 422
